from datetime import datetime

import pytest

from bot.phrases import phrases
from bot.showing.shelf import DATA, buttons, file_of, listed, number_of, size
from bot.store.files import File

ARABIC = phrases("ar")


def file(number: int, name: str = "عقد.txt", giver: str = "ليلى") -> File:
    return File(number, 1, 2, giver, name, 3000, int(datetime(2024, 5, 3, 12).timestamp()))


@pytest.mark.parametrize(
    ("bytes_", "said"),
    [(0, "1 كيلوبايت"), (3000, "3 كيلوبايت"), (2**20, "1 ميغابايت"), (int(2.5 * 2**20), "2.5 ميغابايت")],
)
def test_a_size_in_words(bytes_: int, said: str) -> None:
    assert size(bytes_, ARABIC) == said


def test_the_list_names_each_file_and_in_a_group_who_gave_it() -> None:
    head, _, first, second = listed([file(7), file(9)], ARABIC, is_group=True).splitlines()
    assert head == "ملفات هذه المحادثة: ملفان، وحجمها 6 كيلوبايت."
    assert first.endswith("⁨عقد.txt⁩\u00a0·\u00a03 كيلوبايت\u00a0·\u00a03 مايو 2024\u00a0·\u00a0ليلى")
    assert second.startswith("\u200f2. ")
    assert "ليلى" not in listed([file(7)], ARABIC, is_group=False)


def test_the_largest_list_fits_into_one_message_and_its_buttons_under_it() -> None:
    files = [file(10**14 + number, "م" * 80, "س" * 80) for number in range(40)]
    assert len(listed(files, ARABIC, is_group=True).encode("utf-16-le")) // 2 <= 4096
    rows = buttons(files, ARABIC)
    pressed = [button.data for row in rows for button in row]
    assert max(map(len, rows)) == 5
    assert all(len(data.encode()) <= 64 for data in pressed)
    assert [file_of(data) for data in pressed] == [each.id for each in files]


@pytest.mark.parametrize("data", ["", "d:", "d:1:", "d:2:5", "d:1:x", "d:1:5:6", "d:1:-5", "d:1:٣", "d:1:" + "9" * 20])
def test_forged_data_name_no_file(data: str) -> None:
    assert file_of(data) is None
    assert file_of(f"{DATA}1:5") == 5


@pytest.mark.parametrize(
    ("text", "number"), [("3", 3), (" ٣ ", 3), ("", None), ("-1", None), ("1 2", None), ("x", None)]
)
def test_a_number_in_whatever_digits(text: str, number: int | None) -> None:
    assert number_of(text) == number

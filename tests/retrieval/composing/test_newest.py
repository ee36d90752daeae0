"""The first sentence of a document, by which news are told: near its beginning, or none."""

from datetime import date

import pytest

from retrieval.composing.newest import LOOKED, news
from retrieval.model import Document

SHORT = "بيروت\n\n"
SENTENCE = "أعلنت البلدية افتتاح الجسر الجديد صباح السبت."


def first(text: str) -> str | None:
    document = Document("a", "الجسر", f"الجسر\n\n{text}", published=date(2024, 5, 1), heading=len("الجسر"))
    answer = news("آخر خبر عن الجسر", [document], 3, None, lambda _: True)
    return answer.quotes[0].text if answer else None


@pytest.mark.parametrize("lines", [0, 1, 40])
def test_it_stands_below_short_lines(lines: int) -> None:
    assert first(f"{SHORT * lines}{SENTENCE} وحضر الوزير الحفل.") == SENTENCE


def test_it_is_not_looked_for_far_below_the_beginning() -> None:
    assert first(SHORT * (LOOKED // len(SHORT) + 1) + SENTENCE) is None


def test_it_is_never_cut_where_the_looking_ends() -> None:
    long = "وصل الوفد ومعه " + "ثم " * LOOKED + "عاد."
    told = first(long)
    assert told is None or long.startswith(told)
    assert told is None or len(told) < LOOKED

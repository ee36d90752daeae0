"""``iqtibas verify``: its exit statuses, and what it prints."""

import json

import pytest
from click.testing import Result
from command_line import iqtibas
from places import DATA

from retrieval import LONGEST_TEXT

pytestmark = pytest.mark.usefixtures("empty_folder")

CORPUS = DATA / "verifying" / "documents"
EXACT = "وتوقع الحسيني ألا يتأخر ذلك عن نهاية الصيف"
ALTERED = EXACT.replace("ألا", "أن")


def verify(*arguments: str, text: str | bytes | None = None) -> Result:
    return iqtibas("verify", "--corpus", CORPUS, *arguments, text=text)


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        (EXACT, 0, "حرفا بحرف"),
        (EXACT.replace("ألا", "الا"), 0, "إلا في الإملاء"),
        (ALTERED, 3, "في النص «أن»، وفي المصدر «ألا»."),
        ("وصلت القافلة إلى الواحة بعد مسير طويل", 3, "لا أجد هذا النص"),
    ],
)
def test_the_status_says_whether_all_of_it_stands(text: str, status: int, said: str) -> None:
    result = verify(text)
    assert (result.exit_code, result.stderr) == (status, "")
    assert said in result.stdout


def test_a_text_of_standard_input_is_checked_too_and_json_is_one_object() -> None:
    result = verify("--json", "-", text=f"\ufeff{ALTERED}\n".encode())
    assert result.exit_code == 3
    assert json.loads(result.stdout)["sentences"][0]["changes"][0]["source"] == "ألا"


@pytest.mark.parametrize(
    "arguments", [(), ("",), (" ؟ ",), ("أ", "ب"), ("--engine", "quantum", EXACT), ("ك " * LONGEST_TEXT,)]
)
def test_wrong_use_has_status_2_and_no_stack_trace(arguments: tuple[str, ...]) -> None:
    result = verify(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize("text", [b"", b"\xff\xfe\x00", b"\x00" * 50, "ك ".encode() * LONGEST_TEXT])
def test_whatever_standard_input_holds_is_one_line(text: bytes) -> None:
    assert verify("-", text=text).exit_code in (2, 3)


def test_what_steers_a_terminal_is_not_printed() -> None:
    assert "\x1b" not in verify(ALTERED.replace("أن", "أن \x1b[31mأحمر\x1b[0m")).stdout

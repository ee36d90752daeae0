"""What is plainly a quotation, and what is a question though it has quotation marks."""

import pytest

from bot.conversation.quotation import quotation_in

WORDS = "امتلأ السد أول مرة منذ بنائه قديما"


@pytest.mark.parametrize("text", [f"«{WORDS}»", f"“{WORDS}”", f'"{WORDS}".', f"  «{WORDS}.» \n"])
def test_words_in_quotation_marks_are_a_quotation(text: str) -> None:
    assert (quotation_in(text) or "").rstrip(".") == WORDS


@pytest.mark.parametrize(
    "text",
    [
        WORDS,
        "«امتلأ السد أول مرة»",
        f"«{WORDS}؟»",
        f"هل قال الوزير «{WORDS}»",
        f"«{WORDS}» من قالها",
        f"«{WORDS}» وقال «{WORDS}»",
        "«متى امتلأ السد أول مرة منذ بنائه»",
        f"«{WORDS}",
        "«",
        "",
    ],
)
def test_anything_else_is_not(text: str) -> None:
    assert quotation_in(text) is None

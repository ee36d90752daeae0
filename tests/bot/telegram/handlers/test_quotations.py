"""/verify and plain quotations, over a Bot API in memory."""

from typing import Any

import pytest
from fake_telegram import BOT, message
from handling import MENTION, Shelf, handle, in_group, person, said_by

from bot.phrases import phrases

SAYS = phrases("ar")
WORDS = "امتلأ السد أول مرة منذ بنائه قديما"


def command(number: int, text: str, **more: Any) -> dict[str, Any]:
    entities = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
    return message(number, text=text, entities=entities, **more)


def verified(*updates: dict[str, Any]) -> tuple[list[str], list[str], list[str]]:
    """What was checked, what was asked, and what was said."""
    shelf = Shelf()
    texts = handle(*updates, shelf=shelf, one_by_one=True).texts()
    return shelf.verified, shelf.asked, texts


@pytest.mark.parametrize("update", [command(1, f"/verify {WORDS}"), message(1, text=f"«{WORDS}»")])
def test_a_text_after_the_command_and_a_plain_quotation_are_checked(update: dict[str, Any]) -> None:
    assert verified(update) == ([WORDS], [], [SAYS.verdicts["absent"]])


def test_a_reply_with_the_command_checks_what_it_replies_to() -> None:
    replied = said_by(person(8), WORDS)
    assert verified(command(1, "/verify", reply_to_message=replied))[0] == [WORDS]
    assert verified(command(1, "/verify", reply_to_message=said_by(BOT, WORDS)))[0] == []


def test_a_question_in_quotation_marks_is_asked() -> None:
    assert verified(message(1, text=f"«{WORDS}؟»"))[:2] == ([], [f"«{WORDS}؟»"])


@pytest.mark.parametrize(("text", "said"), [("/verify", "how"), ("/verify امتلأ السد", "too_short")])
def test_without_a_text_it_is_said_how(text: str, said: str) -> None:
    assert verified(command(1, text)) == ([], [], [SAYS.verdicts[said]])


def test_in_a_group_a_quotation_is_checked_where_it_speaks_to_the_bot() -> None:
    assert verified(in_group(1, f"«{WORDS}»"))[0] == []
    assert verified(in_group(1, f"{MENTION} «{WORDS}»"))[0] == [WORDS]


def test_a_question_after_a_quotation_leans_on_none() -> None:
    shelf = Shelf()
    handle(message(1, text=f"«{WORDS}»"), message(2, text="ومتى امتلأ السد؟"), shelf=shelf, one_by_one=True)
    assert shelf.previous == [None]

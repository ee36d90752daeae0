"""/sources: pages of titles, and the buttons that turn them."""

from datetime import date
from typing import Any

import pytest
from fake_telegram import FakeTelegram, message, refusal
from handling import Listed, Shelf, handle, in_group, person
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram_html import parse

from bot.phrases import phrases
from bot.telegram.handlers.sources import ON_A_PAGE, page
from retrieval.model import Document

ARABIC, ENGLISH = phrases("ar"), phrases("en")


def _shelf(number: int) -> Shelf:
    shelf = Shelf()
    shelf.documents = Listed(*(Document(f"{at}.txt", f"عنوان {at}", "نص") for at in range(1, number + 1)))
    return shelf


def _press(telegram: FakeTelegram | None, data: str, shelf: Shelf, language: str = "ar") -> FakeTelegram:
    query = {
        "id": "9",
        "from": person(7, language),
        "chat_instance": "1",
        "data": data,
        "message": message(5, text="…")["message"],
    }
    return handle({"update_id": 2, "callback_query": query}, telegram=telegram, shelf=shelf)


def _edits(telegram: FakeTelegram) -> list[dict[str, Any]]:
    return [call.given for call in telegram.calls if call.method == "editMessageText"]


def _buttons(given: dict[str, Any]) -> list[tuple[str, str]]:
    rows = given.get("reply_markup", {"inline_keyboard": []})["inline_keyboard"]
    return [(button["text"], button["callback_data"]) for row in rows for button in row]


def test_a_source_is_a_title_with_its_address_and_its_day() -> None:
    shelf = Shelf()
    shelf.documents = Listed(
        Document("a", "عنوان <أ>", "نص", url="https://example.org/?a=1&b=2", published=date(2017, 2, 15)),
        Document("b", "A report", "نص"),
    )
    (sent,) = handle(message(1, text="/sources"), shelf=shelf).sent()
    shown = parse(sent["text"])
    assert shown.text.splitlines() == [
        "مصادري: وثيقتان",
        "",
        "\u200f• عنوان <أ>، 15 فبراير 2017",
        "\u200f• \u2068A report\u2069",
    ]
    assert [(link.text, link.address) for link in shown.links] == [("عنوان <أ>", "https://example.org/?a=1&b=2")]
    assert _buttons(sent) == []


def test_everybody_may_see_them_in_a_group_too() -> None:
    (sent,) = handle(in_group(1, "/sources"), shelf=_shelf(1)).sent()
    assert "عنوان 1" in sent["text"]


def test_the_pages_are_turned_in_place() -> None:
    shelf = _shelf(2 * ON_A_PAGE + 1)
    (first,) = handle(message(1, text="/sources"), shelf=shelf).sent()
    assert "الصفحة 1 من 3" in first["text"]
    assert _buttons(first) == [(ARABIC.page_after, "s:1:1")]
    telegram = _press(None, "s:1:1", shelf)
    (middle,) = _edits(telegram)
    assert (middle["chat_id"], middle["message_id"]) == (7, 5)
    assert f"عنوان {ON_A_PAGE + 1}" in middle["text"]
    assert "answerCallbackQuery" in telegram.methods()
    assert telegram.methods().index("answerCallbackQuery") < telegram.methods().index("editMessageText")
    # an Arabic line goes from right to left, and the row of buttons from left to right
    assert _buttons(middle) == [(ARABIC.page_after, "s:1:2"), (ARABIC.page_before, "s:1:0")]
    (last,) = _edits(_press(None, "s:1:2", shelf, "en"))
    assert _buttons(last) == [(ENGLISH.page_before, "s:1:1")]


def test_a_page_that_is_no_more_gives_the_last() -> None:
    (edit,) = _edits(_press(None, "s:1:900", _shelf(ON_A_PAGE + 1)))
    assert f"عنوان {ON_A_PAGE + 1}" in edit["text"]


@pytest.mark.parametrize("data", ["s:", "s:2:0", "s:1:", "s:1:-1", "s:1:٣", "s:1:1:1", "s:1:9999999", "s:1:1\n"])
def test_a_button_of_another_form_is_said_to_be_old(data: str) -> None:
    telegram = _press(None, data, _shelf(30))
    (answer,) = [call.given for call in telegram.calls if call.method == "answerCallbackQuery"]
    assert answer["text"] == ARABIC.button_too_old
    assert _edits(telegram) == []


def test_a_button_pressed_twice_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    telegram = FakeTelegram({"editMessageText": [refusal(400, "Bad Request: message is not modified")]})
    _press(telegram, "s:1:1", _shelf(30))
    assert telegram.sent() == []
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


titles = st.text(max_size=400).map(lambda title: title.strip() or "عنوان")


@settings(max_examples=40)
@given(st.lists(titles, max_size=25), st.integers(0, 9), st.sampled_from([ARABIC, ENGLISH]))
def test_any_titles_make_pages_that_telegram_takes(names: list[str], number: int, says: Any) -> None:
    documents = Listed(*(Document(str(at), name, "نص", url="https://example.org") for at, name in enumerate(names)))
    card, buttons = page(documents, number, says)
    shown = parse(card.html)
    assert shown.text.strip()
    assert len(shown.links) <= ON_A_PAGE
    for row in buttons.inline_keyboard if buttons else ():
        assert all(len(str(button.callback_data).encode()) <= 64 for button in row)

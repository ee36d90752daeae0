"""Buttons as Telegram takes them: each row begins where its reader begins."""

import pytest

from bot.phrases import phrases
from bot.showing.buttons import Button
from bot.telegram.replying.keyboards import keyboard

ROWS = [[Button("first", "a:1"), Button("second", "a:2")], [Button("third", "a:3")]]


@pytest.mark.parametrize(("language", "data"), [("ar", ["a:2", "a:1"]), ("en", ["a:1", "a:2"])])
def test_a_row_begins_on_the_right_in_arabic_and_on_the_left_in_english(language: str, data: list[str]) -> None:
    made = keyboard(ROWS, phrases(language))
    assert made
    assert [[button.callback_data for button in row] for row in made.inline_keyboard] == [data, ["a:3"]]


def test_no_buttons_are_no_keyboard() -> None:
    assert keyboard([], phrases("ar")) is None

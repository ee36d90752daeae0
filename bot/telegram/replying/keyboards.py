"""Buttons as Telegram takes them."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, WebAppInfo

from bot.phrases import Phrases
from bot.showing.buttons import Button, Rows


def keyboard(rows: Rows, says: Phrases) -> InlineKeyboardMarkup | None:
    """Rows of buttons for the reader of a language; None where there are none.

    Clients lay buttons out from the left, in any language: in Arabic the first stands on the right.
    """
    towards = -1 if says.direction == "rtl" else 1
    made = [[_made(button) for button in row[::towards]] for row in rows]
    return InlineKeyboardMarkup(made) if made else None


def _made(button: Button) -> InlineKeyboardButton:
    if button.page:
        return InlineKeyboardButton(button.text, web_app=WebAppInfo(button.page))
    return InlineKeyboardButton(button.text, callback_data=button.data)

"""How a message of the bot's is sent or changed: as a reply to the one it answers, plain where markup is refused."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from telegram import CallbackQuery, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.showing.cards import Card

log = logging.getLogger(__name__)
T = TypeVar("T")

NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
"""A link in an answer is for who wants it; its preview would be larger than the answer."""


async def reply(message: Message, text: str, buttons: InlineKeyboardMarkup | None = None) -> Message:
    """Answer ``message`` with a phrase of the bot's own, which has no markup; gives what was sent."""
    return await _send(message, text, None, buttons)


async def reply_card(message: Message, card: Card, buttons: InlineKeyboardMarkup | None = None) -> Message:
    """Answer ``message`` with a card and the buttons under it; gives what was sent.

    Where Telegram cannot read the markup, the same text goes without it.
    """

    async def send(text: str, mode: ParseMode | None) -> Message:
        return await _send(message, text, mode, buttons)

    return await _marked_or_plain(card, send)


async def reply_picture(message: Message, picture: bytes, card: Card) -> Message:
    """Answer ``message`` with a picture, a PNG, and a card under it; gives what was sent."""

    async def send(text: str, mode: ParseMode | None) -> Message:
        return await message.reply_photo(
            picture, caption=text, parse_mode=mode, reply_parameters=_answering(message), filename="page.png"
        )

    return await _marked_or_plain(card, send)


async def change_card(
    message: Message, card: Card, buttons: InlineKeyboardMarkup | None, number: int | None = None
) -> None:
    """Put a card, with its buttons, in the place of one that the bot sent: ``message``, or the one of its chat with a
    ``number``; plain where the markup cannot be read."""

    async def change(text: str, mode: ParseMode | None) -> None:
        await message.get_bot().edit_message_text(
            text,
            message.chat_id,
            number or message.message_id,
            parse_mode=mode,
            reply_markup=buttons,
            link_preview_options=NO_PREVIEW,
        )

    with _unless_gone():
        await _marked_or_plain(card, change)


async def change_buttons(message: Message, number: int, buttons: InlineKeyboardMarkup | None) -> None:
    """Put other buttons under the message with a ``number`` that the bot sent to the chat of ``message``."""
    with _unless_gone():
        await message.get_bot().edit_message_reply_markup(message.chat_id, number, reply_markup=buttons)


async def take_back(message: Message, number: int) -> None:
    """Delete the message with a ``number`` that the bot sent to the chat of ``message``."""
    with _unless_gone():
        await message.get_bot().delete_message(message.chat_id, number)


def is_markup_refused(error: BadRequest) -> bool:
    """Whether Telegram refused a message because it cannot read the markup, and would take it without."""
    return "can't parse entities" in str(error).lower()


async def _marked_or_plain(card: Card, send: Callable[[str, ParseMode | None], Awaitable[T]]) -> T:
    try:
        return await send(card.html, ParseMode.HTML)
    except BadRequest as error:
        if not is_markup_refused(error):
            raise
        log.error("Telegram refused the markup of a card; it goes plain: %s", error)
        return await send(card.plain, None)


async def answer_press(query: CallbackQuery, text: str | None = None, *, is_alert: bool = False) -> None:
    """Tell Telegram that a button's press has arrived. It may no longer want to know, which is no reason to stop."""
    try:
        await query.answer(text, show_alert=is_alert)
    except TelegramError as error:
        log.info("a press of a button could not be answered: %s", error)


@contextmanager
def _unless_gone() -> Iterator[None]:
    """A message that was deleted, or has been changed to the same already, need not be changed."""
    try:
        yield
    except BadRequest as error:
        log.info("a message was not changed: %s", error)


async def _send(
    message: Message, text: str, parse_mode: ParseMode | None, buttons: InlineKeyboardMarkup | None = None
) -> Message:
    try:
        return await message.reply_text(
            text,
            parse_mode,
            reply_markup=buttons,
            link_preview_options=NO_PREVIEW,
            reply_parameters=_answering(message),
        )
    except BadRequest as error:
        if "message thread not found" not in str(error).lower():
            raise
        log.info("a topic is gone; what was to stand there goes to its chat")
        return await message.get_bot().send_message(
            message.chat_id,
            text,
            parse_mode,
            reply_markup=buttons,
            link_preview_options=NO_PREVIEW,
            reply_parameters=_answering(message),
        )


def _answering(message: Message) -> ReplyParameters:
    """That it answers ``message``, which may have been deleted meanwhile."""
    return ReplyParameters(message.message_id, allow_sending_without_reply=True)

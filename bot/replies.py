"""How a message of the bot's is sent: as a reply to the one it answers, and in plain text where markup is refused."""

import logging
from typing import Final

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.cards import Card

log = logging.getLogger(__name__)

NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
"""A link in an answer is for who wants it; its preview would be larger than the answer."""


async def reply(message: Message, text: str) -> None:
    """Answer ``message`` with a phrase of the bot's own, which has no markup."""
    await _send(message, text, None)


async def reply_card(message: Message, card: Card, buttons: InlineKeyboardMarkup | None = None) -> None:
    """Answer ``message`` with a card and the buttons under it.

    Where Telegram cannot read the markup, the same text goes without it.
    """
    try:
        await _send(message, card.html, ParseMode.HTML, buttons)
    except BadRequest as error:
        if not is_markup_refused(error):
            raise
        log.error("Telegram refused the markup of a card; it goes plain: %s", error)
        await _send(message, card.plain, None, buttons)


def is_markup_refused(error: BadRequest) -> bool:
    """Whether Telegram refused a message because it cannot read the markup, and would take it without."""
    return "can't parse entities" in str(error).lower()


async def _send(
    message: Message, text: str, parse_mode: ParseMode | None, buttons: InlineKeyboardMarkup | None = None
) -> None:
    await message.reply_text(
        text,
        parse_mode=parse_mode,
        reply_markup=buttons,
        link_preview_options=NO_PREVIEW,
        # the question may have been deleted meanwhile
        reply_parameters=ReplyParameters(message.message_id, allow_sending_without_reply=True),
    )

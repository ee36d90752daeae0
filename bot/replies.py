"""How a message of the bot's is sent: as a reply to the one it answers, and in plain text where markup is refused."""

import logging
from typing import Final

from telegram import LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.cards import Card

log = logging.getLogger(__name__)

_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


async def reply(message: Message, text: str) -> None:
    """Answer ``message`` with a phrase of the bot's own, which has no markup."""
    await _send(message, text, None)


async def reply_card(message: Message, card: Card) -> None:
    """Answer ``message`` with a card. Where Telegram cannot read the markup, the same text goes without it."""
    try:
        await _send(message, card.html, ParseMode.HTML)
    except BadRequest as error:
        if "can't parse entities" not in str(error).lower():
            raise
        log.error("Telegram refused the markup of a card; it goes plain: %s", error)
        await _send(message, card.plain, None)


async def _send(message: Message, text: str, parse_mode: ParseMode | None) -> None:
    await message.reply_text(
        text,
        parse_mode=parse_mode,
        link_preview_options=_NO_PREVIEW,
        # the question may have been deleted meanwhile
        reply_parameters=ReplyParameters(message.message_id, allow_sending_without_reply=True),
    )

"""What went wrong: the log hears of it first, then the user, in one kind sentence."""

import logging

from telegram import Message, Update
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ContextTypes

from bot.conversation.tally import Tally
from bot.figures import ERRORS
from bot.store.database import DisplacedError
from bot.telegram.handlers.commands import phrases_for
from bot.telegram.replying.addressing import is_to_bot
from bot.telegram.replying.replies import reply
from bot.telegram.transport.delivery import TwiceOnItsWayError
from bot.telegram.transport.handling import insist

log = logging.getLogger(__name__)


class Failures:
    """The error handler; counts what it logs as an error."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    async def failed(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Log the error, with its trace where it is ours; say so, unless Telegram itself could not be reached."""
        error = context.error
        if isinstance(error, Forbidden):  # they blocked the bot or removed it: nobody is waiting
            log.info("%s: not delivered, the chat is closed to the bot: %s", _name(update), error)
            return
        if isinstance(error, DisplacedError):  # nothing leaves this process any more, and nothing is lost
            log.info("%s: left to the process that serves now", _name(update))
            return
        self._tally.errors += 1
        ERRORS.inc()
        if isinstance(error, TelegramError):  # the network's doing or Telegram's: where we were tells nothing
            log.error("%s: failed: %s: %s", _name(update), type(error).__name__, error)
        else:
            log.error("%s: failed", _name(update), exc_info=error)
        # After any other failed delivery the answer may still have arrived, or this reply would not.
        if isinstance(error, TelegramError) and not isinstance(error, BadRequest | TwiceOnItsWayError):
            return
        if isinstance(update, Update) and (update.message or update.edited_message or update.callback_query):
            says = phrases_for(update)
            if isinstance(error, TwiceOnItsWayError):
                insist()
            await _say_so(update, says.perhaps_answered if isinstance(error, TwiceOnItsWayError) else says.error)


async def say_given_up(update: Update) -> None:
    """Say that an update was begun again and again in vain, to who spoke to the bot by it."""
    message = update.message or update.edited_message
    if update.callback_query or (message and is_to_bot(message)):
        await _say_so(update, phrases_for(update).given_up)


async def _say_so(update: Update, words: str) -> None:
    """Reply to the message that failed, or to the one whose button was pressed."""
    message = update.effective_message
    if not isinstance(message, Message):  # the one with the button is gone
        return
    try:
        await reply(message, words)
    except TelegramError as error:
        log.error("%s: nor could the user be told: %s", _name(update), error)


def _name(update: object) -> str:
    """The kind of chat of an update, for the log: no name and no words. Its id stands in the line anyway."""
    if not isinstance(update, Update):
        return "outside of updates"
    return f"{update.effective_chat.type} chat" if update.effective_chat else "no chat"

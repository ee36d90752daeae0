"""/start, /help and /about, and what is neither a command nor a question nor a button that anybody knows."""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bot.phrases import Phrases, phrases
from bot.phrases.voice import how_to_ask, start
from bot.settings import Voice
from bot.showing.buttons import under_start
from bot.telegram.replying.keyboards import keyboard
from bot.telegram.replying.replies import answer_press, reply

Callback = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]
Handler = BaseHandler[Update, ContextTypes.DEFAULT_TYPE, None]

NEW = filters.UpdateType.MESSAGE
"""Messages, not their later edits: an answer is given once."""
PRIVATE = NEW & filters.ChatType.PRIVATE


def handlers(voice: Voice) -> list[Handler]:
    """The handlers of commands, of messages without text and of unknown buttons, to stand after all others."""
    return [
        CommandHandler("start", _saying(partial(start, voice), voice.examples), filters=NEW),
        CommandHandler("help", _saying(partial(how_to_ask, voice)), filters=NEW),
        CommandHandler("about", _saying(lambda says: says.about), filters=NEW),
        # in a group, an unknown command is for another bot
        MessageHandler(PRIVATE & filters.COMMAND, _saying(partial(how_to_ask, voice))),
        MessageHandler(PRIVATE & ~filters.TEXT & ~filters.StatusUpdate.ALL, _not_text),
        CallbackQueryHandler(_unknown_button),
    ]


async def _unknown_button(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Its data are forged, or of a version that is no more."""
    if update.callback_query:
        await answer_press(update.callback_query, phrases_for(update).button_too_old)


async def _not_text(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Of an album only one picture has the caption that asks: of the others nothing is said."""
    if update.message and not update.message.media_group_id:
        await reply(update.message, phrases_for(update).not_text)


def _saying(choose: Callable[[Phrases], str], examples: Sequence[str] = ()) -> Callback:
    """Replies with a phrase; with buttons that ask the ``examples``."""

    async def say(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message:
            says = phrases_for(update)
            await reply(update.message, choose(says), keyboard(under_start(examples), says))

    return say


def phrases_for(update: Update) -> Phrases:
    """The phrases in the language of who sent ``update``."""
    return phrases(update.effective_user.language_code if update.effective_user else None)

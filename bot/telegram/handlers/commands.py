"""/start, /help and /about, and what is neither a command nor a question nor a button that anybody knows."""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bot.phrases import Phrases, phrases
from bot.phrases.voice import about, how_to_ask, start
from bot.settings import Voice
from bot.showing.buttons import under_start
from bot.sources.examples import Examples, key_of
from bot.telegram.replying.keyboards import keyboard
from bot.telegram.replying.replies import answer_press, reply

Callback = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]
Handler = BaseHandler[Update, ContextTypes.DEFAULT_TYPE, None]

NEW = filters.UpdateType.MESSAGE
"""Messages, not their later edits: an answer is given once."""
PRIVATE = NEW & filters.ChatType.PRIVATE


def handlers(voice: Voice, examples: Examples) -> list[Handler]:
    """The handlers of commands, of messages without text and of unknown buttons, to stand after all others."""
    help_ = _saying(partial(how_to_ask, voice), examples)
    return [
        CommandHandler("start", _saying(partial(start, voice), examples), filters=NEW),
        CommandHandler("help", help_, filters=NEW),
        CommandHandler("about", _saying(lambda says, _: about(voice, says)), filters=NEW),
        # in a group, an unknown command is for another bot
        MessageHandler(PRIVATE & filters.COMMAND, help_),
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


def _saying(choose: Callable[[Phrases, Sequence[str]], str], examples: Examples | None = None) -> Callback:
    """Replies with a phrase; with buttons that ask the ``examples``."""

    async def say(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message:
            says, questions = phrases_for(update), examples.questions if examples else ()
            rows = under_start({key_of(question): question for question in questions})
            await reply(update.message, choose(says, questions), keyboard(rows, says))

    return say


def phrases_for(update: Update) -> Phrases:
    """The phrases in the language of who sent ``update``."""
    return phrases(update.effective_user.language_code if update.effective_user else None)

"""Before all other handlers: who is not allowed goes no further. In private they are told, kindly and once."""

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import ApplicationHandlerStop, ContextTypes, TypeHandler

from bot.conversation.access import Access
from bot.conversation.limits import Allowance
from bot.telegram.handlers.commands import Handler, phrases_for
from bot.telegram.replying.replies import reply

TOLD_AGAIN = 24 * 3600.0
"""Seconds after which somebody who still asks is told again."""


class Gate:
    """Lets through whom ``access`` allows, and what Telegram itself reports of chats."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._unanswered = Allowance(0, TOLD_AGAIN)

    def handlers(self) -> list[Handler]:
        """For any update; to stand in a group of handlers before the others."""
        return [TypeHandler(Update, self.admit)]

    async def admit(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Raise ``ApplicationHandlerStop`` for an update that nobody else shall see."""
        user, chat = update.effective_user, update.effective_chat
        if _is_report(update) or self._access.allows(user.id if user else None, chat.id if chat else None):
            return
        await self._turn_away(update)
        raise ApplicationHandlerStop

    async def _turn_away(self, update: Update) -> None:
        """An answer of some kind is due to buttons and inline queries: a client shows that it waits for it."""
        if update.callback_query:
            await update.callback_query.answer()
        elif update.inline_query:
            await update.inline_query.answer([], is_personal=True)
        elif update.message and update.message.chat.type == ChatType.PRIVATE:
            user = update.message.chat.id
            self._unanswered.take(user)
            if self._unanswered.should_tell(user):
                await reply(update.message, phrases_for(update).not_allowed.format(id=user))


def _is_report(update: Update) -> bool:
    """Whether Telegram tells of the bot's standing in a chat, or of a chat's new id."""
    message = update.message
    return update.my_chat_member is not None or (
        message is not None and bool(message.migrate_to_chat_id or message.migrate_from_chat_id)
    )

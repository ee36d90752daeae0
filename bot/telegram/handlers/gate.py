"""Before all other handlers: who is not allowed goes no further, nor a bot, nor what is too much to be handled.

They are told, kindly and once, if they spoke to the bot.
"""

from collections.abc import Callable

from telegram import Update, User
from telegram.constants import ChatType
from telegram.ext import ApplicationHandlerStop, ContextTypes, TypeHandler

from bot.conversation.access import Access
from bot.conversation.limits import Allowance
from bot.telegram.handlers.budget import Budget
from bot.telegram.handlers.commands import Handler, phrases_for
from bot.telegram.handlers.failures import say_given_up
from bot.telegram.replying.replies import reply

TOLD_AGAIN = 24 * 3600.0
"""Seconds after which somebody who still asks is told again."""


class Gate:
    """Lets through whom ``access`` allows, and what Telegram itself reports of chats.

    ``is_over`` says of an update, by its id, whether it came only for its sender to be told that it is too many, and
    ``is_deadly`` whether they are to be told that it is given up.
    """

    def __init__(
        self, access: Access, budget: Budget, is_over: Callable[[int], bool], is_deadly: Callable[[int], bool]
    ) -> None:
        self._access, self._budget, self._is_over, self._is_deadly = access, budget, is_over, is_deadly
        self._unanswered = Allowance(0, TOLD_AGAIN)

    def handlers(self) -> list[Handler]:
        """For any update; to stand in a group of handlers before the others."""
        return [TypeHandler(Update, self.admit)]

    async def admit(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Raise ``ApplicationHandlerStop`` for an update that nobody else shall see."""
        user, chat = update.effective_user, update.effective_chat
        is_deadly = self._is_deadly(update.update_id)
        if _is_report(update) and not is_deadly:
            return
        if _is_of_bot(update, user):  # two bots would answer each other without end
            raise ApplicationHandlerStop
        if not self._access.allows(user.id if user else None, chat.id if chat else None):
            await self._turn_away(update)
            raise ApplicationHandlerStop
        if is_deadly:
            await say_given_up(update)
            raise ApplicationHandlerStop
        if self._is_over(update.update_id):
            await self._budget.tell_of_left(update)
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


def _is_of_bot(update: Update, user: User | None) -> bool:
    """Whether a bot wrote it. Who writes for a group or a channel, as anonymous admins do, has a bot's name only."""
    message = update.message or update.edited_message
    return user is not None and user.is_bot and (message is None or message.sender_chat is None)

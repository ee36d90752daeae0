"""Whatever is replied to counts: on its sender's budget and its chat's, and presses of buttons on one of their own."""

from collections.abc import Iterable
from typing import Any

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import Application, BaseHandler, ContextTypes

from bot.conversation.limits import Allowance, Budgets
from bot.phrases import Phrases
from bot.telegram.handlers.commands import Handler, phrases_for
from bot.telegram.replying.addressing import is_to_bot, sender_of
from bot.telegram.replying.replies import answer_press, reply


class Budget:
    """Lets through what ``budgets`` have room for; what is over them is dropped, with one kind word in a while."""

    def __init__(self, budgets: Budgets) -> None:
        self._budgets = budgets

    def counting(self, handlers: Iterable[Handler]) -> list[Handler]:
        """Handlers that take what these take, and count it. Each update that they take must be one to reply to."""
        return [_Counting(handler, self) for handler in handlers]

    async def admits(self, update: Update) -> bool:
        """Count a message, new or edited, or a press; whether to reply to it. Where not, who sent it is told once."""
        if query := update.callback_query:
            return await self._admits_press(update, query.from_user.id)
        message = update.message or update.edited_message
        return message is None or await self.admits_reply(message, phrases_for(update))

    async def admits_reply(self, message: Message, says: Phrases) -> bool:
        """Count a reply to a message; whether to give it. Where not, who sent the message is told once."""
        sender, chat = sender_of(message), message.chat_id
        if not self._budgets.replies.take(sender):
            await self._tell(message, says, self._budgets.replies, sender)
            return False
        if message.chat.type != ChatType.PRIVATE and not self._budgets.of_chats.take(chat):
            await self._tell(message, says, self._budgets.of_chats, chat)
            return False
        return True

    async def tell_of_left(self, update: Update) -> None:
        """Tell who sent an update that it is too many to be looked at, unless they know; inline, give them nothing."""
        says, message = phrases_for(update), update.message
        if query := update.callback_query:
            self._budgets.presses.take(query.from_user.id)
            if self._budgets.presses.should_tell(query.from_user.id):
                await answer_press(query, says.too_many_waiting, is_alert=True)
        elif update.inline_query:
            await update.inline_query.answer([], is_personal=True)
        elif message and is_to_bot(message):
            self._budgets.replies.take(sender_of(message))
            if self._budgets.replies.should_tell(sender_of(message)):
                await reply(message, says.too_many_waiting)

    async def _admits_press(self, update: Update, user: int) -> bool:
        presses = self._budgets.presses
        if presses.take(user):
            return True
        if presses.should_tell(user) and update.callback_query:
            says = phrases_for(update)
            told = says.too_many_presses.format(wait=says.counted("seconds", presses.wait(user)))
            await answer_press(update.callback_query, told, is_alert=True)
        return False

    async def _tell(self, message: Message, says: Phrases, budget: Allowance, whose: int) -> None:
        if budget.should_tell(whose):
            limit, wait = says.counted("messages", budget.most), says.counted("seconds", budget.wait(whose))
            await reply(message, says.too_many.format(limit=limit, wait=wait))


class _Counting(BaseHandler[Update, ContextTypes.DEFAULT_TYPE, None]):
    """Another handler, where what it takes is within the budget."""

    def __init__(self, handler: Handler, budget: Budget) -> None:
        super().__init__(handler.callback, handler.block)
        self._handler, self._budget = handler, budget

    def check_update(self, update: object) -> Any:
        return self._handler.check_update(update)

    async def handle_update(
        self,
        update: Update,
        application: Application[Any, ContextTypes.DEFAULT_TYPE, Any, Any, Any, Any],
        check_result: object,
        context: ContextTypes.DEFAULT_TYPE,
    ) -> None:
        if await self._budget.admits(update):
            await self._handler.handle_update(update, application, check_result, context)

"""Where the bot is put into a group or taken out of it, and where a group gets another id."""

import asyncio
import logging
from collections.abc import Callable

from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberOwner, ChatMemberRestricted, Update
from telegram.constants import ChatType
from telegram.ext import ChatMemberHandler, ContextTypes, MessageHandler, filters

from bot.conversation.access import Access
from bot.conversation.limits import Budgets
from bot.phrases import Phrases
from bot.store.chats import ADMIN, GONE, MEMBER, Chats
from bot.telegram.handlers.commands import NEW, Handler, phrases_for

log = logging.getLogger(__name__)

Move = Callable[[int, int], object]
"""Takes what is kept of a chat from its old id to its new one; a second time it does nothing."""


class Moves:
    """A group that becomes a supergroup gets another id: what is kept of it moves there.

    First all that the store holds, in one transaction of ``store``; then what is remembered, by ``memory``; then the
    files, by ``files``. What a killed process did not come to is done at the next start.
    """

    def __init__(self, store: Move, memory: Move, files: Move) -> None:
        self._store, self._memory, self._files = store, memory, files

    async def __call__(self, old: int, new: int) -> None:
        """Move all that is kept. Telegram says it up to three times: in either chat, and to who sends to the old."""
        log.info("chat %d is now chat %d", old, new)
        await asyncio.to_thread(self._store, old, new)
        self._memory(old, new)
        await asyncio.to_thread(self._files, old, new)


class Groups:
    """Notes the bot's standing in groups and channels, and greets a group that it is put into."""

    def __init__(self, chats: Chats, access: Access, moves: Moves, budgets: Budgets) -> None:
        self._chats, self._access, self._moves, self._budgets = chats, access, moves, budgets

    def handlers(self) -> list[Handler]:
        """For changes of the bot's standing, and for a group's new id."""
        return [
            ChatMemberHandler(self.note, ChatMemberHandler.MY_CHAT_MEMBER),
            MessageHandler(NEW & filters.ChatType.GROUPS & filters.StatusUpdate.MIGRATE, self.move),
        ]

    async def note(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """The bot was added, removed, blocked, made an admin or no longer one."""
        change = update.my_chat_member
        if change is None:
            return
        before, after = standing(change.old_chat_member), standing(change.new_chat_member)
        log.info("%s chat: the bot was %s and is %s", change.chat.type, before, after)
        if change.chat.type == ChatType.PRIVATE:
            return
        await asyncio.to_thread(self._chats.note, change.chat.id, change.chat.type, after)
        is_new = before == GONE != after and await asyncio.to_thread(self._chats.was, change.chat.id) is None
        is_group = change.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP)
        greets = is_new and is_group and self._access.allows(change.from_user.id, change.chat.id)
        if greets and self._budgets.replies.take(change.from_user.id):
            await context.bot.send_message(change.chat.id, greeting(context.bot, phrases_for(update)))

    async def move(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A message says in the old chat where it goes, or in the new one where it comes from."""
        message = update.message
        if message and message.migrate_to_chat_id:
            await self._moves(message.chat_id, message.migrate_to_chat_id)
        elif message and message.migrate_from_chat_id:
            await self._moves(message.migrate_from_chat_id, message.chat_id)


def standing(member: ChatMember) -> str:
    """What the bot is in a chat, as it is stored."""
    if isinstance(member, ChatMemberAdministrator | ChatMemberOwner):
        return ADMIN
    is_in = member.is_member if isinstance(member, ChatMemberRestricted) else member.status == ChatMember.MEMBER
    return MEMBER if is_in else GONE


def greeting(bot: Bot, says: Phrases) -> str:
    """How to ask in a group."""
    return says.greeting.format(mention=says.isolated(f"@{bot.username}"))

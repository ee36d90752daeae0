"""Whether a message speaks to the bot, and what it asks: all text in private; in a group a mention, a reply or /ask
and, where that is wanted, a question among the comments on a channel's post.

A file, a photo or a video speaks by its caption.
"""

import logging
from collections.abc import Sequence

from telegram import (
    Bot,
    Message,
    MessageEntity,
    MessageOrigin,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginUser,
)
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.conversation.asking import asks
from bot.store.people import UNKNOWN

log = logging.getLogger(__name__)

ASK = "ask"
"""The command that asks what follows it, or the message that it replies to."""
_AFTER_A_NAME = " \t\n،,:؛;-"
"""What may stand between the name of who is spoken to and what they are asked."""


def asked(message: Message, *, in_comments: bool = False) -> str | None:
    """What ``message`` asks the bot: "" where it only calls it, None where it does not speak to it.

    The bot's name is taken out, with the command. Where nothing but the call is left, the message that is replied to
    is what is asked; but not one of the bot's own. ``in_comments``: whether a question under a channel's post, in the
    group where that is discussed, is for the bot.
    """
    if (
        message.text is None and message.caption is None and message.document is None
    ) or message.via_bot:  # those would be that bot's words
        return None
    command = _command(message, ASK)
    mentions = _mentions(message)
    if not (message.chat.type == ChatType.PRIVATE or command or mentions or _replies_to_bot(message)):
        text = message.text or message.caption or ""
        return text.strip() if in_comments and _is_comment(message) and asks(text) else None
    taken_out = ([command] if command else []) + mentions
    return _without(message, taken_out) or (_replied_to(message) if taken_out else "")


def is_to_bot(message: Message) -> bool:
    """Whether whoever sent ``message`` waits for a reply: by a command, too, which may be another bot's."""
    is_command = any(entity.type == MessageEntity.BOT_COMMAND and not entity.offset for entity in message.entities)
    return message.chat.type == ChatType.PRIVATE or is_command or asked(message) is not None


def commanded(message: Message, name: str) -> str:
    """What stands after the command of a name; where nothing does, the words of the message that is replied to."""
    command = _command(message, name)
    return _without(message, [command] if command else []) or _replied_to(message)


def sender_of(message: Message) -> int:
    """Who sent a message: a person, or a chat that somebody writes for."""
    sender = message.sender_chat or message.from_user
    return sender.id if sender else message.chat_id


def authors(message: Message) -> frozenset[int]:
    """Those whose words may stand in what ``message`` asks: who wrote it, and who wrote what it replies to, here or
    elsewhere."""
    wrote = [message, *([message.reply_to_message] if message.reply_to_message else [])]
    senders = {sender.id for one in wrote for sender in (one.from_user, one.sender_chat) if sender}
    if message.external_reply:
        senders.add(_author(message.external_reply.origin))
    return frozenset(senders - {message.get_bot().id})


async def speaks_for(user: int, whom: int, bot: Bot) -> bool:
    """Whether a user is ``whom``, or that is a chat whose admin they are, as far as Telegram tells."""
    if user == whom or whom > 0:
        return user == whom
    try:
        return user in {admin.user.id for admin in await bot.get_chat_administrators(whom)}
    except TelegramError as error:
        log.info("the admins of a chat are not known: %s", error)
        return False


def topic(message: Message) -> int:
    """The topic of a group in which ``message`` stands; 0 outside of topics."""
    return (message.message_thread_id or 0) if message.is_topic_message else 0


def _author(origin: MessageOrigin) -> int:
    """Who wrote a message of another chat: a person, or a chat; ``UNKNOWN`` where they hide it."""
    match origin:
        case MessageOriginUser():
            return origin.sender_user.id
        case MessageOriginChat():
            return origin.sender_chat.id
        case MessageOriginChannel():
            return origin.chat.id
    return UNKNOWN


def _command(message: Message, name: str) -> MessageEntity | None:
    """The command of a name at the beginning; that it is not another bot's is for whoever reads commands to know."""
    for entity in _entities(message):
        words = _part(message, entity.offset, entity.offset + entity.length)
        is_first = entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0
        if is_first and words[1:].partition("@")[0].lower() == name:
            return entity
    return None


def _entities(message: Message) -> Sequence[MessageEntity]:
    return message.caption_entities if message.text is None else message.entities


def _mentions(message: Message) -> list[MessageEntity]:
    return [entity for entity in _entities(message) if _is_bot(message, entity)]


def _is_bot(message: Message, entity: MessageEntity) -> bool:
    """Whether an entity names the bot: by its username, or without one where it is known by its id."""
    bot = message.get_bot()
    if entity.type == MessageEntity.MENTION:
        name = _part(message, entity.offset, entity.offset + entity.length)
        return name.lower() == f"@{bot.username}".lower()
    return entity.type == MessageEntity.TEXT_MENTION and entity.user is not None and entity.user.id == bot.id


def _replies_to_bot(message: Message) -> bool:
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created:  # any message in a topic counts as a reply to its beginning
        return False
    return replied.from_user is not None and replied.from_user.id == message.get_bot().id


def _replied_to(message: Message) -> str:
    """The words of somebody that a message replies to: those that it quotes, else all."""
    replied = message.reply_to_message
    if _replies_to_bot(message):
        return ""
    whole = (replied.text or replied.caption or "") if replied else ""
    return (message.quote.text if message.quote else whole).strip()


def _is_comment(message: Message) -> bool:
    """Whether a message is a comment on a channel's post: a reply to what Telegram forwards to the group by itself. One
    that replies to another comment is for who wrote that."""
    post = message.reply_to_message
    return post is not None and bool(post.is_automatic_forward) and not message.is_automatic_forward


def _without(message: Message, entities: list[MessageEntity]) -> str:
    """The text without some of its entities."""
    pieces, at = [], 0
    for entity in sorted(entities, key=lambda entity: entity.offset):
        pieces.append(_part(message, at, entity.offset).strip())
        at = entity.offset + entity.length
    pieces.append(_part(message, at, None).strip())
    text = " ".join(filter(None, pieces))
    return text if pieces[0] else text.lstrip(_AFTER_A_NAME)


def _part(message: Message, start: int, end: int | None) -> str:
    """A stretch of the text, counted in UTF-16 units as Telegram does; half of a surrogate pair is no obstacle."""
    units = (message.text or message.caption or "").encode("utf-16-le", "surrogatepass")
    return units[start * 2 : None if end is None else end * 2].decode("utf-16-le", "surrogatepass")

"""What a message leans on: what it replies to, be it the bot's card or somebody's post; else what its sender asked."""

import asyncio
from dataclasses import dataclass, replace

from telegram import Message

from bot.conversation.asking import SUBJECT, beginning
from bot.conversation.threads import Threads
from bot.showing.buttons import pressed
from bot.store.answers import Answers, Shown
from bot.store.people import UNKNOWN
from bot.store.threads import Turn
from bot.telegram.replying.addressing import sender_of, topic


@dataclass(frozen=True, slots=True)
class Leaning:
    """``previous`` is the text whose subject a question takes up; ``turn`` and ``answer`` what words about the last
    answer mean, as far as either is known and wanted. ``people``: those besides the authors of the message whose words
    stand in ``previous``."""

    previous: str | None = None
    people: frozenset[int] = frozenset()
    turn: Turn | None = None
    answer: Shown | None = None


async def leaning(message: Message, threads: Threads, answers: Answers, *, to_answer: bool) -> Leaning:
    """What ``message`` leans on; ``to_answer``: whether it speaks of the answer, which is looked up then. What is
    replied to goes before what was asked last, also where it says nothing that is known: who points at a picture does
    not mean their last question."""
    chat, replied = message.chat_id, message.reply_to_message
    if replied and (replied.forum_topic_created or message.is_automatic_forward):
        replied = None  # any message in a topic counts as a reply to its beginning
    chosen = message.quote.text.strip() if message.quote else None
    is_ours = replied is not None and replied.from_user is not None and replied.from_user.id == message.get_bot().id
    if replied is None and message.external_reply is None:
        return await _of_turn(threads.last(chat, topic(message), sender_of(message)), answers, to_answer=to_answer)
    if replied is None or not is_ours:
        post = chosen or (replied and (replied.text or replied.caption)) or ""
        return Leaning(beginning(post, SUBJECT) or None)
    found = await _of_card(replied, threads, answers, to_answer=to_answer)
    if found is None:  # of a card that is forgotten nothing is known
        last = threads.last(chat, topic(message), sender_of(message))
        found = await _of_turn(last, answers, to_answer=to_answer)
        found = replace(found, people=found.people | {UNKNOWN}) if chosen else found
    return replace(found, previous=beginning(chosen, SUBJECT)) if chosen else found


async def _of_card(card: Message, threads: Threads, answers: Answers, *, to_answer: bool) -> Leaning | None:
    """What a card of the bot's answers: by its number, or by the buttons under it."""
    turn = threads.of_card(card.chat_id, card.message_id)
    if turn:
        return await _of_turn(turn, answers, to_answer=to_answer)
    rows = card.reply_markup.inline_keyboard if card.reply_markup else ()
    presses = (pressed(button.callback_data) for row in rows for button in row if isinstance(button.callback_data, str))
    press = next(filter(None, presses), None)
    shown = await asyncio.to_thread(answers.get, press.answer, card.chat_id) if press else None
    if shown is None:
        return None
    return Leaning(shown.searched, shown.people | {shown.asker}, None, shown if shown.own else None)


async def _of_turn(turn: Turn | None, answers: Answers, *, to_answer: bool) -> Leaning:
    if turn is None:
        return Leaning()
    shown = await asyncio.to_thread(answers.get, turn.answer, turn.chat) if turn.answer and to_answer else None
    return Leaning(turn.searched, turn.people | {turn.person}, turn, shown)

"""A message that speaks to the bot: its questions are answered, perhaps leaning on what it replies to or on the last
one; a quotation is checked; what is no question is talked to. What was asked anew by an edit is answered in the same
place."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

from telegram import Message, Update
from telegram.constants import ChatAction, ChatType
from telegram.ext import CommandHandler, ContextTypes, MessageHandler, filters

from bot.conversation.asking import LONGEST
from bot.conversation.foreign import unread_language
from bot.conversation.forms import TASKS
from bot.conversation.reading import BRIEF, Reading, read
from bot.conversation.talk import ABOUT_LAST, AFRESH, reply_to
from bot.conversation.tally import Tally
from bot.conversation.threads import Threads
from bot.phrases import Phrases
from bot.showing.about import AROUND
from bot.showing.cards import said
from bot.showing.saying import said_of_none
from bot.sources.holdings import Holdings
from bot.store.answers import QUOTES, Answers, Place, Shown
from bot.store.feedback import Refusals, Refused
from bot.store.threads import Turn
from bot.telegram.handlers.budget import Budget
from bot.telegram.handlers.commands import NEW, Handler, phrases_for
from bot.telegram.handlers.filing import Filing
from bot.telegram.handlers.pages import Pages
from bot.telegram.handlers.quotations import Quotations
from bot.telegram.replying.addressing import ASK, asked, authors, sender_of, topic
from bot.telegram.replying.leaning import Leaning, leaning
from bot.telegram.replying.replies import reply, take_back
from bot.telegram.replying.showing import Showing, saying
from bot.telegram.replying.typing import typing
from bot.telegram.transport.handling import with_next
from retrieval.model import Answer, Quote

log = logging.getLogger(__name__)

EDITED = filters.UpdateType.EDITED_MESSAGE
TOLD = (filters.TEXT & ~filters.COMMAND) | (filters.CAPTION & ~filters.Document.ALL)
"""What may ask: text, and what stands under a photo or a video; a file's caption waits until it is read."""


@dataclass(frozen=True, slots=True)
class _Replying:
    """A message that is answered. ``people``: those whose words its questions hold; ``before`` are its turns from
    before it was edited, whose cards are put to use. ``back``: the id of the answer in whose place this one stands.
    ``files``: the ids of those that came with it. ``is_called``: whether it is addressed to the bot; among people that
    one says what it found, and else nothing."""

    message: Message
    says: Phrases
    people: frozenset[int]
    before: Sequence[Turn] = ()
    back: str | None = None
    files: frozenset[int] = frozenset()
    is_called: bool = True

    def cards(self, part: int) -> tuple[int, ...]:
        """The numbers of the messages that showed the answer to a part of it."""
        return next((turn.cards for turn in self.before if turn.part == part), ())


class Questions:
    """Answers messages from ``holdings``, asked on ``executor``: they compute, and the loop must not wait. ``name``:
    what the bot calls itself; ``in_comments``: whether it answers questions in comments on a channel's posts."""

    def __init__(
        self,
        holdings: Holdings,
        executor: Executor,
        answers: Answers,
        threads: Threads,
        budget: Budget,
        tally: Tally,
        filing: Filing,
        pages: Pages,
        quotations: Quotations,
        refusals: Refusals,
        name: str = "",
        *,
        in_comments: bool = False,
    ) -> None:
        self._holdings, self._executor, self._answers = holdings, executor, answers
        self._threads, self._budget, self._tally = threads, budget, tally
        self._filing, self._pages, self._quotations = filing, pages, quotations
        self._refusals, self._name = refusals, name
        self._asked = partial(asked, in_comments=in_comments)

    def handlers(self) -> list[Handler]:
        """Any new text or caption that speaks to the bot and is no command, /ask, and /new; and what asks something
        else since it was edited. For each update that they take one reply is counted already."""
        anew = EDITED & _AskingAnew(self._threads, self._asked)
        return [
            MessageHandler(NEW & TOLD & _Asking(self._asked), self.answer),
            CommandHandler(ASK, self.answer, filters=NEW),
            CommandHandler("new", self.begin, filters=NEW),
            MessageHandler(anew & TOLD, self.answer_again),
            CommandHandler(ASK, self.answer_again, filters=anew),
        ]

    async def answer(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Reply to a question with cards, or say why there are none."""
        message = update.message
        question = self._asked(message) if message else None
        if message and question is not None:
            await self.ask(message, question, phrases_for(update), is_called=asked(message) is not None)

    async def answer_again(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Change the answer to a message that was edited and asks something else now."""
        message = update.edited_message
        before = self._threads.of_message(message.chat_id, message.message_id) if message else []
        question = self._asked(message) if message else None
        if message and before and question:
            is_called = asked(message) is not None
            to = _Replying(message, phrases_for(update), authors(message), before, is_called=is_called)
            await self._ask_all(to, question)

    async def ask(
        self,
        message: Message,
        question: str,
        says: Phrases,
        files: frozenset[int] = frozenset(),
        *,
        is_called: bool = True,
    ) -> None:
        """Reply to what a message asks, be it nothing or several things; from ``files`` that came with it, where those
        answer."""
        if question:
            to = _Replying(message, says, authors(message), files=files, is_called=is_called)
            await self._ask_all(to, question)
        else:
            await reply(message, says.how_to_ask)

    async def _ask_all(self, to: _Replying, text: str) -> None:
        reading = await self._read(text)
        if not to.before and reading.is_reference:
            await self._quotations.show(to.message, text, to.says)
            return
        if not to.before and reading.quoted:
            await self._quotations.reply_to(to.message, reading.quoted, to.says)
            return
        leans = await leaning(to.message, self._threads, self._answers, to_answer=reading.intent is not None)
        if to.before:
            leans = Leaning(to.before[0].previous, to.before[0].people)
        if reading.intent:
            await self._talk(to, text, reading.intent, leans)
        else:
            await self._answer_all(to, text, reading, leans)

    async def _read(self, text: str) -> Reading:
        """What a message says; on the executor where it is long."""
        if len(text) <= BRIEF:
            return read(text)
        return await asyncio.get_running_loop().run_in_executor(self._executor, read, text)

    async def _answer_all(self, to: _Replying, text: str, reading: Reading, leans: Leaning) -> None:
        """Answer the questions of a message, each leaning on the one before it, and each counted."""
        asks, answered = reading.asks, 0
        previous, people = asks.about or leans.previous, to.people
        if not asks.about:
            people |= leans.people
        for part, one in enumerate(reading.each()):
            if part and not await self._budget.admits_reply(to.message, to.says):
                break
            turn = self._turn(to.message, one.question, part, text, previous, people)
            # of a text that is looked up, what is searched for is said
            previous = await self._reply_to(to, turn, one, text[:LONGEST] if asks.is_cut else one.question)
            answered += 1
        for turn in to.before[answered:]:
            self._threads.take_back(turn)
            for card in turn.cards:
                await take_back(to.message, card)
        if asks.left and answered == len(asks.questions):
            await reply(to.message, to.says.three_at_most)

    async def ask_in_place(self, message: Message, shown: Shown, question: str, asker: int, says: Phrases) -> None:
        """Put in the place of ``message``, the bot's own, the answer to a question that leans on nothing, with the way
        back to what was ``shown``. The next question of ``asker`` may lean on it."""
        people = shown.people | {shown.asker}
        turn = Turn(message.chat_id, question, topic(message), asker, asked=question, people=people)
        here = replace(turn, cards=(message.message_id,))
        to = _Replying(message, says, people, (here,), shown.id)
        await self._reply_to(to, turn, await self._read(question), question)

    async def reply_to_example(self, message: Message, question: str, asker: int, says: Phrases) -> None:
        """Reply to ``message``, the bot's own welcome, with the answer to an example of the operator's."""
        turn = Turn(message.chat_id, question, topic(message), asker, asked=question, people=frozenset({asker}))
        await self._reply_to(_Replying(message, says, turn.people), turn, await self._read(question), question)

    def note(self, message: Message, person: int, shown: Shown, answer: str, cards: Sequence[int]) -> None:
        """What a person sees last in the chat of ``message`` are further quotes of an answer that was ``shown``."""
        before = self._threads.last(message.chat_id, topic(message), person)
        if before and before.answer == shown.id:
            self._threads.keep(replace(before, answer=answer, cards=tuple(dict.fromkeys((*before.cards, *cards)))))

    async def begin(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Forget what was asked here: the next question leans on nothing."""
        if message := update.message:
            self._threads.forget(message.chat_id, topic(message), sender_of(message))
            await reply(message, phrases_for(update).new)

    async def _talk(self, to: _Replying, text: str, intent: str, leans: Leaning) -> None:
        """Reply to small talk, in private only; to what asks for something, and to words about an answer, anywhere."""
        message, says = to.message, to.says
        if intent in ABOUT_LAST and leans.answer:
            await self._show_more(message, intent, leans.answer, leans.turn, says)
        elif intent in (*ABOUT_LAST, *TASKS) or message.chat.type == ChatType.PRIVATE:
            if intent == AFRESH:
                self._threads.forget(message.chat_id, topic(message), sender_of(message))
            told = reply_to(intent, says.called(self._name), has_answered=leans.answer is not None)
            cards = await saying(told).reply_to(message, to.cards(0))
            if to.before:
                self._threads.keep(replace(to.before[0], asked=text, cards=tuple(cards)))
        log.info("talk chat=%s intent=%s", message.chat.type, intent)

    async def _show_more(self, message: Message, intent: str, shown: Shown, turn: Turn | None, says: Phrases) -> None:
        """Do what the button under an answer does."""
        if intent == "more":
            card = turn.cards[-1] if turn and turn.cards else None
            now, cards = await self._pages.give_more(shown, message, says, card)
            self.note(message, sender_of(message), shown, now, cards)
        elif intent in AROUND:
            await self._pages.open(shown, message, says, intent)
        else:
            await self._pages.name_sources(shown, message, says, intent)

    def _turn(
        self, message: Message, question: str, part: int, asked: str, previous: str | None, people: frozenset[int]
    ) -> Turn:
        where = message.chat_id, question, topic(message), sender_of(message), message.message_id
        return Turn(*where, part, asked, previous, people=people)

    async def _reply_to(self, to: _Replying, turn: Turn, one: Reading, told: str) -> str:
        """Reply with the answer to a question, or put it in place of the one before; gives what was searched for.
        ``told``: what it is called there."""
        message, began = to.message, time.monotonic()
        async with typing(lambda: message.reply_chat_action(ChatAction.TYPING)):
            await self._filing.make_ready(turn.chat)
            work = partial(self._answered, turn, one, told, to)
            answer, shown, refused = await asyncio.get_running_loop().run_in_executor(self._executor, work)
        self._tally.count(answer, message.chat.type, time.monotonic() - began)
        if refused:
            with_next(partial(self._refusals.keep, refused))
        # kept before it is sent: where that fails, the next question still leans on it
        turn = replace(turn, searched=answer.searched, answer=shown.id if answer.found else None)
        self._threads.keep(turn)
        if not (answer.found or to.is_called):
            return answer.searched
        cards = await shown.reply_to(message, to.cards(turn.part))
        self._threads.shown_by(turn, cards)
        return answer.searched

    def _answered(self, turn: Turn, one: Reading, told: str, to: _Replying) -> tuple[Answer, Showing, Refused | None]:
        """The answer, what shows it, and the question where that is one that was refused; on the executor."""
        says = to.says.called(self._name)
        # one quote more than is shown at most tells whether there are further ones to offer
        files, previous = to.files, turn.previous
        answer = self._holdings.ask(one.question, k=QUOTES + 1, previous=previous, chat=turn.chat, files=files)
        answer = replace(answer, question=told, shown=min(answer.shown, QUOTES))
        is_refused = not answer.found and not answer.unreachable
        said_of_it = said_of_none(answer, one, says) if turn.chat == turn.person else None
        if said_of_it:
            return answer, saying(said_of_it.reply), None
        language = unread_language(answer)
        if language and is_refused and not answer.found_words:
            return answer, saying(says.foreign[language]), None
        people = (turn.people if answer.leans else to.people) | {turn.person}
        refused = Refused(turn.person, answer.searched, people=people) if is_refused else None
        note = says.foreign[language] if language else None
        if is_refused and self._holdings.lacks_scans(turn.chat):
            note = says.documents["scans_wait"]
        nearest = self._places(answer.openings, turn.chat)
        shown = Shown(
            turn.chat,
            turn.person,
            one.question,
            answer.searched,
            turn.previous if answer.leans else None,
            self._places(answer.at_once, turn.chat),
            has_more=len(answer.quotes) > answer.shown,
            people=people,
            opening=said(answer, says, note, titles=not nearest),
            before=to.back,
            nearest=nearest,
            meant=answer.meant,
        )
        titles = {at: quote.document.title for at, quote in enumerate(answer.openings)}
        return answer, self._pages.showing(answer.at_once, shown, says, titles), refused

    def _places(self, quotes: Sequence[Quote], chat: int) -> tuple[Place, ...]:
        return tuple(Place.of(quote, self._holdings.shelf_of(quote, chat)) for quote in quotes)


class _Asking(filters.MessageFilter):
    """Messages that speak to the bot, as ``asking`` tells."""

    def __init__(self, asking: Callable[[Message], str | None]) -> None:
        super().__init__()
        self._asking = asking

    def filter(self, message: Message) -> bool:
        return self._asking(message) is not None


class _AskingAnew(filters.MessageFilter):
    """Messages whose answer is in ``threads``, and that ask something else than was answered."""

    def __init__(self, threads: Threads, asking: Callable[[Message], str | None]) -> None:
        super().__init__()
        self._threads, self._asking = threads, asking

    def filter(self, message: Message) -> bool:
        before = self._threads.of_message(message.chat_id, message.message_id)
        return bool(before) and self._asking(message) not in (None, "", before[0].asked)

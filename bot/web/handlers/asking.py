"""The page Ask: a question comes in by a form, and its answer goes out as in a chat: quotes, more, context, or a no.

A question is sent in the body of a request, so that it stands in no address and in no log of a proxy; only the link by
which a reader shares it has it in its address.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from aiohttp import web

from bot.conversation.reading import Reading, read
from bot.conversation.talk import AFRESH
from bot.conversation.tally import Tally
from bot.phrases import Phrases
from bot.settings import Voice
from bot.showing.cards import PARTED, beside_answer, said
from bot.showing.saying import Said, asked_for_arabic, replied
from bot.sources.addresses import document_page, page_of
from bot.web.intake.desk import Desk
from bot.web.intake.requests import LONGEST_QUESTION, form_of, text_of
from bot.web.intake.serves import Serves
from bot.web.intake.visitors import Visitors
from bot.web.pages.promise import check_quotes
from bot.web.pages.quotes import Shown, page_around, shown
from bot.web.pages.rendering import Rendering, page, says_of
from retrieval.model import Answer, Quote

QUOTES = 8
"""Quotes of an answer: those that are shown at once, and those behind «more»."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said to one question. ``says``: the phrases beside it; ``said``: lines of the bot's own; ``nearest``:
    titles with their addresses."""

    says: Phrases
    question: str
    searched: str
    said: Sequence[str]
    quotes: Sequence[Shown] = ()
    further: Sequence[Shown] = ()
    nearest: Sequence[tuple[str, str]] = ()
    meant: str | None = None
    is_found: bool = False


class Asking:
    """Answers questions from a library, ``desk`` doing the work. ``log_text``: whether questions stand in the log."""

    def __init__(
        self,
        library: Serves,
        desk: Desk,
        rendering: Rendering,
        visitors: Visitors,
        voice: Voice,
        tally: Tally,
    ) -> None:
        self._library, self._desk, self._rendering = library, desk, rendering
        self._visitors, self._voice, self._tally = visitors, voice, tally

    async def show(self, request: web.Request) -> web.Response:
        """The form; with the answer to a question that somebody has shared in an address."""
        question = text_of(request.query, "question", LONGEST_QUESTION).strip()
        if question:
            return await self._answer(request, question, None)
        says = says_of(request)
        return page(self._page(says, "", [], 0))

    async def answer(self, request: web.Request) -> web.Response:
        """The answer to a question that was sent by the form, which may lean on the one before it."""
        form = await form_of(request)
        question = text_of(form, "question", LONGEST_QUESTION).strip()
        if not question:
            return page(self._page(says_of(request), "", [], 0))
        return await self._answer(request, question, text_of(form, "previous", LONGEST_QUESTION).strip() or None)

    async def _answer(self, request: web.Request, question: str, previous: str | None) -> web.Response:
        self._visitors.count_question(request)
        says = says_of(request).called(self._voice.name)
        message = await self._desk.read(partial(read, question))
        replies: list[Reply] = []
        before = message.asks.about or previous
        for one in message.each():
            began = time.monotonic()
            answer, told = await self._desk.ask(partial(self._replied, one, before, says))
            if answer:
                self._tally.count(answer, "web", time.monotonic() - began)
            replies.append(told)
            before = told.searched
        return page(self._page(says, question, replies, message.asks.left))

    def _replied(self, one: Reading, previous: str | None, says: Phrases) -> tuple[Answer | None, Reply]:
        """The answer, if it is one, and what is shown of it; on the desk."""
        told, question = replied(one, previous, self._library, says, QUOTES), one.text
        if isinstance(told, Said):
            searched = "" if told.intent == AFRESH else previous or question
            return None, Reply(says, question, searched, told.reply.splitlines())
        in_arabic = asked_for_arabic(told, says)
        if in_arabic and not told.found and not told.found_words and not told.unreachable:
            return told, Reply(says, question, told.searched, [in_arabic])
        return told, _reply(told, says, in_arabic)

    def _page(self, says: Phrases, question: str, replies: Sequence[Reply], left: int) -> str:
        html = self._rendering.html(
            "ask.html",
            says,
            "/",
            question=question,
            replies=replies,
            left=left,
            previous=replies[-1].searched if replies else "",
            shared="/?" + urlencode({"question": question}),
            voice=self._voice,
            is_logged=self._tally.log_text,
            longest=LONGEST_QUESTION,
        )
        check_quotes(html, [quote for reply in replies for quote in _quotes(reply)])
        return html


def _reply(answer: Answer, says: Phrases, note: str | None) -> Reply:
    says, opening = beside_answer(answer, says), said(answer, says, note, titles=False)
    nearest = [(quote.document.title, page_of(quote)) for quote in answer.openings]
    known = {quote.document.id for quote in answer.openings}
    nearest += [
        (each.title, document_page(each.document_id)) for each in answer.nearest if each.document_id not in known
    ]
    each = [shown(quote, says, around=True) for quote in answer.quotes]
    return Reply(
        says,
        answer.question,
        answer.searched,
        [line for part in opening.split(PARTED) for line in part.splitlines() if line != says.line(says.nearest)],
        each[: answer.shown],
        each[answer.shown :],
        [] if answer.found else nearest,
        answer.meant,
        answer.found,
    )


def _quotes(reply: Reply) -> Iterator[Quote]:
    """The block quotes of a reply, in the order of the page."""
    for own in (*reply.quotes, *reply.further):
        yield own.quote
        yield page_around(own.quote)

"""The JSON interface under ``/api``: the forms of ``--json``; ``openapi.json`` beside this file describes it."""

import time
from functools import partial
from importlib.resources import files
from typing import Any
from urllib.parse import quote as percent_encoded

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.conversation.reading import read
from bot.conversation.tally import Tally
from bot.phrases import phrases
from bot.showing.answer_json import answer_json, cited_json, document_json, said_json, verdict_json
from bot.showing.promise import check_document
from bot.showing.saying import Said, replied
from bot.sources.addresses import page_of
from bot.web.handlers.checking import FEWEST
from bot.web.handlers.listing import FOUND
from bot.web.handlers.listing import LONGEST as LONGEST_TITLE
from bot.web.handlers.reading import document_of
from bot.web.intake.desk import Desk
from bot.web.intake.refusals import bad
from bot.web.intake.requests import LONGEST_ID, LONGEST_QUESTION, json_of, number_of, text_of
from bot.web.intake.serves import Serves
from bot.web.intake.visitors import Visitors
from retrieval import LONGEST_TEXT
from retrieval.model import Answer, Document

ROOT = "/api"
DESCRIPTION = f"{ROOT}/openapi.json"
QUOTES, MOST_QUOTES = 3, 10
DOCUMENTS = 100
"""Documents of one answer, at most."""
CHARACTERS = 100_000
"""Characters of a text of one answer, at most."""


class Interface:
    """Answers programs from a library, ``desk`` doing the work. ``address``: where readers reach the pages, or "";
    ``name``: what the one who answers is called, by itself as the bot is."""

    def __init__(
        self, library: Serves, desk: Desk, visitors: Visitors, tally: Tally, address: str, name: str = ""
    ) -> None:
        self._library, self._desk, self._visitors = library, desk, visitors
        self._tally, self._address, self._says = tally, address, phrases("ar").called(name)

    def routes(self) -> list[tuple[str, str, Handler]]:
        """Each with its method and its address."""
        return [
            ("GET", DESCRIPTION, self.describe),
            ("POST", f"{ROOT}/ask", self.ask),
            ("POST", f"{ROOT}/verify", self.verify),
            ("GET", f"{ROOT}/documents", self.list_documents),
            ("GET", f"{ROOT}/documents/{{document:.+}}", self.show_document),
            ("GET", f"{ROOT}/references/{{reference:.+}}", self.show_reference),
        ]

    async def describe(self, _: web.Request) -> web.Response:
        """What there is, as OpenAPI has it."""
        return web.Response(
            body=files("bot.web").joinpath("openapi.json").read_bytes(), content_type="application/json"
        )

    async def ask(self, request: web.Request) -> web.Response:
        """The answer to a question, as ``iqtibas ask --json`` gives it; each quote with the address of its page."""
        sent = await json_of(request)
        question = text_of(sent, "question", LONGEST_QUESTION).strip()
        previous = text_of(sent, "previous", LONGEST_QUESTION).strip() or None
        k = sent.get("k", QUOTES)
        if not question:
            raise bad("no_question")
        if type(k) is not int or not 1 <= k <= MOST_QUOTES:
            raise bad("no_number")
        self._visitors.count_question(request)
        began = time.monotonic()
        answer, told = await self._desk.ask(partial(self._answered, question, previous, k))
        if answer:
            self._tally.count(answer, "api", time.monotonic() - began)
        return web.json_response(told)

    async def verify(self, request: web.Request) -> web.Response:
        """What the sources say to a text, as ``iqtibas verify --json`` gives it."""
        text = text_of(await json_of(request), "text", LONGEST_TEXT).strip()
        if len(text.split()) < FEWEST:
            raise bad("too_short")
        self._visitors.count_question(request)
        return web.json_response(await self._desk.ask(lambda: verdict_json(self._library.verify(text))))

    async def list_documents(self, request: web.Request) -> web.Response:
        """The documents, some at a time, or those with words in their titles."""
        words = text_of(request.query, "title", LONGEST_TITLE).strip()
        start, count = number_of(request.query, "start"), number_of(request.query, "count")
        if words:
            self._visitors.count_question(request)
        some = partial(self._listed, words, start or 0, min(DOCUMENTS if count is None else count, DOCUMENTS))
        return web.json_response(await self._desk.read(some))

    async def show_document(self, request: web.Request) -> web.Response:
        """A document with its text, or with a stretch of it."""
        document_id = text_of(request.match_info, "document", LONGEST_ID)
        start, end = number_of(request.query, "start"), number_of(request.query, "end")
        return web.json_response(await self._desk.read(partial(self._document, document_id, start or 0, end)))

    async def show_reference(self, request: web.Request) -> web.Response:
        """What a permanent reference shows, as ``iqtibas cite --json`` gives it."""
        reference = text_of(request.match_info, "reference", LONGEST_ID)
        told = await self._desk.read(lambda: cited_json(self._library.references.resolve(reference), reference))
        return web.json_response(told, status=404 if told["kind"] == "unknown" else 200)

    # On the desk

    def _answered(self, question: str, previous: str | None, k: int) -> tuple[Answer | None, dict[str, Any]]:
        """The answer, if it is one, and its form."""
        told = replied(read(question), previous, self._library, self._says, k)
        if isinstance(told, Said):
            return None, said_json(told, question)
        answer = answer_json(told)
        for quote, shown in zip(told.quotes, answer["quotes"], strict=True):
            shown["page"] = self._address + page_of(quote)
        return told, answer

    def _listed(self, words: str, start: int, count: int) -> dict[str, Any]:
        documents = self._library.documents
        found = self._library.titled(words, min(count, FOUND)) if words else documents.some(start, count)
        return {
            "total": len(documents),
            "documents": [_document_json(document) for document in found[:count]],
            "not_read": len(self._library.problems),
        }

    def _document(self, document_id: str, start: int, end: int | None) -> dict[str, Any]:
        document = document_of(self._library, document_id)
        check_document(document)
        last = min(len(document.text), start + CHARACTERS) if end is None else end
        if not start <= last <= len(document.text) or last - start > CHARACTERS:
            raise bad("no_stretch")
        text = document.text[start:last]
        return {**_document_json(document), "digest": document.digest, "start": start, "end": last, "text": text}


def _document_json(document: Document) -> dict[str, Any]:
    return document_json(document) | {
        "self": f"{ROOT}/documents/{percent_encoded(document.id, safe='', errors='replace')}"
    }

"""Analyses many documents on every core: their passages and terms, by processes that do nothing else.

A process is started as Python is, not forked: the one that asks may have threads. What it is told and what it says are
JSON, a message for a batch of documents.
"""

import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO, Any, Self

from retrieval.documents import bodies
from retrieval.documents.frames import receive, send
from retrieval.errors import EngineError
from retrieval.index import FIELDS, Entry
from retrieval.index.terms import Glued, entries
from retrieval.model import Document, Passage, Span

BATCH = 200  # documents of a message
_START = "from retrieval.analysts import serve; serve()"
_ANY = 2**40  # bytes of a message; both ends are ours


def analysed(documents: Iterable[Document], repeated: frozenset[str], glued: Glued) -> Iterator[Entry]:
    """The passages of documents with their terms. ``repeated`` lines are the page's, ``glued`` words are two."""
    for document in documents:
        for body in bodies(document, repeated):
            yield from entries(document, body, glued)


class Analysts:
    """Processes that analyse, one a core. To be closed."""

    def __init__(self, repeated: frozenset[str], glued: Glued, processes: int | None = None) -> None:
        """Starts them. Raises EngineError where that fails."""
        self._closing = ExitStack()
        known = json.dumps([sorted(repeated), dict(glued)]).encode()
        try:
            self._processes = [self._started(known) for _ in range(processes or os.cpu_count() or 1)]
        except OSError as error:
            self.close()
            raise EngineError(f"no process to analyse documents can be started ({error})") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def analysed(self, documents: Iterable[Document]) -> Iterator[list[Entry]]:
        """The passages of documents with their terms, a list for each ``BATCH`` of documents, in order."""
        left = iter(documents)
        asked: deque[subprocess.Popen[bytes]] = deque()
        free = deque(self._processes)
        while free or asked:
            if free and (batch := list(islice(left, BATCH))):
                _ask(free[0], batch)
                asked.append(free.popleft())
            elif asked:
                free.append(asked.popleft())
                yield _answered(free[-1])
            else:
                return

    def close(self) -> None:
        """Ends the processes."""
        self._closing.close()

    def _started(self, known: bytes) -> "subprocess.Popen[bytes]":
        found = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": found},
            start_new_session=True,  # a key that interrupts is for the parent, who ends it
        )
        self._closing.callback(_end, process)
        send(_pipe(process.stdin), known)
        return process


def serve() -> None:
    """What runs inside: answers batches until there are no more."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    try:
        lines, glued = json.loads(receive(requests, _ANY))
        repeated = frozenset(lines)
        parts = {word: (left, right) for word, (left, right) in glued.items()}
        while True:
            documents = (_document(fields) for fields in json.loads(receive(requests, _ANY)))
            found = [_told(entry) for entry in analysed(documents, repeated, parts)]
            send(answers, json.dumps(found).encode())
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        return


def _ask(process: "subprocess.Popen[bytes]", documents: Sequence[Document]) -> None:
    told = [asdict(document) | {"published": _iso(document.published)} for document in documents]
    try:
        send(_pipe(process.stdin), json.dumps(told).encode())
    except OSError:
        raise _ended() from None


def _answered(process: "subprocess.Popen[bytes]") -> list[Entry]:
    try:
        return [_entry(told) for told in json.loads(receive(_pipe(process.stdout), _ANY))]
    except EOFError:
        raise _ended() from None


def _ended() -> EngineError:
    return EngineError("a process that analyses documents ended; free some memory, and begin again: it goes on")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):  # what was not sent is lost
            _pipe(pipe).close()
    process.wait()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe  # noqa: S101  (for the type checker: both were asked for)
    return pipe


def _told(entry: Entry) -> list[Any]:
    passage = entry.passage
    place = [passage.document_id, passage.version, passage.span.start, passage.span.end, _iso(entry.published)]
    return [*place, *(" ".join(entry.terms[field]) for field in FIELDS)]


def _entry(told: list[Any]) -> Entry:
    document_id, version, start, end, published, *terms = told
    passage = Passage(document_id, Span(start, end), version)
    fields = {field: joined.split(" ") for field, joined in zip(FIELDS, terms, strict=True)}
    return Entry(passage, fields, published and date.fromisoformat(published))


def _document(fields: dict[str, Any]) -> Document:
    published = fields["published"] and date.fromisoformat(fields["published"])
    return Document(**fields | {"published": published, "pages": tuple(fields["pages"])})


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

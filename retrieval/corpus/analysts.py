"""Analyses many documents on every core: their words, passages and terms, by processes that do nothing else.

A process is started as Python is, not forked: the one that asks may have threads. What it is told and what it says is
written by marshal, which both ends share, a message for a batch of documents.
"""

import gc
import marshal
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import fields
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO, Any, Self

from retrieval.documents.apart.frames import receive, send
from retrieval.documents.furniture import bodies
from retrieval.errors import EngineError
from retrieval.index import FIELDS, Entry
from retrieval.index.terms import Glued, entries
from retrieval.index.vocabulary import WordCounts
from retrieval.model import Document, Part, Passage, Span

MESSAGE = 200  # documents of a message
_START = "from retrieval.corpus.analysts import serve; serve()"
_ANALYSE, _COUNT = "analyse", "count"
_ANY = 2**40  # bytes of a message; both ends are ours
_NAMES = tuple(field.name for field in fields(Document))


def analysed(documents: Iterable[Document], repeated: frozenset[str], glued: Glued) -> Iterator[Entry]:
    """The passages of documents with their terms. ``repeated`` lines are the page's, ``glued`` words are two."""
    for document in documents:
        for body in bodies(document, repeated):
            yield from entries(document, body, glued)


def counted(documents: Iterable[Document], repeated: frozenset[str]) -> WordCounts:
    """The words of documents, without the ``repeated`` lines."""
    counts = WordCounts()
    for document in documents:
        count(counts, document, repeated)
    return counts


def count(counts: WordCounts, document: Document, repeated: frozenset[str]) -> None:
    """Adds the words of a document: of its title, its questions and its body."""
    counts.add(document.title)
    for question in document.questions:
        counts.add(question.span.of(document.text))
    for body in bodies(document, repeated):
        counts.add(body.of(document.text))


class Analysts:
    """Processes that analyse, one a core. To be closed."""

    def __init__(self, repeated: frozenset[str], glued: Glued, processes: int | None = None) -> None:
        """Starts them. Raises EngineError where that fails."""
        self._closing = ExitStack()
        known = marshal.dumps((sorted(repeated), dict(glued)))
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
        """The passages of documents with their terms, a list for each ``MESSAGE`` of documents, in order."""
        return (list(map(_entry, told)) for told in self._answers(_ANALYSE, documents))

    def counted(self, documents: Iterable[Document]) -> Iterator[Mapping[str, int]]:
        """The tokens of ``WordCounts`` for each ``MESSAGE`` of documents, in order."""
        return self._answers(_COUNT, documents)

    def _answers(self, task: str, documents: Iterable[Document]) -> Iterator[Any]:
        left = iter(documents)
        asked: deque[subprocess.Popen[bytes]] = deque()
        free = deque(self._processes)
        while free or asked:
            if free and (batch := list(islice(left, MESSAGE))):
                _ask(free[0], task, batch)
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
    gc.disable()  # what is made here has no cycles, and looking for them takes a fifth of the time
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    try:
        lines, glued = _received(requests)
        repeated = frozenset(lines)
        while True:
            task, told = _received(requests)
            documents = map(_document, told)
            if task == _COUNT:
                send(answers, marshal.dumps(dict(counted(documents, repeated).tokens)))
            else:
                send(answers, marshal.dumps(list(map(_told, analysed(documents, repeated, glued)))))
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        return


def _ask(process: "subprocess.Popen[bytes]", task: str, documents: Sequence[Document]) -> None:
    try:
        send(_pipe(process.stdin), marshal.dumps((task, list(map(_told_of, documents)))))
    except OSError:
        raise _ended() from None


def _answered(process: "subprocess.Popen[bytes]") -> Any:
    try:
        return _received(_pipe(process.stdout))
    except EOFError:
        raise _ended() from None


def _received(pipe: IO[bytes]) -> Any:
    return marshal.loads(receive(pipe, _ANY))  # noqa: S302  (the other end is ours)


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
    place = [passage.document_id, passage.version, passage.span.start, passage.span.end, _day(entry.published)]
    return [*place, *(entry.terms[field] for field in FIELDS)]


def _entry(told: list[Any]) -> Entry:
    document_id, version, start, end, day, *terms = told
    passage = Passage(document_id, Span(start, end), version)
    return Entry(passage, dict(zip(FIELDS, terms, strict=True)), _date(day))


def _told_of(document: Document) -> list[Any]:
    values = {name: getattr(document, name) for name in _NAMES}
    parts = [part.told() for part in document.parts]
    return list((values | {"published": _day(document.published), "parts": parts}).values())


def _document(told: list[Any]) -> Document:
    values = dict(zip(_NAMES, told, strict=True))
    parts = tuple(map(Part.of, values["parts"]))
    return Document(**values | {"published": _date(values["published"]), "parts": parts})


def _day(day: date | None) -> int | None:
    return day.toordinal() if day else None


def _date(day: int | None) -> date | None:
    return date.fromordinal(day) if day else None

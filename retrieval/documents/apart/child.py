"""The child process in which files are read that could do harm: what runs inside it. ``reader`` starts it.

It reads one file after another from its standard input, until that ends. It may write no file, and what it takes is
bounded by the operating system, so that neither a bomb nor a mistake in a library reaches who asked.
"""

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from typing import IO, Any

from retrieval.documents.apart.frames import OUT_OF_MEMORY, receive, send, took_longer
from retrieval.documents.progress import heard_by
from retrieval.errors import Cause, UnreadableError, UnreadScansError
from retrieval.model import Document

_POLL = 0.05  # seconds
_ANY = 2**63  # bytes; who sends to the child has bounded it
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


def main(memory: int, seconds: int, whole: int) -> None:
    """Answers requests until there are no more. ``memory`` in bytes, ``seconds`` of the processor for each file.

    A request is two messages: ``{"module", "name"}``, with what else ``load`` of that module is to be told as
    ``"asked"``, and the file. Its answer is a message for each thing found, and an empty one; others in between say how
    far it is. A file that gets on is given more of the processor's time, up to ``whole`` seconds in all. A first empty
    one says that the child is ready.
    """
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints must not stand between the messages
    _limit(memory)
    try:
        send(answers, b"")
        while True:
            request = json.loads(receive(requests, _ANY))
            content = receive(requests, _ANY)
            _allow(seconds)
            with heard_by(_Heard(answers, seconds, whole).told):
                for found in _found(request["module"], content, request["name"], request["asked"]):
                    send(answers, json.dumps(found).encode())
            send(answers, b"")
    except (EOFError, BrokenPipeError):
        pass
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # raising further would need memory


class _Spent(BaseException):
    """A file took all the time that it may; no loader takes this for a mistake of a library."""


class _Heard:
    """Says on how far a file is, and gives it more time. Raises _Spent where there is no more."""

    def __init__(self, answers: IO[bytes], seconds: int, whole: int) -> None:
        self._answers, self._seconds, self._whole = answers, seconds, whole
        self._began = time.process_time()

    def told(self, done: int, total: int) -> None:
        send(self._answers, json.dumps({"done": done, "total": total}).encode())
        if time.process_time() - self._began > self._whole:
            raise _Spent(took_longer(self._whole))
        _allow(self._seconds)


def _found(module: str, content: bytes, name: str, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    try:
        for found in import_module(module).load(content, name, **asked):
            yield _told(found)
    except UnreadableError as error:
        yield _told(error)
    except MemoryError:
        raise
    except _Spent as spent:
        yield _told(UnreadableError(f"{name}: {spent}", Cause.TOO_MUCH))
    except Exception as error:  # of any library, at any place of it: the file is named, and the next one read
        why = f"{type(error).__name__} {error}".rstrip()[:200]
        yield _told(UnreadableError(f"{name}: damaged, or not what its name says ({why}); save it anew", Cause.DAMAGED))


def _told(found: Document | UnreadableError | dict[str, Any]) -> dict[str, Any]:
    """What is told of a thing that was found; one that holds what no text can is named, and the next one follows."""
    if isinstance(found, UnreadScansError):
        return {"problem": str(found), "scans": found.pages}
    if isinstance(found, UnreadableError):
        return {"problem": str(found), "cause": found.cause}
    if isinstance(found, dict):
        return {"told": found}
    try:
        f"{found.id}{found.title}{found.text}{found.author}{found.url}".encode()
    except UnicodeEncodeError:
        return _told(UnreadableError(f"{found.id}: not a text: it holds half a character", Cause.NOT_TEXT))
    return {"document": _fields(found)}


def _fields(document: Document) -> dict[str, Any]:
    told = {field.name: getattr(document, field.name) for field in fields(document)}
    told["published"] = document.published and document.published.isoformat()
    return told | {"parts": [part.told() for part in document.parts]}


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ValueError, OSError):  # macOS refuses it
        threading.Thread(target=_watch, args=(memory,), daemon=True).start()


def _watch(memory: int) -> None:
    """Ends this process once it takes more memory than at its start by ``memory`` bytes."""
    most = _taken() + memory
    while _taken() < most:
        time.sleep(_POLL)
    os._exit(OUT_OF_MEMORY)


def _taken() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_UNIT


def _allow(seconds: int) -> None:
    """Gives the processor's time for one more file."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + seconds + 1, hard))

"""A loader that does, in a child process, what the name of its file says: what no loader should do, for the tests."""

import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from retrieval.documents.progress import tell
from retrieval.errors import UnreadableError
from retrieval.model import Document


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """A document of the content, after what the name's beginning asks for."""
    yield from globals().get(name.split(".")[0], plain)(content.decode(), name)


def document(text: str, name: str) -> Document:
    return Document(id=name, title=name, text=text, path=name)


def plain(text: str, name: str) -> Iterator[Document]:
    yield document(text, name)


def partly(text: str, name: str) -> Iterator[Document | UnreadableError]:
    yield document(text, f"{name}/1")
    yield UnreadableError(f"{name}/2: why")
    time.sleep(600)


def sleeping(text: str, name: str) -> Iterator[Document]:
    time.sleep(600)
    yield document(text, name)


def spinning(text: str, name: str) -> Iterator[Document]:
    while True:
        pass
    yield document(text, name)


def plodding(text: str, name: str) -> Iterator[Document]:
    for done in range(1, 5):
        begin = time.process_time()
        while time.process_time() - begin < 0.7:
            pass
        tell(done, 4)
    yield document(text, name)


def greedy(text: str, name: str) -> Iterator[Document]:
    yield document(text * 2**31, name)


def flooding(text: str, name: str) -> Iterator[Document]:
    while True:
        yield document(text * 2**20, name)


def dying(text: str, name: str) -> Iterator[Document]:
    os.kill(os.getpid(), 9)
    yield document(text, name)


def leaving(text: str, name: str) -> Iterator[Document]:
    sys.exit(3)
    yield document(text, name)


def raising(text: str, name: str) -> Iterator[Document]:
    yield document(text, f"{name}/1")
    raise KeyError("what\nof")


def recursing(text: str, name: str) -> Iterator[Document]:
    return recursing(text, name)


def printing(text: str, name: str) -> Iterator[Document]:
    print("ignored" * 1000)  # noqa: T201
    os.write(1, b"ignored")
    yield document(text, name)


def writing(text: str, name: str) -> Iterator[Document]:
    Path(text).write_text("written", "utf-8")
    yield document(text, name)


def half(text: str, name: str) -> Iterator[Document]:
    yield document("\ud800", name)


def telling(text: str, name: str) -> Iterator[Document]:
    modules = [module for module in ("retrieval.library", "numpy", "pypdfium2") if module in sys.modules]
    yield document(f"{os.getpid()} {sorted(os.environ)} {modules} {socket.has_ipv6}", name)

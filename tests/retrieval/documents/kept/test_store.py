"""The documents on disk are read while they are written, and a deep page of them costs what the first does."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from retrieval.documents.kept.files import File, Loaded
from retrieval.documents.kept.rows import SCHEMA
from retrieval.documents.kept.store import DocumentStore
from retrieval.model import Document
from retrieval.tables.sqlite import FileTables
from retrieval.tables.statements import Tables

MANY = 5_500


@pytest.fixture
def store(make_tables: Callable[[str], Tables], tmp_path: Path) -> DocumentStore:
    return DocumentStore(make_tables(SCHEMA), tmp_path)


@pytest.fixture
def on_disk(tmp_path: Path) -> Iterator[DocumentStore]:
    with closing(DocumentStore(FileTables(tmp_path / "documents.sqlite3", SCHEMA), tmp_path)) as store:
        yield store


def _file(name: str, tmp_path: Path) -> File:
    return File(tmp_path / name, name, "stamp")


def _loaded(number: int) -> Loaded:
    return Loaded(Document(f"{number:05}", f"عنوان {number}", f"نص {number}"))


def _dated(number: int) -> Loaded:
    day = date(2020, 1, 1) + timedelta(days=number % 700)
    return Loaded(replace(_loaded(number).document, published=day))


def _counted(store: DocumentStore, ask: Callable[[], object]) -> int:
    """How much SQLite does to answer."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    assert isinstance(store._tables, FileTables)
    store._tables._reading.set_progress_handler(step, 10)
    ask()
    store._tables._reading.set_progress_handler(None, 0)
    return steps


def _steps(store: DocumentStore, start: int) -> int:
    """How much SQLite does to list ten documents from the one at ``start``."""

    def ask() -> None:
        assert [document.id for document in store.some(start, 10)] == [f"{start + n:05}" for n in range(10)]

    return _counted(store, ask)


def test_nobody_waits_while_a_large_file_is_read(store: DocumentStore, tmp_path: Path) -> None:
    seen: list[object] = []

    def ask() -> None:
        seen.append((store.get("00001"), len(store), [document.id for document in store.some(0, 5)]))

    def slowly() -> Iterator[Loaded]:
        yield _loaded(2)
        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(60)
        assert not asking.is_alive(), "who asks waits until the file is read"
        yield _loaded(3)

    store.put(_file("a.jsonl", tmp_path), [_loaded(1)])
    store.put(_file("b.jsonl", tmp_path), slowly())
    assert seen == [(_loaded(1).document, 1, ["00001"])]
    assert [document.id for document in store.some(0, 5)] == ["00001", "00002", "00003"]


def test_a_deep_page_costs_what_the_first_does(on_disk: DocumentStore, tmp_path: Path) -> None:
    store = on_disk
    store.put(_file("a.jsonl", tmp_path), map(_loaded, range(MANY)))
    _steps(store, 0)
    first = _steps(store, 0)
    # those between two remembered places are passed over in the index, at next to nothing each
    assert _steps(store, 5_010) <= 2 * first + 10
    assert _steps(store, 5_400) <= first + 1000


def test_a_page_is_of_what_is_there_now(store: DocumentStore, tmp_path: Path) -> None:
    store.put(_file("a.jsonl", tmp_path), map(_loaded, range(1_500)))
    assert store.some(1_200, 1)[0].id == "01200"
    store.put(_file("a.jsonl", tmp_path), map(_loaded, range(100, 1_500)))
    assert store.some(1_200, 1)[0].id == "01300"
    assert store.some(5_000, 1) == ()
    store.drop("a.jsonl")
    assert store.some(0, 1) == ()


def test_the_newest_of_many_cost_what_those_of_few_do(on_disk: DocumentStore, tmp_path: Path) -> None:
    store = on_disk
    store.put(_file("a.jsonl", tmp_path), map(_dated, range(50)))
    few = _counted(store, lambda: store.newest(3))
    store.put(_file("b.jsonl", tmp_path), map(_dated, range(50, MANY)))
    assert _counted(store, lambda: store.newest(3)) <= few + 10
    first, second, third = store.newest(3)
    assert first.published == second.published == third.published == date(2020, 1, 1) + timedelta(days=699)
    assert [first.id, second.id, third.id] == ["00699", "01399", "02099"]

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
from retrieval.documents.kept.store import NEW, DocumentStore
from retrieval.errors import UnreadableError
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


def test_what_is_read_of_files_is_new_until_it_is_settled_and_gone_until_it_is_forgotten(
    store: DocumentStore, tmp_path: Path
) -> None:
    before = store.state
    problem = UnreadableError("b.jsonl: line 2: no text")
    assert store.put(_file("a.jsonl", tmp_path), [_loaded(1), _dated(2)])
    assert store.put(_file("b.jsonl", tmp_path), [_loaded(3), problem, _loaded(1)])
    assert store.state != before
    assert (len(store), store.pending(NEW), store.differences()) == (3, 3, (3, 0, 0))
    assert store.problems[0].reason == "b.jsonl: line 2: no text"
    assert "already taken" in store.problems[1].reason
    assert store.is_dated
    assert [document.id for document in store.newest(5)] == ["00002"]
    new = store.new(2)
    assert [document.id for _, document in new] == ["00001", "00002"]
    store.settle(key for key, _ in new)
    assert store.pending(NEW) == 1

    changed = replace(_loaded(1).document, text="نص آخر", digest="")
    store.put(_file("a.jsonl", tmp_path), [Loaded(changed)])
    assert store.differences() == (1, 1, 1)
    old = _loaded(1).document
    assert (store.get("00001"), store.get("00001", old.digest)) == (changed, old)
    assert store.versioned(old.digest[:12]) == []
    assert store.versioned(changed.digest[:12]) == [changed]
    assert store.live(["00001", "00002"]) == {"00001"}
    store.settle(key for key, _ in store.new(9))
    store.forget(key for key, _ in store.gone())
    assert (store.gone(), store.get("00002"), store.get("00001", old.digest)) == ([], None, None)
    assert [document.id for document in store] == ["00001", "00003"]
    assert [document.id for _, document in store.after(0)] == ["00003", "00001"]
    assert store.characters == len(changed.text) + len(_loaded(3).document.text)
    store.drop("a.jsonl")
    assert len(store) == 1
    assert store.stamps() == {"b.jsonl": "stamp" if not store.problems else ""}
    assert store.damages() == []


def test_facts_are_noted_again_and_again(store: DocumentStore) -> None:
    assert store.fact("words") is None
    for value in ([1, "كلمة"], {"a": None}):
        store.note("words", value)
        assert store.fact("words") == value


def test_a_file_that_fails_midway_leaves_what_was_there(store: DocumentStore, tmp_path: Path) -> None:
    def broken() -> Iterator[Loaded]:
        yield _loaded(2)
        raise RuntimeError

    store.put(_file("a.jsonl", tmp_path), [_loaded(1)])
    with pytest.raises(RuntimeError):
        store.put(_file("a.jsonl", tmp_path), broken())
    assert [document.id for document in store] == ["00001"]

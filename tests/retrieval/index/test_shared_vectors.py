"""Vectors on a server: kept and found by name, with their places, by whoever asks."""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import numpy as np
import pytest
from state_servers import PostgreSQLServer

from retrieval.index.shared_vectors import SharedVectors
from retrieval.index.vectors import Bytes
from retrieval.model import Passage, Span

pytestmark = pytest.mark.cluster

SIZE = 4


@pytest.fixture
def stores(postgresql_server: PostgreSQLServer) -> Iterator[tuple[SharedVectors, SharedVectors]]:
    """Those of two processes."""
    address = postgresql_server.new()
    with ExitStack() as opened:
        one, other = (opened.enter_context(closing(SharedVectors(address, "vectors_1", SIZE))) for _ in range(2))
        yield one, other


def _rows(number: int, count: int = 2) -> Bytes:
    return np.full((count, SIZE), number, np.int8)


def _told(store: SharedVectors, *names: bytes) -> dict[bytes, object]:
    return {name: rows.tolist() for name, rows in store.get(names).items()}


def test_where_nothing_is_kept_nothing_is_found(stores: tuple[SharedVectors, SharedVectors]) -> None:
    one, _ = stores
    assert (one.get([b"a"]), one.placed(9), len(one), one.size, one.state) == ({}, [], 0, 0, 0)


def test_what_one_keeps_the_other_finds(stores: tuple[SharedVectors, SharedVectors]) -> None:
    one, other = stores
    one.put({b"a": _rows(1), b"b": _rows(2, 3)})
    assert _told(other, b"a", b"c") == {b"a": _rows(1).tolist()}
    before = other.state
    other.put({b"c": _rows(3), b"a": _rows(1)})
    assert len(one) == 3
    assert one.size > 0
    assert one.state == before, "whoever follows takes up places alone"


def test_only_what_is_wanted_stays_and_its_places_are_told(stores: tuple[SharedVectors, SharedVectors]) -> None:
    one, other = stores
    one.put({b"a": _rows(1), b"b": _rows(2)})
    before = other.state
    first, second = Passage("ملف \ud800.txt", Span(0, 5), "v1"), Passage("b", Span(2, 9), "v2")
    one.keep_only([b"a"], [(first, b"a"), (second, b"a")])
    assert other.state != before
    assert _told(other, b"a", b"b") == {b"a": _rows(1).tolist()}
    assert [(passage, rows.tolist()) for passage, rows in other.placed(9)] == [
        (first, _rows(1).tolist()),
        (second, _rows(1).tolist()),
    ]
    assert len(other.placed(1)) == 1
    assert len(other) == 2


def test_when_all_is_deleted_nothing_is_left(stores: tuple[SharedVectors, SharedVectors]) -> None:
    one, other = stores
    one.put({b"a": _rows(1)})
    one.keep_only([b"a"], [(Passage("a", Span(0, 1), "v"), b"a")])
    other.delete()
    assert (one.get([b"a"]), one.placed(9), len(one)) == ({}, [], 0)


def test_whose_session_is_cut_keeps_on(
    stores: tuple[SharedVectors, SharedVectors], postgresql_server: PostgreSQLServer
) -> None:
    one, other = stores
    one.put({b"a": _rows(1)})
    postgresql_server.cut()
    one.put({b"b": _rows(2)})
    assert _told(other, b"a", b"b") == {b"a": _rows(1).tolist(), b"b": _rows(2).tolist()}

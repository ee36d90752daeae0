"""The file of vectors: what is kept is there for every process, what is deleted leaves no byte, damage is made good."""

import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from retrieval.index.vectors import Bytes, VectorStore, packed, unpacked
from retrieval.model import Passage, Span

SIZE, MAKER, OTHER = 8, "0123456789abcdef", "fedcba9876543210"
PASSAGES = [
    Passage("a.txt", Span(0, 9), "v1"),
    Passage("a.txt", Span(9, 20), "v1"),
    Passage("ب\udcff", Span(1, 2), "v"),
]
NAMES = [bytes([number]) * 16 for number in range(3)]


def rows(number: int, count: int = 2) -> Bytes:
    return np.full((count, SIZE), number + 40, np.int8)


def store(folder: Path, maker: str = MAKER) -> VectorStore:
    return VectorStore(folder / "state" / "a.vectors", SIZE, maker)


def filled(folder: Path) -> VectorStore:
    kept = store(folder)
    kept.put({name: rows(number) for number, name in enumerate(NAMES)})
    return kept


def test_what_is_kept_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    filled(tmp_path)
    found = store(tmp_path).get([NAMES[2], b"?" * 16, NAMES[0]])
    assert found.keys() == {NAMES[0], NAMES[2]}
    assert np.array_equal(found[NAMES[2]], rows(2))


def test_many_names_are_found_at_once(tmp_path: Path) -> None:
    names = [number.to_bytes(16, "big") for number in range(1700)]
    store(tmp_path).put({name: rows(1, 1) for name in names})
    assert store(tmp_path).get(names).keys() == set(names)


def test_a_passage_without_sentences_is_kept_too(tmp_path: Path) -> None:
    store(tmp_path).put({NAMES[0]: np.zeros((0, SIZE), np.int8)})
    assert store(tmp_path).get([NAMES[0]])[NAMES[0]].shape == (0, SIZE)


def test_looking_makes_no_file_and_no_folder(tmp_path: Path) -> None:
    kept = store(tmp_path)
    assert (kept.get(NAMES), kept.placed(9), len(kept), kept.size) == ({}, [], 0, 0)
    kept.delete()
    assert list(tmp_path.iterdir()) == []


def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    kept = filled(tmp_path)
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.path.parent.stat().st_mode) == 0o700


def test_the_places_of_all_passages_come_back_with_their_vectors(tmp_path: Path) -> None:
    filled(tmp_path).keep_only(NAMES, list(zip(PASSAGES, NAMES, strict=True)))
    found = store(tmp_path).placed(9)
    assert [passage for passage, _ in found] == PASSAGES
    assert all(np.array_equal(held, rows(number)) for number, (_, held) in enumerate(found))
    assert len(store(tmp_path).placed(2)) == 2


def test_passages_of_the_same_words_count_each(tmp_path: Path) -> None:
    kept = filled(tmp_path)
    assert len(kept) == 3
    kept.keep_only(NAMES[:1], [(passage, NAMES[0]) for passage in PASSAGES])
    assert len(kept) == 3
    assert kept.get(NAMES).keys() == {NAMES[0]}


def test_what_is_not_kept_on_leaves_no_byte(tmp_path: Path) -> None:
    kept = filled(tmp_path)
    gone = rows(1).tobytes()
    assert gone in kept.path.read_bytes()
    kept.keep_only([NAMES[0], NAMES[2]])
    assert [gone in file.read_bytes() for file in kept.path.parent.iterdir()] == [False]
    assert kept.get(NAMES).keys() == {NAMES[0], NAMES[2]}


def test_deleted_there_is_no_file_and_it_can_be_filled_again(tmp_path: Path) -> None:
    kept = filled(tmp_path)
    kept.delete()
    assert list(kept.path.parent.iterdir()) == []
    kept.put({NAMES[0]: rows(0)})
    assert kept.get(NAMES).keys() == {NAMES[0]}


def test_what_another_network_made_counts_as_not_there_and_goes(tmp_path: Path) -> None:
    filled(tmp_path).keep_only(NAMES, list(zip(PASSAGES, NAMES, strict=True)))
    other = store(tmp_path, OTHER)
    assert (other.get(NAMES), other.placed(9), len(other)) == ({}, [], 0)
    assert len(store(tmp_path)) == 3
    other.put({NAMES[1]: rows(7)})
    assert np.array_equal(other.get(NAMES)[NAMES[1]], rows(7))
    assert len(store(tmp_path)) == 0


@pytest.mark.parametrize("damage", [b"no database at all, but long enough to be read as one" * 40, b""])
def test_a_damaged_file_is_made_again(tmp_path: Path, damage: bytes) -> None:
    kept = filled(tmp_path)
    kept.path.write_bytes(damage)
    if damage:
        with pytest.raises(sqlite3.DatabaseError):
            kept.get(NAMES)
    assert kept.get(NAMES) == {}
    kept.put({NAMES[0]: rows(0)})
    assert kept.get(NAMES).keys() == {NAMES[0]}


def test_where_nobody_may_write_what_is_there_is_read(tmp_path: Path) -> None:
    kept = filled(tmp_path)
    kept.path.chmod(0o400)
    kept.path.parent.chmod(0o500)
    try:
        assert kept.get(NAMES).keys() == set(NAMES)
    finally:
        kept.path.parent.chmod(0o700)


def test_what_fails_in_the_middle_is_not_kept_at_all(tmp_path: Path) -> None:
    kept = filled(tmp_path)

    def broken() -> Iterator[tuple[Passage, bytes]]:
        yield PASSAGES[0], NAMES[0]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        kept.keep_only(NAMES[:1], broken())
    assert kept.get(NAMES).keys() == set(NAMES)
    assert kept.placed(9) == []


def test_a_number_takes_a_byte_and_is_nearly_the_same() -> None:
    vectors = np.random.default_rng(3).normal(size=(5, SIZE)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert packed(vectors).nbytes == 5 * SIZE
    assert np.abs(unpacked(packed(vectors)) - vectors).max() < 0.005

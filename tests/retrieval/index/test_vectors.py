"""Vectors as numbers: what is kept is there for every process, what is deleted leaves no byte, damage is made good; and
the nearest of all."""

import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.index.vectors import Bytes, Floats, VectorStore, near, packed, unpacked
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


def refusing(act: str, row: str, name: bytes) -> str:
    """Makes a file in which a row can no more be inserted, or deleted, as on a full disk."""
    return (
        f"CREATE TRIGGER {act}_fails BEFORE {act} ON vectors WHEN {row}.name = X'{name.hex()}'"
        " BEGIN SELECT RAISE(ABORT, 'full'); END"
    )


def test_a_write_that_fails_keeps_nothing_of_it_and_the_next_is_kept(tmp_path: Path) -> None:
    kept = store(tmp_path)
    kept.put({NAMES[0]: rows(0)})
    with closing(sqlite3.connect(kept.path, isolation_level=None)) as other:
        other.execute(refusing("INSERT", "NEW", NAMES[2]))
        other.execute(refusing("DELETE", "OLD", NAMES[1]))
        with pytest.raises(sqlite3.Error, match="full"):
            kept.put({NAMES[1]: rows(1), NAMES[2]: rows(2)})
        assert kept.get(NAMES).keys() == {NAMES[0]}
        kept.put({NAMES[1]: rows(1)})
        with pytest.raises(sqlite3.Error, match="full"):
            kept.keep_only([])
        assert kept.get(NAMES).keys() == {NAMES[0], NAMES[1]}
        other.execute("DROP TRIGGER DELETE_fails")
    kept.keep_only([NAMES[1]])
    assert kept.get(NAMES).keys() == {NAMES[1]}


def test_many_threads_may_look_keep_and_delete_at_once(tmp_path: Path) -> None:
    kept = filled(tmp_path)

    def act(number: int) -> bool:
        name = number.to_bytes(16, "big")
        kept.put({name: rows(number % 50)})
        if number % 7 == 0:
            kept.keep_only([*NAMES, *(at.to_bytes(16, "big") for at in range(60))])
        return np.array_equal(kept.get([name])[name], rows(number % 50)) and kept.get(NAMES).keys() == set(NAMES)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(act, range(60)))


def test_a_name_of_a_file_that_means_something_in_an_address_is_a_name(tmp_path: Path) -> None:
    kept = VectorStore(tmp_path / "a?mode=memory#%20ب\udcff", SIZE, MAKER)
    kept.put({NAMES[0]: rows(0)})
    assert [path.name for path in tmp_path.iterdir()] == [kept.path.name]
    assert kept.get(NAMES).keys() == {NAMES[0]}


def unit(seed: int, count: int) -> Floats:
    """Rows of length 1, others for each seed."""
    made = np.random.default_rng(seed).normal(size=(count, SIZE)).astype(np.float32)
    found: Floats = made / np.linalg.norm(made, axis=1, keepdims=True)
    return found


def passage(number: int) -> Passage:
    return Passage(f"{number}.txt", Span(0, 10), "version")


@settings(deadline=None, derandomize=True, database=None, max_examples=60)
@given(st.lists(st.integers(0, 6), max_size=30), st.integers(0, 40), st.integers(0, 1000))
def test_the_passages_with_the_nearest_sentences_are_the_best(lengths: list[int], k: int, seed: int) -> None:
    held = [(passage(number), packed(unit(seed + number, length))) for number, length in enumerate(lengths)]
    asked = unit(seed + 99, 1)[0]
    best = {own: float((kept.astype(np.float32) @ asked).max()) for own, kept in held if len(kept)}
    found = near(held).best(asked, k)
    assert len(found) == min(k, len(best))
    assert [best[own] for own in found] == pytest.approx(sorted(best.values(), reverse=True)[:k])


def test_passages_that_are_equally_near_stand_as_they_came() -> None:
    held = [(passage(number), packed(unit(1, 3))) for number in range(5)]
    assert near(held).best(unit(2, 1)[0], 5) == [passage(number) for number in range(5)]


def test_more_sentences_than_are_compared_at_once_are_all_compared() -> None:
    held = [(passage(number), packed(unit(number, 3000))) for number in range(4)]
    asked = unit(99, 1)
    held[2][1][1500] = packed(asked)[0]
    assert near(held).best(asked[0], 1) == [passage(2)]

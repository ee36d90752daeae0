"""The vectors of a corpus: made once, found by again at once, and nothing left of what is gone or forgotten."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval.corpus import vectors as module
from retrieval.corpus.vectors import PassageVectors
from retrieval.errors import EngineError
from retrieval.index.vectors import VectorStore
from retrieval.model import Document, Passage, Span
from retrieval.reader.encoder import SIZE, Floats

TEXTS = [f"افتتح الجسر رقم {number} في الصباح. وحضر العمدة." for number in range(40)]
DOCUMENTS = [Document(f"{number}.txt", "عنوان", text) for number, text in enumerate(TEXTS)]


class Networks:
    """Gives each text a vector of its own, and counts what it was given."""

    name = "0123456789abcdef"

    def __init__(self) -> None:
        self.encoded = 0
        self.threads: set[str] = set()
        self.before: Callable[[], object] = lambda: None

    def question(self, text: str) -> Floats:
        return self._vector(text)

    def passage(self, _: str, sentences: Sequence[str]) -> Floats:
        self.before()
        self.threads.add(threading.current_thread().name)
        self.encoded += 1
        return np.stack([self._vector(sentence) for sentence in sentences])

    def _vector(self, text: str) -> Floats:
        rng = np.random.default_rng(sum(map(ord, text)))
        vector: Floats = rng.normal(size=SIZE).astype(np.float32)
        return vector / np.linalg.norm(vector)


def of(folder: Path, networks: Networks | None = None) -> PassageVectors:
    own = networks or Networks()
    return PassageVectors(own, own, VectorStore(folder / "a.vectors", SIZE, own.name))  # type: ignore[arg-type]


def passages(documents: Sequence[Document] = DOCUMENTS) -> list[tuple[Document, Passage]]:
    return [(own, Passage(own.id, Span(0, len(own.text)), own.digest)) for own in documents]


def make(vectors: PassageVectors, documents: Sequence[Document] = DOCUMENTS, **more: object) -> bool:
    return vectors.make(passages(documents), len(documents), lambda _: None, **more)  # type: ignore[arg-type]


def nearest(vectors: PassageVectors, sentence: str) -> list[str]:
    return [passage.document_id for passage in vectors.near(vectors.question(sentence), 1)]


def test_they_are_made_once_and_found_by(tmp_path: Path) -> None:
    networks = Networks()
    vectors = of(tmp_path, networks)
    assert nearest(vectors, "افتتح الجسر رقم 7 في الصباح.") == []
    assert make(vectors)
    assert nearest(vectors, "افتتح الجسر رقم 7 في الصباح.") == ["7.txt"]
    assert make(vectors)
    assert networks.encoded == len(DOCUMENTS)


def test_the_next_process_finds_by_them_at_once_and_makes_none(tmp_path: Path) -> None:
    make(of(tmp_path))
    networks = Networks()
    vectors = of(tmp_path, networks)
    assert nearest(vectors, "افتتح الجسر رقم 7 في الصباح.") == ["7.txt"]
    assert vectors.of([("عنوان", TEXTS[3])])[0] is not None
    assert make(vectors)
    assert networks.encoded == 0


def test_what_was_made_before_a_stop_is_not_made_again(tmp_path: Path) -> None:
    networks = Networks()
    rounds = iter([False, False, True])
    assert not make(of(tmp_path, networks), is_ended=lambda: next(rounds))
    assert networks.encoded == 2 * module.AT_ONCE
    assert nearest(of(tmp_path), "افتتح الجسر رقم 7 في الصباح.") == []
    assert make(of(tmp_path, networks))
    assert networks.encoded == len(DOCUMENTS)


def test_several_threads_make_them_and_the_same_ones(tmp_path: Path) -> None:
    networks, alone = Networks(), of(tmp_path / "alone")
    networks.before = threading.Barrier(3, timeout=30).wait  # is passed where as many encode at once
    vectors = of(tmp_path / "three", networks)
    assert vectors.make(passages(DOCUMENTS[:24]), 24, lambda _: None, threads=3)
    make(alone, DOCUMENTS[:24])
    assert len(networks.threads) == 3
    for one, other in zip(*(v.of([("عنوان", text) for text in TEXTS[:24]]) for v in (vectors, alone)), strict=True):
        assert one is not None
        assert other is not None
        assert np.array_equal(one, other)


def test_those_of_a_passage_that_is_gone_leave_no_byte(tmp_path: Path) -> None:
    vectors = of(tmp_path)
    make(vectors)
    (rows,) = vectors._kept([vectors._name(module._Told("عنوان", TEXTS[5]))]).values()
    assert rows.tobytes() in (tmp_path / "a.vectors").read_bytes()
    assert make(vectors, [*DOCUMENTS[:5], *DOCUMENTS[6:]])
    assert rows.tobytes() not in (tmp_path / "a.vectors").read_bytes()
    assert nearest(vectors, "افتتح الجسر رقم 5 في الصباح.") != ["5.txt"]
    assert vectors.kept()[0] == len(DOCUMENTS) - 1


def test_what_a_question_needs_is_made_within_a_bound_remembered_and_not_kept_on_disk(tmp_path: Path) -> None:
    networks = Networks()
    vectors = of(tmp_path, networks)
    asked = [("عنوان", text) for text in TEXTS[:12]]
    found = vectors.of(asked)
    assert [one is not None for one in found] == [place < module.WHILE_ASKED for place in range(12)]
    assert all(one is not None for one in vectors.of(asked))
    assert networks.encoded == 12
    assert list(tmp_path.iterdir()) == []


def test_forgotten_none_is_kept_not_even_what_was_being_made(tmp_path: Path) -> None:
    networks = Networks()
    vectors = of(tmp_path, networks)
    networks.before = lambda: vectors.forget() if networks.encoded == 2 * module.AT_ONCE else None
    assert not make(vectors)
    assert networks.encoded == 3 * module.AT_ONCE
    assert list(tmp_path.iterdir()) == []
    assert nearest(vectors, "افتتح الجسر رقم 7 في الصباح.") == []


def test_forgotten_they_can_be_made_again(tmp_path: Path) -> None:
    vectors = of(tmp_path)
    make(vectors)
    vectors.forget()
    assert list(tmp_path.iterdir()) == []
    assert make(vectors)
    assert nearest(vectors, "افتتح الجسر رقم 7 في الصباح.") == ["7.txt"]


def test_in_a_large_corpus_they_are_kept_and_not_found_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", len(DOCUMENTS) - 1)
    vectors = of(tmp_path)
    assert make(vectors)
    assert nearest(vectors, "افتتح الجسر رقم 7 في الصباح.") == []
    assert vectors.kept()[0] == len(DOCUMENTS)
    assert nearest(of(tmp_path), "افتتح الجسر رقم 7 في الصباح.") == []


def test_where_they_cannot_be_kept_that_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    vectors = of(tmp_path / "file")
    with pytest.raises(EngineError) as caught:
        make(vectors)
    assert "vectors cannot be kept" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert vectors.of([("عنوان", TEXTS[0])])[0] is not None


def test_a_damaged_file_is_made_again(tmp_path: Path) -> None:
    make(of(tmp_path))
    (tmp_path / "a.vectors").write_bytes(b"damaged" * 1000)
    vectors = of(tmp_path)
    assert nearest(vectors, "افتتح الجسر رقم 7 في الصباح.") == []
    assert vectors.of([("عنوان", TEXTS[0])])[0] is not None
    assert make(vectors)
    assert nearest(of(tmp_path), "افتتح الجسر رقم 7 في الصباح.") == ["7.txt"]

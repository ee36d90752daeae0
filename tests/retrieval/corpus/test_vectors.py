"""The vectors of a corpus: made once, found by again at once, and nothing left of what is gone or forgotten."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
from state_servers import PostgreSQLServer

from retrieval.corpus import vectors as module
from retrieval.corpus.vectors import PassageVectors
from retrieval.errors import EngineError
from retrieval.index.shared_vectors import SharedVectors
from retrieval.index.vectors import Floats, VectorStore, packed
from retrieval.model import Document, Passage, Span
from retrieval.reader.encoder import SIZE

TEXTS = [f"افتتح الجسر رقم {number} في الصباح. وحضر العمدة." for number in range(40)]
DOCUMENTS = [Document(f"{number}.txt", "عنوان", text) for number, text in enumerate(TEXTS)]


class Networks:
    """Gives each text a vector of its own, and counts what it was given."""

    def __init__(self, name: str = "0123456789abcdef") -> None:
        self.name = name
        self.encoded = 0
        self.threads: set[str] = set()
        self.before: Callable[[], object] = lambda: None

    def question(self, text: str) -> Floats:
        return self._vector(text)

    def passage(self, _title: str, sentences: Sequence[str]) -> Floats:
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
    return PassageVectors(own, own, VectorStore(folder / "a.vectors", SIZE, own.name))


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
    networks.before = threading.Barrier(3).wait  # is passed where as many encode at once
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
    (found,) = vectors.of([("عنوان", TEXTS[5])])
    assert found is not None
    rows = packed(found)
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


def test_a_passage_has_a_vector_for_each_sentence_in_their_order(tmp_path: Path) -> None:
    networks = Networks()
    (rows,) = of(tmp_path, networks).of([("عنوان", TEXTS[0])])
    assert rows is not None
    assert (rows @ networks.question("افتتح الجسر رقم 0 في الصباح.")).argmax() == 0
    assert (rows @ networks.question("وحضر العمدة.")).argmax() == 1


def test_the_same_passage_of_two_documents_is_made_once_and_under_another_title_anew(tmp_path: Path) -> None:
    networks = Networks()
    vectors = of(tmp_path, networks)
    assert make(vectors, [Document(name, "عنوان", TEXTS[0]) for name in ("a.txt", "b.txt")])
    assert networks.encoded == 1
    found = vectors.near(vectors.question("وحضر العمدة."), 5)
    assert [passage.document_id for passage in found] == ["a.txt", "b.txt"]
    rows = vectors.of([("عنوان", TEXTS[0]), ("آخر", TEXTS[0]), ("آخر", TEXTS[0])])
    assert all(one is not None and len(one) == 2 for one in rows)
    assert networks.encoded == 2


def test_no_title_makes_a_passage_look_like_another(tmp_path: Path) -> None:
    networks = Networks()
    of(tmp_path, networks).of([("ا", "باب.\0جار."), ("ا\0باب.", "جار."), ("ا', ('باب.", "جار.")])
    assert networks.encoded == 3


@pytest.mark.parametrize(
    ("title", "text"), [("", "خبر."), ("ا" * 10_000, "\ud800."), ("عنوان", "ا" * 2000), ("\ud800", "\u200b")]
)
def test_any_title_and_text_have_vectors(tmp_path: Path, title: str, text: str) -> None:
    vectors = of(tmp_path)
    assert make(vectors, [Document("a.txt", title, text)])
    (rows,) = vectors.of([(title, text)])
    assert rows is not None
    assert np.isfinite(rows).all()


def test_of_more_sentences_than_prose_has_the_rest_are_not_compared(tmp_path: Path) -> None:
    text = "\n".join(["ا"] * 700)
    vectors = of(tmp_path)
    assert make(vectors, [Document("a.txt", "عنوان", text)])
    assert (tmp_path / "a.vectors").stat().st_size < 2 * module.SENTENCES * SIZE
    (rows,) = vectors.of([("عنوان", text)])
    assert rows is not None
    assert rows.shape == (700, SIZE)
    assert rows[: module.SENTENCES].any(axis=1).all()
    assert not rows[module.SENTENCES :].any()


def test_those_of_another_network_are_made_anew(tmp_path: Path) -> None:
    make(of(tmp_path))
    other = Networks("fedcba9876543210")
    assert make(of(tmp_path, other))
    assert other.encoded == len(DOCUMENTS)


def test_an_empty_corpus_is_made_at_once(tmp_path: Path) -> None:
    vectors = of(tmp_path)
    assert make(vectors, [])
    assert nearest(vectors, TEXTS[0]) == []


def test_how_many_are_done_is_told(tmp_path: Path) -> None:
    done: list[int] = []
    assert of(tmp_path).make(passages(DOCUMENTS[:20]), 20, done.append)
    assert done == [8, 16, 20]


def test_what_fails_on_the_way_may_be_made_again(tmp_path: Path) -> None:
    vectors = of(tmp_path)

    def broken() -> Iterator[tuple[Document, Passage]]:
        yield from passages(DOCUMENTS[:2])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        vectors.make(broken(), 3, lambda _: None)
    assert make(vectors)


def test_closing_ends_what_is_being_made(tmp_path: Path) -> None:
    vectors, begun = of(tmp_path), threading.Event()
    endless = cycle(passages())
    with ThreadPoolExecutor(1) as pool:
        making = pool.submit(vectors.make, endless, module.MOST + 1, lambda _: begun.set())
        begun.wait()
        vectors.close()
        assert making.done()
    assert not making.result()
    assert not make(vectors)
    assert vectors.of([("عنوان", TEXTS[0])])[0] is not None


def test_a_file_that_is_out_of_reach_is_as_none(tmp_path: Path) -> None:
    """A name that is too long is an OSError at every look, for root too."""
    networks = Networks()
    vectors = PassageVectors(networks, networks, VectorStore(tmp_path / ("a" * 300), SIZE, networks.name))
    assert nearest(vectors, TEXTS[0]) == []
    assert vectors.of([("عنوان", TEXTS[0])])[0] is not None
    assert vectors.kept() == (0, 0)


@pytest.mark.cluster
def test_who_follows_finds_by_what_another_process_made(postgresql_server: PostgreSQLServer) -> None:
    address, networks = postgresql_server.new(), Networks()
    maker, follower = (PassageVectors(networks, networks, SharedVectors(address, "vectors_1", SIZE)) for _ in range(2))
    sentence = "افتتح الجسر رقم 7 في الصباح."
    assert nearest(follower, sentence) == []
    assert not follower.is_behind
    assert make(maker)
    made = networks.encoded
    assert follower.is_behind
    follower.follow()
    assert not follower.is_behind
    assert nearest(follower, sentence) == ["7.txt"]
    assert follower.of([("عنوان", TEXTS[7])])[0] is not None
    assert networks.encoded == made
    assert make(maker, DOCUMENTS[:5])
    assert follower.is_behind
    follower.follow()
    assert nearest(follower, sentence) != ["7.txt"]
    assert follower.kept()[0] == 5
    maker.close()
    follower.close()
    assert not follower.is_behind


def test_many_may_ask_while_they_are_made(tmp_path: Path) -> None:
    vectors = of(tmp_path)
    (tmp_path / "other").mkdir()
    wanted = of(tmp_path / "other").of([("عنوان", text) for text in TEXTS[:8]])

    def asked(at: int) -> bool:
        if at % 20 == 0:
            return make(vectors)
        if at % 20 == 10:
            vectors.forget()
        (rows,) = vectors.of([("عنوان", TEXTS[at % 8])])
        nearest(vectors, TEXTS[at % 8])
        return rows is not None and np.array_equal(rows, wanted[at % 8])  # type: ignore[arg-type]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(asked, range(100)))
    assert [at for at, is_right in enumerate(found) if not is_right and at % 20] == []

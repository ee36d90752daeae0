"""The product's own steps before ranking, for scripts that need what they find: a corpus is opened, and asked."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import md5
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.question_sets import write
from benchmarks.reading.work import counted
from retrieval.corpus.memory import read
from retrieval.corpus.snapshot import Corpus
from retrieval.corpus.vectors import PassageVectors
from retrieval.evaluation import Case
from retrieval.finding.search import Found
from retrieval.index.vectors import VectorStore
from retrieval.question.following import followed
from retrieval.question.mending import mended
from retrieval.question.parsed import Question, parse
from retrieval.reader.encoder import SIZE, networks

Documents = Iterable[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Heard:
    """A question as it is searched for, its words' weights, and the passages that were found."""

    question: Question
    weights: Sequence[float]
    found: Sequence[Found]


def heard(corpus: Corpus, case: Case) -> Heard:
    """What a corpus finds for a case."""
    question = parse(mended(followed(case.question, case.previous), corpus.vocabulary))
    return Heard(question, corpus.weights(question), corpus.search(question))


def place_of(name: str, parts: int) -> int:
    """The part of a document among so many, by a hash of its id."""
    return int(md5(f"half{name}".encode(), usedforsecurity=False).hexdigest(), 16) % parts


def part_of(corpus: Documents, parts: int, place: int) -> list[dict[str, str]]:
    """The documents of one part."""
    return [row for row in corpus if place_of(row["id"], parts) == place]


def spread(case: Case) -> bytes:
    """By which cases are sorted so that any first few of them are a fair sample."""
    return md5(case.id.encode(), usedforsecurity=False).digest()


def written(folder: Path, corpus: Documents) -> Path:
    """A file of documents: what of them the networks are trained on, without days."""
    return write(folder / "corpus.jsonl", ({key: row[key] for key in ("id", "title", "text")} for row in corpus))


def of_words(corpus: Documents) -> Corpus:
    """A corpus that finds by words alone."""
    with TemporaryDirectory() as scratch:
        return read(written(Path(scratch), corpus))


@contextmanager
def with_vectors(corpus: Documents, kept: Path | None) -> Iterator[Corpus]:
    """A corpus that finds by vectors too, which are copied from a file that keeps them: in the file itself, those of
    documents that are not there would be deleted. Without a file, they are made while it is asked."""
    held = of_words(corpus)
    with TemporaryDirectory() as scratch:
        own = Path(scratch, "vectors.db")
        vectors = _vectors(own)
        if kept:
            shutil.copy(kept, own)
            vectors.make(held.passages(), len(held.index), lambda _: None)
        yield replace(held, vectors=vectors)


def make_vectors(corpus: Documents, kept: Path) -> None:
    """Makes the vectors of a corpus that are not kept yet."""
    held, tell = of_words(corpus), counted("vectors", 512)
    _vectors(kept).make(held.passages(), len(held.index), lambda done: tell(done, len(held.index)))


def _vectors(kept: Path) -> PassageVectors:
    return PassageVectors(networks(), networks(), VectorStore(kept, SIZE, networks().name))

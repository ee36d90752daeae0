"""Asks the product, with the networks, the questions of the part BLENDED and those of news and pages that
blend too, on which its small models are fitted.

Takes FOLDER's sets, ``questions/`` and what ``export`` wrote. Gives ``vectors.db``, the vectors of all documents, and,
a file for each task, lists of Collected. Each question is asked of the whole corpus. NATIVE's and the news' are asked
of a quarter and, some, of small parts, where their document is; with the reader, also of the half that lacks their
document, and of single documents, their own and others, of which every second has its vectors made beforehand.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.question_sets import BLENDED, NATIVE, cases_of, everything, sets_in
from benchmarks.reading.asking import Documents, heard, make_vectors, part_of, place_of, spread, with_vectors
from benchmarks.reading.picking import drawing
from benchmarks.reading.work import Work, counted, keep, kept, processes
from benchmarks.reading.written import BLENDED_TOO, cases, documents
from retrieval.corpus.snapshot import Corpus
from retrieval.evaluation import Case, is_right
from retrieval.ranking import reading
from retrieval.ranking.networks import Network
from retrieval.ranking.ranker import ranker
from retrieval.ranking.reading import Known, Told
from retrieval.reader.encoder import networks

SMALLER = (*((4, place) for place in range(4)), *((25, place) for place in range(8)))  # parts, and which of them
NEAR, READ = "near", "read"  # the two collections
WHOLE, HALF, PART, ALONE = "whole", "half", "part", "alone"  # what is asked
OWN, LEAST_OWN, STRANGERS = 6, 3, 2  # questions of a single document, at most and at least, and of others

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Asked:
    """A case, whether it is NATIVE's, and whether its document is there."""

    case: Case
    is_native: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class Collected:
    """A question of which something was found. ``corpus``: what was asked. ``right``: which of the sentences that are
    ``known`` answer. ``told``: what the reader said, and ``first``: the order in which it was asked, where there is
    one."""

    asked: Asked
    corpus: str
    known: Known
    right: Bools
    weights: Sequence[float]
    told: Told | None = None
    first: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class _Task:
    """What one process asks: one ``corpus``, of the documents of a ``place`` among ``parts``, or single ones."""

    work: Work
    number: int
    corpus: str
    parts: int
    place: int
    asked: Sequence[Asked]
    first: Network | None


_Corpus = tuple[Documents, Sequence[Asked], Path | None]
"""Documents, what they are asked, and where their vectors are kept."""


def collect(work: Work, first: Network | None) -> None:
    """Asks all. ``first``: what puts the sentences in the order in which they are read; without it, none is read, and
    questions whose document is not there, or alone, are left out."""
    for path in _files(work, READ if first else NEAR):
        path.unlink()
    with processes(1) as pool:
        pool.submit(_prepare, work).result()
    with processes(work.processes) as pool:
        list(pool.map(_collect, _tasks(work, first)))


def collected(work: Work, name: str) -> Iterator[Collected]:
    """What was collected, near or read."""
    for path in _files(work, name):
        yield from kept(path)


def _files(work: Work, name: str) -> list[Path]:
    return sorted(work.at.glob(f"{name}-*.pkl"))


def _prepare(work: Work) -> None:
    make_vectors(_documents(work), work.vectors)


def _tasks(work: Work, first: Network | None) -> Iterator[_Task]:
    asked = sorted(_asked(work), key=lambda one: spread(one.case))
    native = [one for one in asked if one.is_native]
    plans = [(WHOLE, 1, 0, asked[process :: work.processes]) for process in range(work.processes)]
    plans += ((PART, *part, [one for one in native if _place(one, part[0]) == part[1]]) for part in SMALLER)
    if first:
        answerable = [Asked(one.case, one.is_native, is_here=False) for one in native if one.case.answerable]
        plans += ((HALF, 2, place, [one for one in answerable if _place(one, 2) != place]) for place in (0, 1))
        plans += ((ALONE, work.processes, place, native) for place in range(work.processes))
    return (_Task(work, number, *plan, first) for number, plan in enumerate(plans))


def _asked(work: Work) -> Iterator[Asked]:
    for name in (*sets_in(work.folder), NATIVE):
        yield from (Asked(case, name == NATIVE, is_here=True) for case in cases_of(work.folder, name, [BLENDED]))
    for name in BLENDED_TOO:
        yield from (Asked(case, is_native=True, is_here=True) for case in cases(work.folder, name))


def _documents(work: Work) -> list[dict[str, str]]:
    return [*everything(work.folder), *documents(*BLENDED_TOO)]


def _place(asked: Asked, parts: int) -> int:
    return place_of(asked.case.document or "", parts)


def _collect(task: _Task) -> None:
    held = part_of(_documents(task.work), task.parts, task.place)
    whole: list[_Corpus] = [(held, task.asked, task.work.vectors)]
    corpora = list(_alone(task, held)) if task.corpus == ALONE else whole
    count = sum(len(asked) for _, asked, _ in corpora)
    tell = counted(f"collected, {task.corpus} {task.place + 1} of {task.parts}")
    found: list[Collected] = []
    done = 0
    for own, asked, vectors in corpora:
        with with_vectors(own, vectors) as corpus:
            for one in asked:
                found += _collected(task, corpus, one)
                done += 1
                tell(done, count)
    keep(task.work.collected(READ if task.first else NEAR, task.number), found)


def _alone(task: _Task, held: Documents) -> Iterator[_Corpus]:
    """Single documents, with some of their questions and of others, which are to be refused."""
    chance, others = drawing(task.work.seed), [one for one in task.asked if one.case.answerable]
    own: dict[str | None, list[Asked]] = {}
    for one in task.asked:
        own.setdefault(one.case.document, []).append(one)
    chosen = [row for row in held if len(own.get(row["id"], ())) >= LEAST_OWN]
    for number, row in enumerate(chosen):
        asked = chance.sample(own[row["id"]], min(OWN, len(own[row["id"]])))
        strangers = chance.sample([one for one in others if one.case.document != row["id"]], STRANGERS)
        asked += (Asked(one.case, one.is_native, is_here=False) for one in strangers)
        yield [row], asked, task.work.vectors if number % 2 else None


def _collected(task: _Task, corpus: Corpus, asked: Asked) -> Iterable[Collected]:
    own = heard(corpus, asked.case)
    if not own.found:
        return []
    known = reading.known(ranker(), own.question, own.weights, own.found)
    texts = (one.text for one in known.gathered.sentences)
    right = np.array([asked.is_here and is_right(asked.case, text) for text in texts], dtype=np.bool_)
    if task.first is None:
        return [Collected(asked, task.corpus, known, right, own.weights)]
    first = task.first.scores(known.before)
    told = reading.read(networks(), own.question.text, known.gathered, first)
    return [Collected(asked, task.corpus, known, right, own.weights, told, first)]

"""Milliseconds from a question to its answer, on one core, and where they go.

    python benchmarks/speed_asking.py FOLDER [--set NAME] [--questions N]

The questions of a set are asked of the pool one after another, twice. «first time»: the passages that a question finds
were mostly not read before. «again»: they were, as in a library that has served for a while; the steps are of that
round. Nothing is refused, so that each answer composes three quotes, which is the dearest.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import numpy as np
from question_sets import POOL, SETS, markdown, parser

from retrieval import Library
from retrieval.composing.answer import compose
from retrieval.composing.nearest import nearest_documents
from retrieval.corpus.memory import MemoryCorpus
from retrieval.corpus.snapshot import Corpus
from retrieval.evaluation import read_cases
from retrieval.question.mending import mended
from retrieval.question.parsed import parse
from retrieval.ranking.ranker import ranker


class Stopwatch:
    """The seconds of steps by their names, a figure for each time that one was taken."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Times what is done inside."""
        start = perf_counter()
        yield
        self.taken.setdefault(name, []).append(perf_counter() - start)

    def table(self) -> str:
        """A row a step: the middle, and what nineteen of twenty stay below."""
        rows = [[name, *(f"{1000 * np.percentile(of, p):.1f}" for p in (50, 95))] for name, of in self.taken.items()]
        return markdown(["step", "p50, ms", "p95, ms"], rows)


def ask_in_steps(question: str, corpus: Corpus, watch: Stopwatch) -> None:
    """What ``Library.ask`` does, a step at a time."""
    with watch.step("read and mend the question"):
        parsed = parse(mended(question, corpus.vocabulary))
    with watch.step("find passages"):
        found = corpus.search(parsed)
    with watch.step("rank sentences"):
        ranked = ranker().rank(parsed, corpus.weights(parsed), found)
    with watch.step("compose"):
        near = nearest_documents(found)
        compose(parsed, ranked, k=3, min_confidence=0, nearest=near, is_known=corpus.knows, is_stored=corpus.is_stored)


def measure(pool: Path, questions: list[str]) -> Stopwatch:
    """Asks all questions, then all again."""
    source = MemoryCorpus(pool)
    corpus = source.corpus()
    library, watch = Library(source, 0.0, ranker()), Stopwatch()
    for name in ("Library.ask, first time", "Library.ask, again"):
        for question in questions:
            with watch.step(name):
                library.ask(question)
    for question in questions:
        ask_in_steps(question, corpus, watch)
    return watch


def main() -> None:
    """Prints the table."""
    arguments = parser(__doc__)
    arguments.add_argument("--set", choices=SETS, default=SETS[0])
    arguments.add_argument("--questions", type=int, default=400, metavar="N")
    given = arguments.parse_args()
    cases = read_cases(given.folder / f"{given.set}.jsonl")[: given.questions]
    print(f"{len(cases)} questions of {given.set}", file=sys.stderr)
    print(measure(given.folder / POOL, [case.question for case in cases]).table())


if __name__ == "__main__":
    main()

"""Whether the engines agree, on the question sets: with rank-bm25, and with each other.

    python benchmarks/engines.py FOLDER

FOLDER has ``pool.jsonl`` and the sets beside it, as ``quality.py`` takes them. The scores of the engine in memory must
be rank-bm25's own, bit for bit, on every question; the engine on disk has another BM25 (k1 1.2, no score below zero,
lengths in one byte), so what is compared is the first ten passages and what comes of them.
"""

import tempfile

import numpy as np
from question_sets import POOL, markdown, parser, progress, sets_in, texts
from rank_bm25 import BM25Okapi

from retrieval import Library
from retrieval.evaluation import Case, evaluate, figures, read_cases
from retrieval.index import STEMS
from retrieval.index.memory import MemoryIndex
from retrieval.question.parsed import parse

TEN = 10


def same_as_rank_bm25(library: Library, cases: list[Case]) -> int:
    """For how many questions each passage has the very score that rank-bm25 gives it."""
    index = library._corpus.index
    assert isinstance(index, MemoryIndex)  # noqa: S101
    theirs = BM25Okapi([entry.terms[STEMS].split() for entry in index._entries])
    ours = index._fields[STEMS]
    asked = ([term.stem for term in parse(case.question).terms] for case in cases)
    return sum(bool(np.array_equal(theirs.get_scores(terms), ours.get_scores(terms))) for terms in asked)


def overlap(one: Library, other: Library, cases: list[Case]) -> float:
    """The share of the first ten passages of one that are among those of the other, over all questions."""
    shares = []
    for case in cases:
        question = parse(case.question)
        first, second = ({found.hit.passage for found in lib._corpus.search(question)[:TEN]} for lib in (one, other))
        if first:
            shares.append(len(first & second) / len(first))
    return sum(shares) / len(shares)


def main() -> None:
    """The command line."""
    given = parser(__doc__).parse_args()
    pool, names = given.folder / POOL, sets_in(given.folder)
    known = texts(pool)
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        memory = Library.open(pool, engine="memory", min_confidence=0)
        disk = Library.open(pool, engine="disk", index=scratch, min_confidence=0)
        for name in names:
            cases = read_cases(given.folder / f"{name}.jsonl")
            same, shared = same_as_rank_bm25(memory, cases), overlap(memory, disk, cases)
            for engine, library in (("memory", memory), ("disk", disk)):
                progress(len(rows), 2 * len(names))
                outcomes = list(evaluate(library.ask, cases, known))
                found = figures(outcomes)
                sure = sum(outcome.answer.confidence for outcome in outcomes) / len(outcomes)
                agrees = f"{same} of {len(cases)}" if engine == "memory" else ""
                near = "" if engine == "memory" else f"{shared:.3f}"
                shown = (f"{figure:.3f}" for figure in (found.quote_at_1, found.quote_at_3, sure))
                rows.append((name, engine, agrees, near, *shown))
        disk.close()
    head = ("set", "engine", "rank-bm25's scores", "first ten shared", "quote@1", "quote@3", "mean confidence")
    print(markdown(head, rows))


if __name__ == "__main__":
    main()

"""The figures on every set, and the gate that holds them.

    python benchmarks/train.py FOLDER --folds DIR && python benchmarks/quality.py FOLDER --folds DIR [--gate]

Prints a table in markdown. There nothing is refused: what is measured is what was found. The rows «half» ask the
same questions of a pool from which every second document is gone, at the shipped confidence: what stood there must
be refused. The row «alone» asks single documents their own questions and as many of others; «withheld», their own
without the paragraphs that answer them, and without others; «native» asks of everything, at the shipped confidence.
With --gate, a figure below its floor in floors.toml, a floor without its figure, and a gate without floors end it with
status 1. What is shipped is measured by shipped.py.
"""

import hashlib
import random
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

from question_sets import (
    CORES,
    NATIVE,
    POOL,
    cases_of,
    everything,
    fold_of,
    fold_of_case,
    judging,
    markdown,
    measured,
    progress,
    rows,
    sets_in,
    texts,
    withheld,
    write,
)

from retrieval import Library
from retrieval.corpus.memory import MemoryCorpus
from retrieval.evaluation import Case, Figures, Outcome, evaluate, figures
from retrieval.ranking.ranker import load, ranker

FLOORS = Path(__file__).parent / "floors.toml"
HALF, ALONE, WITHHELD = " half", "alone", "withheld"
DOCUMENTS = 60  # that are asked alone
SEEN = ("marked", "mark_ratio")
"""Figures of the marks, left out: the marks are always the shipped model's, which saw every document.
``train_marking.py --folds`` gives them cross-validated."""
Floors = dict[str, dict[str, float]]
Found = dict[str, Figures]
Pool = dict[str, dict[str, str]]
Alone = tuple[dict[str, str], Sequence[Case], Sequence[Case]]
"""A document, what it is asked and to answer, what it is asked and to refuse."""


def measure(folder: Path, folds: Path, name: str) -> Figures:
    """The figures of a set, on the whole pool or on half of it."""
    if name in (ALONE, WITHHELD):
        return alone(folder, folds, whole if name == ALONE else parted)
    questions = name.removesuffix(HALF)
    if questions == name != NATIVE:
        return measured(folder, name, folds)
    with tempfile.TemporaryDirectory() as scratch:
        if name == NATIVE:
            corpus = write(Path(scratch, POOL), everything(folder))
            return measured(folder, name, folds, min_confidence=ranker().least, corpus=corpus)
        halve(folder, questions, Path(scratch))
        return measured(Path(scratch), questions, folds, min_confidence=ranker().least)


def alone(folder: Path, folds: Path, corpora: Callable[[Pool, Sequence[Case]], Iterable[Alone]]) -> Figures:
    """The figures of corpora of one document each."""
    cases = [case for name in sets_in(folder) for case in cases_of(folder, name)]
    pool = {row["id"]: row for row in rows(folder / POOL)}
    return figures([outcome for asked in corpora(pool, cases) for outcome in _asked_alone(*asked, folds)])


def whole(pool: Pool, cases: Sequence[Case]) -> Iterator[Alone]:
    """DOCUMENTS with their own questions, and with as many of others, to be refused."""
    chance = random.Random(2)  # noqa: S311
    asked = sorted({case.document for case in cases if case.document})
    for document in chance.sample(asked, min(DOCUMENTS, len(asked))):
        own = [case for case in cases if case.document == document]
        others = [c for c in cases if c.document != document and fold_of_case(c) == fold_of(document)]
        yield pool[document], own, chance.sample(others, min(len(own), len(others)))


def parted(pool: Pool, cases: Sequence[Case]) -> Iterator[Alone]:
    """All documents without some of their paragraphs: with questions that these answer, to be refused, and others."""
    for document in sorted({case.document for case in cases if case.document}):
        for left in withheld(pool[document]["text"], [case for case in cases if case.document == document]):
            yield pool[document] | {"text": left.text}, left.kept, left.refused


def _asked_alone(row: dict[str, str], kept: Iterable[Case], refused: Iterable[Case], folds: Path) -> list[Outcome]:
    """What a corpus of one document answers to questions that it is to answer, and to refuse."""
    with tempfile.TemporaryDirectory() as scratch:
        path = write(Path(scratch, POOL), [row])
        library = Library(MemoryCorpus(path), ranker().least, load(folds / str(fold_of(row["id"]))))
        cases = [*kept, *(replace(case, answerable=False) for case in refused)]
        return list(evaluate(library.ask, cases, texts(path)))


def halve(folder: Path, questions: str, to: Path) -> None:
    """Writes the pool without every second document, and the questions with whether theirs is still there."""
    write(to / POOL, (row for row in rows(folder / POOL) if is_kept(row["id"])))
    asked = (row | {"answerable": is_kept(row["doc"])} for row in rows(folder / f"{questions}.jsonl"))
    write(to / f"{questions}.jsonl", asked)


def is_kept(document: str) -> bool:
    """Whether a document is in the half that stays, by a hash of its id."""
    return int(hashlib.md5(f"half{document}".encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0


def table(found: Found) -> str:
    """A row for each set, a column for each figure."""
    named = {name: figures.named() for name, figures in found.items()}
    columns = [column for column in next(iter(named.values())) if column not in SEEN]
    return markdown(["set", *columns], [[name, *(_cell(of[c]) for c in columns)] for name, of in named.items()])


def _cell(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if value < 10 and isinstance(value, float) else f"{value:.0f}"


def faults(found: Found, floors: Floors) -> list[str]:
    """What is below its floor or was not measured, a line each; that nothing is held is a fault too."""
    named = {name: figures.named() for name, figures in found.items()}
    held = [(name, figure, floor) for name, of in floors.items() for figure, floor in of.items()]
    if not held:
        return ["there is no floor to hold"]
    lines = []
    for name, figure, floor in held:
        value = named.get(name, {}).get(figure)
        if value is None:
            lines.append(f"{name} {figure} was not measured; its floor is {floor}")
        elif value < floor:
            lines.append(f"{name} {figure} is {value}, below its floor {floor}")
    return lines


def main() -> None:
    """Measures every set, on two cores."""
    arguments = judging(__doc__)
    arguments.add_argument("--gate", action="store_true", help="fail where a figure is below its floor")
    given = arguments.parse_args()
    native = [NATIVE] if (given.folder / f"{NATIVE}.jsonl").is_file() else []
    names = [*(name + half for half in ("", HALF) for name in sets_in(given.folder)), ALONE, WITHHELD, *native]
    found: Found = {}
    with ProcessPoolExecutor(CORES) as pool:
        for name, figures in zip(names, pool.map(partial(measure, given.folder, given.folds), names), strict=True):
            found[name] = figures
            progress(len(found), len(names))
    print(table(found))
    if given.gate:
        wrong = faults(found, tomllib.loads(FLOORS.read_text("utf-8")))
        sys.exit("\n".join(wrong) if wrong else 0)


if __name__ == "__main__":
    main()

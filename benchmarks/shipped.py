"""The figures of the shipped models on documents that they did not see.

    python benchmarks/shipped.py FOLDER [--part PART] [--models DIR]

Asks the questions of a part (REPORTED by itself; what its thresholds are chosen on is BLENDED): the sets' of the pool,
and of the half of it where their documents are not; NATIVE's of everything. Prints a row for each set and, of NATIVE,
for each kind of question; shares of the answerable, but for «refused», which is of the others. ``quote@1`` is with
nothing refused; «right», «wrong» and «refused» are at the shipped confidence. --models: other models, of ``train.py``.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from quality import is_kept
from question_sets import (
    NATIVE,
    PARTS,
    POOL,
    REPORTED,
    Written,
    cases_of,
    everything,
    markdown,
    parser,
    rows,
    sets_in,
    write,
)

from retrieval import Library
from retrieval.corpus.memory import MemoryCorpus
from retrieval.evaluation import Case, Outcome, auroc, evaluate
from retrieval.ranking.ranker import Ranker, load, ranker

COLUMNS = ("answerable", "quote@1", "right", "wrong", "others", "refused", "auroc")
Named = tuple[str, Outcome]


def asked(folder: Path, part: str, judge: Ranker) -> Iterator[Named]:
    """The outcome of each question, nothing refused, under the names of the rows that it counts in."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch, "corpus.jsonl")
        sets = {name: cases_of(folder, name, [part]) for name in sets_in(folder)}
        pool = rows(folder / POOL)
        half = [row for row in pool if is_kept(row["id"])]
        for documents, gone in ((pool, False), (half, True)):
            for name, cases in sets.items():
                chosen = (replace(c, answerable=False) for c in cases if not is_kept(c.document or ""))
                yield from _outcomes(path, documents, chosen if gone else cases, judge, name)
        if (folder / f"{NATIVE}.jsonl").is_file():
            yield from _outcomes(path, everything(folder), cases_of(folder, NATIVE, [part]), judge, NATIVE)


def _outcomes(
    path: Path, documents: Iterable[dict[str, str]], cases: Iterable[Case], judge: Ranker, name: str
) -> Iterator[Named]:
    for outcome in evaluate(Library(MemoryCorpus(write(path, documents)), 0.0, judge).ask, cases):
        yield name, outcome
        if isinstance(outcome.case, Written):
            yield f"{name}, {outcome.case.kind}", outcome


def row(outcomes: Sequence[Outcome], least: float) -> list[float | None]:
    """The figures of a row, at the ``least`` confidence that is answered."""
    sure = [o for o in outcomes if o.case.answerable]
    others = [o for o in outcomes if not o.case.answerable]
    right = [o.right[:1] == (True,) for o in sure]
    told = [is_told(o, least) for o in sure]
    return [
        len(sure),
        _share(right),
        _share(r and t for r, t in zip(right, told, strict=True)),
        _share(t and not r for r, t in zip(right, told, strict=True)),
        len(others),
        _share(not is_told(o, least) for o in others),
        auroc([o.answer.confidence for o in sure], [o.answer.confidence for o in others]),
    ]


def is_told(outcome: Outcome, least: float) -> bool:
    """Whether an answer is given at a least confidence."""
    return outcome.answer.found and outcome.answer.confidence >= least


def _share(values: Iterable[bool]) -> float | None:
    known = list(values)
    return sum(known) / len(known) if known else None


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def main() -> None:
    """Prints the figures of a part."""
    arguments = parser(__doc__)
    arguments.add_argument("--part", choices=PARTS, default=REPORTED)
    arguments.add_argument("--models", type=Path, metavar="DIR", help="models in place of the shipped ones")
    given = arguments.parse_args()
    judge = load(given.models) if given.models else ranker()
    found: dict[str, list[Outcome]] = {}
    for name, outcome in asked(given.folder, given.part, judge):
        found.setdefault(name, []).append(outcome)
    shown = [[name, *map(_cell, row(outcomes, ranker().least))] for name, outcomes in found.items()]
    print(markdown(["set", *COLUMNS], shown))


if __name__ == "__main__":
    main()

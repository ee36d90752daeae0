"""The figures of what is shipped, with the reader and by words alone, on documents that nothing of it was trained on.

    python -m benchmarks.reading.quality FOLDER [--passages 300,2000] [--every N] [--processes 2] [--reader both|on|off]
        [--vectors FILE] [--answers DIR] [--json]

Opens the product (``Library.open``) over all documents of FOLDER and the held-out news, and asks the questions of the
part REPORTED: NATIVE's, the sets', and all of the held-out news. «without their document»: the same, asked of the half
of the corpus, by a hash of the documents' ids, that lacks their document. --passages: the same over corpora of about so
many passages, into which all documents are parted by that hash; each question is asked where its document is, and, to
be refused, in the next.

Nothing is refused while asking, and what is shipped is worked out from the confidence, so that each question is asked
once. ``auroc, alike`` compares only questions whose first word is the same. ``further``: quotes after the first that
are shown at once, for each answer, and which of those are right. ``calibration``: the expected error in ten bins (Guo
et al., 2017). Seconds are the processor's, in asking alone.

--every: one in so many questions. --vectors: where the vectors are kept between runs. --answers: writes the questions
of the whole corpus, and what ``iqtibas ask --batch`` says to each, for another scorer. --json: an object for each
column.
"""

import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.question_sets import NATIVE, REPORTED, SETS, cases_of, everything, markdown, parser, sets_in, write
from benchmarks.reading.asking import part_of, place_of, spread, written
from benchmarks.reading.work import Work, counted, processes
from benchmarks.reading.written import HELD_OUT, cases, documents
from bot.showing.answer_json import answer_json
from retrieval import Library
from retrieval.evaluation import Case, auroc, judge, plain
from retrieval.ranking.ranker import ranker
from retrieval.ranking.reading import ReadingRanker

SIZES = (2000, 300)  # passages of the smaller corpora that the chain asks
NAMES = (NATIVE, *SETS, *HELD_OUT)
BINS = 10
LIKE = 15  # questions of each kind, answerable and not, that begin with a word for it to have a row
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Named:
    """A case with the name of its set."""

    name: str
    case: Case


@dataclass(frozen=True, slots=True)
class Told:
    """What a question got, nothing refused. ``kind``: of NATIVE's and the news' questions. ``begins``: its first word.
    ``is_here``: whether the corpus holds its document. ``right``: of each quote. ``shown``: how many at once.
    ``seconds``: the processor's. ``line``: as ``iqtibas ask --batch`` prints it."""

    name: str
    kind: str
    begins: str
    answerable: bool
    is_here: bool
    confidence: float
    right: tuple[bool, ...]
    shown: int
    mark_ratio: float | None
    seconds: float
    line: dict[str, Any]

    @property
    def first(self) -> bool:
        """Whether the first quote is right."""
        return self.right[:1] == (True,)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for on the command line."""

    folder: Path
    passages: Sequence[int]
    every: int
    processes: int
    vectors: Path | None
    answers: Path | None


@dataclass(frozen=True, slots=True)
class Task:
    """What one process does: it opens those documents whose place among ``parts`` is ``place``, and asks. ``vectors``:
    where all vectors are kept; None for words alone."""

    folder: Path
    parts: int
    place: int
    asked: Sequence[tuple[Named, bool]]
    vectors: Path | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: how the corpus was asked, and what was told. ``least``: the confidence that is
    answered."""

    reader: bool
    passages: int
    least: float
    told: Sequence[Told]

    def is_told(self, one: Told) -> bool:
        """Whether a question is answered as it is shipped."""
        return bool(one.right) and one.confidence >= self.least


def corpus_of(folder: Path) -> list[dict[str, str]]:
    """All documents that are asked."""
    return [*everything(folder), *documents(*HELD_OUT)]


def reported(folder: Path, every: int) -> list[Named]:
    """The questions that are asked, one in ``every``, in an order by a hash of their ids."""
    found = [Named(name, case) for name in (NATIVE, *sets_in(folder)) for case in cases_of(folder, name, [REPORTED])]
    found += (Named(name, case) for name in HELD_OUT for case in cases(folder, name))
    return sorted(found, key=lambda named: spread(named.case))[::every]


def tasks(folder: Path, asked: Sequence[Named], parts: int, shares: int, vectors: Path | None) -> Iterator[Task]:
    """What is to be done for a corpus that is parted into so many; the whole one is asked by each process."""
    if parts == 1:
        for share in range(shares):
            yield Task(folder, 1, 0, [(named, True) for named in asked[share::shares]], vectors)
    away = max(parts, 2)
    for place in range(away):
        here = [named for named in asked if parts > 1 and place_of(named.case.document or "", parts) == place]
        gone = [n for n in asked if n.case.answerable and (place_of(n.case.document or "", away) + 1) % away == place]
        yield Task(folder, away, place, [*((n, True) for n in here), *((n, False) for n in gone)], vectors)


def prepared(folder: Path, vectors: Path | None, threads: int) -> int:
    """Makes the vectors of all documents, on so many threads, and counts the passages."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        closing(opened(Path(scratch), corpus_of(folder), vectors)) as library,
    ):
        library.make_vectors(_progress, threads=threads)
        return library.passages


def opened(scratch: Path, corpus: Iterable[dict[str, str]], vectors: Path | None) -> Library:
    """The product over some documents, nothing refused."""
    path = written(scratch, corpus)
    library = Library.open(path, engine="memory", min_confidence=0.0, reader=vectors is not None, vectors=vectors)
    if vectors and library.unread:
        sys.exit(library.unread)
    return library


def told(task: Task) -> list[Told]:
    """What the questions of a task got."""
    found: list[Told] = []
    tell = counted(f"asked, part {task.place + 1} of {task.parts}")
    with tempfile.TemporaryDirectory() as folder:
        scratch, own = Path(folder), None
        if task.vectors:  # a copy: those of documents that are not there would be deleted
            own = Path(shutil.copy(task.vectors, scratch / "vectors.db"))
        corpus = part_of(corpus_of(task.folder), task.parts, task.place)
        with closing(opened(scratch, corpus, own)) as library:
            library.make_vectors()
            for named, is_here in task.asked:
                found.append(_told(library, named, is_here))
                tell(len(found), len(task.asked))
    return found


def _progress(what: str, done: int, of: int | None) -> None:
    counted(what, 512)(done, of or 0)


def _told(library: Library, named: Named, is_here: bool) -> Told:
    case, start = named.case, time.process_time()
    answer = library.ask(case.question, previous=case.previous)
    seconds = time.process_time() - start
    outcome = judge(case, answer)
    return Told(
        name=named.name,
        kind=getattr(case, "kind", ""),
        begins=plain(case.question).split()[0],
        answerable=case.answerable,
        is_here=is_here,
        confidence=answer.confidence,
        right=outcome.right,
        shown=answer.shown,
        mark_ratio=outcome.mark_ratio,
        seconds=seconds,
        line=answer_json(answer, case.id),
    )


def least_of(reader: bool) -> float:
    """The shipped confidence below which it refuses."""
    defaults: dict[str, Any] = {field.name: field.default for field in fields(ReadingRanker)}
    return float(defaults["least"]) if reader else ranker().least


def figures(column: Column) -> Figures:
    """All figures of a column by name; none of what there is nothing of."""
    names = [name for name in NAMES if any(one.name == name for one in column.told)]
    found: dict[str, float | None] = {}
    kinds = sorted({one.kind for one in column.told if one.name == NATIVE and one.answerable})
    asked = [one for one in column.told if one.is_here and one.answerable]
    for name in names:
        own = [one for one in asked if one.name == name]
        found[f"found first, nothing refused: {name}"] = _mean(one.first for one in own)
        if name == NATIVE:
            for kind in kinds:
                found[f"found first, nothing refused: {name}, {kind}"] = _mean(o.first for o in own if o.kind == kind)
    for name in names:
        found |= {f"{figure}: {name}": value for figure, value in _shipped(column, name).items()}
    for word in _common(column.told):
        found[f"auroc, of those that begin with {word}: {NATIVE}"] = _auroc(
            [one for one in column.told if one.name == NATIVE and one.is_here and one.begins == word]
        )
    found["processor seconds a question, mean"] = _mean(one.seconds for one in column.told)
    found["processor seconds a question, of 95%"] = float(np.quantile([one.seconds for one in column.told], 0.95))
    return {name: round(value, 4) for name, value in found.items() if value is not None}


def _shipped(column: Column, name: str) -> dict[str, float | None]:
    """What the answers to a set are worth as they are shipped."""
    own = [one for one in column.told if one.name == name]
    here = [one for one in own if one.is_here]
    answerable = [one for one in here if one.answerable]
    is_told = column.is_told
    answered = [one for one in here if is_told(one)]
    first = [one for one in answered if one.answerable and one.first]
    further = [right for one in answered for right in one.right[1 : one.shown]]
    return {
        "as shipped, right": _mean(is_told(one) and one.first for one in answerable),
        "as shipped, wrong": _mean(is_told(one) and not one.first for one in answerable),
        "as shipped, refused": _mean(not is_told(one) for one in answerable),
        "unanswerable refused": _mean(not is_told(one) for one in here if not one.answerable),
        "without their document refused": _mean(not is_told(one) for one in own if not one.is_here),
        "auroc": _auroc(here),
        "auroc, alike": _auroc_alike(here),
        "marked": _mean(one.mark_ratio is not None for one in first),
        "mark ratio": _mean(one.mark_ratio for one in first if one.mark_ratio is not None),
        "further shown": len(further) / len(answered) if answered else None,
        "further shown, right": _mean(further),
        "calibration": calibration([(one.confidence, one.first and one.answerable) for one in here]),
    }


def _auroc(told: Sequence[Told]) -> float | None:
    """How well confidence tells the answerable from the rest."""
    return auroc([o.confidence for o in told if o.answerable], [o.confidence for o in told if not o.answerable])


def _auroc_alike(told: Sequence[Told]) -> float | None:
    """The same, over pairs whose first word is the same."""
    won = pairs = 0.0
    for word in {one.begins for one in told}:
        alike = [one for one in told if one.begins == word]
        count = sum(one.answerable for one in alike) * sum(not one.answerable for one in alike)
        won, pairs = won + count * (_auroc(alike) or 0.0), pairs + count
    return won / pairs if pairs else None


def _common(told: Iterable[Told]) -> list[str]:
    """The words with which many of NATIVE's questions begin, answerable and not, the commonest first."""
    counts = Counter((one.begins, one.answerable) for one in told if one.name == NATIVE and one.is_here)
    words = {word for word, _ in counts if min(counts[word, True], counts[word, False]) >= LIKE}
    return sorted(words, key=lambda word: (-counts[word, False], word))


def calibration(told: Sequence[tuple[float, bool]]) -> float | None:
    """The expected calibration error: |mean confidence - share right| of each of ten bins, weighed by its share."""
    if not told:
        return None
    sure, right = (np.array(values, dtype=np.float64) for values in zip(*told, strict=True))
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = (abs(sure[bins == b].mean() - right[bins == b].mean()) * np.mean(bins == b) for b in np.unique(bins))
    return float(sum(gaps))


def _mean(values: Iterable[float | bool | None]) -> float | None:
    known = [float(value) for value in values if value is not None]
    return sum(known) / len(known) if known else None


def table(columns: Sequence[Column]) -> str:
    """A row for each figure, a column for each way of asking."""
    found = [figures(column) for column in columns]
    header = ["", *(f"{'reader' if c.reader else 'words alone'}, {c.passages:,} passages" for c in columns)]
    names = dict.fromkeys(name for of in found for name in of)
    body = [[name, *(f"{of[name]:.3f}" if name in of else "" for of in found)] for name in names]
    asked = [sum(one.is_here for one in c.told) for c in columns]
    return markdown(header, [["questions", *map(str, asked)], *body])


def write_answers(to: Path, asked: Iterable[Named], told: Iterable[Told], least: float) -> None:
    """Writes what was asked of the whole corpus, and what is shipped, as another scorer reads them."""
    to.mkdir(parents=True, exist_ok=True)
    write(to / "questions.jsonl", (asdict(named.case) | {"set": named.name} for named in asked))
    lines = (one.line for one in told if one.is_here)
    refusal = {"found": False, "quotes": []}
    write(to / "answers.jsonl", (line if line["confidence"] >= least else line | refusal for line in lines))


def measured(plan: Plan, reader: bool) -> Iterator[Column]:
    """The columns of one way of asking, the whole corpus first."""
    asked, least = reported(plan.folder, plan.every), least_of(reader)
    with tempfile.TemporaryDirectory() as scratch, processes(plan.processes) as pool:
        vectors = (plan.vectors or Path(scratch, "vectors.db")) if reader else None
        passages = pool.submit(prepared, plan.folder, vectors, plan.processes).result()
        for size in (passages, *plan.passages):
            parts = max(1, round(passages / size))
            planned = list(tasks(plan.folder, asked, parts, plan.processes, vectors))
            found = [one for some in pool.map(told, planned) for one in some]
            if plan.answers and parts == 1:
                write_answers(plan.answers / ("reader" if reader else "words"), asked, found, least)
            yield Column(reader, round(passages / parts), least, found)


def run(work: Work) -> None:
    """The step of the chain: writes the table."""
    plan = Plan(work.folder, SIZES, 1, work.processes, work.vectors, None)
    work.figures.write_text(table([column for reader in (True, False) for column in measured(plan, reader)]) + "\n")


def _sizes(text: str) -> list[int]:
    return [int(size) for size in text.split(",")]


def main() -> None:
    """Prints a table in markdown, or a JSON object for each column."""
    arguments = parser(__doc__)
    arguments.add_argument("--passages", type=_sizes, default=[], metavar="N,N", help="sizes of smaller corpora")
    arguments.add_argument("--every", type=int, default=1, metavar="N", help="ask one in so many questions")
    arguments.add_argument("--processes", type=int, default=2, metavar="N")
    arguments.add_argument("--reader", choices=("both", "on", "off"), default="both")
    arguments.add_argument("--vectors", type=Path, metavar="FILE", help="where vectors are kept between runs")
    arguments.add_argument("--answers", type=Path, metavar="DIR", help="where to write questions and answers")
    arguments.add_argument("--json", action="store_true")
    given = arguments.parse_args()
    readers = {"both": (True, False), "on": (True,), "off": (False,)}[given.reader]
    plan = Plan(given.folder, given.passages, given.every, given.processes, given.vectors, given.answers)
    columns = [column for reader in readers for column in measured(plan, reader)]
    if given.json:
        for column in columns:
            head = {"reader": column.reader, "passages": column.passages, "least": column.least}
            print(json.dumps(head | {"figures": figures(column)}, ensure_ascii=False))
    else:
        print(table(columns))


if __name__ == "__main__":
    main()

"""The folder of question sets that the scripts here are given, and the tables that they print.

FOLDER holds ``pool.jsonl``, documents ``{id, title, text}``, and beside it one or more of SETS, questions that are
asked of the pool, in a form that ``retrieval.evaluation.read_cases`` reads. NATIVE, if it is there, are questions that
people asked of themselves, over passages of their own, of which is known only whether they can be answered. Nothing
of them enters the project.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from threadpoolctl import threadpool_limits

from retrieval import Library
from retrieval.answering.ranking import load
from retrieval.corpus import MemoryCorpus
from retrieval.evaluation import Case, Figures, evaluate, figures, read_cases

threadpool_limits(1, user_api="blas")  # as ``Library`` does: scripts that measure its parts have none

POOL = "pool.jsonl"
SETS = ("xquad", "mlqa", "arcd_train")
NATIVE, NATIVE_PASSAGES = "nomiracl_dev", "nomiracl_passages.jsonl"
CORES = 2
FOLDS = 5


def parser(says: str | None) -> argparse.ArgumentParser:
    """A parser of the argument FOLDER, to which a script adds its own."""
    made = argparse.ArgumentParser(description=says, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("folder", type=_folder, metavar="FOLDER", help="pool.jsonl and the sets of questions")
    return made


def judging(says: str | None) -> argparse.ArgumentParser:
    """A parser of FOLDER and of the models of cross-validation."""
    made = parser(says)
    made.add_argument("--folds", type=Path, required=True, metavar="DIR", help="what train.py --folds DIR wrote")
    return made


def sets_in(folder: Path) -> list[str]:
    """The names of the sets that the folder holds."""
    return [name for name in SETS if (folder / f"{name}.jsonl").is_file()]


def fold_of(document: str) -> int:
    """The fold of a document: questions are judged by models that did not see their document."""
    return int(hashlib.md5(document.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS


def fold_of_case(case: Case) -> int:
    """The fold of a case: its document's, or its own where it names none."""
    return fold_of(case.document or case.id)


def measured(
    folder: Path,
    name: str,
    folds: Path,
    change: Callable[[Case], Case] = lambda case: case,
    min_confidence: float = 0.0,
    corpus: str = POOL,
) -> Figures:
    """The figures of one set, each case changed before it is asked; the corpus' texts read anew for ``verbatim``.

    ``folds``: where ``train.py --folds`` wrote the models; each case is asked by those of its document's fold.
    """
    libraries, cases = _libraries(folder / corpus, folds, min_confidence), read_cases(folder / f"{name}.jsonl")
    known = texts(folder / corpus)
    return figures(
        [
            outcome
            for fold, library in enumerate(libraries)
            for outcome in evaluate(library.ask, (change(case) for case in cases if fold_of_case(case) == fold), known)
        ]
    )


@lru_cache(1)
def _libraries(path: Path, folds: Path, min_confidence: float) -> list[Library]:
    """A library for each fold, over one corpus, opened once for all that a process measures on it."""
    corpus = MemoryCorpus(path)
    return [Library(corpus, min_confidence, load(folds / str(fold))) for fold in range(FOLDS)]


def texts(path: Path) -> dict[str, str]:
    """The documents of a file of JSON lines by id, as they stand there."""
    rows = map(json.loads, filter(str.strip, path.read_text("utf-8").split("\n")))
    return {row["id"]: row["text"] for row in rows}


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in markdown: the first column to the left, the others to the right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def progress(done: int, of: int) -> None:
    """Says how far the work is, where a person watches."""
    if sys.stderr.isatty():
        print(f"\r{done} of {of}", end="\n" if done == of else "", file=sys.stderr, flush=True)


def _folder(name: str) -> Path:
    folder = Path(name)
    if not (folder / POOL).is_file():
        raise argparse.ArgumentTypeError(f"no {POOL} in {name}")
    if not sets_in(folder):
        raise argparse.ArgumentTypeError(f"none of {', '.join(f'{s}.jsonl' for s in SETS)} in {name}")
    return folder

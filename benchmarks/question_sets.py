"""The folder of question sets that the scripts here are given, and the tables that they print.

FOLDER holds ``pool.jsonl``, documents ``{id, title, text}``, and beside it one or more of SETS, questions that are
asked of the pool, in a form that ``retrieval.evaluation.read_cases`` reads. NATIVE, if it is there, are questions that
were written in Arabic for its documents, each of a kind, and asked of everything: its documents, NOMIRACL's passages
and the pool. NOMIRACL are questions that people asked of themselves, over those passages, of which is known only
whether they can be answered. Nothing of them enters the project.

Documents, and their questions with them, are in one of three PARTS, which never mix: weights are trained on what is
SEEN, thresholds chosen on what is BLENDED, and figures given of what is REPORTED.
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from retrieval import Library
from retrieval.corpus.memory import MemoryCorpus
from retrieval.evaluation import Case, Figures, evaluate, figures, plain, read_cases
from retrieval.ranking.ranker import load

threadpool_limits(1, user_api="blas")  # as ``Library`` does: scripts that measure its parts have none

POOL = "pool.jsonl"
SETS = ("xquad", "mlqa", "arcd_train")
NATIVE, NATIVE_DOCUMENTS = "native", "native_documents.jsonl"
NOMIRACL, NOMIRACL_PASSAGES = "nomiracl_dev", "nomiracl_passages.jsonl"
PARTS = SEEN, BLENDED, REPORTED = "seen", "blended", "reported"
CORES = 2
FOLDS = 5
_OF_FOLDS = (REPORTED, SEEN, SEEN, SEEN, BLENDED)
_OF_NATIVE = {2: REPORTED, 5: REPORTED, 9: BLENDED, 10: BLENDED}  # by the number that its rows call their part
LEFT = 25  # words of a document without an answer: with fewer it is none


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


@dataclass(frozen=True, slots=True)
class Written(Case):
    """A case of NATIVE. ``kind``: how it is asked. ``sentence``: the one of its document that answers."""

    kind: str = ""
    sentence: str = ""


def cases_of(folder: Path, name: str, parts: Sequence[str] = PARTS) -> list[Case]:
    """The cases of a set that are in some parts; of NATIVE, in the contexts of their whole documents.

    A case that names documents of other parts, as NOMIRACL's may, is in none.
    """
    path, native = folder / f"{name}.jsonl", _native_parts(folder)
    held = texts(folder / NATIVE_DOCUMENTS) if name == NATIVE else {}
    found: list[Case] = []
    for case, row in zip(read_cases(path), rows(path), strict=True):
        part = native[row["doc"]] if name == NATIVE else _OF_FOLDS[fold_of_case(case)]
        if part in parts and {native.get(document, part) for document in row.get("docs", ())} <= {part}:
            found.append(_written(case, row, held) if name == NATIVE else case)
    return found


def _written(case: Case, row: dict[str, Any], held: Mapping[str, str]) -> Written:
    known = {field.name: getattr(case, field.name) for field in fields(case)}
    return Written(**known | {"context": held[row["doc"]]}, kind=row["kind"], sentence=row["sentence"] or "")


@lru_cache(1)
def _native_parts(folder: Path) -> dict[str, str]:
    """The part of each document that NATIVE asks."""
    path = folder / f"{NATIVE}.jsonl"
    return {row["doc"]: _OF_NATIVE.get(row["part"], SEEN) for row in rows(path)} if path.is_file() else {}


def everything(folder: Path) -> list[dict[str, str]]:
    """The documents of which NATIVE is asked, each once."""
    files = (folder / name for name in (POOL, NOMIRACL_PASSAGES, NATIVE_DOCUMENTS))
    return list({row["id"]: row for path in files for row in rows(path)}.values())


def part_of_document(folder: Path, document: str) -> str:
    """The part of a document, whether it is asked or not."""
    return _native_parts(folder).get(document) or _OF_FOLDS[fold_of(document)]


def measured(
    folder: Path,
    name: str,
    folds: Path,
    change: Callable[[Case], Case] = lambda case: case,
    min_confidence: float = 0.0,
    corpus: Path | None = None,
) -> Figures:
    """The figures of one set, each case changed before it is asked; the corpus' texts read anew for ``verbatim``.

    ``folds``: where ``train.py --folds`` wrote the models; each case is asked by those of its document's fold.
    ``corpus``: the file of documents that is asked, by itself the pool.
    """
    path = corpus or folder / POOL
    libraries, cases, known = _libraries(path, folds, min_confidence), cases_of(folder, name), texts(path)
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


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is left of a document's text without the paragraphs that answer ``refused``; it still answers ``kept``."""

    text: str
    refused: tuple[Case, ...]
    kept: tuple[Case, ...]


def withheld(text: str, cases: Iterable[Case]) -> Iterator[Withheld]:
    """A document's text without the paragraphs that answer some of its questions, for each such set of paragraphs.

    Each question is refused once and, where what answers it stands apart, kept once: neither the length of what is
    left nor its number of paragraphs tells one from the other.
    """
    lines = text.split("\n")
    parted: dict[frozenset[int], list[Case]] = {}
    for case in cases:
        parted.setdefault(frozenset(n for n, line in enumerate(lines) if _answers(line, case)), []).append(case)
    parts = [(gone, tuple(listed)) for gone, listed in parted.items() if gone]
    for (gone, refused), (others, kept) in zip(parts, parts[1:] + parts[:1], strict=True):
        left = "\n".join(line for n, line in enumerate(lines) if n not in gone)
        if len(left.split()) >= LEFT:
            yield Withheld(left, refused, kept if gone.isdisjoint(others) else ())


def _answers(paragraph: str, case: Case) -> bool:
    """Whether a paragraph is the one of a case, or part of it, or holds an answer from where a word begins."""
    held, context = plain(paragraph), plain(case.context or "")
    if not held or held in context or (context and context in held):
        return bool(held)
    return any(re.search(rf"(?<!\w){re.escape(plain(answer))}", held) for answer in case.answers)


def texts(path: Path) -> dict[str, str]:
    """The documents of a file of JSON lines by id, as they stand there."""
    return {row["id"]: row["text"] for row in rows(path)}


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]


def write(path: Path, objects: Iterable[Mapping[str, Any]]) -> Path:
    """Writes objects into a file of JSON lines, which is given back."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)
    return path


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

"""How often words find the right document: first, and among ten, by set and by kind of question.

    python benchmarks/finding.py FOLDER [--part PART ...] [--every N] [--without RULE ...] [--json | --beside FILE]

Asks what can be answered of all documents together, without vectors of passages and without the reader: searching
alone, so that it takes a minute or two. A document counts with its best passage. --without: with rules of the language
switched off, as ``ablation.py`` names them; --beside: in points (hundredths) won or lost beside what --json printed
into a file, asked of the same questions.
"""

import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ablation import RULES, switch_off
from question_sets import BLENDED, NATIVE, PARTS, SEEN, cases_of, everything, markdown, parser, progress, sets_in, write

from retrieval.corpus.memory import MemoryCorpus
from retrieval.corpus.snapshot import Corpus
from retrieval.evaluation import Case
from retrieval.question.following import followed
from retrieval.question.latin import arabized
from retrieval.question.mending import mended
from retrieval.question.parsed import parse

AMONG = 10
Places = Mapping[str, Mapping[str, int | None]]


def place(corpus: Corpus, case: Case) -> int | None:
    """The place of a case's document among those found, from 0; None where it is not there."""
    vocabulary = corpus.vocabulary
    question = parse(mended(arabized(followed(case.question, case.previous), vocabulary), vocabulary))
    found = dict.fromkeys(one.document.id for one in corpus.search(question))
    return next((at for at, document in enumerate(found) if document == case.document), None)


def asked(folder: Path, parts: Sequence[str], every: int) -> Iterator[tuple[str, Case]]:
    """What is asked, each with the name of its row."""
    for name in (NATIVE, *sets_in(folder)):
        cases = [case for case in cases_of(folder, name, parts) if case.answerable and case.document]
        for case in cases[::every]:
            yield (f"{name}, {case.kind}" if name == NATIVE else name), case  # type: ignore[attr-defined]


def main() -> None:
    """Prints a table in markdown, or the places by row as JSON."""
    arguments = parser(__doc__)
    arguments.add_argument("--part", choices=PARTS, nargs="+", default=[SEEN, BLENDED])
    arguments.add_argument("--every", type=int, default=1, metavar="N", help="ask one in so many questions")
    arguments.add_argument("--without", choices=RULES, nargs="+", default=[], metavar="RULE")
    arguments.add_argument("--json", action="store_true", help="the place of each question's document")
    arguments.add_argument("--beside", type=Path, metavar="FILE", help="what --json printed, to be compared with")
    given = arguments.parse_args()
    for rule in given.without:
        switch_off(rule)
    cases = list(asked(given.folder, given.part, given.every))
    with tempfile.TemporaryDirectory() as scratch:
        corpus = MemoryCorpus(write(Path(scratch, "all.jsonl"), everything(given.folder))).corpus()
        places: defaultdict[str, dict[str, int | None]] = defaultdict(dict)
        for done, (row, case) in enumerate(cases, 1):
            places[row][case.id] = place(corpus, case)
            progress(done, len(cases))
    if given.json:
        json.dump(places, sys.stdout)
        return
    before: Places | None = json.loads(given.beside.read_text("utf-8")) if given.beside else None
    body = [[row, str(len(of)), *_cells(of, before and before[row])] for row, of in sorted(places.items())]
    print(markdown(["asked", "questions", "first", f"among {AMONG}"], body))


def _cells(of: Mapping[str, int | None], before: Mapping[str, int | None] | None) -> list[str]:
    """The shares of a row, or how far they are from those before."""
    if before is None:
        return [f"{_share(of, among):.3f}" for among in (1, AMONG)]
    return [f"{100 * (_share(of, among) - _share(before, among)):+.1f}" for among in (1, AMONG)]


def _share(places: Mapping[str, int | None], among: int) -> float:
    return sum(at is not None and at < among for at in places.values()) / len(places)


if __name__ == "__main__":
    main()

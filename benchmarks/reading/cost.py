"""What the reader costs: milliseconds a question on one core, memory, and passages encoded a second.

    python -m benchmarks.reading.cost FOLDER [--questions 400] [--encoded 400] [--vectors FILE]

Asks NATIVE's questions of the part REPORTED, of all documents of FOLDER, nothing refused. Milliseconds are the
processor's. «at once»: 32 people ask different questions of one process, on all cores. The vectors of all documents are
made first, which takes minutes, or read from FILE. Memory is of this process, with the corpus in it; figures by words
alone are of another.
"""

import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

from benchmarks.question_sets import NATIVE, REPORTED, cases_of, everything, markdown, parser
from benchmarks.reading.asking import spread, written
from benchmarks.reading.work import counted, processes
from retrieval import Library
from retrieval.corpus.memory import MemoryCorpus
from retrieval.corpus.vectors import PassageVectors
from retrieval.index.vectors import VectorStore
from retrieval.ranking.ranker import ranker
from retrieval.ranking.reading import ReadingRanker, weights_of
from retrieval.reader.encoder import SIZE, Networks, Reading, Window, networks
from retrieval.segmentation import sentences

PEOPLE = 32
SIZES = (2_000, 30_000, 130_000)  # passages whose encoding is worked out from the rate
Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Counted:
    """A reader that keeps how many windows it read of each question."""

    reader: Networks
    read_of: list[int] = field(default_factory=list)

    def windows(self, sentences: Sequence[str]) -> list[range]:
        """As the reader has them."""
        return self.reader.windows(sentences)

    def read(self, question: str, wanted: Sequence[Window]) -> list[Reading]:
        """What the reader says."""
        self.read_of.append(len(wanted))
        return self.reader.read(question, wanted)


def with_reader(
    folder: Path, questions: Sequence[str], others: Sequence[str], kept: Path | None, encoded: int
) -> list[Row]:
    """The figures of what ships. ``others``: what many ask at once."""
    with tempfile.TemporaryDirectory() as scratch:
        source = MemoryCorpus(written(Path(scratch), everything(folder)))
        counts = Counted(networks())
        store = VectorStore(kept or Path(scratch, "vectors.db"), SIZE, networks().name)
        vectors = PassageVectors(networks(), networks(), store)
        with closing(Library(source, 0.0, ReadingRanker(ranker(), counts, *weights_of()), vectors)) as library:
            tell = counted("vectors", 512)
            library.make_vectors(lambda _, done, of: tell(done, of or 0))
            rows = [*asked("with the reader", library, questions), ("windows read, p50 / p95", middle(counts.read_of))]
            rows.append((f"answers a second, {PEOPLE} at once", f"{at_once(library, others):.1f}"))
        rate = encoding(source, encoded)
        rows.append(("passages encoded a second, one core", f"{rate:.0f}"))
        return [*rows, *((f"minutes for {size:,} passages", f"{size / rate / 60:.1f}") for size in SIZES)]


def by_words(folder: Path, questions: Sequence[str]) -> list[Row]:
    """The figures without the reader."""
    with tempfile.TemporaryDirectory() as scratch:
        path = written(Path(scratch), everything(folder))
        with closing(Library.open(path, engine="memory", min_confidence=0.0, reader=False)) as library:
            return asked("by words alone", library, questions)


def asked(how: str, library: Library, questions: Sequence[str]) -> list[Row]:
    """One after another; the first tenth, by which models and tables are loaded, does not count."""
    taken: list[float] = []
    for question in questions:
        start = time.process_time()
        library.ask(question)
        taken.append(1000 * (time.process_time() - start))
    memory = psutil.Process().memory_info().rss / 2**20
    return [(f"{how}, p50 / p95, ms", middle(taken[len(taken) // 10 :])), (f"{how}, MB", f"{memory:.0f}")]


def at_once(library: Library, questions: Sequence[str]) -> float:
    """Answers a second to many who ask at the same time, none what was asked before."""
    start = time.perf_counter()
    with ThreadPoolExecutor(PEOPLE) as people:
        list(people.map(library.ask, questions))
    return len(questions) / (time.perf_counter() - start)


def encoding(source: MemoryCorpus, count: int) -> float:
    """Passages encoded in a second of one core, of the first so many."""
    texts = []
    for document, passage in source.corpus().passages():
        texts.append((document.title, [span.of(document.text) for span in sentences(document.text, passage.span)]))
        if len(texts) == count:
            break
    start = time.process_time()
    for title, held in texts:
        networks().passage(title, held)
    return len(texts) / (time.process_time() - start)


def middle(values: Sequence[float]) -> str:
    """The middle, and what nineteen of twenty stay below."""
    return " / ".join(f"{np.percentile(values, share):.0f}" for share in (50, 95))


def _given() -> Namespace:
    arguments = parser(__doc__)
    arguments.add_argument("--questions", type=int, default=400, metavar="N")
    arguments.add_argument("--encoded", type=int, default=400, metavar="N", help="passages whose encoding is timed")
    arguments.add_argument("--vectors", type=Path, metavar="FILE", help="where vectors are kept between runs")
    return arguments.parse_args()


def main() -> None:
    """Prints the table."""
    given = _given()
    cases = sorted(cases_of(given.folder, NATIVE, [REPORTED]), key=spread)
    every = [case.question for case in cases if not case.previous]
    questions, others = every[: given.questions], every[given.questions : 2 * given.questions]
    print(f"{len(questions)} questions", file=sys.stderr)
    with processes(1) as first, processes(1) as second:
        rows = first.submit(with_reader, given.folder, questions, others, given.vectors, given.encoded).result()
        rows += second.submit(by_words, given.folder, questions).result()
    print(markdown(["", ""], rows))


if __name__ == "__main__":
    main()

"""Time, memory and disk of the engines beside the alternatives, from a thousand passages to a million.

    python benchmarks/scale.py FOLDER                                writes scale.md and scale.svg beside this file
    python benchmarks/scale.py FOLDER --passages 124000 --only disk  a part of it, to standard output

FOLDER keeps the corpora that ``large_corpus.py`` makes (its docstring says how) and the indexes; a million passages
take about 6 GB. Every measurement is of a process of its own. All engines get the same passages. The alternatives get
one field of ready stems and are asked for the ten best passages; ``memory`` and ``disk`` read the corpus, analyse it
and are asked with all their fields; ``ask`` is the whole answer, checked against the stored text.
"""

import argparse
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import perf_counter, sleep
from typing import Any

import psutil
from large_corpus import PARAGRAPHS, articles

SIZES = (1_000, 10_000, 100_000, 1_000_000)
QUESTIONS, QUESTION_WORDS = 200, 7
BEST = 10
LARGEST = {
    "rank-bm25": 100_000,
    "memory": 100_000,
    "memory, stems alone": 100_000,
}  # passages beyond which it is not tried
HERE = Path(__file__).parent


def corpus_of(folder: Path, passages: int) -> Path:
    """The corpus of so many passages, made where there is none."""
    path = folder / f"{passages}.jsonl"
    if not path.exists():
        part = path.with_suffix(".part")
        with part.open("w", encoding="utf-8") as file:
            for article in articles(passages // PARAGRAPHS):
                file.write(json.dumps(article, ensure_ascii=False) + "\n")
        part.rename(path)
    return path


def stems_of(corpus: Path) -> Path:
    """A file with the stems of each passage of a corpus, a line each, made where there is none."""
    from retrieval import analyze

    path = corpus.with_suffix(".stems")
    if not path.exists():
        part = path.with_suffix(".part")
        with corpus.open(encoding="utf-8") as lines, part.open("w", encoding="utf-8") as file:
            for line in lines:
                for paragraph in json.loads(line)["text"].split("\n\n")[1:]:
                    file.write(" ".join(analyze(paragraph)) + "\n")
        part.rename(path)
    return path


def questions_of(corpus: Path) -> list[str]:
    """Some words in a row from all over a corpus."""
    rng = random.Random(7)  # noqa: S311  (for measuring)
    size = corpus.stat().st_size
    found = []
    with corpus.open("rb") as file:
        while len(found) < QUESTIONS:
            file.seek(rng.randrange(size))
            file.readline()
            if line := file.readline():
                words = json.loads(line)["text"].split()
                start = rng.randrange(10, len(words) - QUESTION_WORDS)
                found.append(" ".join(words[start : start + QUESTION_WORDS]).replace(".", ""))
    return found


# The alternatives: each builds an index of stems in a folder, opens it, and gives what searches it.

Search = Callable[[list[str]], object]


def lines_of(stems: Path) -> Iterator[list[str]]:
    """The stems of each passage."""
    with stems.open(encoding="utf-8") as file:
        for line in file:
            yield line.split()


def rank_bm25(stems: Path, _folder: Path, *, build: bool) -> Search:
    """rank-bm25 itself, which keeps nothing."""
    from rank_bm25 import BM25Okapi

    index = BM25Okapi(list(lines_of(stems)))
    rows = list(range(index.corpus_size))
    return lambda terms: index.get_top_n(terms, rows, n=BEST)


def bm25s(stems: Path, folder: Path, *, build: bool) -> Search:
    """bm25s, its index mapped into memory."""
    import bm25s as library

    if build:
        index = library.BM25()
        index.index(list(lines_of(stems)), show_progress=False)
        index.save(str(folder))
    index = library.BM25.load(str(folder), mmap=True)
    return lambda terms: index.retrieve([terms], k=BEST, show_progress=False)


def fts5(stems: Path, folder: Path, *, build: bool) -> Search:
    """SQLite's full-text search, ranked by its bm25."""
    connection = sqlite3.connect(folder / "fts.sqlite3")
    if build:
        connection.execute("CREATE VIRTUAL TABLE passages USING fts5(stems, content='', tokenize='unicode61')")
        with connection, stems.open(encoding="utf-8") as file:
            connection.executemany("INSERT INTO passages (stems) VALUES (?)", ((line,) for line in file))
    sql = f"SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT {BEST}"  # noqa: S608
    return lambda terms: connection.execute(sql, (" OR ".join(f'"{t}"' for t in terms),)).fetchall()


def plain_tantivy(stems: Path, folder: Path, *, build: bool) -> Search:
    """tantivy with one field."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("stems", tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema, path=str(folder))
    if build:
        writer = index.writer(200 * 2**20, 1)
        with stems.open(encoding="utf-8") as file:
            for line in file:
                writer.add_document(tantivy.Document(stems=line))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
    searcher = index.searcher()

    def search(terms: list[str]) -> object:
        parts = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, "stems", term, "freq"))
            for term in dict.fromkeys(terms)
        ]
        return searcher.search(tantivy.Query.boolean_query(parts), BEST, count=False).hits

    return search


def memory_stems(stems: Path, _folder: Path, *, build: bool) -> Search:
    """Our engine in memory, with the one field that the alternatives have."""
    from retrieval.index import STEMS, Entry, Query
    from retrieval.index.memory import MemoryIndex
    from retrieval.model import Passage, Span

    index = MemoryIndex()
    index.add(
        Entry(Passage(str(row), Span(0, 1)), {STEMS: " ".join(terms)}) for row, terms in enumerate(lines_of(stems))
    )
    return lambda terms: index.search(Query({STEMS: dict.fromkeys(terms, 1.0)}), BEST)


ALTERNATIVES: dict[str, Callable[..., Search]] = {
    "rank-bm25": rank_bm25,
    "bm25s": bm25s,
    "SQLite FTS5": fts5,
    "tantivy, stems alone": plain_tantivy,
    "memory, stems alone": memory_stems,
}
ENGINES = (*ALTERNATIVES, "memory", "disk")


# One measurement, in a process of its own


class Memory(Thread):
    """Watches how many bytes this process and those that it starts take together."""

    EVERY = 0.2  # seconds

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._own, self._most = psutil.Process(), 0
        self.start()

    def run(self) -> None:
        """Looks again and again."""
        while True:
            self.most()
            sleep(self.EVERY)

    def most(self) -> int:
        """The most so far."""
        taken = 0
        for process in (self._own, *self._own.children(recursive=True)):
            with suppress(psutil.Error):  # it has ended
                taken += process.memory_info().rss
        self._most = max(self._most, taken)
        return self._most


def measured(engine: str, corpus: Path, folder: Path, *, build: bool) -> dict[str, float]:
    """The figures of one engine: seconds to build, or to open and to the first answer, then to answer each question."""
    memory = Memory()
    if engine in ALTERNATIVES:
        from retrieval import analyze

        stems = stems_of(corpus)
        asked = [analyze(question) for question in questions_of(corpus)]
        start = perf_counter()
        steps = {"search": ALTERNATIVES[engine](stems, folder, build=build)}
    else:
        from retrieval import Library

        asked = questions_of(corpus)
        start = perf_counter()
        library = Library.open(corpus, engine=engine, index=folder)
        steps = {"search": _retrieval(library), "ask": library.ask}
        if engine == "disk":
            steps = {"tantivy alone": _tantivy_alone(folder)} | steps
    return _timed(steps, asked, start, memory)


def _retrieval(library: Any) -> Search:
    """The ten best passages, by all fields."""
    from retrieval.arabic.analysis import content_words
    from retrieval.index.terms import query

    return lambda question: library._corpus.index.search(query(content_words(question)), BEST)


def _tantivy_alone(folder: Path) -> Search:
    """The same terms in the same index, asked of tantivy with nothing around it."""
    import tantivy

    from retrieval.arabic.analysis import content_words
    from retrieval.index.terms import query

    (passages,) = folder.glob("*/passages")
    index = tantivy.Index.open(str(passages))
    searcher, schema = index.searcher(), index.schema

    def search(question: str) -> object:
        parts = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, field, term, "freq"))
            for field, weights in query(content_words(question)).terms.items()
            for term in weights
        ]
        return searcher.search(tantivy.Query.boolean_query(parts), BEST, count=False).hits

    return search


def _timed(
    steps: dict[str, Callable[[Any], object]], asked: list[Any], start: float, memory: Memory
) -> dict[str, float]:
    figures = {"opened": perf_counter() - start, "memory to open": memory.most()}
    last = list(steps.values())[-1]
    last(asked[0])
    figures["first"] = perf_counter() - start
    for name, step in steps.items():
        times = []
        for question in asked:
            begun = perf_counter()
            step(question)
            times.append(perf_counter() - begun)
        times.sort()
        figures[f"{name} p50"], figures[f"{name} p95"] = times[len(times) // 2], times[int(len(times) * 0.95)]
        figures[f"{name} rate"] = len(times) / sum(times)
    figures["memory"] = memory.most()
    return figures


def run(engine: str, passages: int, folder: Path) -> dict[str, float]:
    """The figures of one engine at one size: built anew, then opened again, and for ``disk`` changed by a document."""
    corpus = corpus_of(folder, passages)
    if engine in ALTERNATIVES:
        stems_of(corpus)
    own = folder / "indexes" / f"{engine}-{passages}".replace(" ", "-")
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(parents=True)
    built = _child(engine, corpus, own, "--build")
    again = _child(engine, corpus, own)
    figures = {
        "build": built["opened"],
        "build memory": built["memory to open"],
        "disk": sum(file.stat().st_size for file in own.rglob("*") if file.is_file()),
        **{name: value for name, value in again.items() if name not in ("opened", "memory to open")},
    }
    if engine == "disk":
        figures["change"] = _child("change", corpus, own)["change"]
    return figures


def changed(folder: Path) -> dict[str, float]:
    """Seconds until a document that is added, then deleted, is found, then not."""
    from retrieval.index import STEMS, Entry, Query
    from retrieval.index.disk import DiskIndex
    from retrieval.model import Passage, Span

    (passages,) = folder.glob("*/passages")
    index = DiskIndex(passages, writable=True)
    asked = Query({STEMS: {"كلمةلايعرفهااحد": 1.0}})
    times = []
    for number in range(10):
        name = f"new{number}"
        for change in (
            lambda name=name: index.add([Entry(Passage(name, Span(0, 1)), {STEMS: "كلمةلايعرفهااحد"})]),
            lambda name=name: index.delete([name]),
        ):
            begun = perf_counter()
            change()
            index.commit()
            found = len(index.search(asked, 1))
            times.append(perf_counter() - begun)
            if found != (len(times) % 2):
                raise SystemExit("a change was not seen")
    index.close()
    return {"change": sorted(times)[len(times) // 2]}


def _child(engine: str, corpus: Path, folder: Path, *more: str) -> dict[str, float]:
    command = [sys.executable, __file__, str(corpus), "--child", engine, "--index", str(folder), *more]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=os.environ | {"OMP_NUM_THREADS": "1"})
    found: dict[str, float] = json.loads(done.stdout)
    return found


COLUMNS = (
    ("built in", "build", "s"),
    ("memory to build", "build memory", "MB"),
    ("on disk", "disk", "MB"),
    ("open to first answer", "first", "s"),
    ("memory to serve", "memory", "MB"),
    ("10 best, p50", "search p50", "ms"),
    ("p95", "search p95", "ms"),
    ("a second", "search rate", ""),
    ("whole answer, p50", "ask p50", "ms"),
    ("p95", "ask p95", "ms"),
    ("same terms by tantivy alone, p50", "tantivy alone p50", "ms"),
    ("a change is found in", "change", "ms"),
)
UNITS = {"s": 1.0, "ms": 1e3, "MB": 1 / 2**20, "": 1.0}


def table(results: dict[int, dict[str, dict[str, float]]]) -> Iterator[str]:
    """The figures as Markdown, a table a size."""
    for passages, by_engine in results.items():
        yield f"\n## {passages:,} passages\n"
        columns = [column for column in COLUMNS if any(column[1] in figures for figures in by_engine.values())]
        yield "| engine | " + " | ".join(f"{name}, {unit}" if unit else name for name, _, unit in columns) + " |"
        yield "|---|" + "---:|" * len(columns)
        for engine, figures in by_engine.items():
            cells = (_cell(figures[key] * UNITS[unit]) if key in figures else "" for _, key, unit in columns)
            yield f"| {engine} | " + " | ".join(cells) + " |"


def _cell(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def plotted(results: dict[int, dict[str, dict[str, float]]], path: Path) -> None:
    """Three plots over the number of passages: to find, to build, to open."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 3, figsize=(13, 4.3), layout="constrained")
    wanted = (
        ("search p50", 1e3, "ms to the ten best passages"),
        ("build", 1, "s to build"),
        ("first", 1, "s from start to first answer"),
    )
    for axis, (key, times, label) in zip(axes, wanted, strict=True):
        for engine in ENGINES:
            points = [(size, by[engine][key] * times) for size, by in results.items() if engine in by]
            if points:
                axis.plot(*zip(*points, strict=True), marker="o", label=engine)
        axis.set(xscale="log", yscale="log", xlabel="passages", title=label)
        axis.grid(alpha=0.3)
    figure.legend(*axes[0].get_legend_handles_labels(), ncols=len(ENGINES), loc="outside lower center")
    figure.savefig(path)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, nargs="+", default=None)
    parser.add_argument("--only", choices=ENGINES, nargs="+", default=ENGINES)
    for hidden in ("--child", "--index"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    parser.add_argument("--build", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        of_change = given.child == "change"
        index = Path(given.index)
        print(
            json.dumps(changed(index) if of_change else measured(given.child, given.folder, index, build=given.build))
        )
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    results: dict[int, dict[str, dict[str, float]]] = {}
    for passages in given.passages or SIZES:
        for engine in given.only:
            if passages <= LARGEST.get(engine, passages):
                print(f"{engine}, {passages:,} passages…", file=sys.stderr)
                results.setdefault(passages, {})[engine] = run(engine, passages, given.folder)
                print(results[passages][engine], file=sys.stderr)
    text = "\n".join(table(results)).strip()
    if given.passages:
        print(text)
        return
    intro = (HERE / "scale.md").read_text("utf-8").partition("\n## ")[0].rstrip()
    (HERE / "scale.md").write_text(f"{intro}\n\n{text}\n", "utf-8")
    plotted(results, HERE / "scale.svg")


if __name__ == "__main__":
    main()

"""The engine of a cluster beside that on disk: the same answers, at what cost, and what a node that ends takes away.

    python benchmarks/cluster.py agree FOLDER [--every N]        the question sets, 1 shard and 4
    python benchmarks/cluster.py size FOLDER [--passages N]      built, asked and changed, beside the disk in one run
    python benchmarks/cluster.py kills FOLDER [--kills N]        three nodes, the manager killed again and again

OpenSearch is fetched and started on this machine (``tests/support/search_servers.py``), each node with 512 MB for Java.
FOLDER of ``agree`` is that of ``quality.py``; the others keep in theirs the corpora that ``large_corpus.py`` makes. The
networks do not rank here: what is compared is what the engines find, and what is made of it.
"""

import argparse
import random
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter, sleep

import psutil
from question_sets import POOL, markdown, progress, sets_in, texts
from scale import corpus_of, questions_of

from retrieval import Answer, Cluster, Library
from retrieval.arabic.analysis import content_words
from retrieval.evaluation import Outcome, evaluate, figures, read_cases
from retrieval.index.terms import query

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))

from search_servers import Servers, running

BEST = 10
THREADS = 4  # that ask at once while nodes are killed
QUIET, DOWN = 10.0, 10.0  # seconds between a cluster that is whole and a kill, and until the killed one is started


@contextmanager
def opened(corpus: Path, engine: str, folder: Path, cluster: Cluster | None = None) -> Iterator[Library]:
    """A library of a corpus, its index in a folder or a cluster."""
    with closing(
        Library.open(corpus, engine=engine, index=folder, min_confidence=0, reader=False, cluster=cluster)
    ) as library:
        yield library


def at(servers: Servers, shards: int = 1, replicas: int = 0) -> Cluster:
    """The cluster of these servers."""
    return Cluster(tuple(servers.url.split(",")), shards=shards, replicas=replicas)


# Whether the answers are the same


def agree(given: argparse.Namespace) -> None:
    """For each set how many answers are those of the disk engine, and how far quote@1 and confidence are apart."""
    pool, known, rows = given.folder / POOL, texts(given.folder / POOL), []
    cases = {name: read_cases(given.folder / f"{name}.jsonl")[:: given.every] for name in sets_in(given.folder)}
    with running() as servers, tempfile.TemporaryDirectory() as scratch:
        with opened(pool, "disk", Path(scratch, "index")) as disk:
            theirs = {name: list(evaluate(disk.ask, asked, known)) for name, asked in cases.items()}
        for shards in (1, 4):
            with opened(pool, "cluster", Path(scratch, f"of {shards}"), at(servers, shards)) as ours:
                for name, asked in cases.items():
                    row = _agreement(list(evaluate(ours.ask, asked, known)), theirs[name])
                    rows.append((name, str(shards), *row))
                    print(*rows[-1], sep="  ", file=sys.stderr, flush=True)
    heads = ("set", "shards", "same answers", "quote@1", "of the disk", "mean confidence apart", "most apart")
    print(markdown(heads, rows))


def _agreement(found: Sequence[Outcome], theirs: Sequence[Outcome]) -> tuple[str, ...]:
    pairs = [(one.answer, other.answer) for one, other in zip(found, theirs, strict=True)]
    apart = [one.confidence - other.confidence for one, other in pairs]
    return (
        f"{sum(_is_same(*pair) for pair in pairs)} of {len(pairs)}",
        f"{figures(found).quote_at_1:.3f}",
        f"{figures(theirs).quote_at_1:.3f}",
        f"{sum(apart) / len(apart):+.5f}",
        f"{max(map(abs, apart)):.5f}",
    )


def _is_same(one: Answer, other: Answer) -> bool:
    """Whether all quotes are the same, in the same order."""
    return [(q.document.id, q.span) for q in one.quotes] == [(q.document.id, q.span) for q in other.quotes]


# What it costs


def size(given: argparse.Namespace) -> None:
    """Builds both, asks both the same questions in turn, and changes a document."""
    corpus = given.folder / f"cluster-{given.passages}"
    corpus.mkdir(parents=True, exist_ok=True)
    shutil.copy(corpus_of(given.folder, given.passages), corpus / "articles.jsonl")
    asked = questions_of(corpus / "articles.jsonl")
    with running() as servers, tempfile.TemporaryDirectory() as scratch:
        built, index = {}, Path(scratch, "index")
        for engine in ("disk", "cluster"):
            begun = perf_counter()
            with opened(corpus, engine, index, at(servers)) as library:
                built[engine], passages = perf_counter() - begun, library.passages
                print(f"{engine}: {passages:,} passages in {built[engine]:.0f} s", file=sys.stderr, flush=True)
        with opened(corpus, "disk", index) as disk, opened(corpus, "cluster", index, at(servers)) as ours:
            libraries = {"disk": disk, "cluster": ours}
            times = {
                "finding": _timed({name: _finding(library) for name, library in libraries.items()}, asked),
                "whole answer": _timed({name: library.ask for name, library in libraries.items()}, asked),
            }
            changes = {name: _change(library, corpus) for name, library in libraries.items()}
        (node,) = servers.nodes
        assert node.process  # noqa: S101
        memory = psutil.Process(node.process.pid).memory_info().rss / 2**20
        stored = node.ask("/_cat/indices/iqtibas-*?format=json&bytes=b")
    rows = [
        (
            name,
            f"{built[name]:.0f}",
            f"{passages / built[name]:,.0f}",
            *(f"{1000 * _at(times[step][name], share):.1f}" for step in times for share in (0.5, 0.95)),
            f"{changes[name]:.2f}",
        )
        for name in libraries
    ]
    head = (
        "engine",
        "built in, s",
        "passages a second",
        "finding, p50, ms",
        "p95",
        "answer, p50, ms",
        "p95",
        "change, s",
    )
    print(markdown(head, rows))
    disk_used = sum(int(row["store.size"]) for row in stored) / 2**20
    print(f"\n{passages:,} passages; the node takes {memory:,.0f} MB of memory and {disk_used:,.0f} MB of disk")


def _finding(library: Library) -> Callable[[str], object]:
    return lambda question: library._corpus.index.search(query(content_words(question)), BEST)


def _timed(steps: dict[str, Callable[[str], object]], asked: Sequence[str]) -> dict[str, list[float]]:
    """How long each takes for each question, one after the other, so that what else the machine does is shared."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    for question in asked:
        for name, step in steps.items():
            begun = perf_counter()
            step(question)
            times[name].append(perf_counter() - begun)
    return times


def _at(times: Sequence[float], share: float) -> float:
    return sorted(times)[int(len(times) * share)]


def _change(library: Library, corpus: Path) -> float:
    """Seconds from a new file to the answer that quotes it."""
    path = corpus / "new.txt"
    path.write_text("الفنار\n\nافتتح القبطان بحرون فنار الرأس الأبيض في 3 مايو 1931.\n", "utf-8")
    begun = perf_counter()
    library.refresh()
    answer = library.ask("متى افتتح القبطان بحرون فنار الرأس الأبيض؟")
    taken = perf_counter() - begun
    assert any("1931" in quote.text for quote in answer.quotes)  # noqa: S101
    path.unlink()
    library.refresh()
    return taken


# What a kill takes away


def kills(given: argparse.Namespace) -> None:
    """Asks and writes all the while, kills the manager, and counts what failed and what is not there in the end."""
    corpus = given.folder / f"cluster-{given.passages}"
    corpus.mkdir(parents=True, exist_ok=True)
    shutil.copy(corpus_of(given.folder, given.passages), corpus / "articles.jsonl")
    asked = questions_of(corpus / "articles.jsonl")
    told = _Told()
    with running(3) as servers, tempfile.TemporaryDirectory() as scratch:
        index = Path(scratch, "index")
        with opened(corpus, "cluster", index, at(servers, replicas=1)) as library:
            servers.wait("green")
            threads = [threading.Thread(target=told.ask, args=(library, asked, number)) for number in range(THREADS)]
            threads.append(threading.Thread(target=told.write, args=(library, corpus)))
            for thread in threads:
                thread.start()
            for number in range(given.kills):
                progress(number, given.kills)
                sleep(QUIET)
                told.kill(servers)
            told.is_ended = True
            for thread in threads:
                thread.join()
            lost = sum(not (library.ask(_asks(n)).quotes and _says(n) in _quoted(library, n)) for n in told.written)
            faults = list(library.faults())
    print(
        f"killed: {given.kills}; asked: {len(told.answered)}, failed: {told.failed}, "
        f"p50 {1000 * _at(told.answered, 0.5):.0f} ms, p95 {1000 * _at(told.answered, 0.95):.0f} ms, "
        f"slowest {max(told.answered):.1f} s; written: {len(told.written)}, lost: {lost}, "
        f"slowest {max(told.changed):.1f} s; whole again after {', '.join(f'{s:.0f}' for s in told.healed)} s; "
        f"faults of the index: {faults or 'none'}"
    )


def _says(number: int) -> str:
    return f"{1000 + number} درهما"


def _asks(number: int) -> str:
    return f"كم كلف الفنار رقم {number} في الرأس الأبيض؟"


def _quoted(library: Library, number: int) -> str:
    return " ".join(quote.text for quote in library.ask(_asks(number)).quotes)


class _Told:
    """What happened while nodes were killed."""

    def __init__(self) -> None:
        self.answered: list[float] = []
        self.changed: list[float] = []
        self.written: list[int] = []
        self.healed: list[float] = []
        self.failed = 0
        self.is_ended = False

    def ask(self, library: Library, asked: Sequence[str], seed: int) -> None:
        """Asks one question after another until the end, each in other words, so that none is remembered."""
        rng = random.Random(seed)  # noqa: S311
        while not self.is_ended:
            question = f"{rng.choice(asked)} {rng.randrange(10_000)}"
            begun = perf_counter()
            answer = library.ask(question)
            self.answered.append(perf_counter() - begun)
            self.failed += answer.unreachable

    def write(self, library: Library, corpus: Path) -> None:
        """Adds one document after another until the end."""
        number = 0
        while not self.is_ended:
            text = f"الفنار {number}\n\nكلف بناء الفنار رقم {number} في الرأس الأبيض {_says(number)}.\n"
            (corpus / f"new{number}.txt").write_text(text, "utf-8")
            begun = perf_counter()
            library.refresh()
            self.changed.append(perf_counter() - begun)
            self.written.append(number)
            number += 1

    def kill(self, servers: Servers) -> None:
        """Kills the manager, starts it again, and waits until the cluster is whole."""
        node = servers.manager
        begun = perf_counter()
        node.kill()
        sleep(DOWN)
        servers.run(node)
        servers.wait("green")
        self.healed.append(perf_counter() - begun)


def main() -> None:
    """The command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = arguments.add_subparsers(required=True)
    for part, passages in ((agree, 0), (size, 100_000), (kills, 2_000)):
        its = parts.add_parser(part.__name__, help=part.__doc__)
        its.add_argument("folder", type=Path, metavar="FOLDER")
        its.set_defaults(part=part)
        if part is agree:
            its.add_argument("--every", type=int, default=1, help="one in so many questions")
        else:
            its.add_argument("--passages", type=int, default=passages)
        if part is kills:
            its.add_argument("--kills", type=int, default=5)
    given = arguments.parse_args()
    given.part(given)


if __name__ == "__main__":
    main()

"""31,000 news articles in files of their own: the first start, a second one, and one after a change.

    python benchmarks/news.py FOLDER [--articles 31000]

FOLDER keeps the articles, which ``large_corpus.py`` makes (1,700 characters each), and the index. Each start is a
process of its own, from its beginning to its first answer. Prints a table.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

HERE = Path(__file__).parent
QUESTION = "متى افتتحت المدرسة الجديدة؟"


def start(corpus: Path, index: Path) -> None:
    """One start; prints its figures as JSON: seconds to the first answer, megabytes, documents, passages."""
    begin = perf_counter()
    from retrieval import Library

    library = Library.open(corpus, engine="disk", index=index)
    library.ask(QUESTION)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # of the largest one
    print(json.dumps([perf_counter() - begin, own / 1024, children / 1024, len(library.documents), library.passages]))
    library.close()


def starts(folder: Path, articles: int) -> Iterator[tuple[str, list[float]]]:
    """What each start is, and its figures."""
    corpus, index = folder / f"news-{articles}", folder / f"news-{articles}-index"
    if not corpus.exists():
        subprocess.run([sys.executable, str(HERE / "large_corpus.py"), str(articles), str(corpus)], check=True)
    shutil.rmtree(index, ignore_errors=True)
    yield "first start, all read and indexed", _measured(corpus, index)
    yield "second start, nothing changed", _measured(corpus, index)
    files = sorted(corpus.rglob("*.txt"))[:100]
    for file in files:
        file.write_text(file.read_text("utf-8") + "\n\nافتتحت المدرسة الجديدة يوم الأحد.\n", "utf-8")
    yield "third start, 100 articles changed", _measured(corpus, index)


def _measured(corpus: Path, index: Path) -> list[float]:
    command = [sys.executable, __file__, "--start", str(corpus), str(index)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [float(figure) for figure in json.loads(told)]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("index", type=Path, nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("--articles", type=int, default=31_000)
    parser.add_argument("--start", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.start:
        start(given.folder, given.index)
        return
    print("| | seconds to the first answer | MB, process and largest child | documents | passages |")
    print("|---|---:|---:|---:|---:|")
    for name, (seconds, own, child, documents, passages) in starts(given.folder, given.articles):
        print(f"| {name} | {seconds:.1f} | {own:.0f} + {child:.0f} | {documents:,.0f} | {passages:,.0f} |", flush=True)


if __name__ == "__main__":
    main()

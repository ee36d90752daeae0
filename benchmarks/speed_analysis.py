"""Words a second of folding and of analysis on one core.

    python benchmarks/speed_analysis.py [--words N] [--seed N]

The text is drawn at random, paragraph by paragraph, from the shipped corpus and the documents of the tests, until it
has so many words. «cached» runs over that text after one run that is not counted: the words are known, as in a library
that serves. «cold» runs over each different word of it once, everything remembered forgotten before: new words only.
The median of several runs is shown.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from question_sets import markdown

from retrieval import analyze, fold
from retrieval.arabic import fold_text
from retrieval.arabic.words import folded_words

ROOT = Path(__file__).parent.parent
SOURCES = ("corpus/*.txt", "corpus/guide.md", "tests/data/single/*.txt", "tests/data/footers/*.txt")
RUNS = 7
STEPS: dict[str, Callable[[str], object]] = {
    "fold_text": fold_text,
    "fold, with offsets": fold,
    "words, folded": folded_words,
    "analyze": analyze,
}


def paragraphs() -> list[str]:
    """The paragraphs of the documents that stand in the project."""
    files = sorted(path for pattern in SOURCES for path in ROOT.glob(pattern))
    lines = (line.strip() for path in files for line in path.read_bytes().decode("utf-8").splitlines())
    return [line for line in lines if line]


def drawn(words: int, seed: int) -> str:
    """A text of at least so many words."""
    random = Random(seed)  # noqa: S311  # no secret
    source, text, count = paragraphs(), [], 0
    while count < words:
        text.append(random.choice(source))
        count += len(text[-1].split())
    return "\n\n".join(text)


def speed(step: Callable[[str], object], text: str, *, cold: bool) -> float:
    """Words a second of the median run."""
    if not cold:
        step(text)
    return len(text.split()) / median(_seconds(step, text, cold) for _ in range(RUNS))


def _seconds(step: Callable[[str], object], text: str, cold: bool) -> float:
    if cold:
        for cache in _caches():
            cache()
    start = perf_counter()
    step(text)
    return perf_counter() - start


def _caches() -> Iterator[Callable[[], None]]:
    """What empties each cache that the language keeps of words; the tables are facts, and stay."""
    for name, module in list(sys.modules.items()):
        if name.startswith("retrieval.arabic.") and ".tables" not in name:
            for value in list(vars(module).values()):
                if getattr(value, "__module__", "") == name and hasattr(value, "cache_clear"):
                    yield value.cache_clear


def main() -> None:
    """Prints a row for each step."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--words", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    text = drawn(given.words, given.seed)
    different = " ".join(sorted(set(text.split())))
    print(f"{len(text.split()):,} words, {len(different.split()):,} different; words a second on one core\n")
    rows = [
        [name, f"{speed(step, different, cold=True):,.0f}", f"{speed(step, text, cold=False):,.0f}"]
        for name, step in STEPS.items()
    ]
    print(markdown(["step", "cold", "cached"], rows))


if __name__ == "__main__":
    main()

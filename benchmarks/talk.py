"""How sayings fare that are no questions: answered by a fitting word, quoted from the sources, or refused.

    python benchmarks/talk.py [SAYINGS] [--corpus PATH] [--questions FILE ...]

SAYINGS are lines of a saying, a tab, and the intents that fit it with «|» between; by itself a list that nothing was
learned from. CORPUS, by itself the shipped one, is asked where a saying is taken for a question. QUESTIONS are JSON
lines with "question": how many of them are taken for talk. Prints each miss, and the figures.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from bot.conversation.reading import read
from bot.conversation.talk import hear_at_last, is_talk
from bot.conversation.words import Words
from retrieval import Library

ROOT = Path(__file__).parents[1]
UNSEEN = ROOT / "tests" / "data" / "conversation" / "unseen_sayings.tsv"


def sayings(path: Path) -> Iterator[tuple[str, set[str]]]:
    """What is said, and the intents that fit."""
    for line in path.read_text("utf-8").splitlines():
        said, _, intents = line.partition("\t")
        yield said, set(intents.split("|"))


def outcome(said: str, library: Library) -> str:
    """The intent by which a saying is answered; «quoted» or «refused» where it is taken for a question."""
    if intent := read(said).intent:
        return intent
    return "quoted" if library.ask(said).found else hear_at_last(Words.of(said)) or "refused"


def taken(questions: Path) -> tuple[int, int]:
    """How many questions are taken for talk, and of how many."""
    asked = [json.loads(line)["question"] for line in questions.read_text("utf-8").splitlines()]
    return sum(is_talk(Words.of(question)) for question in asked), len(asked)


def main() -> None:
    """Prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sayings", type=Path, nargs="?", default=UNSEEN)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--questions", type=Path, nargs="*", default=())
    given = parser.parse_args()
    library = Library.open(given.corpus)
    told = [(said, fits, outcome(said, library)) for said, fits in sayings(given.sayings)]
    library.close()
    for said, fits, came in told:
        if came not in fits:
            print(f"{said}: {came}")
    print(f"sayings {len(told)}, fitting {sum(came in fits for _, fits, came in told)}, ", end="")
    print(f"quoted {sum(came == 'quoted' for *_, came in told)}")
    for path in given.questions:
        print("{}: {} of {} taken for talk".format(path.name, *taken(path)))


if __name__ == "__main__":
    main()

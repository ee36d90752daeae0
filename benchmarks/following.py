"""How often a question is joined to the one before it: rightly, where it was written to follow, and wrongly.

    python benchmarks/following.py FOLDER [--seed N ...] [--apart FILE]

FOLDER has the questions of ``question_sets.NATIVE``: of kind «follow» each is to be joined to its ``previous``; of the
others PAIRS of different documents are drawn by each seed, of which none leans on the other. FILE has JSON lines with a
"question" and, perhaps, a "previous" that are not to be joined either. Prints the figures, and what is wrong.
"""

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from question_sets import NATIVE, parser

from retrieval.question.following import followed

PAIRS = 500
Pair = tuple[str, str]
"""A question, and the one before it."""


def is_joined(pair: Pair) -> bool:
    """Whether the one leans on the other."""
    question, previous = pair
    return followed(question, previous) != question


def pairs(rows: Sequence[dict[str, Any]], seed: int) -> Iterator[Pair]:
    """Questions of different documents, drawn by a seed."""
    drawing, found = random.Random(seed), 0  # noqa: S311  # no secret
    while found < PAIRS:
        before, now = drawing.sample(rows, 2)
        if not now.get("doc") or before.get("doc") != now["doc"]:
            found += 1
            yield now["question"], before["question"]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _say(name: str, wrong: Sequence[Pair], of: int, what: str) -> None:
    print(f"{name}: {len(wrong)} of {of} {what}")
    for question, previous in wrong:
        print(f"  {previous} | {question}")


def main() -> None:
    """Prints."""
    arguments = parser(__doc__)
    arguments.add_argument("--seed", type=int, nargs="*", default=[1, 2, 3])
    arguments.add_argument("--apart", type=Path)
    given = arguments.parse_args()
    rows = _rows(given.folder / f"{NATIVE}.jsonl")
    following = [(row["question"], row["previous"]) for row in rows if row["kind"] == "follow"]
    _say("written to follow", [pair for pair in following if not is_joined(pair)], len(following), "not joined")
    others = [row for row in rows if row["kind"] != "follow"]
    for seed in given.seed:
        _say(f"of different documents, seed {seed}", [*filter(is_joined, pairs(others, seed))], PAIRS, "joined")
    if given.apart:
        apart = [(row["question"], row.get("previous") or "") for row in _rows(given.apart)]
        _say(given.apart.name, [*filter(is_joined, apart)], len(apart), "joined")


if __name__ == "__main__":
    main()

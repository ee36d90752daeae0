"""Pairs of short news on one thing or on two: which are said to differ, in one corpus of them all.

``pairs.jsonl`` was at hand while the rules were made; ``unseen.jsonl`` was written after, and was first measured as 16
of 20 shown and 3 of 10 falsely; ``third.jsonl`` as 11 of 30 and 3 of 18.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from retrieval import Library

DATA = Path(__file__).parent.parent / "data" / "differing"


def outcomes(pairs: Path, folder: Path) -> Counter[tuple[bool, bool]]:
    """How often pairs differ, and are said to."""
    rows = [json.loads(line) for line in pairs.read_text("utf-8").splitlines()]
    documents = [{"id": f"{row['id']}-{at}", **one} for row in rows for at, one in enumerate(row["documents"])]
    (folder / "news.jsonl").write_text("".join(json.dumps(one) + "\n" for one in documents), "utf-8")
    library = Library.open(folder)
    counted: Counter[tuple[bool, bool]] = Counter()
    for row in rows:
        answer = library.ask(row["question"])
        counted[row["differ"], answer.differ] += 1
        if answer.differ and row["differ"]:  # the newest first, and only these two
            assert [quote.document.id for quote in answer.at_once] == [f"{row['id']}-1", f"{row['id']}-0"]
    library.close()
    return counted


@pytest.mark.parametrize(
    ("name", "pairs", "others", "shown", "falsely"),
    [("pairs", 30, 60, 25, 2), ("unseen", 20, 10, 16, 1), ("third", 30, 18, 20, 1)],
)
def test_sources_that_disagree_are_shown_so_and_others_are_not(
    tmp_path: Path, name: str, pairs: int, others: int, shown: int, falsely: int
) -> None:
    counted = outcomes(DATA / f"{name}.jsonl", tmp_path)
    assert counted[True, True] + counted[True, False] == pairs
    assert counted[False, True] + counted[False, False] == others
    assert counted[True, True] >= shown
    assert counted[False, True] <= falsely

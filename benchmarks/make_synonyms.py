"""Makes ``retrieval/arabic/tables/synonyms_shared.txt``: pairs of words that two open word lists call synonyms.

    python benchmarks/make_synonyms.py FOLDER

FOLDER holds ``synonyms.tsv``: a word, a word, the lists that say so, a line. A pair is taken where two lists share it
and either a third does too or the words' vectors are near (a cosine of NEAR), both are among the commonest words, and
``synonyms.toml`` has it neither among its own nor among those that were read and thrown out.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from retrieval.arabic.analysis import stem
from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.vectors import row_of, vectors

TABLE = Path(__file__).parent.parent / "retrieval" / "arabic" / "tables" / "synonyms_shared.txt"
HEAD = """\
# Pairs of words that two lists call synonyms, by benchmarks/make_synonyms.py: Arabic WordNet (CC BY-SA 3.0), the Arabic
# Ontology (CC BY 4.0), mythes-ar (GPL-2+, LGPL-2.1+, MPL-1.1). Folded.
"""
NEAR = 0.25
SURE = 3  # lists that make a pair sure by themselves


def main(folder: Path) -> None:
    """Writes the table: a pair a line, sorted."""
    TABLE.write_text(HEAD + "".join(f"{one} {other}\n" for one, other in sorted(_taken(folder))), encoding="utf-8")


def _taken(folder: Path) -> Iterator[tuple[str, str]]:
    known = _known()
    for line in (folder / "synonyms.tsv").read_text("utf-8").splitlines():
        one, other, lists = line.split("\t")
        said = lists.count(",") + 1
        pair = one, other
        if said > 1 and pair not in known and row_of(one) and row_of(other) and stem(one) != stem(other):
            words = vectors().words
            is_common = all(words[row_of(word) - 1] == word for word in pair)
            if is_common and (said >= SURE or _cosine(*pair) >= NEAR):
                yield pair


def _known() -> set[tuple[str, str]]:
    """The pairs of the table that is written by hand, in both directions."""
    listed = table("synonyms")
    rows = [fold_text(row).split() for part in ("written", "doubtful") for row in listed[part].splitlines() if row]
    pairs = {(row[0], other) for row in rows for other in row[1:]}
    return pairs | {(other, one) for one, other in pairs}


def _cosine(one: str, other: str) -> float:
    first, second = vectors().of(np.array([row_of(one), row_of(other)]))
    return float(first @ second)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

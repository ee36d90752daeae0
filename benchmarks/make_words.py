"""Makes ``retrieval/arabic/tables/words.txt``: words that people write, beyond those that have a vector.

They are the next commonest Arabic ones of wordfreq's list (Apache-2.0; data CC BY-SA 4.0, by Robyn Speer), folded,
without those that a joined particle tells from a word that is listed. One that is a likely slip of a word ``SURELY``
times as common is left out, unless simplemma's Arabic dictionary (MIT; word lists of Wiktionary and UniMorph, CC BY-SA)
has it, with its last letters or without. Of the rarer ones those are taken that this dictionary has as they stand. Run:

    pip install -e '.[train]' && python benchmarks/make_words.py
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory
from wordfreq import get_frequency_dict

from retrieval.arabic.folding import fold_text
from retrieval.arabic.vectors import vectors
from retrieval.index.lexicon import bare_forms
from retrieval.index.slips import alike

TABLE = Path(__file__).parent.parent / "retrieval" / "arabic" / "tables" / "words.txt"
WORDS, RARER = 250_000, 500_000  # by how common they are; those with a vector are among the first
SURELY = 1000
SHORTEST = 4  # letters of a word that is ever mended
_ARABIC = re.compile("[ء-ي]{2,}")


def main() -> None:
    """Writes the table: a word a line, sorted."""
    frequencies = _frequencies()
    listing = [word for word, _ in frequencies.most_common(RARER)]
    known, dictionary = set(vectors().words), _dictionary()
    rare = dictionary.intersection(listing[WORDS:])
    listed: set[str] = set()
    for word in sorted([*listing[:WORDS], *rare], key=len):  # a bare word comes before those joined to a particle
        is_new = len(word) >= SHORTEST and known.isdisjoint(own := {word, *bare_forms(word)}) and listed.isdisjoint(own)
        is_known = word in rare or not dictionary.isdisjoint((word, word[:-1], word[:-2]))
        if is_new and (is_known or not _is_slip(word, frequencies)):
            listed.add(word)
    TABLE.write_text("".join(f"{word}\n" for word in sorted(listed)), encoding="utf-8")


def _frequencies() -> Counter[str]:
    frequencies: Counter[str] = Counter()
    for word, frequency in get_frequency_dict("ar", wordlist="best").items():
        if _ARABIC.fullmatch(folded := fold_text(word)):
            frequencies[folded] += frequency  # type: ignore[assignment]  # shares, not counts
    return frequencies


def _dictionary() -> set[str]:
    words = DefaultDictionaryFactory().get_dictionary("ar")
    return {fold_text(form.decode() if isinstance(form, bytes) else form) for form in words}


def _is_slip(word: str, frequencies: Counter[str]) -> bool:
    return any(frequencies[meant] >= SURELY * frequencies[word] for meant in _meant(word))


def _meant(word: str) -> Iterator[str]:
    """What a word is a likely slip of: two letters swapped, one doubled or taken for another."""
    for at, letter in enumerate(word):
        before, after = word[:at], word[at + 1 :]
        yield before + letter + letter + after
        if after[:1] == letter:
            yield before + after
        elif after:
            yield before + after[0] + letter + after[1:]
        yield from (before + other + after for other in alike(letter))


if __name__ == "__main__":
    main()

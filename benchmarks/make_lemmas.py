"""Makes ``retrieval/arabic/tables/lemmas.txt``: stems of broken plurals and other forms that no affix explains.

simplemma's Arabic dictionary (MIT; its word lists come from Wiktionary and Unimorph, CC BY-SA) gives a lemma for
each form. Where the stem of a form is not the stem of its lemma («كتاب» and «كتب»), the pair is kept. Run:

    pip install -e '.[train]' && python benchmarks/make_lemmas.py
"""

import re
from collections import Counter, defaultdict
from pathlib import Path

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from retrieval.arabic.analysis import stem
from retrieval.arabic.folding import fold_text

TABLE = Path(__file__).parent.parent / "retrieval" / "arabic" / "tables" / "lemmas.txt"
_ARABIC = re.compile("[ء-ي]+")
SHORTEST = 3  # letters of a stem


def main() -> None:
    """Writes the table: a pair of stems a line, «form lemma», sorted."""
    words = DefaultDictionaryFactory().get_dictionary("ar")
    dictionary = [(_folded(form), _folded(lemma)) for form, lemma in words.items()]
    lemmas: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for form, lemma in dictionary:
        if _ARABIC.fullmatch(form) and _ARABIC.fullmatch(lemma):
            pair = stem(form), stem(lemma)
            if pair[0] != pair[1] and min(map(len, pair)) >= SHORTEST:
                lemmas[pair[0]][pair[1]] += 1
    own = Counter(stem(lemma) for _, lemma in dictionary)
    # A stem that is itself a lemma's, and a commoner one, keeps its own meaning.
    best = {form: counts.most_common(1)[0][0] for form, counts in lemmas.items()}
    kept = {form: lemma for form, lemma in best.items() if own[form] == 0 or own[lemma] >= own[form]}
    TABLE.write_text("".join(f"{form} {lemma}\n" for form, lemma in sorted(kept.items())), encoding="utf-8")


def _folded(entry: str | bytes) -> str:
    return fold_text(entry.decode() if isinstance(entry, bytes) else entry)


if __name__ == "__main__":
    main()

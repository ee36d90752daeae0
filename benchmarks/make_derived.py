"""Makes ``retrieval/arabic/tables/derived.txt``: verbs with their present, verbal noun and participles.

    python benchmarks/make_derived.py FOLDER

FOLDER holds ``arramooz_verbs.jsonl``, ``arramooz_masdar.jsonl`` and ``arramooz_participles.jsonl``, the word lists of
Arramooz (GPL), a JSON object a line. A verb of three letters takes its forms as it pleases, and stands in
``families.toml``, written by hand. The others follow patterns (``patterns.toml``): a row holds what the pattern
gives, where Arramooz has it too, and where it is among the commonest words, those that have a vector; a verb of
which neither past nor present is, or whose verbal noun is not, is left out. Of verbs that begin with «ا», whose letters
are seldom those of another word, and of those that were read for it, rarer words that people write count, too. What was
thrown out, and taken so, stands in ``patterns.toml``, too.
"""

import json
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from pyarabic import araby

from retrieval.arabic.folding import fold_text
from retrieval.arabic.vectors import vectors
from retrieval.index.lexicon import is_listed

TABLE = Path(__file__).parent.parent / "retrieval" / "arabic" / "tables" / "derived.txt"
_READ = tomllib.loads((Path(__file__).parent / "patterns.toml").read_text("utf-8"))
PATTERNS = _READ["patterns"]
THROWN_OUT = frozenset(tuple(row.split()) for row in _READ["thrown_out"].splitlines() if row)
TAKEN = frozenset(_READ["taken"].split())
HEAD = """\
# Verbs with their present, verbal noun and participles, by benchmarks/make_derived.py from Arramooz (GPL).
# What is a row is derived from one another. Folded when read.
"""
Words = defaultdict[str, set[str]]


def main(folder: Path) -> None:
    """Writes the table: a verb a line, sorted."""
    nouns = _by_verb(folder / "arramooz_masdar.jsonl", "masdar")
    participles = _by_verb(folder / "arramooz_participles.jsonl", "form")
    common = frozenset(vectors().words)
    rows = set()
    for entry in _entries(folder / "arramooz_verbs.jsonl"):
        verb = _written(entry["verb"])
        plain = araby.strip_shadda(verb)
        if not (made := _forms(verb, nouns, participles)):
            continue
        present, noun, *others = made
        is_sure = plain.startswith(araby.ALEF) or plain in TAKEN
        forms = {word: fold_text(word) for word in (plain, present, noun, *others)}
        is_common = {word: form in common or (is_sure and is_listed(form)) for word, form in forms.items()}
        told = is_common[present] if fold_text(noun) == fold_text(plain) else is_common[noun]
        is_read_out = (plain, noun) in THROWN_OUT
        if is_common[noun] and told and (is_common[plain] or is_common[present]) and not is_read_out:
            row = dict.fromkeys([plain, present, noun, *filter(is_common.get, others)])
            rows.add(" ".join(word for word in row if (plain, word) not in THROWN_OUT))
    TABLE.write_text(HEAD + "".join(f"{row}\n" for row in sorted(rows)), encoding="utf-8")


def _forms(verb: str, nouns: Words, participles: Words) -> list[str]:
    """What a verb makes: its present, a verbal noun, its participles; nothing where no pattern fits."""
    bare = araby.strip_shadda(verb)
    for pattern, present, verbal, others in PATTERNS:
        match = re.fullmatch(pattern, verb)
        known = [form for form in match.expand(verbal).split() if form in nouns[bare]] if match else []
        if match and known:
            made = [form for form in match.expand(others).split() if form in participles[bare]]
            return [match.expand(present), known[0], *made]
    return []


def _entries(path: Path) -> Iterator[dict[str, str]]:
    return (json.loads(line) for line in path.read_text("utf-8").splitlines())


def _by_verb(path: Path, field: str) -> Words:
    """The forms of each verb, without marks."""
    found: Words = defaultdict(set)
    for entry in _entries(path):
        found[araby.strip_shadda(_written(entry["verb"]))].add(araby.strip_shadda(_written(entry[field])))
    return found


def _written(vocalised: str) -> str:
    """A word of the source without vowels, and without the other forms that some name after it."""
    word = re.split(r"[;\-]", vocalised)[0].strip()
    return araby.strip_harakat(word).replace("إ", araby.ALEF_HAMZA_BELOW)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

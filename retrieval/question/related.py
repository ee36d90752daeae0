"""Words to be looked for beside a question's own: derived from one another («افتتح»، «افتتاح»), and synonyms.

Three tables say which, and each word that they give has a weight between 0 and 1: how much it tells of the one asked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from retrieval.arabic.analysis import lemma, stem
from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import lines, table

DERIVED = 0.6  # a word of the same family
MUTUAL = 0.85  # a synonym, where two rows or two lists say so
ONE_WAY = 0.65  # where one row does
MOST = 12  # words for each word of a question, the weightiest
_REMEMBERED = 1 << 14
_PRESENT, _PERSONS, _ALEF = "ي", "يتن", "ا"
_JOINED = "لبك"  # particles that the stemmer leaves on where no article follows
_SHORTEST = 3
_WITHOUT_VERBS = ("qualities", "peoples")  # parts of the table of families

Weighted = tuple[tuple[str, float], ...]
"""Folded words and their weights, the weightiest first."""


class _Families(NamedTuple):
    """``of``: the words of each stem's families. ``pasts`` of three letters, ``presents`` of verbs without their
    first letter, and all ``verbs``."""

    of: Mapping[str, tuple[str, ...]]
    pasts: frozenset[str]
    presents: frozenset[str]
    verbs: frozenset[str]


@lru_cache(_REMEMBERED)
def related(word: str) -> Weighted:
    """The words that tell of a canonical one, other stems only."""
    own = entry(word)
    found: dict[str, float] = {}
    family, near = families().of.get(own, ()), _synonyms().get(own, ())
    _take(found, ((other, DERIVED) for other in family))
    _take(found, near)
    for other, weight in near:
        _take(found, ((derived, weight * DERIVED) for derived in families().of.get(stem(other), ())))
    for other in family:
        _take(found, ((synonym, weight * DERIVED) for synonym, weight in _synonyms().get(stem(other), ())))
    stems = {stem(word), own}
    best = sorted(((o, w) for o, w in found.items() if stem(o) not in stems), key=lambda pair: (-pair[1], pair[0]))
    return tuple(best[:MOST])


def _take(found: dict[str, float], words: Iterable[tuple[str, float]]) -> None:
    for word, weight in words:
        found[word] = max(weight, found.get(word, 0.0))


def entry(word: str) -> str:
    """The stem by which the tables know a word: its own, or for a verb in the present that of its past, for a broken
    plural that of its singular, for what a particle is written onto that of the rest («لبناء»)."""
    own = stem(word)
    tries = [own]
    if own[:1] in _PERSONS and len(own) > _SHORTEST:
        tries += [_PRESENT + own[1:], own[1:], _ALEF + own[1:]]
    if len(lemma(word)) >= _SHORTEST:
        tries.append(lemma(word))
    if word[:1] in _JOINED and len(word) > _SHORTEST + 1:
        tries.append(stem(word[1:]))
    return next((each for each in tries if each in families().of or each in _synonyms()), own)


@cache
def families() -> _Families:
    """The families of derived words, by the stems of their words."""
    listed = table("families")
    verbs = [fold_text(row).split() for row in (*lines("derived.txt"), *listed["verbs"].splitlines()) if row]
    pairs = [fold_text(row).split() for part in _WITHOUT_VERBS for row in listed[part].splitlines() if row]
    of: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for row in (*verbs, *pairs):
        for word in row:
            of[stem(word)] |= dict.fromkeys(row)
    alone = {key: tuple(words) for key, words in of.items()}
    for turned in (fold_text(row).split() for row in listed["turned"].splitlines() if row):
        both = [alone.get(stem(verb), (verb,)) for verb in turned]
        for own, others in zip(both, reversed(both), strict=True):
            for word in own:
                of[stem(word)] |= dict.fromkeys(others)
    pasts = frozenset(row[0] for row in verbs if len(row[0]) == _SHORTEST)
    presents = frozenset(row[1][1:] for row in verbs if row[1].startswith(_PRESENT))
    past = frozenset(row[0] for row in verbs)
    return _Families({key: tuple(words) for key, words in of.items()}, pasts, presents, past)


@cache
def _synonyms() -> Mapping[str, Weighted]:
    """The synonyms of each word, by its stem."""
    rows = [fold_text(row).split() for row in table("synonyms")["written"].splitlines() if row]
    written = {(row[0], other) for row in rows for other in row[1:]}
    shared = {(one, other) for one, other in map(str.split, lines("synonyms_shared.txt"))}
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for one, other in _both_ways(rows, shared):
        is_mutual = ((one, other) in written) == ((other, one) in written) or bool(
            {(one, other), (other, one)} & shared
        )
        found[stem(one)].setdefault(other, MUTUAL if is_mutual else ONE_WAY)
    return {key: tuple(sorted(of.items(), key=lambda pair: -pair[1])) for key, of in found.items()}


def _both_ways(rows: Sequence[Sequence[str]], shared: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Each pair in both directions, as a row says it first."""
    yield from ((row[0], other) for row in rows for other in row[1:])
    yield from ((other, row[0]) for row in rows for other in row[1:])
    yield from chain.from_iterable(((one, other), (other, one)) for one, other in sorted(shared))

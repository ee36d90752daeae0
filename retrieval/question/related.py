"""Words to be looked for beside a question's own: derived from one another («افتتح»، «افتتاح»), and synonyms.

Three tables say which, and each word that they give has a weight between 0 and 1: how much it tells of the one asked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from retrieval.arabic.analysis import lemma, stem, without_article
from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import lines, table

DERIVED = 0.6  # a word of the same family
MUTUAL = 0.85  # a synonym, where two rows or two lists say so
ONE_WAY = 0.65  # where one row does
MOST = 12  # words for each word of a question, the weightiest
_REMEMBERED = 1 << 14
_PRESENT, _PERSONS, _ALEF, _FEMININE = "ي", "يتن", "ا", "ت"
_VOICES = {"ي": "ا", "ا": "ي"}  # before the last letter of a hollow verb, passive and active («أضيء»، «يقام»)
_JOINED = "لبك"  # particles that the stemmer leaves on where no article follows
_SHORTEST = 3
_WEAK = frozenset(fold_text("اويءهةتمن"))  # letters that a form of a word may lack or add
_WEAK_ENDS = fold_text("اويه")
_TEH = fold_text("ة")
_ENDINGS = tuple(fold_text("ت ا ه وا ون ها هم").split())
_NOMINAL = ("", *fold_text("ا ه ي ات ان ين ون ها هم نا").split())
_NOMINAL_OF_TEH = tuple(fold_text("ة ات تان تين ته تها تهم تنا").split())
_ITSELF = "="  # before a word that is a key itself, not its stem
_WITHOUT_VERBS = ("qualities", "peoples")  # parts of the table of families

Weighted = tuple[tuple[str, float], ...]
"""Folded words and their weights, the weightiest first."""


class _Families(NamedTuple):
    """``of``: the words of each word's families, and of each stem's. ``pasts`` of three letters, ``presents`` of verbs
    without their first letter, and all ``verbs``; the stems of past and present are ``verb_stems``."""

    of: Mapping[str, tuple[str, ...]]
    pasts: frozenset[str]
    presents: frozenset[str]
    verbs: frozenset[str]
    verb_stems: frozenset[str]


@lru_cache(_REMEMBERED)
def related(word: str) -> Weighted:
    """The words that tell of a canonical one, other stems only."""
    found: dict[str, float] = {}
    family, near = _family(word), _near(word)
    _take(found, ((other, DERIVED) for other in family))
    _take(found, near)
    for other, weight in near:
        _take(found, ((derived, weight * DERIVED) for derived in _family(other)))
    for other in family:
        _take(found, ((synonym, weight * DERIVED) for synonym, weight in _near(other)))
    own = stem(word)
    best = sorted(((o, w) for o, w in found.items() if stem(o) != own), key=lambda pair: (-pair[1], pair[0]))
    return tuple(best[:MOST])


def _take(found: dict[str, float], words: Iterable[tuple[str, float]]) -> None:
    for word, weight in words:
        found[word] = max(weight, found.get(word, 0.0))


def _family(word: str) -> tuple[str, ...]:
    of = families().of
    return next((of[key] for key in _keys(word) if key in of), ())


def _near(word: str) -> Weighted:
    of = _synonyms()
    return next((of[key] for key in _keys(word) if key in of), ())


def entry(word: str) -> str:
    """The stem by which the tables know a word: its own, or that of the word of which it is a form."""
    stems = (key for key in _keys(word) if not key.startswith(_ITSELF))
    return next((each for each in stems if each in families().of or each in _synonyms()), stem(word))


@lru_cache(_REMEMBERED)
def _keys(word: str) -> tuple[str, ...]:
    """The keys by which the tables may know a word, the surest first: itself; its stem, or for a verb in the present
    that of its past, for a passive that of the active, for a broken plural that of its singular, for what a particle is
    written onto that of the rest («لبناء»)."""
    bare = without_article(word)
    forms = dict.fromkeys((word, bare, *_without_ending(bare)))
    if known := next((form for form in forms if form in _apart()), ""):
        return _ITSELF + known, _ITSELF + _apart()[known]
    exact = [_ITSELF + form for form in forms]
    own, verbs = stem(word), families().verb_stems
    tries = [own]
    if own[:1] in _PERSONS and len(own) > _SHORTEST:
        tries += [_PRESENT + own[1:], *verbs & {own[1:]}, _ALEF + own[1:]]
    if len(own) > _SHORTEST and own[-2] in _VOICES and word == bare:
        tries += verbs & {own[:-2] + _VOICES[own[-2]] + own[-1]}
    if own.endswith(_FEMININE) and len(own) == _SHORTEST:
        tries += verbs & {own[:-1]}
    single = lemma(word)
    if len(single) >= _SHORTEST and set(single) - _WEAK <= set(word):
        exact += [_ITSELF + single, _ITSELF + single + _TEH]
        tries += {single} - _apart().keys()
    if word[:1] in _JOINED and len(word) > _SHORTEST + 1:
        tries += _keys(word[1:])
    return tuple(dict.fromkeys((*exact, *tries)))


def _without_ending(word: str) -> Iterator[str]:
    """A word without what a person or a pronoun adds («اشتركت» is of «اشترك», though its stem is that of «اشترى»)."""
    return (word[: -len(end)] for end in _ENDINGS if word.endswith(end) and len(word) - len(end) >= _SHORTEST)


@cache
def _apart() -> Mapping[str, str]:
    """The words whose stem is another word's, by their forms: those of the table, and those of verbs of which the
    stemmer takes the last letter of the root for an ending («اشترك», «ارتباك»)."""
    words = fold_text(table("families")["apart"]).split()
    ended = ((word, word.removesuffix(_TEH), _NOMINAL_OF_TEH if word.endswith(_TEH) else _NOMINAL) for word in words)
    cut = (word for row in _verbs() if len({*map(_last, row)}) == 1 for word in row if _last(stem(word)) != _last(word))
    forms = {base + end: word for word, base, ends in ended for end in ends}
    return forms | {word: word for word in (*cut, *words)}


def _last(word: str) -> str:
    """The last letter of a word that is surely no ending of another."""
    return word.rstrip(_WEAK_ENDS)[-1:]


@cache
def _verbs() -> tuple[tuple[str, ...], ...]:
    """The families of verbs, each its past first."""
    rows = (*lines("derived.txt"), *table("families")["verbs"].splitlines())
    return tuple(tuple(fold_text(row).split()) for row in rows if row)


def _filed(words: Iterable[str], row: Iterable[str], into: Mapping[str, dict[str, None]]) -> None:
    """A row, under each of some words and its stem."""
    for word in words:
        for key in (_ITSELF + word, *({stem(word)} if word not in _apart() else ())):
            into[key].update(dict.fromkeys(row))


@cache
def families() -> _Families:
    """The families of derived words, by the stems of their words."""
    listed = table("families")
    verbs = _verbs()
    pairs = [fold_text(row).split() for part in _WITHOUT_VERBS for row in listed[part].splitlines() if row]
    of: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for row in (*verbs, *pairs):
        _filed(row, row, of)
    alone = {key: tuple(words) for key, words in of.items()}
    both_ways = [fold_text(row).split() for row in listed["turned"].splitlines() if row]
    for turned in both_ways:
        both = [alone.get(_ITSELF + verb, (verb,)) for verb in turned]
        for own, others in zip(both, reversed(both), strict=True):
            _filed(own, others, of)
    pasts = frozenset(row[0] for row in verbs if len(row[0]) == _SHORTEST)
    presents = frozenset(row[1][1:] for row in verbs if row[1].startswith(_PRESENT))
    past = frozenset(row[0] for row in verbs)
    stems = frozenset(stem(verb) for row in (*verbs, *both_ways) for verb in row[:2])
    return _Families({key: tuple(words) for key, words in of.items()}, pasts, presents, past, stems)


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
        for key in (_ITSELF + one, *({stem(one)} if one not in _apart() else ())):
            found[key].setdefault(other, MUTUAL if is_mutual else ONE_WAY)
    return {key: tuple(sorted(of.items(), key=lambda pair: -pair[1])) for key, of in found.items()}


def _both_ways(rows: Sequence[Sequence[str]], shared: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Each pair in both directions, as a row says it first."""
    yield from ((row[0], other) for row in rows for other in row[1:])
    yield from ((other, row[0]) for row in rows for other in row[1:])
    yield from chain.from_iterable(((one, other), (other, one)) for one, other in sorted(shared))

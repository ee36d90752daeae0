"""The forms of ``sayings.toml``: of which of them a message is made.

It is only if all of its words are: forms, and words that stand beside them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise, takewhile
from random import Random
from typing import TypeVar

from bot.conversation.inflections import ARTICLE, SHORTEST, bare_forms, base, has_article
from bot.conversation.words import Words, around, table
from retrieval import fold

TASKS = ("summarise", "translate", "opinion", "explain", "do")
"""The intents that ask for what the bot does not do, and who asks should hear of it wherever they do."""
POLITE = "polite"
"""What is said before a question or after it: that one wants to know, that it please be told."""
ALONE = "alone"
"""A question word and no more: after an answer, that leans on it."""
PERSONAL = "personal"
_ANY, _CLASS, _OPTIONAL, _STAR, _MARK = "…", re.compile(r"<(\w+)>"), "?", "*", "؟"
_NEGATED = re.compile(r"ما?(?P<both>\w{2,})ش|ما(?P<joined>\w{3,})")
"""«مافهمتش», «مبتعرفش», «ماعندك»: a verb and what negates it in one word."""
_AND, _CALLING = "و", "يا"
_INFLECTED = ("good", "bad", "wrong")
_PERSONS = "انتي"
_NOT, _NOW, _PRESENT = "ما", ("ب", "ك", "د"), ("ت", "ي", "ن")
_MOST_PERSONAL, _MOST_AFTER = 5, 3
_LONGEST_SLIP, _SHORTEST_SLIP = 3, 5
_REMEMBERED = 4096  # words, each by itself

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def opens_with_asker(words: Sequence[str]) -> bool:
    """Whether the words of a text begin with one that asks, or that and «و»."""
    return bool(words) and not around("askers").isdisjoint((words[0], words[0].removeprefix(_AND)))


def asks_of_another(words: Sequence[str]) -> bool:
    """Whether what asks stands beside what has an article and no saying knows: «هل الله موجود؟», «الرسوم كم»."""
    pairs = (*pairwise(words), *pairwise(reversed(words)))
    named = (other for one, other in pairs if one in around("askers") and one not in ("من", "ما"))  # «سلام من الله»
    return any((has_article(word) and word not in spelled()) or _classes()["god"].has(word) for word in named)


def says_nothing(word: str) -> bool:
    """Whether a word stands beside forms and says nothing by itself."""
    return word in around("words")


def sayings(random: Random, each: int) -> Iterator[tuple[str, str]]:
    """What the forms make: so many sayings of each, with their intents, its words chosen at random."""
    for form in _forms():
        parts = [sorted(part.listed) for part in form.words if part.listed]
        yield from ((form.intent, " ".join(map(random.choice, parts))) for _ in range(each))


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """One word of a form: any of ``listed``, or what a pattern matches; ``bases``: listed for any ending. Two are the
    same only where they are one, so that they can be looked up."""

    listed: frozenset[str]
    patterns: re.Pattern[str] | None
    bases: frozenset[str]
    is_optional: bool

    def has(self, word: str) -> bool:
        return (
            word in self.listed
            or (word[:1] in _NOW and word[1:2] in _PRESENT and word[1:] in self.listed)
            or bool(self.patterns and self.patterns.fullmatch(word))
            or (bool(self.bases) and base(word) in self.bases)
        )


class _Lookup:
    """Words of forms, to be found by a word that is one of them."""

    def __init__(self, parts: Iterable[_Words]) -> None:
        each = tuple(dict.fromkeys(parts))
        self._listing = _gathered((word, part) for part in each for word in part.listed)
        self._of_base = _gathered((of, part) for part in each for of in part.bases)
        self._patterned = [part for part in each if part.patterns]
        patterns = {part.patterns.pattern for part in each if part.patterns}
        self._some = re.compile("|".join(sorted(patterns)) or r"(?!)")
        self.of = lru_cache(_REMEMBERED)(self._of)  # the same few words make up most of what people write

    def _of(self, word: str) -> list[_Words]:
        """The words of forms that a word is one of; some of them twice."""
        found = [*self._listing.get(word, ()), *self._of_base.get(base(word), ())]
        if word[:1] in _NOW:
            found += (part for part in self._listing.get(word[1:], ()) if part.has(word))
        if self._some.fullmatch(word):
            found += (part for part in self._patterned if part.has(word))
        return found


@dataclass(frozen=True, slots=True)
class _Form:
    """What makes up a saying; ``is_open``: further words may follow; ``asks``: only with a question mark."""

    intent: str
    words: tuple[_Words, ...]
    is_open: bool
    asks: bool

    def is_held(self, words: Sequence[str], *, asks: bool) -> bool:
        """Whether the form's words are among others that are known, in any order."""
        left = list(words)
        for part in self.words:
            word = next((word for word in left if any(map(part.has, bare_forms(word)))), None)
            if word is None and not part.is_optional:
                return False
            if word is not None:
                left.remove(word)
        return (asks or not self.asks) and all(map(_is_loose, left))

    def after(self, words: Sequence[str], end: int) -> int:
        """Where the further words end at the latest."""
        if self.intent in TASKS:
            return len(words)
        further = takewhile(lambda word: not opens_with_asker((word,)), words[end : end + _MOST_AFTER])
        return end + sum(1 for _ in further)


@dataclass(frozen=True, slots=True)
class _Node:
    """Where forms stand that begin with the same words: what may follow, and the places of those that end here."""

    after: dict[_Words, "_Node"] = field(default_factory=dict)
    forms: list[int] = field(default_factory=list)


def heads(words: Sequence[str]) -> dict[int, str]:
    """For each number of words from the beginning that forms, and words beside them, make up: their intent, with no
    slip mended and no further words."""
    made_up = _made_up(words, asks=False)
    return {count: min(intents, key=_order().__getitem__) for count, (*_, intents) in made_up.items() if intents}


def goes_on(words: Sequence[str]) -> bool:
    """Whether it asks about a subject: «ومن جاء بعدها؟»."""
    return bool(words) and words[0].startswith(_AND) and words[0][1:] in around("askers")


def formed(message: Words) -> str | None:
    """The intent of a message by the forms; ``ALONE`` of what only asks; None where it is of none."""
    words = message.said
    asks, is_further = message.text.rstrip(" .!…\n").endswith((_MARK, "?")), goes_on(words)
    for reading in _readings(words):
        if intents := _read(reading, asks=asks):
            return min(intents, key=_order().__getitem__)
        if not is_further and (about := _about(reading, asks=asks)):
            return about
    askers = around("askers")
    if all(word in askers or says_nothing(word) for word in words) and not askers.isdisjoint(words):
        return ALONE
    if message.text and all(len(set(word)) == 1 and word.isalpha() for word in words):  # «؟», «اااا»
        return ALONE
    is_addressed = len(words) <= _MOST_PERSONAL and any(map(_classes()["you"].has, words))
    return PERSONAL if is_addressed else None


def _readings(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """The words, those parted that are a verb and its negation, and a short saying with one slip of the pen mended."""
    yield words
    parted = [part for word in words for part in _without_negation(word)]
    if len(parted) > len(words):
        yield parted
    strange = [place for place, word in enumerate(words) if word not in spelled()]
    if len(words) <= _LONGEST_SLIP and len(strange) == 1 and around("askers").isdisjoint(words):
        place = strange[0]
        yield from ([*words[:place], meant, *words[place + 1 :]] for meant in _meant(words[place]))


def _without_negation(word: str) -> tuple[str, ...]:
    found = _NEGATED.fullmatch(word)
    return (_NOT, found["both"] or found["joined"]) if found and word not in spelled() else (word,)


def _meant(word: str) -> Iterator[str]:
    """The words of the table that are one slip away: a letter too many, too few, another or two in the wrong order."""
    if len(word) < _SHORTEST_SLIP:
        return
    for at in range(1, len(word)):
        for mended in (word[:at] + word[at + 1 :], word[:at] + word[at : at + 2][::-1] + word[at + 2 :]):
            if mended in spelled():
                yield mended
        yield from _with_letter().get((word[:at], word[at:]), ())
        yield from _with_letter().get((word[:at], word[at + 1 :]), ())
    yield from _with_letter().get((word, ""), ())


def _read(words: Sequence[str], *, asks: bool) -> frozenset[str]:
    """The intents of which the words are made up with the fewest words beside; none where they are not."""
    best = _made_up(words, asks=asks)
    return best[len(words)][2] if len(words) in best else frozenset()


def _made_up(words: Sequence[str], *, asks: bool) -> dict[int, tuple[int, int, frozenset[str]]]:
    """For each number of words from the beginning that forms and words beside make up: of those the fewest words
    beside, forms, and the forms' intents."""
    best: dict[int, tuple[int, int, frozenset[str]]] = {0: (0, 0, frozenset())}
    for start in range(len(words)):
        if start not in best:
            continue
        beside, parts, intents = best[start]
        steps = [(end, (beside, parts + 1, intents | {intent})) for intent, end in _forms_at(words, start, asks=asks)]
        steps += [(end, (beside + end - start, parts, intents)) for end in _beside(words, start)]
        for end, step in steps:
            if end not in best or step[:2] < best[end][:2]:
                best[end] = step
    return best


def _about(words: Sequence[str], *, asks: bool) -> str | None:
    """The intent of the first form whose words are all among others that are known."""
    known = {part for word in words for bare in bare_forms(word) for part in _of_bags().of(bare)}
    return next((form.intent for form, needs in _bags() if needs <= known and form.is_held(words, asks=asks)), None)


def _forms_at(words: Sequence[str], start: int, *, asks: bool) -> Iterator[tuple[str, int]]:
    """The intents of the forms that begin at a place, and where each may end."""
    has_and = _has_and(words[start], is_first=start == 0)
    opening = (words[start], words[start][1:]) if has_and else (words[start],)
    found = {each for first in opening for each in _walked([first, *words[start + 1 :]])}
    for place, count in sorted(found):  # of two readings alike, the form that stands first in the table counts
        form = _forms()[place]
        if asks or not form.asks:
            last = form.after(words, start + count) if form.is_open else start + count
            yield from ((form.intent, end) for end in range(start + count, last + 1))


def _walked(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The places of the forms that words begin with, and of how many of the words each is."""
    nodes = [_tree()]
    for count, word in enumerate(words, 1):
        parts = _openings().of(word) if count == 1 else _following().of(word)
        nodes = [node.after[part] for node in nodes for part in parts if part in node.after]
        if not nodes:
            return
        yield from ((place, count) for node in nodes for place in node.forms)


def _beside(words: Sequence[str], start: int) -> Iterator[int]:
    """Where words end that say nothing: «يا صديقي», «والله»."""
    if words[start] in around("words"):
        yield start + 1
    if words[start] == _CALLING and start and start + 1 < len(words):
        yield start + 2


def _has_and(word: str, *, is_first: bool) -> bool:
    """Whether a word may begin with «و» for "and"; at the beginning that is how a question goes on («ومتى نشر؟»)."""
    rest = word.removeprefix(_AND)
    return rest != word and len(rest) >= SHORTEST and (not is_first or rest.startswith((ARTICLE, "شكر")))


@cache
def _classes() -> Mapping[str, _Words]:
    return {name: _words(listed.split(), inflected=name in _INFLECTED) for name, listed in table()["classes"].items()}


@cache
def spelled() -> frozenset[str]:
    """All words that sayings are made of."""
    return frozenset().union(around("words"), around("askers"), *(part.listed for part in _parts()))


@cache
def _with_letter() -> Mapping[tuple[str, str], list[str]]:
    """The words of the table that are long enough to be mistyped, by what stands around each of their letters but the
    first."""
    around = defaultdict(list)
    for word in sorted(spelled()):
        if len(word) >= _SHORTEST_SLIP:
            for at in range(1, len(word)):
                around[word[:at], word[at + 1 :]].append(word)
    return around


@cache
def _order() -> Mapping[str, int]:
    return {intent: place for place, intent in enumerate([*table()["forms"], PERSONAL])}


@cache
def _forms() -> tuple[_Form, ...]:
    return tuple(_form(intent, form.split()) for intent, forms in table()["forms"].items() for form in forms)


@cache
def _bags() -> tuple[tuple[_Form, frozenset[_Words]], ...]:
    """The forms whose words stand in any order, each with those of them that may not be missing."""
    bags = [_form(intent, form.split()) for intent, forms in table()["bags"].items() for form in forms]
    return tuple((bag, frozenset(part for part in bag.words if not part.is_optional)) for bag in bags)


@cache
def _parts() -> tuple[_Words, ...]:
    """Each word of all forms, once."""
    return tuple(dict.fromkeys(part for form in (*_forms(), *(bag for bag, _ in _bags())) for part in form.words))


@cache
def _tree() -> _Node:
    """The node before the first word of any form."""
    root = _Node()
    for place, form in enumerate(_forms()):
        nodes = [root]
        for part in form.words:
            further = [node.after.setdefault(part, _Node()) for node in nodes]
            nodes = [*nodes, *further] if part.is_optional else further
        for node in nodes:
            node.forms.append(place)
    return root


@cache
def _openings() -> _Lookup:
    """The words that forms may begin with."""
    return _Lookup(_tree().after)


@cache
def _following() -> _Lookup:
    """The words that forms are made of."""
    return _Lookup(part for form in _forms() for part in form.words)


@cache
def _of_bags() -> _Lookup:
    """The words of the forms whose words stand in any order."""
    return _Lookup(part for bag, _ in _bags() for part in bag.words)


@cache
def _loose() -> tuple[_Words, ...]:
    """The words that may stand among those of a form in any order."""
    return (*(_part(f"<{name}>") for name in table()["loose"]["classes"].split()), _part(table()["loose"]["words"]))


def _is_loose(word: str) -> bool:
    known = around("askers") | around("words")
    forms = bare_forms(word)
    forms |= {form[1:] for form in forms if form[0] in _PERSONS and len(form) > SHORTEST}
    return not known.isdisjoint(forms) or any(words.has(form) for words in _loose() for form in forms)


def _form(intent: str, parts: Sequence[str]) -> _Form:
    words = tuple(_part(part) for part in parts if part not in (_ANY, _MARK))
    return _Form(intent, words, is_open=parts[-1] == _ANY, asks=parts[-1] == _MARK)


@cache
def _part(part: str) -> _Words:
    """One word of a form: words and classes with «|» between."""
    choices = part.removesuffix(_OPTIONAL).split("|")
    named = [_classes()[found[1]] for choice in choices if (found := _CLASS.fullmatch(choice))]
    own = _words([choice for choice in choices if choice and not _CLASS.fullmatch(choice)])
    patterns = [words.patterns.pattern for words in (*named, own) if words.patterns]
    return _Words(
        own.listed.union(*(words.listed for words in named)),
        re.compile("|".join(patterns)) if patterns else None,
        frozenset().union(*(words.bases for words in named)),
        part.endswith(_OPTIONAL),
    )


def _words(listed: Iterable[str], *, inflected: bool = False) -> _Words:
    folded = [fold(word).text for word in listed]
    plain = frozenset(word for word in folded if _STAR not in word)
    patterns = "|".join(re.escape(word).replace(re.escape(_STAR), r"\w*") for word in folded if _STAR in word)
    bases = frozenset(map(base, plain)) if inflected else frozenset()
    return _Words(plain, re.compile(patterns) if patterns else None, bases, is_optional=False)


def _gathered(pairs: Iterable[tuple[_Key, _Value]]) -> Mapping[_Key, list[_Value]]:
    gathered: defaultdict[_Key, list[_Value]] = defaultdict(list)
    for key, value in pairs:
        gathered[key].append(value)
    return gathered

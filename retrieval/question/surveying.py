"""Questions that want documents counted, compared or put in order: «كم مقالا يتحدث عن…», «قارن بين…», «رتب…».

No sentence of a document says such a thing of all of them, so it cannot be quoted. Which of two is larger («أيهما أكبر،
… أم …؟») a sentence may say, if it holds both. The table has the forms; facts that look like them («كم مقالا كتب
طه حسين؟») have none of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, takewhile

from retrieval.arabic.analysis import content_of, lemma
from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.words import Word, folded_words

_TABLE = table("surveys")
_GAP, _ANY, _OPTIONAL = "…", "*", "?"
_LONGEST_GAP = 8
_ARTICLE, _JOINED = "ال", ("و", "ف")
_PAUSES, _TANWIN = frozenset(":،,؛.-"), "\u064b"


def _set(listed: str) -> frozenset[str]:
    return frozenset(map(fold_text, listed.split()))


def _forms(name: str) -> list[list[str]]:
    return [form.split() for form in _TABLE["forms"][name]]


_OPPOSITES = [_set(line) for line in _TABLE["comparatives"]["opposites"]]
_EXCEEDING = _set(_TABLE["comparatives"]["exceeding"])
_CLASSES: dict[str, frozenset[str]] = {
    **{name: _set(listed) for name, listed in _TABLE["classes"].items()},
    "comparative": frozenset().union(*_OPPOSITES),
}
_ANYWHERE, _OPENING, _WHICH, _COMPARED = map(_forms, ("anywhere", "opening", "which", "compared"))
_BEGINNINGS = frozenset().union(*(_CLASSES[form[0]] for form in (*_ANYWHERE, *_WHICH)))
_POLITE = sorted((fold_text(phrase).split() for phrase in _TABLE["around"]["polite"]), key=len, reverse=True)
_WORKS, _RANKS = _set(_TABLE["around"]["works"]), _set(_TABLE["around"]["ranks"])
_BEFORE_MOTHERS = frozenset(_TABLE["around"]["before_mothers"].split())
_PREPOSITIONS = _set(table("question_words")["edges"]["prepositions"])


@dataclass(frozen=True, slots=True)
class Survey:
    """What is wanted over documents. ``places``: of the words that ask for it, among those of the question.

    Of two things compared, ``sides`` are the lemmas of each, and ``comparatives`` the words one of which says how they
    compare; else both are empty.
    """

    places: AbstractSet[int]
    sides: tuple[AbstractSet[str], ...] = ()
    comparatives: AbstractSet[str] = frozenset()

    def is_said_by(self, sentence: str) -> bool:
        """Whether a sentence may answer: it holds both things and how they compare."""
        forms = folded_words(sentence)
        held = _lemmas(forms)
        return bool(self.sides) and all(side <= held for side in self.sides) and self._compares(forms)

    def _compares(self, forms: Sequence[str]) -> bool:
        bare = (form.removeprefix(joined) for form in forms for joined in ("", *_JOINED))
        return any(form in self.comparatives or _plain(form) in self.comparatives for form in bare)


def surveyed(text: str, found: Sequence[Word], aside: AbstractSet[int]) -> Survey | None:
    """What a question wants over documents; None where it does not. ``found``: its words, ``aside`` those that ask."""
    forms = [word.folded for word in found]
    if forms and forms[0].startswith(_JOINED) and forms[0][1:] in _CLASSES["how_many"] | _CLASSES["which_of_two"]:
        forms[0] = forms[0][1:]
    everywhere = [place for place, form in enumerate(forms) if not _BEGINNINGS.isdisjoint((form, _plain(form)))]
    start = _after_politeness(forms)
    comparing = chain(_matches(_WHICH, forms, everywhere), _matches(_COMPARED, forms, [start]))
    written = [text[word.start : word.end] for word in found]
    if matched := next((m for m in comparing if written[max(m) - 1] not in _BEFORE_MOTHERS), None):
        return _comparison(text, found, aside, matched)
    opening = next(_matches(_OPENING, forms, [start]), None)
    if opening and not ("arrange" in opening.values() and _RANKS.intersection(forms[start + 1 : start + 2])):
        return Survey(opening.keys())
    anywhere = next(_matches(_ANYWHERE, forms, everywhere), None)
    return Survey(anywhere.keys()) if anywhere and _WORKS.isdisjoint(forms) else None


def _matches(wanted: Sequence[Sequence[str]], forms: Sequence[str], places: Sequence[int]) -> Iterator[dict[int, str]]:
    """The places of the words that make up a form, with their classes, for each form that begins at a place."""
    found = (_read(form, forms, place) for form in wanted for place in places)
    return (matched for matched in found if matched)


def _read(form: Sequence[str], forms: Sequence[str], place: int) -> dict[int, str] | None:
    if not form:
        return {}
    part, rest = form[0], form[1:]
    if part == _GAP:
        ends = range(place, min(place + _LONGEST_GAP, len(forms)) + 1)
        return next((found for end in ends if (found := _read(rest, forms, end)) is not None), None)
    name = part.removesuffix(_OPTIONAL)
    if place < len(forms) and (part == _ANY or _is_of(name, forms[place])):
        found = _read(rest, forms, place + 1)
        if found is not None:
            return found if part == _ANY else {place: name, **found}
    return _read(rest, forms, place) if part.endswith(_OPTIONAL) else None


def _is_of(name: str, word: str) -> bool:
    return word in _CLASSES[name] or _plain(word) in _CLASSES[name]


def _after_politeness(forms: Sequence[str]) -> int:
    """Where the question itself begins."""
    start = 0
    while phrase := next((p for p in _POLITE if list(forms[start : start + len(p)]) == p), None):
        start += len(phrase)
    return start


def _comparison(text: str, found: Sequence[Word], aside: AbstractSet[int], matched: Mapping[int, str]) -> Survey:
    """What is compared: named on both sides of «أم», the first before the comparative where nothing asks before it."""
    *asking, comparative, other = sorted(matched)
    first = range(_after_measure(text, found, comparative + 1, other), other) if asking else range(comparative)
    named = [_thing(found, [i for i in side if i not in aside]) for side in (first, range(other + 1, len(found)))]
    sides = (named[0] - named[1], named[1] - named[0])
    word = _plain(found[comparative].folded)
    alike = next(line for line in _OPPOSITES if word in line or found[comparative].folded in line)
    return Survey(matched.keys() - {comparative}, sides if all(sides) else (), alike | _EXCEEDING)


def _after_measure(text: str, found: Sequence[Word], start: int, end: int) -> int:
    """Past what is measured of the two: «مساحة:», «سكانًا»."""
    pauses = [i for i in range(start, end) if _PAUSES.intersection(text[found[i - 1].end : found[i].start])]
    measured = [i + 1 for i in range(start, end) if _TANWIN in text[found[i].start : found[i].end]]
    return max((i for i in (*pauses, *measured) if i < end), default=start)


def _thing(found: Sequence[Word], places: Sequence[int]) -> frozenset[str]:
    """The lemmas of a thing that is named, without where it is: «سكان الريف في الصين»."""
    forms = [found[i].folded for i in places]
    named = list(takewhile(lambda i: not (i and forms[i] in _PREPOSITIONS), range(len(forms))))
    return _lemmas([forms[i] for i in named if not _is_of("comparative", forms[i])])


def _lemmas(forms: Sequence[str]) -> frozenset[str]:
    return frozenset(map(lemma, content_of(forms)))


def _plain(word: str) -> str:
    return word.removeprefix(_ARTICLE)

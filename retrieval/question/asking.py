"""The words of a text that ask, in the standard language and in dialects, and what each asks for.

Many are other words elsewhere («من»: from; «ما»: not), so they ask only where they open or close a question.
«لم» (why) is mostly "did not": it asks only where it opens a question that ends with a mark and holds no other
question word, or where it is written «لِمَ». The table says which are which.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

from retrieval.arabic.folding import fold, fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.words import Word
from retrieval.question.nouns import Naming, kind_before, names_after, unit_after

Kind = Literal[
    "date", "place", "person", "number", "price", "reason", "manner", "thing", "choice", "yes_no", "definition"
]

_TABLE = table("question_words")
_VAGUE: tuple[Kind, ...] = ("thing", "choice", "yes_no")
_STOPS, _PAUSES, _MARKS = frozenset("؟?!.؛;\n"), frozenset("؟?!.؛;\n،,:"), ("؟", "?")
_KASRA, _FATHA = "\u0650", "\u064e"


def _set(listed: str) -> frozenset[str]:
    return frozenset(map(fold_text, listed.split()))


def _phrases(listed: Iterable[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(fold_text(phrase).split()) for phrase in listed)


_KINDS = cast(tuple[Kind, ...], get_args(Kind))
_WORDS: dict[tuple[str, ...], Kind] = {(w,): k for k in _KINDS for w in _set(_TABLE["words"].get(k, ""))}
_FIXED: dict[tuple[str, ...], Kind] = {p: k for k in _KINDS for p in _phrases(_TABLE["phrases"].get(k, ()))}
_IDENTITY: dict[tuple[str, ...], Kind] = dict.fromkeys(_phrases(_TABLE["phrases"]["identity"]), "definition")
_ASKERS = _WORDS | _IDENTITY | _FIXED
_OPENERS, _CLOSERS = (_phrases(_TABLE["around"][name]) for name in ("openers", "closers"))
_LONGEST = max(map(len, [*_ASKERS, *_OPENERS, *_CLOSERS]))

_EDGES = _TABLE["edges"]
_BOTH = _set(_EDGES["both"])
_OPENING = _set(_EDGES["opening"]) | _BOTH
_OPENING_WORDS = frozenset((word,) for word in _OPENING)
_LATE = _set(_EDGES["late"])
_NEGATIONS = _set(_EDGES["negations"])
_DOUBTFUL = _set(_EDGES["doubtful"])
_NOT_PRICE = _set(_EDGES["not_price"])
_PREPOSITIONS = _set(_EDGES["prepositions"])
_NOT_BEFORE = {fold_text(word): _set(others) for word, others in _EDGES["not_before"].items()}
_NOT_AFTER = {fold_text(word): _set(others) for word, others in _EDGES["not_after"].items()}
_SPELLED: dict[str, str] = {spelling: fold_text(word) for spelling, word in _EDGES["spelled"].items()}
_WRITTEN_ON = _set(_EDGES["written_on"])
_NAMING = _set(_TABLE["nouns"]["naming"])
_BEGINNINGS = frozenset(phrase[0] for phrase in _ASKERS) | _PREPOSITIONS
_WHAT, _WHICH = fold_text("ما"), _set("أي بأي لأي")
_JOINED, _SHORTEST_NOUN = ("و", "ف"), 3
_FAR = 40  # words: what stands farther from what asks has nothing to do with it


@dataclass(frozen=True, slots=True)
class Asked:
    """Words ``start`` to ``end`` of a question that ask (or only lead to the asking: no ``kind``), and the noun
    that they count."""

    start: int
    end: int
    kind: Kind | None = None
    unit: str | None = None


def separated(text: str, found: list[Word]) -> list[Word]:
    """The words of a question, those parted that are written together with «ما»: «ماهي», «ماسبب»."""
    return [part for word in found for part in _parts(text, word)]


def _parts(text: str, word: Word) -> list[Word]:
    lead = 1 if word.folded[:1] in _JOINED else 0
    cut = lead + len(_WHAT)
    rest = word.folded[cut:]
    noun = len(rest) >= _SHORTEST_NOUN and names_after([rest], 0) is not None
    if word.folded[lead:cut] != _WHAT or not (rest in _WRITTEN_ON or noun):
        return [word]
    middle = word.start + fold(text[word.start : word.end]).origin(cut)
    return [Word(word.start, middle, word.folded[:cut]), Word(middle, word.end, rest)]


def asked(text: str, found: list[Word]) -> list[Asked]:
    """What asks in a question, in order. ``found``: its words, ``separated``."""
    sentence = _Sentence(text, found)
    asking = list(sentence.asking())
    if not any(part.kind for part in asking) and text.rstrip().endswith(_MARKS):
        asking = list(replace(sentence, doubted=False).asking())
    return asking


def is_joined(text: str, found: list[Word]) -> bool:
    """Whether a question begins with «و» or «ف» joined to a question word: «ومتى», «وفي أي»."""
    return bool(found) and _Sentence(text, found).is_joined(found[0])


def most_telling(asking: Iterable[Asked]) -> Asked | None:
    """What says most of the answer: «هل تعرف متى» seeks a date."""
    parts = [part for part in asking if part.kind]
    return next((part for part in parts if part.kind not in _VAGUE), parts[0] if parts else None)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A question being read. ``doubted``: its doubtful words are taken for what they mostly are, and those that open a
    question ask nowhere else."""

    text: str
    found: list[Word]
    doubted: bool = True

    def asking(self) -> Iterator[Asked]:
        forms = [self._form(word) for word in self.found]
        opening, lead, index = True, 0, 0
        while index < len(forms):
            if opening := opening or self._pauses_before(index):
                lead = self._opener(forms, index)
            part = self._asker(forms, index + lead, opening) or self._closer(forms, index)
            if part:
                yield replace(part, start=index)
            opening = part is None and opening and forms[index] in _PREPOSITIONS
            index, lead = part.end if part else index + 1, 0

    def _form(self, word: Word) -> str:
        """The word as the table has it: folded, without «و» or «ف» where a question word follows."""
        written = self.text[word.start : word.end]
        joined = written[:1] if written[:1] in _JOINED else ""
        if written.removeprefix(joined) in _SPELLED:
            return _SPELLED[written.removeprefix(joined)]
        return word.folded[1:] if self.is_joined(word) else word.folded

    def is_joined(self, word: Word) -> bool:
        """Whether a word is a question word, or one that leads to it, after «و» or «ف»."""
        rest = word.folded[1:]
        joined = word.folded[0] in _JOINED and rest in _BEGINNINGS and rest not in _DOUBTFUL
        return joined and word.folded not in _BEGINNINGS

    def _opener(self, forms: list[str], index: int) -> int:
        """How many words lead to the asking: «قل لي», «السلام عليكم، هل تعرف»."""
        size = 0
        while size < _FAR and (more := _longest(_OPENERS, forms, index + size)):
            size += more
        return size if self._asker(forms, index + size, True) else 0

    def _closer(self, forms: list[str], index: int) -> Asked | None:
        size = _longest(_CLOSERS, forms, index)
        return Asked(index, index + size) if size and index + size == len(forms) else None

    def _asker(self, forms: list[str], index: int, opening: bool) -> Asked | None:
        sizes = range(min(_LONGEST, len(forms) - index), 0, -1)
        sized = ((size, tuple(forms[index : index + size])) for size in sizes)
        asking = (pair for pair in sized if pair[1] in _ASKERS and self._asks(forms, index, pair[0], opening))
        size, phrase = next(asking, (0, ()))
        if not size:
            return None
        is_naming = phrase in _IDENTITY or (phrase not in _FIXED and phrase[-1] in _NAMING)
        if is_naming:
            return self._named(forms, index, index + size)
        kind = _ASKERS[phrase]
        counts = kind == "price" and not _NOT_PRICE.isdisjoint(forms[index + size : index + size + 1])
        return Asked(index, index + size, "number" if counts else kind)

    def _asks(self, forms: list[str], index: int, size: int, opening: bool) -> bool:
        first, after = forms[index], forms[index + size : index + size + 1]
        before = forms[index - 1] if index else ""
        if before in _NOT_AFTER.get(first, ()) or (size == 1 and self._is_other(first, index, after)):
            return False
        if first not in _OPENING or (first in _LATE and not self.doubted):
            return True
        closing = first in _BOTH and self._closes(forms, index + size)
        # «بني في أي سنة»; but "any" in «لم يبن في أي مدينة»
        is_which = first in _WHICH and (before in _PREPOSITIONS or not self.doubted)
        which = is_which and _NEGATIONS.isdisjoint(forms[max(0, index - _FAR) : index])
        return opening or closing or which or (size > 1 and (forms[index + 1],) in _WORDS.keys() - _OPENING_WORDS)

    def _is_other(self, word: str, index: int, after: list[str]) -> bool:
        """Whether an asker is another word here: «من أجل», «من أين», «لم يصل»."""
        if word in _DOUBTFUL:
            written = self.text[self.found[index].start : self.found[index].end]
            return (self.doubted and _KASRA not in written) or _FATHA in written.partition("م")[0]
        if not after:
            return False
        is_preposition = word in _PREPOSITIONS and (after[0],) in _WORDS and after[0] != _WHAT
        return is_preposition or after[0] in _NOT_BEFORE.get(word, ())

    def _named(self, forms: list[str], index: int, end: int) -> Asked:
        """What an asker that leaves the kind to a noun asks for: «ما سبب», «كم سعر», «اسمه إيه»."""
        phrase = tuple(forms[index:end])
        own = _ASKERS[phrase]
        unit = unit_after(forms, end) if own == "number" else None
        noun: Naming | None = names_after(forms, end, whose=forms[index] if phrase in _IDENTITY else None)
        if noun is None and own == "thing" and self._closes(forms, end):
            return Asked(index, end, cast(Kind, kind_before(forms[max(0, index - _FAR) : index]) or own))
        kind = own if noun is None or (own == "number" and noun.kind != "price") else cast(Kind, noun.kind)
        is_dropped = noun is not None and noun.is_dropped and noun.kind == kind and noun.index == end
        return Asked(index, end + is_dropped, kind, unit)

    def _pauses_before(self, index: int) -> bool:
        start = self.found[index - 1].end if index else 0
        return not index or not _PAUSES.isdisjoint(self.text[start : self.found[index].start])

    def _closes(self, forms: list[str], end: int) -> bool:
        """Whether a question ends before word ``end``, what is said out of politeness left aside."""
        end_of_text = end == len(forms) or self._closer(forms, end) is not None
        return end_of_text or not _STOPS.isdisjoint(self.text[self.found[end - 1].end : self.found[end].start])


def _longest(phrases: frozenset[tuple[str, ...]], forms: list[str], index: int) -> int:
    longest = min(_LONGEST, len(forms) - index)
    return next((n for n in range(longest, 0, -1) if tuple(forms[index : index + n]) in phrases), 0)

"""What a question asks: the words to search for, and the kind of answer that it seeks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast, get_args

from retrieval.arabic import fold_text
from retrieval.arabic.analysis import is_stop_word, stem
from retrieval.arabic.tables import table
from retrieval.arabic.words import words

Kind = Literal["date", "place", "person", "number", "reason", "manner", "thing", "choice", "yes_no", "definition"]


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question that is searched for: as it was written, folded, and its stem."""

    written: str
    folded: str
    stem: str


@dataclass(frozen=True, slots=True)
class Question:
    """``terms``: the words that carry the question's subject, each once. ``kind``: what is sought, if it says."""

    text: str
    terms: tuple[Term, ...]
    kind: Kind | None


def _folded(listed: str) -> list[str]:
    return [fold_text(word) for word in listed.split()]


_TABLE = table("question_words")
_KINDS = cast(tuple[Kind, ...], get_args(Kind))
_WORDS: dict[str, Kind] = {w: kind for kind in _KINDS for w in _folded(_TABLE.get(kind, ""))}
_PHRASES: dict[tuple[str, ...], Kind] = {
    tuple(_folded(phrase)): kind for kind in _KINDS for phrase in _TABLE["phrases"].get(kind, ())
}
_LONGEST = max(map(len, _PHRASES))
_EDGES = frozenset(_folded(_TABLE["edges"]))


def parse(text: str) -> Question:
    """The question that a text asks; its terms may be none («من هي؟»)."""
    found = words(text)
    folded = [word.folded for word in found]
    asking = list(_asking(folded))
    kind = _most_telling([kind for _, kind in asking])
    asked = {index for indexes, _ in asking for index in indexes}
    terms: dict[str, Term] = {}
    for index, word in enumerate(found):
        if index not in asked and not is_stop_word(word.folded):
            term = Term(text[word.start : word.end], word.folded, stem(word.folded))
            terms.setdefault(term.stem, term)
    return Question(text, tuple(terms.values()), kind)


def _asking(folded: list[str]) -> Iterator[tuple[range, Kind]]:
    """The places of the words that ask, and what each asks for; phrases before their words."""
    index = 0
    while index < len(folded):
        size = next((n for n in range(_LONGEST, 1, -1) if tuple(folded[index : index + n]) in _PHRASES), 1)
        kind = _PHRASES.get(tuple(folded[index : index + size]))
        if kind is None and _asks(folded, index):
            kind = _WORDS[folded[index]]
        if kind:
            yield range(index, index + size), kind
        index += size


def _asks(folded: list[str], index: int) -> bool:
    word = folded[index]
    at_edge = index in {0, len(folded) - 1}
    return word in _WORDS and (at_edge or word not in _EDGES)


_VAGUE: tuple[Kind, ...] = ("thing", "choice", "yes_no")


def _most_telling(kinds: list[Kind]) -> Kind | None:
    """The kind that says most: «ما هو تاريخ» is no more than a thing, «ومتى» is a date."""
    return next((kind for kind in kinds if kind not in _VAGUE), kinds[0] if kinds else None)

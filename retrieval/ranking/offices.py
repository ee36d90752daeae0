"""Who somebody is that a question names, where a sentence tells it in passing, by an office beside the name.

News introduces people so: «وقال مدير الميناء سالم باوزير», «ريم الحلبي، رئيسة البرنامج». The reader was taught by
encyclopedias, where a whole sentence says who somebody was, and is too strict with these.
"""

from collections.abc import Sequence

from retrieval.arabic.analysis import stem
from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.words import Word, words
from retrieval.model import Span
from retrieval.question.parsed import Question

_TABLE = table("held")["who"]
_OFFICES = frozenset(map(fold_text, _TABLE["offices"].split()))
_WITHIN = frozenset(map(fold_text, _TABLE["within"].split()))
_WHO = frozenset(map(fold_text, _TABLE["asked"].split()))
_ARTICLE, _ONTO = "ال", ("", "و", "ف", "ب", "ل", "وال", "ال", "لل", "بال")
_LEAST = 2  # words of a name: one alone may be anybody's
_FAR = 4  # words from an office to the name that it stands before, and of what follows a name
_APART = frozenset("،,(-–—")
_ENDS = frozenset('،,؛.:؟!()«»"-–—\n')


def office_of(question: Question, sentence: str) -> Span | None:
    """Where a sentence tells the office of the person of whom it is asked who they are; None where it does not."""
    found = words(sentence) if _asks_who(question) else []
    at = _name_at(question, found)
    if at is None:
        return None
    return _before(sentence, found, at) or _after(sentence, found, at + len(question.terms))


def names(question: Question, sentence: str) -> bool:
    """Whether a sentence names who is asked of, word by word as the question does."""
    return _name_at(question, words(sentence)) is not None


def _asks_who(question: Question) -> bool:
    """Whether a question asks who somebody is, by a name of more than a word."""
    if len(question.terms) < _LEAST or _is_office(question.terms[0].word):
        return False
    return next((word.folded in _WHO for word in words(question.text)), False)


def _name_at(question: Question, found: Sequence[Word]) -> int | None:
    """The first of the words that name who is asked of."""
    terms = [term.stem for term in question.terms]
    stems = [stem(word.folded) for word in found]
    return next((at for at in range(len(found)) if stems[at : at + len(terms)] == terms), None)


def _before(sentence: str, found: Sequence[Word], name: int) -> Span | None:
    """What stands before the name from the office on: «مدير الميناء», «وزيرة الخارجية السورية»."""
    for at in range(name - 1, max(-1, name - 1 - _FAR), -1):
        if not _ENDS.isdisjoint(sentence[found[at].end : found[at + 1].start]):
            return None
        if _is_office(found[at].folded):
            return Span(found[at].start, found[name - 1].end)
        if at < name - 1 and not _belongs(found[at + 1].folded):
            return None
    return None


def _after(sentence: str, found: Sequence[Word], end: int) -> Span | None:
    """The office after a name and a comma or a bracket, with what belongs to it: «، رئيسة برنامج اللقاح»."""
    if end >= len(found) or not _is_office(found[end].folded):
        return None
    if _APART.isdisjoint(sentence[found[end - 1].end : found[end].start]):
        return None
    last = end
    while last + 1 < min(len(found), end + _FAR) and _ENDS.isdisjoint(
        sentence[found[last].end : found[last + 1].start]
    ):
        last += 1
    return Span(found[end].start, found[last].end)


def _is_office(folded: str) -> bool:
    return any(folded.startswith(onto) and folded.removeprefix(onto) in _OFFICES for onto in _ONTO)


def _belongs(folded: str) -> bool:
    """Whether a word may stand between an office and a name, as what the office is of."""
    return folded.startswith(_ARTICLE) or folded in _WITHIN

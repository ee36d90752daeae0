"""Whether two dated sources give different answers to one question about one thing.

Being wrong here costs more than being silent, so each doubt ends it. The clauses that hold the answers must say the
same but for the answers (``statements``), of the same time; and the answers must be two numbers, dates or names that
cannot both be right: «نحو 300» and 310 can, and so can «15 فبراير» and «شباط 2017».
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from retrieval.arabic.analysis import grams, lemma
from retrieval.arabic.calendar_names import GREGORIAN, HIJRI, is_month
from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.vectors import row_of, vectors
from retrieval.arabic.words import Word, words
from retrieval.composing.statements import HELD, Statement, Telling, compared, lemmas, listed, statement
from retrieval.model import Document, Quote, Span
from retrieval.question.parsed import Kind, Question

ASKED = 0.5  # of the question's words, how many both sentences hold
FILLED = 0.5  # of the words of the longer clause, how many the other one holds
LEAST_SHARED = 2  # words
ROUNDED = 0.1  # how far «نحو 300» may be from 300, of it
PART = 0.3
"""The cosine of two places from which one may lie in the other: so it is for 23 of 26 cities and their countries, and
for one in ten of pairs of cities."""
_BEFORE, _AFTER = 3, 1  # words beside a number that may say how exact it is
_ENDS = re.compile(r"[.!?؟؛;…]\s|\n")
_CLOSES = re.compile(r"[.!?؟؛;،,…](?=\s|$)|\n")
_YEAR = re.compile(r"1\d{3}|20\d\d")
_DAY = re.compile(r"0?[1-9]|[12]\d|3[01]")
_LAST_HIJRI = 1500

_TYING, _ROUNDING, _LEAST, _MOST, _NEGATIONS, _TITLES = map(
    listed, ("tying", "rounding", "at_least", "at_most", "negations", "titles")
)
_RANGES = [frozenset(fold_text(words).split()) for words in table("agreement")["ranges"]]
_LIMITING = _LEAST | _MOST
_UNITS = frozenset(map(lemma, map(fold_text, table("marking")["units"].split())))


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer in a quote: its telling words, those of the rest of its clause, and the folded words beside it."""

    document: Document
    marked: Statement
    rest: Statement
    beside: frozenset[str]


def disagree(question: Question, one: Quote, other: Quote) -> bool:
    """Whether two quotes of different, dated documents answer the question differently, about one thing.

    Of two documents of one day too: both are shown, and which of them came later cannot be said.
    """
    if not (one.highlights and other.highlights):
        return False
    if not may_disagree(question, one, other.document, statement(other.text)):
        return False
    first, second = _reply(one), _reply(other)
    return _is_of_one(first, second) and _DIFFER[question.kind](first, second)


def may_disagree(question: Question, one: Quote, document: Document, words: Statement) -> bool:
    """A quick look whether a document's sentence can disagree with a quote: both dated, both of what is asked."""
    if question.kind not in _DIFFER or one.document.id == document.id:
        return False
    asked = {lemma(term.word) for term in question.terms}
    held = asked.intersection(lemmas(statement(one.text)), lemmas(words))
    return bool(one.document.published and document.published) and len(held) >= max(1, ASKED * len(asked))


def _reply(quote: Quote) -> Reply:
    start, mark = quote.span.start, quote.highlights[0]
    mark = Span(mark.start - start, mark.end - start)
    clause = _clause(quote.text, mark)
    beside = _beside(quote.text, mark)
    aside = _hedges(beside) | {word.start for word in beside if lemma(word.folded) in _UNITS}
    telling = [word for word in statement(quote.text) if _meets(word, clause)]
    return Reply(
        document=quote.document,
        marked=tuple(word for word in telling if _meets(word, mark)),
        rest=tuple(w for w in telling if not (_meets(w, mark) or w.start in aside or w.folded in _TYING)),
        beside=frozenset(word.folded for word in beside),
    )


def _clause(sentence: str, mark: Span) -> Span:
    """The clause of a sentence that holds the answer: up to the next comma, for what follows is of something else."""
    start = max((end.end() for end in _ENDS.finditer(sentence, 0, mark.start)), default=0)
    end = _CLOSES.search(sentence, mark.end)
    return Span(start, end.start() if end else len(sentence))


def _meets(word: Telling, span: Span) -> bool:
    return word.start < span.end and span.start < word.end


def _beside(sentence: str, mark: Span) -> list[Word]:
    """The words of the answer and those next to it, which may say how exact it is."""
    found = words(sentence)
    before = [word for word in found if word.end <= mark.start][-_BEFORE:]
    after = [word for word in found if word.start >= mark.end][:_AFTER]
    return [*before, *(word for word in found if mark.start <= word.start < mark.end), *after]


def _hedges(beside: Iterable[Word]) -> set[int]:
    """Where the words that say how exact a number is begin: «لا» is of them only before «يزيد»."""
    at = {word.start: word.folded for word in beside if word.folded in _ROUNDING | _LIMITING | _NEGATIONS}
    return set(at) if _LIMITING.intersection(at.values()) else {s for s, word in at.items() if word in _ROUNDING}


def _is_of_one(one: Reply, other: Reply) -> bool:
    """Whether the clauses, but for the answers, say the same, and of the same time."""
    found = compared(*sorted((one.rest, other.rest), key=lemmas))
    shorter, longer = sorted((len(one.rest), len(other.rest)))
    is_enough = found.shared >= max(LEAST_SHARED, HELD * shorter, FILLED * longer)
    return is_enough and not found.conflicts and _times(one.rest) == _times(other.rest)


def _times(rest: Statement) -> set[str]:
    return {word.lemma for word in rest if is_month(word.lemma) or _YEAR.fullmatch(word.lemma)}


def _amounts_differ(one: Reply, other: Reply) -> bool:
    """Whether two numbers, each as exact as it is said to be, of no different units, cannot be one."""
    first, second = _range(one), _range(other)
    units = [_UNITS.intersection(map(lemma, reply.beside)) for reply in (one, other)]
    if first is None or second is None or (all(units) and units[0].isdisjoint(units[1])):
        return False
    return first[1] < second[0] or second[1] < first[0]


def _range(reply: Reply) -> tuple[float, float] | None:
    """The least and the most that the one number of an answer can be; None where there is not one."""
    numbers = [float(word.lemma) for word in reply.marked if _is_number(word.lemma)]
    if len(numbers) != 1 or any(is_month(word.lemma) for word in reply.marked):
        return None
    number, beside = numbers[0], reply.beside
    least, most = bool(beside & _LEAST), bool(beside & _MOST)
    if beside & _NEGATIONS:
        least, most = most, least
    if least != most:
        return (number, math.inf) if least else (-math.inf, number)
    if any(words <= beside for words in _RANGES):
        return None
    off = ROUNDED * number if beside & _ROUNDING else 0.0
    return number - off, number + off


def _is_number(form: str) -> bool:
    return bool(re.fullmatch(r"\d+(?:\.\d+)?", form))


@dataclass(frozen=True, slots=True)
class _Date:
    """What an answer gives of a date: each part as it is written, "" where it is not given."""

    is_hijri: bool
    year: str
    month: str
    day: str


def _dates_differ(one: Reply, other: Reply) -> bool:
    """Whether two dates of one calendar differ in a part that both give."""
    first, second = _date(one.marked), _date(other.marked)
    if first is None or second is None or first.is_hijri != second.is_hijri:
        return False
    parts = [(first.year, second.year), (first.month, second.month), (first.day, second.day)]
    return any(own and others and own != others for own, others in parts)


def _date(marked: Statement) -> _Date | None:
    """The one date of an answer; None where it holds none, or two."""
    forms = lemmas(marked)
    months = [form for form in forms if is_month(form)]
    years = [form for form in forms if _YEAR.fullmatch(form)]
    days = [form for form in forms if _DAY.fullmatch(form)] if months else []
    if not (months or years) or max(map(len, (months, years, days))) > 1:
        return None
    year, month, day = ((found or [""])[0] for found in (years, months, days))
    return _Date(month in HIJRI or (month not in GREGORIAN and int(year) <= _LAST_HIJRI), year, month, day.lstrip("0"))


def _people_differ(one: Reply, other: Reply) -> bool:
    return _names_differ(_names(one), _names(other)) and not _are_both_named(one, other)


def _places_differ(one: Reply, other: Reply) -> bool:
    """The same of places, of which one may also lie in the other."""
    first, second = _names(one), _names(other)
    return _names_differ(first, second) and not _are_both_named(one, other) and not _are_near(first, second)


def _names(reply: Reply) -> Statement:
    return tuple(word for word in reply.marked if word.folded not in _TITLES and word.lemma not in lemmas(reply.rest))


def _names_differ(one: Statement, other: Statement) -> bool:
    """Whether two names have no word in common, nor two that are spelled alike."""
    return bool(one and other) and not any(
        own.lemma == others.lemma or set(grams(own.folded).split()) & set(grams(others.folded).split())
        for own in one
        for others in other
    )


def _are_both_named(one: Reply, other: Reply) -> bool:
    """Whether a document has the other's name too, and may mean both: a man by his name and by his office."""
    return any(
        word.folded in fold_text(reply.document.text)
        for reply, names in ((one, _names(other)), (other, _names(one)))
        for word in names
    )


def _are_near(one: Statement, other: Statement) -> bool:
    first, second = (vectors().of(np.array([row_of(word.folded) for word in names])) for names in (one, other))
    return float((first @ second.T).max()) >= PART


_DIFFER: dict[Kind | None, Callable[[Reply, Reply], bool]] = {
    "number": _amounts_differ,
    "price": _amounts_differ,
    "date": _dates_differ,
    "person": _people_differ,
    "place": _places_differ,
}

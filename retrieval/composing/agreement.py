"""Whether two dated sources give different answers to one question about one thing.

Being wrong here costs more than being silent, so each doubt ends it. Both sentences must be about what is asked: the
question's last word, which names it, and most others stand in them, or words that mean as much. They must be of one
time, of the whole, and of nothing that they name differently («زلزال المغرب», «زلزال تركيا»); and the answers must be
two numbers of the same, dates or names that cannot both be right: «نحو 300» and 310 can, and so can «15 فبراير» and
«شباط 2017».
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from retrieval.arabic.analysis import grams, lemma, stem
from retrieval.arabic.calendar_names import is_month
from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.vectors import row_of, vectors
from retrieval.arabic.words import Word, words
from retrieval.composing.statements import (
    YEAR,
    Statement,
    Telling,
    count_alike,
    dates_differ,
    is_measure,
    is_opposed,
    is_put_otherwise,
    lemmas,
    listed,
    may_be_unsaid,
    of_counted,
    statement,
)
from retrieval.model import Document, Quote, Span
from retrieval.question.parsed import Kind, Question, Term
from retrieval.question.related import families

ASKED = 0.5  # of the question's words, how many both sentences hold
MEANT = 0.22  # the cosine of a word of the question and one of a sentence that says as much
DAYS = 7  # between two sources of which one says «اليوم», so that both may mean one day
ROUNDED = 0.1  # how far «نحو 300» may be from 300, of it
PART = 0.3
"""The cosine of two places from which one may lie in the other: so it is for 23 of 26 cities and their countries, and
for one in ten of pairs of cities."""
_COMMAS = ("،", ",")
_BEFORE, _AFTER = 3, 1  # words beside a number that may say how exact it is
_ENDS = re.compile(r"[.!?؟؛;…]\s|\n")
_CLOSES = re.compile(r"[.!?؟؛;،,…](?=\s|$)|\n")
_VERB = re.compile("(?:ي|س[يت])[ء-ي]{3,}")

_TYING, _ROUNDING, _LEAST, _MOST, _NEGATIONS, _TITLES = map(
    listed, ("tying", "rounding", "at_least", "at_most", "negations", "titles")
)
_TODAY, _WEEKDAYS, _GROWING, _PARTS, _LIGHT, _AGAIN = map(
    listed, ("today", "weekdays", "growing", "parts", "light", "again")
)
_RELATING, _PLACING, _POSTPONING, _CHANGING, _SAME = map(
    listed, ("relating", "placing", "postponing", "changing", "same_day")
)
_FATES = of_counted("fates")
"""What befell people: who are counted so, and of whom, by the verb after their number, that cannot be."""
_OF, _TO, _ARTICLES = fold_text("من"), fold_text("إلى"), ("ال", "لل", "بال", "وال")
_ONTO, _SHORTEST_ONTO = ("ل", "ب"), 4
_RANGES = [frozenset(fold_text(words).split()) for words in table("agreement")["ranges"]]
_LIMITING = _LEAST | _MOST
_MONEY, _VALUED = (frozenset(map(lemma, fold_text(table("agreement")[name]).split())) for name in ("money", "valued"))
_UNITS = frozenset(map(lemma, map(fold_text, table("marking")["units"].split())))


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer in a quote: its telling words, those of the rest of its clause, and of its whole sentence; the folded
    words beside it, all of its sentence's, those before and after it; the lemma of what its number counts: what is
    asked for where it says nothing else."""

    document: Document
    marked: Statement
    rest: Statement
    told: Statement
    beside: frozenset[str]
    words: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    counted: str | None


def disagree(question: Question, one: Quote, other: Quote) -> bool:
    """Whether two quotes of different, dated documents, perhaps of one day, answer the question differently, about one
    thing; where it counts something («كم هكتارا»), with numbers of nothing else («9 آلاف درهم للهكتار»)."""
    if not (one.highlights and other.highlights):
        return False
    if not may_disagree(question, one, other.document, statement(other.text)):
        return False
    first, second = _reply(question, one), _reply(question, other)
    if any(term.word in _CHANGING for term in question.terms):
        return False
    if question.kind in _NAMED and any(_repeats(question, reply) for reply in (first, second)):
        return False
    counts = lemma(question.unit) if question.unit else None
    if counts and counts not in _VALUED and any(reply.counted in _MONEY - {counts} for reply in (first, second)):
        return False
    return _is_of_one(question, first, second) and _DIFFER[question.kind](first, second)


def may_disagree(question: Question, one: Quote, document: Document, words: Statement) -> bool:
    """A quick look whether a document's sentence can disagree with a quote: both dated, both of what is asked."""
    if question.kind not in _DIFFER or one.document.id == document.id:
        return False
    asked = {lemma(term.word) for term in question.terms}
    own = {*lemmas(statement(one.text)), *lemmas(statement(one.document.title))}
    held = asked.intersection(own, {*lemmas(words), *lemmas(statement(document.title))})
    return bool(one.document.published and document.published) and len(held) >= max(1, ASKED * len(asked))


def _reply(question: Question, quote: Quote) -> Reply:
    start, mark = quote.span.start, quote.highlights[0]
    mark = Span(mark.start - start, mark.end - start)
    clause = _clause(quote.text, mark)
    beside = _beside(quote.text, mark)
    aside = _hedges(beside) | {word.start for word in beside if lemma(word.folded) in _UNITS}
    telling, found = statement(quote.text), words(quote.text)
    part = max(quote.text.rfind(comma, 0, mark.start) for comma in _COMMAS)
    aside |= {word.start for word in found if word.folded in _NEGATIONS and word.start < part}  # «لم تنته، واكتملت»
    marked = tuple(word for word in telling if _meets(word, mark))
    return Reply(
        document=quote.document,
        marked=marked,
        rest=tuple(
            word
            for word in telling
            if _meets(word, clause) and not (_meets(word, mark) or word.start in aside or word.folded in _TYING)
        ),
        told=telling,
        beside=frozenset(word.folded for word in beside),
        words=tuple(word.folded for word in found),
        before=tuple(word.folded for word in found if word.end <= mark.start),
        after=tuple(word.folded for word in found if word.start >= mark.end),
        counted=_counted(marked, [word for word in telling if word.start >= mark.end][:1])
        or (lemma(question.unit) if question.unit else None),
    )


def _counted(marked: Statement, after: Statement | list[Telling]) -> str | None:
    """The lemma of what a number counts, in its answer or next to it."""
    numbers = [at for at, word in enumerate(marked) if _is_number(word.lemma)]
    following = [*marked[numbers[-1] + 1 :], *after] if numbers else []
    return following[0].lemma if following and following[0].folded not in _RELATING else None


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
    earlier = [word for word in found if word.end <= mark.start]
    before = earlier[-_BEFORE:]
    pairs = pairwise(earlier[:-_BEFORE])  # «لا يقل عدد القتلى عن»
    limits = next((two for two in pairs if two[0].folded in _NEGATIONS and two[1].folded in _LIMITING), ())
    after = [word for word in found if word.start >= mark.end][:_AFTER]
    return [*limits, *before, *(word for word in found if mark.start <= word.start < mark.end), *after]


def _hedges(beside: Iterable[Word]) -> set[int]:
    """Where the words that say how exact a number is begin: «لا» is of them only before «يزيد»."""
    at = {word.start: word.folded for word in beside if word.folded in _ROUNDING | _LIMITING | _NEGATIONS}
    return set(at) if _LIMITING.intersection(at.values()) else {s for s, word in at.items() if word in _ROUNDING}


def _is_of_one(question: Question, one: Reply, other: Reply) -> bool:
    """Whether two sentences speak of one thing, the one that is asked about, and of one time."""
    return (
        all(_is_about(question, reply) for reply in (one, other))
        and _times(one.rest) == _times(other.rest)
        and _are_of_one_day(one, other)
        and _taken_back(question, one) == _taken_back(question, other)
        and _AGAIN.isdisjoint(one.words) == _AGAIN.isdisjoint(other.words)
        and _is_part(question, one) == _is_part(question, other)
        and not _name_apart(question, one, other)
    )


def _is_about(question: Question, reply: Reply) -> bool:
    """Whether a sentence, with its document's title, says what is asked of: the question's last word, and of each other
    one that it lacks at least what means as much. «الشاعر» before a name that it has may be missing."""
    asked = {term.stem for term in question.terms} | {lemma(term.word) for term in question.terms}
    said = [*reply.told, *statement(reply.document.title)]
    held = {word.lemma for word in said} | {stem(word.folded) for word in said}
    others = tuple(word for word in reply.told if asked.isdisjoint((word.lemma, stem(word.folded))))
    terms = [(term, _is_held(term, held) or is_put_otherwise(term.written, said)) for term in question.terms]
    return bool(terms and terms[-1][1]) and all(
        is_held
        or fold_text(term.written) in _TITLES | _LIGHT | _TYING
        or may_be_unsaid(term.written, question.unit)
        or (_is_definite(term) and is_followed and not _is_definite(following))
        or (not is_measure(term.written) and not is_opposed(term.word, others) and _nearest(term.word, others) >= MEANT)
        for (term, is_held), (following, is_followed) in pairwise(terms)
    )


def _is_held(term: Term, held: set[str]) -> bool:
    """Whether a sentence has a word of a question; a name may have a preposition written onto it there: «لسنونو»."""
    bare = term.word[1:] if term.word.startswith(_ONTO) and len(term.word) > _SHORTEST_ONTO else term.word
    return not held.isdisjoint((term.stem, lemma(term.word), lemma(bare)))


def _is_definite(term: Term) -> bool:
    return fold_text(term.written).startswith(_ARTICLES)


def _nearest(word: str, told: Statement) -> float:
    """The largest cosine of a word and those of a sentence."""
    if not told:
        return 0.0
    own, others = (vectors().of(np.array([row_of(w) for w in of])) for of in ([word], [w.folded for w in told]))
    return float((own @ others.T).max())


def _times(rest: Statement) -> set[str]:
    return {word.lemma for word in rest if is_month(word.lemma) or YEAR.fullmatch(word.lemma)}


def _are_of_one_day(one: Reply, other: Reply) -> bool:
    """Whether what is said of «اليوم», «أمس» or a day of the week may be of one day. What grows («ارتفع إلى») is told
    of one thing on many days."""
    if any(_GROWING.intersection(reply.words) for reply in (one, other)):
        return True
    days = [_WEEKDAYS.intersection(reply.words) for reply in (one, other)]
    if all(days):
        return not days[0].isdisjoint(days[1])
    published = [reply.document.published or date.min for reply in (one, other)]
    dated = [bool(_TODAY.intersection(_days_told(reply))) for reply in (one, other)]
    apart = abs(published[0] - published[1]).days
    return not any(dated) or apart == 0 or (not all(dated) and apart <= DAYS)


def _days_told(reply: Reply) -> set[str]:
    """The words of a sentence, without «اليوم» in «اليوم نفسه»."""
    return {word for word, after in pairwise((*reply.words, "")) if after not in _SAME}


def _taken_back(question: Question, reply: Reply) -> bool:
    """Whether what a sentence says did not come to be; who says to which day it was put off tells when it will."""
    is_put_off = question.kind == "date" and _TO in reply.before
    return any(word.reverses and not (is_put_off and word.folded in _POSTPONING) for word in reply.rest)


def _is_part(question: Question, reply: Reply) -> bool:
    """Whether a number is of a part only: «منهم 30», «المرحلة الأولى», «من ضحايا الحريق 7 أطفال»."""
    spans = set(pairwise(fold_text(question.text).split()))  # «نزح من القرية» asks of no part
    asked = {term.word for term in question.terms}
    pairs = {pair for pair in pairwise(reply.words) if pair[0] == _OF and pair[1] in asked} - spans
    before = set(pairwise(reply.before))  # «34 تلميذا من المدرسة» are all of them
    return any(pair in before or pair[1] == question.unit for pair in pairs) or not _PARTS.isdisjoint(reply.before)


def _name_apart(question: Question, one: Reply, other: Reply) -> bool:
    """Whether both sentences say after a word of the question what the other one's document has not: another one."""
    nouns = [term.word for term in question.terms if term.word not in families().verbs]  # what follows a verb does it
    pairs = [(_after(noun, one), _after(noun, other)) for noun in nouns]
    named = [(own, others) for own, others in pairs if own and others]
    if not named:
        return False  # the documents, which may be long, need not be looked through
    first, second = (fold_text(f"{reply.document.title} {reply.document.text}") for reply in (one, other))
    return any(own not in second and others not in first and lemma(own) != lemma(others) for own, others in named)


def _after(term: str, reply: Reply) -> str | None:
    """What a word of a sentence is of, next to it, or what kind: «زلزال تركيا», «الجسر الغربي»."""
    own = stem(term)
    pairs = [(word, after) for word, after in pairwise(w for w in reply.words if w not in _TITLES) if stem(word) == own]
    word, found = pairs[0] if pairs else ("", "")
    told = next((one for one in reply.told if one.folded == found), None)
    is_aside = found in _TYING | _ROUNDING | _PLACING or _VERB.match(found)
    if told is None or told.is_figure or told in reply.marked or is_aside:
        return None
    return found if found.startswith(_ARTICLES) or not word.startswith(_ARTICLES) else None


def _amounts_differ(one: Reply, other: Reply) -> bool:
    """Whether two numbers of the same, each as exact as it is said to be, cannot be one."""
    first, second = _range(one), _range(other)
    if first is None or second is None or not count_alike(one.counted, other.counted):
        return False
    if _befell(one, other.counted) or _befell(other, one.counted):
        return False
    if any(_numbers(own.marked) & _numbers(others.told) for own, others in ((one, other), (other, one))):
        return False  # that sentence has this number, too, and may mean both
    return first[1] < second[0] or second[1] < first[0]


def _numbers(told: Statement) -> set[str]:
    return {word.lemma for word in told if _is_number(word.lemma)}


def _befell(reply: Reply, counted: str | None) -> bool:
    """Whether a number is of those whom something else befell than another sentence counts: «37 شخصا قتلوا» are no
    «جريح»."""
    after = next((word for word in reply.after if not _is_number(word)), "")
    return any(after in verbs and counted in nouns for nouns, verbs in _FATES)


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


def _dates_differ(one: Reply, other: Reply) -> bool:
    return dates_differ(one.marked, other.marked)


def _people_differ(one: Reply, other: Reply) -> bool:
    return _names_differ(_names(one), _names(other)) and not _are_both_named(one, other)


def _places_differ(one: Reply, other: Reply) -> bool:
    """The same of places, of which one may also lie in the other."""
    first, second = _names(one), _names(other)
    return _names_differ(first, second) and not _are_both_named(one, other) and not _are_near(first, second)


def _repeats(question: Question, reply: Reply) -> bool:
    """Whether what is marked says again what is asked: «مدربه» to «من المدرب؟» is no name."""
    return not {term.stem for term in question.terms}.isdisjoint(stem(word.folded) for word in reply.marked)


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
    both = ((one, _names(other)), (other, _names(one)))
    told = ((fold_text(reply.document.text), names) for reply, names in both if names)
    return any(word.folded in text for text, names in told for word in names)


def _are_near(one: Statement, other: Statement) -> bool:
    first, second = (vectors().of(np.array([row_of(word.folded) for word in names])) for names in (one, other))
    return float((first @ second.T).max()) >= PART


_NAMED: tuple[Kind, ...] = ("person", "place")
_DIFFER: dict[Kind | None, Callable[[Reply, Reply], bool]] = {
    "number": _amounts_differ,
    "price": _amounts_differ,
    "date": _dates_differ,
    "person": _people_differ,
    "place": _places_differ,
}

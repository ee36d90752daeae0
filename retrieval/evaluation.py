"""Evaluation: question sets in, figures out.

A quote is right when it stands in the paragraph that answers, holds one of the answers, and is no longer than
the sentence asked for allows, so that padding does not help. Texts are compared in a plain form of their own,
not in the folding that searches: the yardstick must not move with what it measures.
"""

import json
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from retrieval.errors import IqtibasError
from retrieval.model import Answer, Quote

Ask = Callable[..., Answer]

PADDING = (1.5, 80)  # a right quote is at most so many times its sentence, and so many characters more
SENTENCE = 250  # characters of it where no sentence of the paragraph holds an answer

_MARKS = re.compile("[\u064b-\u065f\u0670\u0640]")
_LETTERS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹إأآٱىةؤئ", "01234567890123456789اااايهوي")
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?؟؛])\s+|\n+")


class QuestionsError(IqtibasError):
    """A set of questions cannot be read; the text says which line, and what it should be."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what is known of its answer.

    ``answers``: texts of which a right quote holds one; empty where only ``answerable`` is known.
    ``context``: the paragraph in which a right quote stands; None where any place will do.
    ``document``: where the answer stands, to be shown with a miss. ``previous``: the question asked before.
    """

    id: str
    question: str
    answers: tuple[str, ...] = ()
    context: str | None = None
    document: str | None = None
    answerable: bool = True
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case with the answer it got.

    ``right``: of each quote, whether it is right. ``in_paragraph``: whether the first stands in the case's paragraph;
    None where the case names none. ``mark_ratio``: the length of the first, right quote's highlight over the answer's,
    None where it has none or it shares no word with an answer. ``verbatim``: how many quotes are slices of the
    given texts, None where none were given.
    """

    case: Case
    answer: Answer
    right: tuple[bool, ...]
    in_paragraph: bool | None
    mark_ratio: float | None
    verbatim: int | None

    @property
    def is_judged(self) -> bool:
        """Whether the case says enough to tell a right quote from a wrong one."""
        return bool(self.case.answers) or not self.case.answerable

    @property
    def good(self) -> bool | None:
        """Whether the first quote is right, or a refusal due; None where the case cannot tell."""
        if not self.case.answerable:
            return not self.answer.found
        return self.right[:1] == (True,) if self.is_judged or not self.answer.found else None

    @property
    def expected(self) -> str | None:
        """What a right quote would hold; None for a refusal."""
        return " | ".join(self.case.answers) if self.case.answerable else None

    @property
    def got(self) -> str | None:
        """The first quote; None for a refusal."""
        return self.answer.quotes[0].text if self.answer.found else None


@dataclass(frozen=True, slots=True)
class Point:
    """Of all questions, ``coverage`` are answered with at least this ``confidence``; of those, ``risk`` are wrong."""

    confidence: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What a set of questions says of the answers; None where the set cannot say. Shares are between 0 and 1.

    Over the answerable cases with answers: ``quote_at_1``, the first quote is right; ``quote_at_3``, one of the first
    three is; ``marked``, of the right first quotes, the highlight shares a word with an answer; ``mark_ratio``, the
    mean length of those highlights over the shortest answer met. ``para_at_1``, over those with a paragraph: the
    first quote stands in it. ``refused``, over the answerable: no quote.

    ``chars_at_1``: mean characters of the first quotes. ``verbatim``: of all quotes, those that are slices of their
    documents. ``auroc``: see ``auroc``, confidence of the answerable against the unanswerable. ``answered_…``: of
    each kind, those answered. ``right_of_answered``: of the answered, those answered rightly; an answer to an
    unanswerable question is wrong. ``risk_coverage``: see there.
    """

    n: int
    quote_at_1: float | None
    quote_at_3: float | None
    para_at_1: float | None
    refused: float | None
    marked: float | None
    mark_ratio: float | None
    chars_at_1: float | None
    verbatim: float | None
    auroc: float | None
    answered_answerable: float | None
    answered_unanswerable: float | None
    right_of_answered: float | None
    risk_coverage: tuple[Point, ...] = ()

    def named(self) -> dict[str, float | None]:
        """The figures by name («quote@1»), rounded to four places, without the points."""
        values = ((f.name, getattr(self, f.name)) for f in fields(self) if f.name != "risk_coverage")
        return {name.replace("_at_", "@"): round(v, 4) if isinstance(v, float) else v for name, v in values}


def read_cases(path: Path | str) -> list[Case]:
    """The cases of a file, in order. Raises QuestionsError where a line is none, or there are none.

    JSON lines: ``{"question"}`` with one of ``"answers"`` (a list), ``"quote"`` or ``"answer"`` (a text that the right
    quote holds, or null: it must refuse), ``"answerable"`` (a truth value); and, if known, ``"id"``, ``"context"``,
    ``"document"`` or ``"doc"``, ``"previous"``. Or one JSON object in the form of SQuAD 1.1 or 2.0.
    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError(f"cannot read the questions in {path}: {error}") from None
    cases = list(_squad_cases(path, text) or _line_cases(path, text))
    if not cases:
        raise QuestionsError(f"no questions in {path}")
    return cases


def evaluate(ask: Ask, cases: Iterable[Case], texts: Mapping[str, str] | None = None) -> Iterator[Outcome]:
    """The outcome of each case, one by one. ``ask``: ``Library.ask``. ``texts``: documents by id, for ``verbatim``."""
    for case in cases:
        answer = ask(case.question, previous=case.previous) if case.previous else ask(case.question)
        yield judge(case, answer, texts)


def judge(case: Case, answer: Answer, texts: Mapping[str, str] | None = None) -> Outcome:
    """What an answer is worth."""
    quotes = answer.quotes
    right = tuple(is_right(case, quote.text) for quote in quotes)
    return Outcome(
        case,
        answer,
        right,
        None if case.context is None else bool(quotes) and plain(quotes[0].text) in plain(case.context),
        mark_ratio(case.answers, quotes[0]) if right[:1] == (True,) else None,
        None if texts is None else sum(_is_slice(quote, texts) for quote in quotes),
    )


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """The figures of a set; the formulas stand at ``Figures``."""
    answerable = [o for o in outcomes if o.case.answerable]
    unanswerable = [o for o in outcomes if not o.case.answerable]
    asked = [o for o in answerable if o.case.answers]
    first = [o for o in asked if o.right[:1] == (True,)]
    answered = [o for o in outcomes if o.answer.found]
    judged = [o for o in outcomes if o.is_judged] if asked else []
    judged_answers = [o for o in judged if o.answer.found]
    return Figures(
        n=len(outcomes),
        quote_at_1=_mean(any(o.right[:1]) for o in asked),
        quote_at_3=_mean(any(o.right[:3]) for o in asked),
        para_at_1=_mean(o.in_paragraph for o in asked if o.in_paragraph is not None),
        refused=_mean(not o.answer.found for o in answerable),
        marked=_mean(o.mark_ratio is not None for o in first),
        mark_ratio=_mean(o.mark_ratio for o in first if o.mark_ratio is not None),
        chars_at_1=_mean(len(o.answer.quotes[0].text) for o in answered),
        verbatim=_share_verbatim(outcomes),
        auroc=auroc([o.answer.confidence for o in answerable], [o.answer.confidence for o in unanswerable]),
        answered_answerable=_mean(o.answer.found for o in answerable),
        answered_unanswerable=_mean(o.answer.found for o in unanswerable),
        right_of_answered=_mean(bool(o.good) for o in judged_answers),
        risk_coverage=risk_coverage([(o.answer.confidence, bool(o.good)) for o in judged_answers], len(judged)),
    )


@lru_cache(1 << 12)
def plain(text: str) -> str:
    """A text without harakat and tatweel, its hamzas, ة and ى brought to one spelling, digits ASCII, spaces single."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKC", text)).translate(_LETTERS)
    return _SPACES.sub(" ", bare).strip().lower()


def is_right(case: Case, text: str) -> bool:
    """Whether a quote stands in the case's paragraph, holds an answer and is not padded.

    Without a paragraph the quote's own text stands for it.
    """
    context, quoted = text if case.context is None else case.context, plain(text)
    held = any(plain(answer) in quoted for answer in case.answers)
    return held and quoted in plain(context) and len(text) <= longest(context, case.answers)


def longest(context: str, answers: Sequence[str]) -> float:
    """Characters of the longest quote that may be right: 1.5 · L + 80, L those of the longest sentence of the
    paragraph that holds an answer (250 where none does)."""
    wanted = [plain(answer) for answer in answers]
    sentences = (len(s) for s in _SENTENCE_END.split(context) if any(answer in plain(s) for answer in wanted))
    times, more = PADDING
    return times * max(sentences, default=SENTENCE) + more


def mark_ratio(answers: Sequence[str], quote: Quote) -> float | None:
    """|highlight| / |answer| in characters: of the quote's first highlight and the shortest answer that shares a word
    with it; None where there is no such pair."""
    if not quote.highlights:
        return None
    marked = quote.highlights[0].of(quote.document.text)
    met = [len(answer) for answer in answers if _words(answer) & _words(marked)]
    return len(marked) / min(met) if met else None


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """P(a positive's score > a negative's) + ½ P(equal): the area under the ROC curve, by the Mann-Whitney statistic
    (Hanley and McNeil 1982). None where either is empty."""
    if not positive or not negative:
        return None
    ranked = sorted(negative)
    won = sum(bisect_left(ranked, score) + bisect_right(ranked, score) for score in positive) / 2
    return won / (len(positive) * len(negative))


def risk_coverage(answered: Iterable[tuple[float, bool]], n: int) -> tuple[Point, ...]:
    """A point for each confidence t that occurs, highest first: coverage = #(confidence ≥ t) / n, risk = the share of
    those that is wrong (El-Yaniv and Wiener 2010). ``answered``: confidence and whether right. ``n``: with refusals.
    """
    points, count, wrong = [], 0, 0
    for confidence, tied in groupby(sorted(answered, reverse=True), key=lambda pair: pair[0]):
        rights = [right for _, right in tied]
        count, wrong = count + len(rights), wrong + rights.count(False)
        points.append(Point(confidence, count / n, wrong / count))
    return tuple(points)


def _mean(values: Iterable[float | bool | None]) -> float | None:
    known = [float(value) for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _share_verbatim(outcomes: Sequence[Outcome]) -> float | None:
    compared = [o for o in outcomes if o.verbatim is not None]
    quotes = sum(len(o.answer.quotes) for o in compared)
    return sum(o.verbatim or 0 for o in compared) / quotes if quotes else None


def _is_slice(quote: Quote, texts: Mapping[str, str]) -> bool:
    return quote.span.of(texts.get(quote.document.id, "")) == quote.text


def _words(text: str) -> set[str]:
    return set(_WORD.findall(plain(text)))


def _line_cases(path: Path | str, text: str) -> Iterator[Case]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield _case(json.loads(line), str(number))
            except json.JSONDecodeError as error:
                raise QuestionsError(f"{path}, line {number}: not JSON: {error.msg}") from None
            except ValueError as error:
                raise QuestionsError(f"{path}, line {number}: {error}") from None


def _case(row: Any, number: str) -> Case:
    if not isinstance(row, dict):
        raise ValueError('not an object like {"question": "…", "quote": "…"}')
    answers = _answers(row)
    answerable = row.get("answerable", bool(answers))
    if not isinstance(answerable, bool):
        raise ValueError('"answerable" is neither true nor false')
    return Case(
        str(row.get("id", number)),
        _text(row, "question") or "",
        answers,
        _text(row, "context"),
        _text(row, "document") or _text(row, "doc"),
        answerable,
        _text(row, "previous"),
    )


def _answers(row: dict[str, Any]) -> tuple[str, ...]:
    """The answers of a row. Raises ValueError where it says nothing of them."""
    named = [key for key in ("answers", "quote", "answer") if key in row]
    if not named and "answerable" not in row:
        raise ValueError('nothing of the answer: give "quote" (null: it must refuse), "answers" or "answerable"')
    value = row[named[0]] if named else None
    answers = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(answer, str) and plain(answer) for answer in answers):
        raise ValueError(f'"{named[0]}" is not text, or empty')
    return tuple(dict.fromkeys(answers))


def _text(row: dict[str, Any], key: str) -> str | None:
    """A text of a row, None where it has none; the question it must have."""
    value = row.get(key)
    if not isinstance(value, str | None) or (key == "question" and not (value or "").strip()):
        raise ValueError(f'"{key}" is not text, or empty')
    return value


def _squad_cases(path: Path | str, text: str) -> Iterator[Case] | None:
    """The cases of a file in the form of SQuAD; None where it has another form."""
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        return None
    if not isinstance(whole, dict) or "data" not in whole:
        return None
    try:
        return iter([_squad_case(*found) for found in _squad_questions(whole)])
    except (KeyError, TypeError, ValueError) as error:
        raise QuestionsError(f"{path}: not in the form of SQuAD: {error!r}") from None


def _squad_questions(whole: dict[str, Any]) -> Iterator[tuple[str | None, str, dict[str, Any]]]:
    for article in whole["data"]:
        for paragraph in article["paragraphs"]:
            for question in paragraph["qas"]:
                yield article.get("title"), paragraph["context"], question


def _squad_case(title: str | None, context: str, row: dict[str, Any]) -> Case:
    answers = [] if row.get("is_impossible") else [answer["text"] for answer in row["answers"]]
    kept = {"id": row["id"], "question": row["question"], "answers": answers, "document": title, "context": context}
    return _case(kept, "")

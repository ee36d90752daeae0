"""The figures of an evaluation in a terminal or as JSON, and the answers that were wrong."""

from collections.abc import Iterable, Iterator
from typing import Any

import click

from bot.terminal.printing.plain import one_line
from retrieval.evaluation import Figures, Outcome

MEANINGS = {
    "n": "questions",
    "quote@1": "the first quote is right",
    "quote@3": "one of the first three is right",
    "para@1": "the first quote stands in the right paragraph",
    "refused": "refused though there is an answer",
    "marked": "right first quotes whose bold words meet the answer",
    "mark_ratio": "length of the bold words over the answer's",
    "chars@1": "characters of a first quote",
    "verbatim": "quotes that are word for word in their document",
    "auroc": "confidence tells questions with an answer from those without",
    "answered_answerable": "answered, of the questions with an answer",
    "answered_unanswerable": "answered, of the questions without",
    "right_of_answered": "right, of all that was answered",
}
_COUNTS = {"n": 0, "chars@1": 0, "mark_ratio": 2}  # places after the point of figures that are no shares
REFUSAL = "(refused)"


def shown(figures: Figures, outcomes: Iterable[Outcome] = ()) -> str:
    """The table of the figures that the set gives; before it the misses among ``outcomes``."""
    return "\n".join([*_misses(outcomes), *_rows(figures)])


def figures_json(figures: Figures, outcomes: Iterable[Outcome] | None) -> dict[str, Any]:
    """The figures as JSON; with the misses among ``outcomes`` where they are given."""
    points = [[point.confidence, round(point.coverage, 4), round(point.risk, 4)] for point in figures.risk_coverage]
    misses = {} if outcomes is None else {"misses": [_miss_json(o) for o in outcomes if o.good is False]}
    return figures.named() | {"risk_coverage": points} | misses


def _rows(figures: Figures) -> Iterator[str]:
    known = {name: _number(name, value) for name, value in figures.named().items() if value is not None}
    names, numbers = max(map(len, known)), max(map(len, known.values()))
    for name, number in known.items():
        yield f"{name:{names}}  {click.style(f'{number:>{numbers}}', bold=True)}  {_dim(MEANINGS[name])}"


def _number(name: str, value: float) -> str:
    return f"{value:.{_COUNTS.get(name, 3)}f}"


def _misses(outcomes: Iterable[Outcome]) -> Iterator[str]:
    for outcome in outcomes:
        if outcome.good is False:
            yield f"{click.style('✗', fg='red')} {one_line(outcome.case.id)}: {one_line(outcome.case.question)}"
            yield f"  expected: {one_line(outcome.expected or REFUSAL)}{_in(outcome.case.document)}"
            yield f"  got ({outcome.answer.confidence:.2f}): {_got(outcome)}"
            yield ""


def _got(outcome: Outcome) -> str:
    if not outcome.answer.found:
        return REFUSAL
    return f"«{one_line(outcome.got or '')}»{_in(outcome.answer.quotes[0].document.id)}"


def _in(document: str | None) -> str:
    return _dim(f" — {one_line(document)}") if document else ""


def _miss_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.case.id,
        "question": outcome.case.question,
        "expected": outcome.expected,
        "got": outcome.got,
        "confidence": outcome.answer.confidence,
    }


def _dim(text: str) -> str:
    return click.style(text, dim=True)

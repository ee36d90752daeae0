"""The rows of a text: its lines, and the parts of a line that count on («1- … 2- …»), with what each begins with.

Spans count characters of the text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from retrieval.arabic import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.words import folded_words
from retrieval.model import Span
from retrieval.segmentation import sentences

_TABLE = table("lists")
_ADVERBS = {fold_text(word): value for value, word in enumerate(_TABLE["adverbs"], 1)}
_ORDINALS = {form: value for value, forms in enumerate(_TABLE["ordinals"], 1) for form in fold_text(forms).split()}
_ALPHABETS = [fold_text(letters) for letters in _TABLE["alphabets"]]
_JOINED = "و"

_LINE = re.compile(r"[^\n]*\S")
_MARKS = "•●○■□▪◦‣⁃∙·✓✔➢❖►▶★"
_CLOSES = r"\s?[.)\]\-–—/ـ:]+\s*"
_LABEL = re.compile(
    rf"(?P<mark>[{_MARKS}]|[-–—ـ*](?=\s|[ء-ي«(]))\s*(?=\S)"
    rf"|[(\[]?(?P<number>\d{{1,2}}){_CLOSES}(?=[^\d\s])"
    rf"|[(\[]?(?P<letter>[ء-غف-يa-z]){_CLOSES}(?=\S)",
    re.IGNORECASE,
)
_MAY_COUNT = re.compile(r"(?<=[\s:])(?=[•●▪]|[(\[]?\d)|(?<=[.؛:!؟،]\s)(?=[ء-ي])")
_STOPPED = "1."
_OPENING = 60  # characters that hold the first words of a row


class Label(NamedTuple):
    """What an item begins with. Those of a list are of one ``kind``: the mark, the one with what closes it («1.»), the
    order of the letters, the word that is counted. ``value`` counts from 1, and is None for marks."""

    kind: str
    value: int | None

    def follows(self, other: "Label") -> bool:
        """Whether the next item after ``other`` begins so."""
        return self.kind == other.kind and (self.value is None or self.value - 1 == other.value)


@dataclass(frozen=True, slots=True)
class Row:
    """A line, or a part of one, without the white space around it. ``labels``: what it may begin with («هـ» is a fifth
    letter, and a last but two). ``apart``: it follows a blank line. ``indented``: it begins with white space."""

    span: Span
    labels: tuple[Label, ...] = ()
    apart: bool = False
    indented: bool = False

    def label(self, kind: str) -> Label | None:
        """Its label of a kind, if it has one."""
        return next((label for label in self.labels if label.kind == kind), None)


def rows(text: str, within: Span) -> list[Row]:
    """The rows of whole lines of a text."""
    found: list[Row] = []
    before = within.start
    for line in _LINE.finditer(text, within.start, within.end):
        start = line.end() - len(line.group().lstrip())
        first, *others = _parts(text, Span(start, line.end()))
        apart = text.count("\n", before, start) > 1
        found += (replace(first, apart=apart, indented=start > line.start()), *others)
        before = line.end()
    return found


def labels(row: str) -> tuple[Label, ...]:
    """What a row begins with: a mark, a number, a letter, «ثانيا», «الخطوة الثانية»."""
    if not (found := _LABEL.match(row)):
        return _in_words(row)
    if found["mark"]:
        return (Label(found["mark"], None),)
    if found["number"]:
        return (Label("1" + row[found.end("number") :].lstrip()[0], int(found["number"])),)
    letter = fold_text(found["letter"]).lower()
    return tuple(Label(order, order.index(letter) + 1) for order in _ALPHABETS if letter in order)


def _in_words(row: str) -> tuple[Label, ...]:
    first, second = [*folded_words(row[:_OPENING])[:2], "", ""][:2]
    adverb = _ADVERBS.get(first) or _ADVERBS.get(first.removeprefix(_JOINED))
    if adverb:
        return (Label("adverb", adverb),)
    value = _ORDINALS.get(second) or (int(second) if second.isdecimal() else None)
    return (Label(first, value),) if value else ()


def _parts(text: str, line: Span) -> Iterator[Row]:
    """A line, parted where its items begin; behind the last of them, what follows its sentence is no part of it."""
    starts = _counted(text, line)
    if not starts:
        yield Row(line, labels(line.of(text)))
        return
    *parts, last = (_trimmed(text, start, end) for start, end in pairwise(sorted({line.start, *starts, line.end})))
    yield from (Row(part, labels(part.of(text))) for part in parts)
    own, *after = sentences(text, last)
    yield Row(own, labels(own.of(text)))
    if after:
        yield Row(Span(after[0].start, line.end))


def _counted(text: str, line: Span) -> list[int]:
    """Where the items begin of a line that holds at least two; none for the others."""
    places = [line.start, *(m.start() for m in _MAY_COUNT.finditer(text, line.start, line.end))]
    found = [(place, label) for place in places for label in labels(text[place : min(place + _OPENING, line.end)])]
    firsts = [(place, label) for place, label in found if place == line.start or _may_be_first(text, place, label)]
    chains = (_chain(first, [(p, label) for p, label in found if p > first[0]]) for first in firsts)
    return next((chain for chain in chains if len(chain) > 1), [])


def _may_be_first(text: str, place: int, label: Label) -> bool:
    """Whether a label amid a line may be that of a first item; the number that ends a sentence is none."""
    follows_word = text[max(place - _OPENING, 0) : place].rstrip()[-1:].isalnum()
    return label.value in (None, 1) and not (label.kind == _STOPPED and follows_word)


def _chain(first: tuple[int, Label], found: Sequence[tuple[int, Label]]) -> list[int]:
    """Where a label stands, and those that count on from it."""
    (place, last), chain = first, [first[0]]
    for place, label in found:
        if label.follows(last):
            last = label
            chain.append(place)
    return chain


def _trimmed(text: str, start: int, end: int) -> Span:
    return Span(start, start + len(text[start:end].rstrip()))

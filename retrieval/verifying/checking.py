"""Checks a text against its sources, sentence by sentence: where each stands, and what was changed in it.

"Word for word" is said of nothing that was not compared with the stored text, read afresh.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from time import thread_time
from typing import Literal

from retrieval.index import Index
from retrieval.model import Change, Checked, Document, Quote, Span, Standing, Verdict
from retrieval.segmentation import JOINED, paragraph_number, sentences
from retrieval.verifying.aligning import Alignment, Step, joined
from retrieval.verifying.explaining import ABSENT, FEW, Explained, Explaining
from retrieval.verifying.following import gap_between, likeliest, parted
from retrieval.verifying.places import Get, Places
from retrieval.verifying.spelling import negations, written
from retrieval.verifying.tokens import Token, tokens

LONGEST_TEXT = 20_000
"""Characters of a text that is checked; what is left of a longer one is not."""

SECONDS = 2.0  # of the processor, for one text: ten times what 300 words take

SHORT = 4  # words: a sentence of fewer is checked with the one before it, or after
LEAST = 0.25  # of a text's words, what must be in sentences that stand, for any of it to be said to stand
_ASKS = re.compile("[؟?!]")
_MARKS = re.compile(r"[^\w\s]*[؟?!]")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence of the text: its span, and its words ``start`` to ``end`` of all."""

    span: Span
    start: int
    end: int


def verify(text: str, index: Index, get: Get, stored: Callable[[str], Document | None]) -> Verdict:
    """What the sources say to a text, of which the first LONGEST_TEXT characters are checked, for SECONDS or so.

    ``get`` gives a document by id and version, None where it is gone; ``stored`` one by its id, read afresh, None
    where that cannot be.
    """
    stretch = Span(0, min(len(text), LONGEST_TEXT)) if text else None
    words = tokens(text, stretch) if stretch else []
    if not stretch or not words:
        return Verdict(text, "absent")
    units = _units(text, stretch, words)
    explaining = Explaining(text, words)
    checking = _Checking(text, words, explaining, stored)
    found = _explained(explaining, words, units, Places(index, get))
    checked = checking.checked(units[: len(found)], found)
    is_cut = len(found) < len(units) or len(text) > LONGEST_TEXT
    return Verdict(text, _of_all(units, checked, checking.contiguous), tuple(checked), is_cut=is_cut)


def _units(text: str, stretch: Span, words: Sequence[Token]) -> list[_Unit]:
    """The sentences of a text; one of few words goes with the one before it, or the first with the one after it."""
    units: list[_Unit] = []
    at = 0
    for span in sentences(text, stretch):
        end = at
        while end < len(words) and words[end].start < span.end:
            end += 1
        unit = _Unit(span, at, end)
        if units and _belong(units[-1], unit):
            last = units.pop()
            unit = _Unit(Span(last.span.start, span.end), last.start, end)
        units.append(unit)
        at = end
    return units


def _belong(before: _Unit, unit: _Unit) -> bool:
    few = min(before.end - before.start, unit.end - unit.start) < SHORT
    return unit.start == unit.end or (few and unit.span.end - before.span.start <= JOINED)


def _explained(
    explaining: Explaining, words: Sequence[Token], units: Sequence[_Unit], places: Places
) -> list[list[Explained]]:
    """Of each sentence how it may have come about, as far as the time reaches. What is found for one is looked at for
    those after it."""
    found: list[list[Explained]] = []
    began = thread_time()
    for unit in units:
        if found and thread_time() - began > SECONDS:
            break
        own = words[unit.start : unit.end]
        best = explaining.best(unit.start, unit.end, places.best(own))
        if best is None or best.changed:  # it does not go on with one before it
            places.look(own)
            best = explaining.best(unit.start, unit.end, places.best(own))
        if best is None or not explaining.is_clean(best):
            for start, end in _unexplained(unit, best):
                places.look(words[start:end], titles=True)
        found.append(explaining.alternatives(unit.start, unit.end, places.best(own)))
    return found


def _unexplained(unit: _Unit, best: Alignment | None) -> Iterator[tuple[int, int]]:
    """The stretches of a sentence, of more than a few words, that no source explains yet."""
    if best is None:
        yield unit.start, unit.end
        return
    for change in joined(best.steps):
        if change.end - change.start > FEW:
            yield change.start, change.end


class _Checking:
    """Turns explanations into what is said of each sentence."""

    def __init__(
        self, text: str, words: Sequence[Token], explaining: Explaining, stored: Callable[[str], Document | None]
    ) -> None:
        self._text, self._words, self._explaining, self._stored = text, words, explaining, stored
        self._read: dict[str, Document | None] = {}
        self.contiguous = True
        """Whether each sentence goes on where the one before it ended."""

    def checked(self, units: Sequence[_Unit], found: Sequence[Sequence[Explained]]) -> list[Checked]:
        """What is said of each sentence, of which ``found`` says how it may have come about."""
        chosen = [next(filter(self._is_stored, alternatives), ABSENT) for alternatives in likeliest(found)]
        checked = []
        before = ABSENT
        for unit, explained in zip(units, parted(chosen, self._words, self._explaining), strict=True):
            checked.append(self._told(unit, explained, before))
            before = explained
        return checked

    def _is_stored(self, explained: Explained) -> bool:
        """Whether the stored texts, read afresh, hold what explains a sentence."""
        return all(self._holds(one.window.document, one.span) for one in explained.alignments)

    def _holds(self, document: Document, span: Span) -> bool:
        if document.id not in self._read:
            self._read[document.id] = self._stored(document.id)
        now = self._read[document.id]
        return now is not None and now.digest == document.digest and span.of(now.text) == span.of(document.text)

    def _told(self, unit: _Unit, explained: Explained, before: Explained) -> Checked:
        if not explained.alignments:
            return Checked(unit.span, "absent")
        first, kind = explained.alignments[0], explained.kind
        steps = [joined(one.steps) for one in explained.alignments]
        if left_out := self._left_out(first, before):
            steps[0].insert(0, left_out)
            kind = "pieced" if kind == "pieced" else "altered"
        if kind == "exact" and not self._is_same(first, unit.span.end):
            kind = "spelling"
        changes = [[self._change(one, s) for s in own] for one, own in zip(explained.alignments, steps, strict=True)]
        quotes = tuple(map(_quote, explained.alignments, changes))
        is_part = len(quotes) == 1 and _is_part(first)
        changed = tuple((quote, change) for quote, own in zip(quotes, changes, strict=True) for change in own)
        return Checked(unit.span, kind, quotes, changed, is_part)

    def _left_out(self, alignment: Alignment, before: Explained) -> Step | None:
        """The words of the source that a sentence leaves out before it: a few since the sentence before, or a negation
        of what it says."""
        gap = gap_between(before, alignment)
        self.contiguous &= gap is not None or not before.alignments
        start = alignment.source_start
        count = _is_negated(alignment) if gap is None else min(gap, start)
        return Step("dropped", alignment.start, alignment.start, start - count, start) if count else None

    def _is_same(self, alignment: Alignment, end: int) -> bool:
        """Whether a sentence is its source letter for letter; a mark at its end that asks is one of the source's."""
        first, last = self._words[alignment.start], self._words[alignment.end - 1]
        source = alignment.window.document.text
        is_same = written(self._text[first.start : last.end]) == written(alignment.span.of(source))
        asks = _ASKS.search(self._text[last.end : end])
        return is_same and (asks is None or _MARKS.match(source, alignment.span.end) is not None)

    def _change(self, alignment: Alignment, step: Step) -> Change:
        own = _stretch(self._words, step.start, step.end)
        theirs = _stretch(alignment.window.words, step.source_start, step.source_end)
        kind: Literal["added", "dropped", "changed"] = "changed"
        if step.source_start == step.source_end:
            kind = "added"
        elif step.start == step.end:
            kind = "dropped"
        return Change(kind, *own, *theirs)


def _is_negated(alignment: Alignment) -> bool:
    """Whether the word before a stretch of a source, in the same sentence, is a negation."""
    start, numbers = alignment.source_start, alignment.window.sentence_of
    if not start or numbers[start - 1] != numbers[start]:
        return False
    return alignment.window.folded[start - 1] in negations()


def _is_part(alignment: Alignment) -> bool:
    """Whether the source's sentence has more words."""
    numbers = alignment.window.sentence_of
    before, after = alignment.source_start - 1, alignment.source_end
    goes_before = before >= 0 and numbers[before] == numbers[before + 1]
    return goes_before or (after < len(numbers) and numbers[after] == numbers[after - 1])


def _stretch(words: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """The characters of some words; where there are none, the place before the next one."""
    if start < end:
        return words[start].start, words[end - 1].end
    place = words[start].start if start < len(words) else words[-1].end
    return place, place


def _quote(alignment: Alignment, changes: Iterable[Change]) -> Quote:
    """What of a source explains a sentence, its words that were changed highlighted."""
    document, span = alignment.window.document, alignment.span
    marks = [Span(c.source_start, c.source_end) for c in changes if c.source_start < c.source_end]
    span = Span(min([span.start, *(mark.start for mark in marks)]), span.end)
    paragraph = paragraph_number(document.text, Span(min(document.heading, span.start), len(document.text)), span.start)
    return Quote(document, span, tuple(marks), paragraph=paragraph)


def _of_all(units: Sequence[_Unit], checked: Sequence[Checked], contiguous: bool) -> Standing:
    """What is said of a text of whose sentences so much is said."""
    kinds = {one.kind for one in checked}
    standing = sum(u.end - u.start for u, one in zip(units, checked, strict=False) if one.kind != "absent")
    if not checked or standing < LEAST * units[len(checked) - 1].end:
        return "absent"
    if kinds & {"altered", "absent"}:
        return "altered"
    if "pieced" in kinds or not contiguous:
        return "pieced"
    return "spelling" if "spelling" in kinds else "exact"

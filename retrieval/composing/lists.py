"""Lists in a text: what leads in to them, and their items.

The items begin with marks, or count on («2.», «ب)», «ثانيا:», «الخطوة الثانية»); or they are lines of one form, as
loaders leave the lists of pages and of Word documents. Spans count characters of the text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from retrieval.arabic import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.words import first_word, folded_words
from retrieval.composing.rows import Row, labels, rows
from retrieval.model import Span
from retrieval.segmentation import LONGEST_SENTENCE, sentences

REACH = 2 * LONGEST_SENTENCE  # characters around a sentence in which lists are looked for
LONGEST_LINE = 200  # of lines of one form
LONGEST_HEADING = 100
FEWEST_ALIKE = 3  # lines that make a list below a heading

_LEADS_IN = [fold_text(phrase).split() for phrase in table("lists")["leads_in"]]
_HOW_MANY = frozenset(map(fold_text, table("lists")["how_many"].split()))
_WORDS = {name: frozenset(map(fold_text, listed.split())) for name, listed in table("sentences").items()}
_GOES_ON = _WORDS["leans"] | _WORDS["begins"] | {f"و{word}" for word in _WORDS["leans"] | _WORDS["says"]}
_COLON = re.compile(r"[:：]\s*$")
_END = re.compile(r"[.!؟?؛،,:…]?$")
_INNER_END = re.compile(r"(?<!\b\w)[.!؟?]\s")
_PAIR = re.compile(r"[^:\t]{1,40}[:\t]\s*\S")  # «السبت: من 8 إلى 2»
_OPENING = 40  # characters that hold the first word of a line


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: the sentence that leads in to it, or the heading above it, if any, and its items, two or more."""

    lead: Span | None
    items: tuple[Span, ...]

    @property
    def start(self) -> int:
        """Where it begins, what leads in to it included."""
        return self.lead.start if self.lead else self.items[0].start

    def is_led_by(self, sentence: Span) -> bool:
        return self.lead is not None and meet(self.lead, sentence)

    def held(self, sentence: Span) -> range:
        """The items, by their places, of which a sentence is."""
        places = [place for place, item in enumerate(self.items) if meet(item, sentence)]
        return range(places[0], places[-1] + 1) if places else range(0)


def meet(one: Span, other: Span) -> bool:
    """Whether two stretches share a character."""
    return one.start < other.end and other.start < one.end


def list_of(text: str, sentence: Span, body: Span) -> Listed | None:
    """The innermost list that a sentence leads in to or is of, in the ``body`` of a text; None where there is none."""
    found = _lists(text, rows(text, _around(text, sentence, body)))
    near = [own for own in found if own.is_led_by(sentence) or own.held(sentence)]
    return max(near, key=lambda own: (own.items[0].start, own.items[-1].end), default=None)


def may_lead(text: str, sentence: Span) -> bool:
    """A quick look whether a sentence may lead in to a list: it is not ended, or a label follows it."""
    following = text[sentence.end : sentence.end + _OPENING].lstrip()
    return _mark(sentence.of(text)) in ("", ":", "؟", "?") or bool(labels(following))


def leads_in(sentence: str) -> bool:
    """Whether a sentence leads in to what follows it, be that a list or not."""
    return _COLON.search(sentence) is not None


def _around(text: str, sentence: Span, body: Span) -> Span:
    """The whole lines around a sentence; of very long ones, whole sentences."""
    start, end = max(sentence.start - REACH, body.start), min(sentence.end + REACH, body.end)
    line_start = max(text.rfind("\n", max(start - REACH, 0), start) + 1, body.start)
    line_end = text.find("\n", end, min(end + REACH, body.end))
    if start - line_start > REACH:
        line_start = next((m.end() for m in _INNER_END.finditer(text, start, sentence.start)), sentence.start)
    if line_end < 0:
        ends = [m.end() for m in _INNER_END.finditer(text, sentence.end, end)]
        line_end = body.end if body.end - end <= REACH else max(ends, default=sentence.end)
    return Span(line_start, line_end)


def _lists(text: str, found: Sequence[Row]) -> Iterator[Listed]:
    kinds = dict.fromkeys(label.kind for row in found for label in row.labels)
    runs = [run for kind in kinds for run in _counting(found, kind)]
    yield from (_labelled(text, found, run) for run in runs)
    items = {place for run in runs for place in run}
    for place, above in enumerate(found[:-1]):
        others = takewhile(lambda at: at not in items, range(place + 1, len(found)))
        alike = _alike(text, (found[at] for at in others))
        if len(alike) > 1 and (lead := _lead_of_alike(text, above, alike)):
            yield Listed(lead, tuple(row.span for row in alike))


def _labelled(text: str, found: Sequence[Row], run: Sequence[int]) -> Listed:
    """The list of which ``run`` are the rows at which its items begin."""
    ends = [*(start - 1 for start in run[1:]), _last(text, found, run)]
    items = tuple(Span(found[a].span.start, found[b].span.end) for a, b in zip(run, ends, strict=True))
    above = found[run[0] - 1] if run[0] else None
    counts = any(label.value == 1 for label in found[run[0]].labels)
    return Listed((_lead(text, above, counts=counts) or _heading(text, above)) if above else None, items)


def _counting(found: Sequence[Row], kind: str) -> Iterator[list[int]]:
    """The rows at which the items begin of each list whose labels are of a kind. A list of marks ends where a row has
    none; one that counts goes on where the next number is."""
    run: list[int] = []
    for index, row in enumerate(found):
        label, before = row.label(kind), found[run[-1]].label(kind) if run else None
        if label and before and label.follows(before):
            run.append(index)
        elif label or (before and before.value is None and not (row.labels or row.indented)):
            if len(run) > 1:
                yield run
            run = [index] if label else []
    if len(run) > 1:
        yield run


def _last(text: str, found: Sequence[Row], run: Sequence[int]) -> int:
    """The row with which the last item ends: its own, or one that belongs to it as others do to the items before."""
    last = run[-1]
    is_spread = any(after - start > 1 for start, after in pairwise(run))
    has_own = leads_in(found[last].span.of(text))
    while last + 1 < len(found) and not found[last + 1].apart:
        row = found[last + 1]
        if not (row.indented or (is_spread and not row.labels) or (has_own and row.labels)):
            break
        last += 1
    return last


def _lead(text: str, row: Row, *, counts: bool = False) -> Span | None:
    """The sentence at the end of a row that leads in to what follows; to what ``counts``, also by saying how many."""
    sentence = sentences(text, row.span)[-1]
    held = folded_words(sentence.of(text))
    is_lead = leads_in(sentence.of(text)) or any(held[-len(phrase) :] == phrase for phrase in _LEADS_IN)
    return sentence if is_lead or (counts and not _HOW_MANY.isdisjoint(held)) else None


def _lead_of_alike(text: str, row: Row, alike: Sequence[Row]) -> Span | None:
    """The same of rows without labels, which are a list only where more speaks for it: a sentence that is not ended,
    or, below a heading, how they stand there."""
    if _mark(row.span.of(text)) == ".":
        return None
    if lead := _lead(text, row):
        return lead
    is_one_of_them = _begin_alike([row.span.of(text), alike[0].span.of(text)])
    return _heading(text, row) if _stand_out(text, alike) and not is_one_of_them else None


def _heading(text: str, row: Row) -> Span | None:
    """A row that is a heading, or a question."""
    line = row.span.of(text)
    is_item = any(label.value is None for label in row.labels)
    return row.span if len(line) <= LONGEST_HEADING and not is_item and _mark(line) in ("", "؟", "?") else None


def _alike(text: str, others: Iterable[Row]) -> list[Row]:
    """The rows of one form, from the first on. The last may end with a full stop where the others do not."""
    run: list[Row] = []
    for row in others:
        line = row.span.of(text)
        if not _may_be_item(line) or (len(run) > 1 and row.apart != run[1].apart):
            break
        if run and not _are_alike(run[0].span.of(text), line):
            return [*run, row] if _mark(line) == "." and len(run) > 1 and not row.apart else run
        run.append(row)
    return run


def _may_be_item(line: str) -> bool:
    goes_on = first_word(line[:_OPENING]) in _GOES_ON
    return len(line) <= LONGEST_LINE and not (goes_on or leads_in(line) or _INNER_END.search(line))


def _are_alike(one: str, other: str) -> bool:
    return _mark(one) == _mark(other) or _begin_alike([one, other])


def _begin_alike(lines: Sequence[str]) -> bool:
    return all(map(_PAIR.match, lines)) or len({first_word(line[:_OPENING]) for line in lines}) == 1


def _mark(line: str) -> str:
    """The mark with which a line ends, if it does with one."""
    found = _END.search(line)
    return found.group() if found else ""


def _stand_out(text: str, run: Sequence[Row]) -> bool:
    """Whether rows below a heading are a list: they begin alike, or are short lines of a paragraph of their own."""
    lines = [row.span.of(text) for row in run]
    is_paragraph = run[0].apart and not run[1].apart and not any(_mark(line) == "." for line in lines[:-1])
    return len(run) >= FEWEST_ALIKE and (is_paragraph or _begin_alike(lines))

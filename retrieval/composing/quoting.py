"""What is shown of a sentence that answers: it, and what it needs to read on its own.

What it leans on comes before it. What it leads in to comes after it, and so do, where several things are asked for, the
items of its list, or the sentences that go on with it.
"""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from retrieval.arabic import fold_text
from retrieval.arabic.enclosed import Enclosures, enclosed
from retrieval.arabic.tables import table
from retrieval.arabic.words import Word, words
from retrieval.composing.cited import whole_part
from retrieval.composing.headed import is_head, whole_below
from retrieval.composing.lists import REACH, Listed, leads_in, list_of, may_lead, meet
from retrieval.documents.furniture import bodies
from retrieval.model import Document, Span
from retrieval.ranking.features import Candidate
from retrieval.ranking.sentences import prepared
from retrieval.segmentation import LONGEST_SENTENCE, sentences

ADDED = (0.5, 75, 160)  # characters that come along: at most half the sentence's and 75 more, and never above 160

REMEMBERED = 32  # documents

_WHOLE = re.compile(r"[.!?؟؛…:][»”“\"')\]]*(?:\[\d{1,3}\])*\s*$")  # how a sentence ends that is no heading and no part
_LEADS_IN = re.compile(r"[:؟?]\s*$")  # a speaker, the head of a list, the question that is answered
_JOINED = ("و", "ف")
_VERB = re.compile("[يت][ء-ي]{3,}")
_LINE = re.compile(r"\S[^\n]*")
_OPENING = 80  # characters in which the first two words stand

_WORDS = {name: frozenset(map(fold_text, listed.split())) for name, listed in table("sentences").items()}
_GOES_ON = [fold_text(phrase).split() for phrase in table("lists")["goes_on"]]
_LEANS = _WORDS["leans"]
_LEANS_ALONE, _NO_SUBJECTS = _WORDS["leans_alone"] | _WORDS["says"], _WORDS["no_subjects"]


def shown(
    candidate: Candidate,
    beside: Iterable[Span],
    *,
    several: bool = False,
    whole: bool = False,
    likely: AbstractSet[Span] = frozenset(),
) -> Span | None:
    """What is shown of a candidate ``beside`` other quotes of its document; None where they hold all of it, or where
    what it leads in to, or what stands under it, cannot be shown.

    Of a short answer to a question of an FAQ all is shown. Spans count characters of the document. A sentence that
    another quote shows does not come along a second time.
    ``several``: whether several things are asked for; ``whole``: whether it begins the part («المادة 4») whose text is
    asked for; ``likely``: the sentences of the document that answer, too.
    """
    beside = list(beside)
    if any(other.holds(candidate.span) for other in beside):
        return None
    if whole:
        return whole_part(candidate, _free(candidate, beside))
    if (below := whole_below(candidate, _body_below)) or is_head(candidate):
        return below if below and not any(meet(other, below) for other in beside) else None
    text = candidate.document.text
    span = readable(text, candidate.span, candidate.passage)
    if any(meet(other, span) for other in beside):
        span = unquoted(text, candidate.span, candidate.passage)
    listed = _list_of(candidate) if several else _list_led(candidate)
    if not several and not _leads(candidate, listed):
        return span
    free = _free(candidate, beside)
    if _leads(candidate, listed):
        return _led(candidate, listed, span.start, free) or _led(candidate, listed, candidate.span.start, free)
    return _with_items(candidate, listed, span, free) if listed else _going_on(candidate, span, free, likely)


def told(candidate: Candidate) -> Span:
    """A sentence with what it leads in to, as far as that can be shown; of most, the sentence alone; of a heading, what
    stands under it."""
    if below := whole_below(candidate, _body_below):
        return below
    listed = _list_led(candidate)
    if not _leads(candidate, listed):
        return candidate.span
    return _led(candidate, listed, candidate.span.start, _body(candidate)) or candidate.span


def is_of_list(candidate: Candidate) -> bool:
    """Whether a sentence leads in to a list or is of one."""
    return _list_of(candidate) is not None


def readable(text: str, sentence: Span, passage: Span) -> Span:
    """The stretch to show of a sentence of a passage; it ends with the sentence. Spans count characters of ``text``.

    It begins as ``unquoted`` does. Where it leans on the sentence before it, that one comes along, and so on, as long
    as what comes along is short beside it (``ADDED``).
    """
    whole = unquoted(text, sentence, passage)
    start, allowed = whole.start, _allowed(whole)
    for before in reversed([other for other in _starts(text, passage) if other < whole.start]):
        if whole.start - before > allowed or not _leans(text[before:start], text[start : whole.end]):
            break
        start = before
    return Span(start, whole.end)


def unquoted(text: str, sentence: Span, passage: Span) -> Span:
    """A sentence of a passage from where it begins inside no quotation or brackets; the sentence alone where that
    made it longer than LONGEST_SENTENCE. Spans count characters of ``text``."""
    start = max(start for start in _starts(text, passage) if start <= sentence.start)
    return Span(start, sentence.end) if sentence.end - start <= LONGEST_SENTENCE else sentence


@lru_cache(REMEMBERED)
def _bodies(document: Document) -> list[Span]:
    return bodies(document)


def _body(candidate: Candidate) -> Span:
    """The stretch of its document around a candidate that holds no furniture of the page."""
    return next((body for body in _bodies(candidate.document) if body.holds(candidate.passage)), candidate.passage)


def _body_below(candidate: Candidate) -> Span:
    """The same of what stands under a candidate, where it is a heading that furniture parts from it."""
    part, own = candidate.document.part_at(candidate.span), _body(candidate)
    if part is None or part.under is None or own.end > part.under.start:
        return own
    following = next((body for body in _bodies(candidate.document) if body.end > part.under.start), own)
    is_answer = candidate.document.part_over(Span(following.end - 1, following.end), "question") is not None
    return own if is_answer else following


def _free(candidate: Candidate, beside: Iterable[Span]) -> Span:
    """What of that no other quote shows."""
    sentence, body = candidate.span, _body(candidate)
    before = [other.end for other in beside if other.end <= sentence.start]
    after = [other.start for other in beside if other.start >= sentence.end]
    return Span(max([body.start, *before]), min([body.end, *after]))


def _fits(span: Span, free: Span) -> bool:
    return free.holds(span) and span.end - span.start <= LONGEST_SENTENCE


def _wider(span: Span, wider: Span, free: Span) -> Span:
    return wider if _fits(wider, free) else span


def _list_of(candidate: Candidate) -> Listed | None:
    text, sentence, passage = candidate.document.text, candidate.span, candidate.passage
    found = list_of(text, sentence, Span(candidate.document.heading, len(text)))
    if found is None or passage.holds(Span(found.start, found.items[-1].end)):
        return found
    return list_of(text, sentence, _body(candidate))


def _list_led(candidate: Candidate) -> Listed | None:
    """The list that a sentence leads in to."""
    return _list_of(candidate) if may_lead(candidate.document.text, candidate.span) else None


def _leads(candidate: Candidate, listed: Listed | None) -> bool:
    """Whether a sentence leads in to what follows it, and holds not all of that itself."""
    if listed and listed.is_led_by(candidate.span):
        return listed.items[-1].end > candidate.span.end
    return leads_in(candidate.text)


def _led(candidate: Candidate, listed: Listed | None, start: int, free: Span) -> Span | None:
    """A sentence from ``start`` with what it leads in to: as many items as may be shown, or sentences of the first; or
    the sentence after it. None where not even that may be."""
    text, sentence = candidate.document.text, candidate.span
    items = listed.items if listed and listed.is_led_by(sentence) else ()
    if items:
        wholes = [Span(start, item.end) for item in items if item.end > sentence.end]
        parts = [Span(start, part.end) for part in sentences(text, items[0]) if part.end > sentence.end]
    elif line := _LINE.search(text, sentence.end, _body(candidate).end):
        wholes, parts = [], [Span(start, part.end) for part in sentences(text, Span(*line.span()))[:1]]
    else:
        return Span(start, sentence.end)
    fitting = [span for span in wholes if _fits(span, free)] or [span for span in parts if _fits(span, free)]
    return fitting[-1] if fitting else None


def _with_items(candidate: Candidate, listed: Listed, span: Span, free: Span) -> Span:
    """The list that a sentence is of, with what leads in to it; where that is too long, as many of the items around it
    as may be shown; else ``span``, the sentence."""
    text, sentence = candidate.document.text, candidate.span
    parts = [*([listed.lead] if listed.lead else []), *listed.items]
    held = [part for part in parts if meet(part, sentence)]
    shown = Span(min(held[0].start, sentence.start), max(held[-1].end, sentence.end))
    if not _fits(shown, free):
        return span
    for _ in parts:
        after = min((part.end for part in parts if part.end > shown.end), default=shown.end)
        shown = _wider(shown, Span(shown.start, after), free)
        before = max((part.start for part in parts if part.start < shown.start), default=shown.start)
        shown = _wider(shown, Span(before, shown.end), free)
    around = Span(max(free.start, shown.start - REACH), shown.end)
    return span if Enclosures(enclosed(text, around)).parted(shown.start) else shown


def _going_on(candidate: Candidate, span: Span, free: Span, likely: AbstractSet[Span]) -> Span:
    """The sentence with those after it in its passage that go on with it, or answer too."""
    text, passage = candidate.document.text, candidate.passage
    for sentence in prepared(passage.of(text)):
        own = Span(passage.start + sentence.span.start, passage.start + sentence.span.end)
        if own.start < span.end:
            continue
        wider = Span(span.start, own.end)
        if leads_in(own.of(text)) or not (own in likely or _goes_on(own.of(text))) or not _fits(wider, free):
            break
        span = wider
    return span


def _goes_on(sentence: str) -> bool:
    opening = [word.folded for word in words(sentence[:_OPENING])]
    return any(opening[: len(phrase)] == phrase for phrase in _GOES_ON)


def _starts(text: str, passage: Span) -> list[int]:
    """Where the sentences of a passage begin that begin inside nothing enclosed."""
    quotations = Enclosures(enclosed(text, passage))
    starts = (passage.start + sentence.span.start for sentence in prepared(passage.of(text)))
    return [start for start in starts if not quotations.parted(start)]


def _allowed(sentence: Span) -> float:
    times, more, most = ADDED
    length = sentence.end - sentence.start
    return min(times * length + more, most, LONGEST_SENTENCE - length)


def _leans(before: str, sentence: str) -> bool:
    """Whether a sentence needs what stands before it: that leads in to it, or its first word points back there."""
    if not _WHOLE.search(before):
        return False
    if _LEADS_IN.search(before):
        return True
    opening = words(sentence[:_OPENING])
    first = opening[0].folded if opening else ""
    joined = first[1:] if first.startswith(_JOINED) else ""
    return first in _LEANS or joined in _LEANS or (joined in _LEANS_ALONE and not _has_subject(sentence, opening))


def _has_subject(sentence: str, opening: Sequence[Word]) -> bool:
    """Whether a name or a noun follows the verb that opens a sentence: «وأضاف الوزير», not «وأضاف:», «وأضاف أن»."""
    if len(opening) == 1 or sentence[opening[0].end : opening[1].start].strip():
        return False
    second = opening[1].folded
    return not (second in _NO_SUBJECTS or _VERB.fullmatch(second))

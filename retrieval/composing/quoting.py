"""What is shown of a sentence that answers: it, and what it needs before it to read on its own."""

import re
from collections.abc import Iterable, Sequence

from retrieval.arabic import fold_text
from retrieval.arabic.enclosed import Enclosures, enclosed
from retrieval.arabic.tables import table
from retrieval.arabic.words import Word, words
from retrieval.model import Span
from retrieval.ranking.features import Candidate
from retrieval.ranking.sentences import prepared
from retrieval.segmentation import LONGEST_SENTENCE

ADDED = (0.5, 75, 160)  # characters that come along: at most half the sentence's and 75 more, and never above 160

_WHOLE = re.compile(r"[.!?؟؛…:][»”“\"')\]]*(?:\[\d{1,3}\])*\s*$")  # how a sentence ends that is no heading and no part
_LEADS_IN = re.compile(r"[:؟?]\s*$")  # a speaker, the head of a list, the question that is answered
_JOINED = ("و", "ف")
_VERB = re.compile("[يت][ء-ي]{3,}")
_OPENING = 80  # characters in which the first two words stand

_WORDS = {name: frozenset(map(fold_text, listed.split())) for name, listed in table("sentences").items()}
_LEANS = _WORDS["leans"]
_LEANS_ALONE, _NO_SUBJECTS = _WORDS["leans_alone"] | _WORDS["says"], _WORDS["no_subjects"]


def shown(candidate: Candidate, beside: Iterable[Span]) -> Span | None:
    """What is shown of a candidate ``beside`` other quotes of its document; None where they hold all of it.

    Spans count characters of the document. A sentence that another quote shows does not come along a second time.
    """
    beside = list(beside)
    if any(other.holds(candidate.span) for other in beside):
        return None
    text = candidate.document.text
    span = readable(text, candidate.span, candidate.passage)
    again = any(other.start < span.end and span.start < other.end for other in beside)
    return unquoted(text, candidate.span, candidate.passage) if again else span


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

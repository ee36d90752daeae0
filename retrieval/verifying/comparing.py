"""Where the words of a quote stand in another version of its document, and how they differ there.

Word for word first. Else the likeliest stretches are looked for, those that hold most of its words, and aligned as
quotations that are checked are. What differs is then told by words as they are written, marks and all: of wording
nothing is too small.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal

from rapidfuzz.distance import Levenshtein

from retrieval.model import Change, Document, Quote, Span
from retrieval.segmentation import paragraph_number, sentences
from retrieval.verifying.explaining import Explaining
from retrieval.verifying.places import Window
from retrieval.verifying.tokens import tokens

STRETCH = 2000  # characters of the stretches of which the likeliest are looked at, at least
WINDOWS = 8  # of them
WORDS = 60  # words of a quote by which they are found
LEAST = 0.5  # of a quote's words, by weight, what must stand in one place for it to stand there otherwise
GROWN = (1.5, 200)  # times as long, and characters more: what the sentences of that place may be

_WRITTEN = re.compile(r"\S+")


def standing(then: Quote, document: Document) -> tuple[Quote, tuple[Change, ...]] | None:
    """Where a quote of another version stands in a document, and the words in which the two differ; None where it does
    not. Of a change ``start`` and ``end`` count characters of ``then.document.text``, the others of ``document.text``.
    """
    if same := _same(then, document):
        return quoted(document, same), ()
    place = _likeliest(then.text, document)
    return (quoted(document, place), tuple(_changes(then, document, place))) if place else None


def quoted(document: Document, span: Span) -> Quote:
    """A stretch of a document as a quote of it."""
    body = Span(min(document.heading, span.start), len(document.text))
    return Quote(document, span, paragraph=paragraph_number(document.text, body, span.start))


def _same(then: Quote, document: Document) -> Span | None:
    """Where it stands word for word; of several places the one nearest to where it stood."""
    words, text = then.text, document.text
    before = text.rfind(words, 0, then.span.start + len(words))
    after = text.find(words, then.span.start)
    found = [start for start in (before, after) if start >= 0]
    start = min(found, key=lambda place: abs(place - then.span.start), default=None)
    return None if start is None else Span(start, start + len(words))


def _likeliest(quote: str, document: Document) -> Span | None:
    """The sentences in which most of a quote stands; None where less than half of it does."""
    words = tokens(quote, Span(0, len(quote)))
    windows = [Window(document, stretch) for stretch in _stretches(quote, document.text)]
    best = Explaining(quote, words).best(0, len(words), windows) if words else None
    if best is None or best.matched < LEAST * sum(token.weight for token in words):
        return None
    whole = [one for one in sentences(document.text, best.window.span) if _meet(one, best.span)]
    span = Span(min(best.span.start, whole[0].start), max(best.span.end, whole[-1].end)) if whole else best.span
    return span if span.end - span.start <= GROWN[0] * len(quote) + GROWN[1] else best.span


def _stretches(quote: str, text: str) -> Iterator[Span]:
    """The stretches of a text that hold most of the words of a quote."""
    wanted = sorted({word for word in _WRITTEN.findall(quote) if len(word) > 1}, key=len, reverse=True)[:WORDS]
    if not wanted or not text:
        return
    size = max(STRETCH, 2 * len(quote))
    held: dict[int, set[str]] = {}
    for found in re.finditer("|".join(map(re.escape, wanted)), text):
        held.setdefault(found.start() // size, set()).add(found[0])
    for number in sorted(held, key=lambda number: (-len(held[number]), number))[:WINDOWS]:
        start, end = number * size - len(quote), (number + 1) * size + len(quote)
        yield Span(max(0, start), min(len(text), end))


def _changes(then: Quote, document: Document, place: Span) -> Iterator[Change]:
    before, after = _words(then.document.text, then.span), _words(document.text, place)
    codes = Levenshtein.opcodes([word for _, word in before], [word for _, word in after])
    for is_equal, group in groupby(codes, lambda code: code.tag == "equal"):
        if is_equal:
            continue
        held = list(group)
        own = _ends(before, held[0].src_start, held[-1].src_end, then.span)
        now = _ends(after, held[0].dest_start, held[-1].dest_end, place)
        kind: Literal["added", "dropped", "changed"] = "changed"
        if own[0] == own[1]:
            kind = "added"
        elif now[0] == now[1]:
            kind = "dropped"
        yield Change(kind, *own, *now)


def _words(text: str, span: Span) -> list[tuple[Span, str]]:
    found = _WRITTEN.finditer(text, span.start, span.end)
    return [(Span(word.start(), word.end()), word[0]) for word in found]


def _ends(words: Sequence[tuple[Span, str]], start: int, end: int, within: Span) -> tuple[int, int]:
    """The characters of some words; where there are none, the place before the next one."""
    if start < end:
        return words[start][0].start, words[end - 1][0].end
    place = words[start][0].start if start < len(words) else within.end
    return place, place


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end

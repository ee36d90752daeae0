"""Sentences of a text that follow each other in a source too: of several places, the one that goes on from the last."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from retrieval.model import Span
from retrieval.verifying.aligning import Alignment, Step
from retrieval.verifying.explaining import FEW, Explained, Explaining
from retrieval.verifying.places import Window
from retrieval.verifying.tokens import Token, tokens

NEAR = 120  # characters between two sentences that may follow each other
_FOLLOWS, _NEARLY, _BESIDE = 4, 3, 1  # what is likelier: that it follows, but for some words, or is of the same source


def gap_between(before: Explained, alignment: Alignment) -> int | None:
    """How many words of the source, few, are left out between what explains the sentence before and this one; None
    where that is not what it follows."""
    if not before.alignments:
        return None
    last = before.alignments[-1]
    if not _are_of_one(last, alignment) or not 0 <= _distance(last, alignment) <= NEAR:
        return None
    if not _distance(last, alignment):
        return 0
    count = len(tokens(alignment.window.document.text, Span(last.span.end, alignment.span.start)))
    return count if count <= FEW else None


def likeliest(found: Sequence[Sequence[Explained]]) -> list[list[Explained]]:
    """Of each sentence how it may have come about, first what makes most sentences follow each other."""
    if not found:
        return []
    sums = [[0.0] * len(found[0])]
    froms: list[list[int]] = []
    for before, own in pairwise(found):
        ways = [[sums[-1][at] + _nearness(one, other) for at, one in enumerate(before)] for other in own]
        froms.append([max(range(len(way)), key=way.__getitem__) for way in ways])
        sums.append([max(way) for way in ways])
    place = max(range(len(sums[-1])), key=sums[-1].__getitem__)
    places = [place]
    for back in reversed(froms):
        places.append(back[places[-1]])
    chosen = zip(found, reversed(places), strict=True)
    return [[own[place], *own[:place], *own[place + 1 :]] for own, place in chosen]


def parted(found: Sequence[Explained], words: Sequence[Token], explaining: Explaining) -> list[Explained]:
    """The same, but that a sentence whose last words are of the place of the next one, or the first of the place of the
    one before it, is pieced: whoever joined two sources may have joined them amid a sentence."""
    parts = list(found)
    for place, (before, own) in enumerate(pairwise(found)):
        if len(before.alignments) == 1 == len(own.alignments):
            last, first = before.alignments[0], own.alignments[0]
            end, begin = last.steps[-1], first.steps[0]
            own_place, their_place = first.source_start, last.source_end
            if _stands(words, end, first.window, own_place - (end.end - end.start)):
                piece = explaining.piece(end.start, end.end, first.window, own_place - (end.end - end.start))
                parts[place] = Explained("pieced", (replace(last, end=end.start, steps=last.steps[:-1]), piece))
            elif _stands(words, begin, last.window, their_place):
                piece = explaining.piece(begin.start, begin.end, last.window, their_place)
                rest = replace(first, start=begin.end, steps=first.steps[1:])
                parts[place + 1] = Explained("pieced", (piece, rest))
    return parts


def _stands(words: Sequence[Token], step: Step, window: Window, place: int) -> bool:
    """Whether words that are of no source yet stand at a place of a window."""
    if step.kind not in ("added", "changed") or place < 0:
        return False
    own = [token.folded for token in words[step.start : step.end]]
    return own == window.folded[place : place + len(own)]


def _nearness(before: Explained, own: Explained) -> int:
    if not before.alignments or not own.alignments:
        return 0
    gap = gap_between(before, own.alignments[0])
    if gap is not None:
        return _NEARLY if gap else _FOLLOWS
    same = _are_of_one(before.alignments[-1], own.alignments[0])
    return _BESIDE if same else 0


def _distance(last: Alignment, alignment: Alignment) -> int:
    return alignment.span.start - last.span.end


def _are_of_one(last: Alignment, alignment: Alignment) -> bool:
    one, other = last.window.document, alignment.window.document
    return (one.id, one.digest) == (other.id, other.digest)

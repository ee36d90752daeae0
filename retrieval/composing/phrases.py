"""The phrases of a sentence that may answer, and what is measured of each for ``marking`` to weigh.

A phrase begins and ends at a word that carries a subject, lies on one side of every bracket and quotation mark, and
does not part what belongs together: a number's words, a day and its month, a noun and the definite word after it,
words of another script, two words that the vocabulary does not know, which mostly are a name, or the words on both
sides of one that stands in names («عمر بن سعد», «أبو بكر»).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.composing.meanings import MEANINGS, meanings
from retrieval.composing.tokens import TRAITS, Tokens, read
from retrieval.model import Span
from retrieval.question.parsed import Question
from retrieval.ranking.features import KINDS

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

LONGEST = 6  # parts of a phrase: its words, those that belong together counting as one
_EDGE = 2  # words before and after a phrase that are looked at


@dataclass(frozen=True, slots=True)
class Phrases:
    """A row of ``matrix`` for each span of the document, a column a feature, in the order of ``names()``."""

    spans: tuple[Span, ...]
    matrix: Floats


def phrases(question: Question, text: str, sentence: Span, before: Span | None) -> Phrases | None:
    """The phrases of a sentence; None where it has none. ``before``: the sentence before it in its passage."""
    tokens = read(question, sentence.of(text), before.of(text) if before else "")
    if tokens is None:
        return None
    starts, ends = _edges(tokens)
    if not starts.size:
        return None
    first, last = tokens.starts[starts] + sentence.start, tokens.ends[ends - 1] + sentence.start
    spans = tuple(Span(int(a), int(b)) for a, b in zip(first, last, strict=True))
    return Phrases(spans, _features(question, tokens, starts, ends))


def _edges(tokens: Tokens) -> tuple[Ints, Ints]:
    """The first words of phrases, and the words after their last ones."""
    passing = (tokens.trait("stop") & ~tokens.trait("firm")) | tokens.trait("loose")
    tied = _tied(tokens)
    asked = tokens.trait("match") & np.append(tokens.trait("stop")[1:], False)  # «القديم في»
    begins = np.flatnonzero(~passing & ~tied[:-1] & ~_agreeing(tokens) & ~asked)
    stops = np.flatnonzero(~passing & ~(tied | _half(tokens))[1:])
    part = np.cumsum(~tied[:-1])
    reach: Ints = part[stops][None, :] - part[begins][:, None]
    inside = tokens.inside[begins][:, None] == tokens.inside[stops][None, :]
    row, column = np.nonzero((begins[:, None] <= stops) & (reach < LONGEST) & inside)
    return begins[row], stops[column] + 1


def _tied(tokens: Tokens) -> Flags:
    """The gaps before words (and the end) at which no phrase begins or ends."""
    tied = np.zeros(tokens.size + 1, dtype=np.bool_)
    digit, month, latin, unknown = map(tokens.trait, ("digit", "month", "latin", "unknown"))
    near = ~tokens.pause[1:-1]
    dated = (month[1:] & digit[:-1]) | (digit[1:] & month[:-1])
    named = (latin[1:] & latin[:-1]) | (unknown[1:] & unknown[:-1] & ~tokens.trait("and")[1:])
    between, leading = tokens.trait("between"), tokens.trait("leading")
    named |= between[1:] | between[:-1] | leading[:-1]
    written_together = tokens.joined[1:-1] & (tokens.inside[1:] == tokens.inside[:-1])
    tied[1:-1] = tokens.trait("continued")[1:] | written_together | (near & (dated | named))
    return tied


def _half(tokens: Tokens) -> Flags:
    """The gaps at which no phrase ends: before a definite word, a unit or a year that belongs to another."""
    half = np.zeros(tokens.size + 1, dtype=np.bool_)
    number, content = tokens.trait("digit") | tokens.trait("continued"), ~tokens.trait("stop")
    belongs = (tokens.trait("the")[1:] & ~number[:-1]) | (tokens.trait("units")[1:] & number[:-1])
    year = tokens.trait("named_year")[:-1] & tokens.trait("digit")[1:]
    half[1:-1] = ~tokens.pause[1:-1] & ((content[1:] & content[:-1] & belongs) | year)
    return half


def _agreeing(tokens: Tokens) -> Flags:
    """The words at which no phrase begins: definite after a definite one, which they mostly describe.

    After a word of the question they do not: there the answer begins («صمم البرج المهندس سامي»).
    """
    agreeing = np.zeros(tokens.size, dtype=np.bool_)
    described = tokens.trait("definite")[:-1] & ~tokens.trait("match")[:-1]
    agreeing[1:] = tokens.trait("the")[1:] & described & ~tokens.pause[1:-1]
    return agreeing


_PLACES = ("mean", "first", "last", "previous", "second_previous", "next")
_OWN = (
    "length", "characters", "start", "to_end", "at", "words", "terms", "matched", "added", "match_3_before",
    "match_6_before", "match_3_after", "match_6_after", "enclosed", "pause_before", "pause_after", "opens_after",
    "unit",
)  # fmt: skip


def names() -> tuple[str, ...]:
    """The names of the features."""
    placed = (f"{place}_{name}" for place in _PLACES for name in TRAITS)
    return (*placed, *(f"kind_{kind}" for kind in KINDS), *_OWN, *MEANINGS)


def _features(question: Question, tokens: Tokens, starts: Ints, ends: Ints) -> Floats:
    table = tokens.table
    nothing = np.zeros((_EDGE, table.shape[1]), dtype=np.float32)
    padded = np.concatenate([nothing, table, nothing])
    total = np.concatenate([nothing[:1], np.cumsum(table, axis=0, dtype=np.float32)])
    sums = total[ends] - total[starts]
    length = (ends - starts).astype(np.float32)
    matches = total[:, TRAITS.index("match")]
    added = length - sums[:, TRAITS.index("match")] - sums[:, TRAITS.index("stop")]
    own = _own(question, tokens, starts, ends, matches)
    own["added"] = added
    kind = np.zeros((len(starts), len(KINDS)), dtype=np.float32)
    if question.kind in KINDS:
        kind[:, KINDS.index(question.kind)] = 1
    places = (padded[starts + 2], padded[ends + 1], padded[starts + 1], padded[starts], padded[ends + 2])
    columns = np.stack([np.asarray(own[name], dtype=np.float32) for name in _OWN], axis=1)
    means = meanings(tokens, starts, ends)
    matrix: Floats = np.concatenate([sums / length[:, None], *places, kind, columns, means], axis=1)
    return matrix


def _own(
    question: Question, tokens: Tokens, starts: Ints, ends: Ints, matches: Floats
) -> dict[str, NDArray[np.generic]]:
    size, edges = len(starts), tokens.pause
    return {
        "length": ends - starts,
        "characters": tokens.ends[ends - 1] - tokens.starts[starts],
        "start": starts / tokens.size,
        "to_end": tokens.size - ends,
        "at": starts,
        "words": np.full(size, tokens.size),
        "terms": np.full(size, len(question.terms)),
        "matched": np.full(size, matches[-1]),
        "match_3_before": matches[starts] - matches[np.maximum(starts - 3, 0)],
        "match_6_before": matches[starts] - matches[np.maximum(starts - 6, 0)],
        "match_3_after": matches[np.minimum(ends + 3, tokens.size)] - matches[ends],
        "match_6_after": matches[np.minimum(ends + 6, tokens.size)] - matches[ends],
        "enclosed": tokens.opened[starts] & tokens.closed[ends],
        "pause_before": edges[starts] | (starts == 0),
        "pause_after": edges[ends] | (ends == tokens.size),
        "opens_after": tokens.opened[ends],
        "unit": np.full(size, question.unit is not None),
    }

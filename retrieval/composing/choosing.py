"""Chooses which of the ranked sentences are quoted: each adds something to those before it, and what sources say
differently comes first, the newest on top.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import takewhile

from retrieval.composing.agreement import disagree, may_disagree
from retrieval.composing.quoting import told
from retrieval.composing.statements import Statement, same, statement, within
from retrieval.model import Quote, Source, Span
from retrieval.question.parsed import Question
from retrieval.ranking.features import Candidate
from retrieval.ranking.ranker import Ranked

FAR_BELOW = 30.0  # further quotes, and what says the same as one, score less than this below the first
LOOKED_AT = 25  # sentences, the best


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A quote, what it says, and other sources that say the same."""

    quote: Quote
    words: Statement
    also: list[Source] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Choice:
    """Chooses for one question at most ``k`` quotes.

    ``quoted`` makes the quote of a candidate, given by its place in the ranking, beside those of its document, or None
    where they show all of it; ``is_stored`` says whether a source still holds its words.
    """

    question: Question
    k: int
    quoted: Callable[[int, Iterable[Span]], Quote | None]
    is_stored: Callable[[Quote], bool]

    def of(self, ranked: Ranked) -> tuple[tuple[Quote, ...], int]:
        """The quotes, and how many of the first are of sources that differ.

        Where any do, theirs come first, the newest on top; of one day, the best.
        """
        found = self._found(ranked)
        disputed = self._disputed(found)[: self.k]
        others = [own for own in found if own not in disputed]
        chosen = [*sorted(disputed, key=_day, reverse=True), *others][: self.k]
        differing = len(disputed) if len(disputed) > 1 else 0
        return tuple(replace(own.quote, also=tuple(own.also)) for own in chosen), differing

    def _found(self, ranked: Ranked) -> list[_Chosen]:
        """The sentences that add something, best first: ``k``, and those that disagree with the first."""
        found: list[_Chosen] = []
        best = list(enumerate(ranked.candidates))[:LOOKED_AT]
        for place, candidate in takewhile(lambda one: ranked.scores[one[0]] >= ranked.scores[0] - FAR_BELOW, best):
            words = statement(told(candidate).of(candidate.document.text))
            others = [own for own in found if own.quote.document.id != candidate.document.id]
            twin = next((own for own in others if same(own.words, words)), None)
            if twin:
                self._name(twin, candidate)
            elif not any(within(words, own.words) for own in found):
                found += self._added(found, candidate, place, words)
        return found

    def _name(self, twin: _Chosen, candidate: Candidate) -> None:
        """Names the candidate's document as another source, if it is one and still holds the words."""
        source = Source(candidate.document.id, candidate.document.title)
        is_new = source.document_id != twin.quote.document.id and source not in twin.also
        if is_new and self.is_stored(Quote(candidate.document, told(candidate))):
            twin.also.append(source)

    def _added(self, found: Sequence[_Chosen], candidate: Candidate, place: int, words: Statement) -> Iterator[_Chosen]:
        """The candidate, where there is room or it disagrees with the first, and its source still holds the words."""
        has_room = len(found) < self.k
        if not has_room and (self.k < 2 or not may_disagree(self.question, found[0].quote, candidate.document, words)):
            return
        beside = [own.quote.span for own in found if own.quote.document.id == candidate.document.id]
        quote = self.quoted(place, beside)
        if quote and (has_room or disagree(self.question, found[0].quote, quote)) and self.is_stored(quote):
            yield _Chosen(quote, words)

    def _disputed(self, found: Sequence[_Chosen]) -> list[_Chosen]:
        """The first, and those that disagree with it and with each other."""
        disputed: list[_Chosen] = []
        for own in found:
            if all(disagree(self.question, other.quote, own.quote) for other in disputed):
                disputed.append(own)
        return disputed


def _day(chosen: _Chosen) -> date:
    return chosen.quote.document.published or date.min

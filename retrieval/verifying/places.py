"""Where a text may be from: from the terms of the index to windows of documents, each a passage and what is around it.

Everything here is bounded, whatever the text and the corpus hold: the terms that are looked for, the passages that are
looked at, and the characters around them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from retrieval.arabic.analysis import content_of, lemma, stem
from retrieval.finding.search import weight
from retrieval.index import STEMS, TITLE, Index, Query
from retrieval.model import Document, Passage, Span
from retrieval.segmentation import sentences
from retrieval.verifying.spelling import skeleton
from retrieval.verifying.tokens import Token, tokens

TERMS = 12  # rare stems of a sentence that are looked for
COMMON = 0.02  # of all passages: a stem that more of them hold is looked for only where few are rarer
ENOUGH = 5  # stems that are rarer
PASSAGES = 8  # of a sentence that are looked at
HELD = 30_000_000  # characters of documents that are held at once, after which no further one is: shelves of books
AROUND = 250  # characters beside a passage that may be of the quotation, more than the sentence has

Get = Callable[[str, str], Document | None]


@dataclass(frozen=True, eq=False)
class Window:
    """A stretch of a document in which a quotation is looked for, cut into words."""

    document: Document
    span: Span
    words: list[Token] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", tokens(self.document.text, self.span))

    @cached_property
    def folded(self) -> list[str]:
        """The folded forms of its words."""
        return [token.folded for token in self.words]

    @cached_property
    def skeletons(self) -> list[str]:
        """Their forms without the letters in which spellings differ."""
        return list(map(skeleton, self.folded))

    @cached_property
    def at(self) -> dict[str, list[int]]:
        """Where each folded word stands among its words."""
        places: dict[str, list[int]] = {}
        for place, word in enumerate(self.folded):
            places.setdefault(word, []).append(place)
        return places

    @cached_property
    def sentence_of(self) -> list[int]:
        """Of each word the number of its sentence."""
        ends = [sentence.end for sentence in sentences(self.document.text, self.span)]
        numbers, number = [], 0
        for token in self.words:
            while number < len(ends) - 1 and token.start >= ends[number]:
                number += 1
            numbers.append(number)
        return numbers

    def shared(self, weights: Mapping[str, float]) -> float:
        """How much of some folded words, each of a weight, it holds."""
        return sum(weights[word] for word in weights.keys() & self.at.keys())


class Places:
    """The windows of what was found for the sentences of one text."""

    def __init__(self, index: Index, get: Get) -> None:
        self._index, self._get = index, get
        self._windows: dict[tuple[str, str, Span], Window] = {}
        self._documents: dict[tuple[str, str], Document | None] = {}

    def look(self, words: Sequence[Token], *, titles: bool = False) -> None:
        """Takes up the places in which words may stand; ``titles``: those in whose titles they may stand, too."""
        if not (terms := self._terms(words, titles)):
            return
        around = words[-1].end - words[0].start + AROUND
        for hit in self._index.search(Query(terms), PASSAGES):
            passage = hit.passage
            if document := self._document(passage.document_id, passage.version):
                for span in _spans(document, passage, around, titles):
                    key = document.id, document.digest, span
                    if key not in self._windows:
                        self._windows[key] = Window(document, span)

    def best(self, words: Sequence[Token]) -> list[Window]:
        """The windows that hold most of some words, best first."""
        weights = {token.folded: token.weight for token in words}
        shared = {window: window.shared(weights) for window in self._windows.values()}
        return sorted(filter(shared.__getitem__, shared), key=shared.__getitem__, reverse=True)[:PASSAGES]

    def _document(self, document_id: str, version: str) -> Document | None:
        key = document_id, version
        if key not in self._documents:
            held = sum(len(document.text) for document in self._documents.values() if document)
            self._documents[key] = self._get(*key) if held < HELD else None
        return self._documents[key]

    def _terms(self, words: Sequence[Token], titles: bool) -> dict[str, dict[str, float]]:
        """The rarest stems of some words that the corpus holds; with the lemmas of titles."""
        content = [word for word in content_of([token.folded for token in words]) if word]
        often = self._index.frequencies(STEMS, dict.fromkeys(map(stem, content)))
        rare = sorted((one for one, frequency in often.items() if frequency), key=often.__getitem__)[:TERMS]
        most = COMMON * len(self._index)
        chosen = [one for place, one in enumerate(rare) if place < ENOUGH or often[one] <= most]
        terms = {STEMS: {one: weight(one, often[one], len(self._index)) for one in chosen}} if chosen else {}
        if titles and content:
            terms[TITLE] = dict.fromkeys(map(lemma, content[:TERMS]), 1.0)
        return terms


def _spans(document: Document, passage: Passage, around: int, titles: bool) -> Iterator[Span]:
    text = document.text
    yield Span(max(0, passage.span.start - around), min(len(text), passage.span.end + around))
    if titles and document.heading:
        yield Span(0, min(document.heading, around))

"""What is measured of each sentence that may answer, for the ranker to weigh.

A sentence is compared with the question in five ways (``WAYS``): by stems, by lemmas, by letters, by meaning, and by
the best of the first three. Each way gives a matrix of sentences by question words, how far the sentence holds the
word, between 0 and 1. From it come shares of the question covered: by the sentence, with its neighbours, its title,
its passage; absolute, and beside the best of all candidates.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from retrieval.arabic.analysis import content_words, grams, lemma, stem
from retrieval.arabic.vectors import row_of, vectors
from retrieval.finding.search import Found
from retrieval.model import Document, Span
from retrieval.question.parsed import Kind, Question, Term
from retrieval.ranking.kinds import duals
from retrieval.ranking.sentences import SIGNS, Sentence, prepared

Matrix = NDArray[np.float32]
Rows = NDArray[np.int64]

WAYS = ("stems", "lemmas", "letters", "meaning", "any")
KINDS: tuple[Kind, ...] = get_args(Kind)
"""In an order that the trained models know: a new one comes last."""
MOST_LETTERS = 0.6  # the share of a word's n-grams from which it counts as found
USUAL_LENGTH = 20  # words of content in a sentence
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer. ``span`` counts characters of the document, as do ``passage``, the passage that
    holds it, and ``before``, the sentence before it there, if any."""

    document: Document
    span: Span
    before: Span | None
    passage: Span

    @property
    def text(self) -> str:
        return self.span.of(self.document.text)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The sentences of the passages found, a row of ``matrix`` each, a column a feature by ``names``.

    By sentences and question words: ``held``, how far each sentence, with the one before and its title, holds the word;
    ``meant``, how near in meaning the sentence comes to it; ``titled``, whether the title holds it. ``unit``: what the
    question counts, if it does.
    """

    sentences: tuple[Candidate, ...]
    matrix: Matrix
    names: tuple[str, ...]
    held: Matrix
    meant: Matrix
    titled: Matrix
    unit: str | None = None


class _Layout:
    """Where sentences stand: a row each, those of a passage together."""

    def __init__(self, passages: Sequence[Sequence[Sentence]]) -> None:
        sizes = np.array([len(sentences) for sentences in passages])
        self.passage = np.repeat(np.arange(len(passages)), sizes)
        self.starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        self.place = np.arange(len(self.passage)) - self.starts[self.passage]
        self.after = sizes[self.passage] - 1 - self.place

    def best_of_passage(self, values: Matrix) -> Matrix:
        """Each row's maximum over its passage."""
        best: Matrix = np.maximum.reduceat(values, self.starts, axis=0)[self.passage]
        return best

    def sum_of_passage(self, values: Matrix) -> Matrix:
        """Each row's sum over its passage."""
        total: Matrix = np.add.reduceat(values, self.starts, axis=0)[self.passage]
        return total

    def before(self, values: Matrix) -> Matrix:
        """For each row that of the sentence before it, zeros where it is the first of its passage."""
        moved = np.roll(values, 1, axis=0)
        moved[self.place == 0] = 0
        return moved

    def next(self, values: Matrix) -> Matrix:
        """For each row that of the sentence after it, zeros where it is the last of its passage."""
        moved = np.roll(values, -1, axis=0)
        moved[self.after == 0] = 0
        return moved


@np.errstate(invalid="ignore")  # BLAS may raise this flag over what it reads past the end of short rows
def candidates(question: Question, weights: Sequence[float], found: Sequence[Found]) -> Candidates:
    """The sentences of passages and their features. ``weights``: of the question's words, at least one above zero."""
    ready = [(passage, prepared(passage.text)) for passage in found]
    ready = [(passage, sentences) for passage, sentences in ready if sentences]
    layout = _Layout([sentences for _, sentences in ready])
    flat = [sentence for _, sentences in ready for sentence in sentences]
    share = np.array(weights, dtype=np.float32)
    share /= share.sum()
    ways = _ways(question.terms, flat)
    titles = np.array([_title(question.terms, p.title) for p, _ in ready], dtype=np.float32)[layout.passage]
    features = {
        **_coverage(ways, share, titles, layout, flat),
        **_words(ways["any"], ways["meaning"], share),
        **_passages([p for p, _ in ready], titles @ share, layout),
        "title's words asked": _asked_of(question.terms, [p.title for p, _ in ready])[layout.passage],
        **_sentences(flat, layout),
        **_order(question.terms, flat),
        **_meaning(question.terms, share, [s.rows for s in flat], layout),
        **_question(question, len(flat)),
    }
    if question.unit:
        features["holds: numbers"] = features["holds: numbers"] + _duals(question.unit, ready)
    held = np.maximum.reduce([ways["any"], 0.8 * layout.before(ways["any"]), 0.8 * titles])
    matrix = np.stack([np.asarray(column, dtype=np.float32) for column in features.values()], axis=1)
    return Candidates(tuple(_candidates(ready)), matrix, tuple(features), held, ways["meaning"], titles, question.unit)


def _duals(unit: str, ready: Iterable[tuple[Found, Sequence[Sentence]]]) -> Matrix:
    """How often each sentence names two of what is counted in one word."""
    texts = (sentence.span.of(found.text) for found, sentences in ready for sentence in sentences)
    return np.array([len(duals(unit, text)) for text in texts], dtype=np.float32)


def _candidates(ready: Iterable[tuple[Found, Sequence[Sentence]]]) -> Iterable[Candidate]:
    for passage, sentences in ready:
        within = passage.hit.passage.span
        before = None
        for sentence in sentences:
            span = Span(within.start + sentence.span.start, within.start + sentence.span.end)
            yield Candidate(passage.document, span, before, within)
            before = span


def _ways(terms: Sequence[Term], flat: Sequence[Sentence]) -> dict[str, Matrix]:
    """How far each sentence holds each word of the question, in each way."""
    stems = _shares([{term.stem} for term in terms], [set(s.stems) for s in flat])
    lemmas = _shares([{lemma(term.word)} for term in terms], [s.lemmas for s in flat])
    letters = _shares([set(grams(term.word).split()) for term in terms], [s.grams for s in flat])
    exact = np.maximum(stems, lemmas)
    meaning = np.maximum(exact, _nearest([row_of(term.word) for term in terms], [s.rows for s in flat]))
    found = np.maximum(exact, np.where(letters >= MOST_LETTERS, 0.9 * letters, 0))
    return dict(zip(WAYS, (stems, lemmas, letters, meaning, found), strict=True))


def _shares(wanted: Sequence[AbstractSet[str]], held: Sequence[AbstractSet[str]]) -> Matrix:
    """The share of each wanted set that each of those held has."""
    shares = np.zeros((len(held), len(wanted)), dtype=np.float32)
    every = set().union(*wanted)
    for row, own in enumerate(held):
        if met := every & own:
            shares[row] = [len(met & each) / len(each) for each in wanted]
    return shares


def _nearest(wanted: Sequence[int], held: Sequence[Sequence[int]]) -> Matrix:
    """The cosine of each wanted word's vector to the nearest word of each sentence; 0 for words without one."""
    rows = np.array([row for rows in held for row in (0, *rows)], dtype=np.int64)
    starts = np.cumsum([0, *(len(r) + 1 for r in held[:-1])])
    near = vectors().of(rows) @ vectors().of(np.array(wanted, dtype=np.int64)).T
    nearest: Matrix = np.maximum.reduceat(near, starts, axis=0)
    return nearest


def _title(terms: Sequence[Term], title: str) -> list[bool]:
    words = content_words(title)
    held = {*map(stem, words), *map(lemma, words)}
    return [term.stem in held or lemma(term.word) in held for term in terms]


def _asked_of(terms: Sequence[Term], titles: Iterable[str]) -> Matrix:
    """The share of each title's words that the question asks with: 1 for a page of just what it names."""
    asked = {*(term.stem for term in terms), *(lemma(term.word) for term in terms)}
    words = [content_words(title) for title in titles]
    return np.array([sum(stem(w) in asked or lemma(w) in asked for w in ws) / max(len(ws), 1) for ws in words])


def _coverage(
    ways: dict[str, Matrix], share: Matrix, titles: Matrix, layout: _Layout, flat: Sequence[Sentence]
) -> dict[str, Matrix]:
    lengths = np.array([len(sentence.stems) for sentence in flat], dtype=np.float32)
    brevity = 1 / (0.4 + 0.6 * lengths / USUAL_LENGTH)
    features: dict[str, Matrix] = {}
    for way, held in ways.items():
        before, passage = layout.before(held), layout.best_of_passage(held)
        around = np.maximum.reduce([held, 0.7 * before, 0.7 * titles, 0.4 * passage]) @ share
        alone = held @ share
        with_before = np.maximum(held, before) @ share
        within = _telling(held, share, layout)
        features |= {
            f"{way}": alone,
            f"{way}, beside the best": _beside_best(alone),
            f"{way}, below the best": alone - alone.max(),
            f"{way}, with the sentence before": with_before,
            f"{way}, with the sentence before, beside the best": _beside_best(with_before),
            f"{way}, with the sentence after": np.maximum(held, layout.next(held)) @ share,
            f"{way}, in the passage": passage @ share,
            f"{way}, with the title": np.maximum(held, titles) @ share,
            f"{way}, with all around": around,
            f"{way}, with all around, beside the best": _beside_best(around),
            f"{way}, with all around, below the passage's best": around - layout.best_of_passage(around),
            f"{way}, for the length, beside the best": _beside_best(alone * brevity),
            f"{way}, telling in the passage": within,
            f"{way}, telling in the passage, below its best": within - layout.best_of_passage(within),
        }
    return features


def _telling(held: Matrix, share: Matrix, layout: _Layout) -> Matrix:
    """Coverage in which a word that fewer of the passage's sentences hold counts more, as idf does for passages."""
    sizes = (layout.place + layout.after + 1)[:, None]
    holding = layout.sum_of_passage((held > 0.5).astype(np.float32))
    rarity = np.log(1 + (sizes - holding + 0.5) / (holding + 0.5)) * share
    covered: Matrix = (held * rarity).sum(1) / np.maximum(rarity.sum(1), _TINY)
    return covered


def _beside_best(values: NDArray[Any]) -> Matrix:
    beside: Matrix = values.astype(np.float32) / max(float(values.max()), _TINY)
    return beside


def _words(found: Matrix, meaning: Matrix, share: Matrix) -> dict[str, Matrix]:
    """Of single words of the question: the weightiest, the one that is farthest."""
    weightiest = int(share.argmax())
    return {
        "words found": found.sum(1),
        "share of words found": found.mean(1),
        "weightiest word": found[:, weightiest],
        "weightiest word, meaning": meaning[:, weightiest],
        "farthest word, meaning": meaning.min(1),
        "weightiest word missing": ((1 - found) * share).max(1) / share.max(),
    }


def _passages(found: Sequence[Found], titles: Matrix, layout: _Layout) -> dict[str, Matrix]:
    scores = np.array([passage.hit.score for passage in found], dtype=np.float32)
    best, second = scores[0], scores[1] if len(scores) > 1 else 0.0
    sources = [passage.document.id for passage in found]
    of_document = np.array([sum(s for s, d in zip(scores, sources, strict=True) if d == own) for own in sources])
    number = np.array([sources.count(own) for own in sources])
    depth = np.array([p.hit.passage.span.start / len(p.document.text) for p in found])
    at = layout.passage
    return {
        "passage, beside the best": (scores / best if best > 0 else np.ones_like(scores))[at],
        "passage, below the best": (scores - best)[at],
        "passage's score": scores[at],
        "passage's rank": at,
        "lead of the best passage": np.full(len(at), (best - second) / best if best > 0 else 1.0),
        "document, beside the best": _beside_best(of_document)[at],
        "document's passages": number[at],
        "title": titles,
        "passage's place": depth[at],
    }


def _sentences(flat: Sequence[Sentence], layout: _Layout) -> dict[str, Matrix]:
    signs = np.array([sentence.signs for sentence in flat], dtype=np.float32)
    return {
        "place": layout.place,
        "place from the end": layout.after,
        "sentences in the passage": layout.place + layout.after + 1,
        "words": np.array([len(sentence.stems) for sentence in flat]),
        "characters": np.array([sentence.span.end - sentence.span.start for sentence in flat]),
        **{f"holds: {name}": signs[:, column] for column, name in enumerate(SIGNS)},
    }


def _order(terms: Sequence[Term], flat: Sequence[Sentence]) -> dict[str, Matrix]:
    """How near each other and in which order the question's words stand in a sentence, and what it adds to them."""
    wanted = [term.stem for term in terms]
    pairs = list(pairwise(wanted))
    found = np.array([_nearness(pairs, sentence.stems) for sentence in flat], dtype=np.float32) / max(len(pairs), 1)
    added = [len(set(sentence.stems).difference(wanted)) for sentence in flat]
    return {"nearness": found[:, 0], "pairs in order": found[:, 1], "words added": np.array(added)}


def _nearness(pairs: Iterable[tuple[str, str]], stems: Sequence[str]) -> tuple[float, float]:
    """Over neighbouring words of the question: the sum of one over their distance, and how many are neighbours."""
    places: dict[str, list[int]] = {}
    for place, held in enumerate(stems):
        places.setdefault(held, []).append(place)
    gaps = [
        min((second - first for first in places[a] for second in places[b] if first != second), key=abs, default=0)
        for a, b in pairs
        if a in places and b in places
    ]
    return sum(1 / abs(gap) for gap in gaps if gap), sum(gap == 1 for gap in gaps)


def _meaning(terms: Sequence[Term], share: Matrix, held: Sequence[Sequence[int]], layout: _Layout) -> dict[str, Matrix]:
    """Cosines of the question's mean vector to those of the sentence, its passage, and it with the one before."""
    asked = vectors().of(np.array([row_of(term.word) for term in terms], dtype=np.int64)) * share[:, None]
    direction = _unit(asked.sum(0, keepdims=True))[0]
    rows = np.array([row for rows in held for row in (0, *rows)], dtype=np.int64)
    starts = np.cumsum([0, *(len(r) + 1 for r in held[:-1])])
    sums: Matrix = np.add.reduceat(vectors().of(rows), starts, axis=0)
    alone = _unit(sums) @ direction
    passage = _unit(layout.sum_of_passage(sums)) @ direction
    return {
        "mean meaning": alone,
        "mean meaning, below the best": alone - alone.max(),
        "mean meaning, with the sentence before": _unit(sums + layout.before(sums)) @ direction,
        "mean meaning of the passage": passage,
        "mean meaning of the passage, below the best": passage - passage.max(),
    }


def _unit(values: Matrix) -> Matrix:
    unit: Matrix = values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), _TINY)
    return unit


def _question(question: Question, size: int) -> dict[str, Matrix]:
    kind = KINDS.index(question.kind) if question.kind in KINDS else -1
    sought = {f"seeks: {name}": np.full(size, at == kind) for at, name in enumerate(KINDS)}
    return {"kind sought": np.full(size, kind), "words asked": np.full(size, len(question.terms)), **sought}

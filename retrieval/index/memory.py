"""The engine in memory: rank-bm25's Okapi BM25, its scores computed from postings.

``BM25Okapi`` walks every passage for every query term. Here the same numbers, to the bit, come from the
passages that hold the term. Its constants are its own: k1 1.5, b 0.75, epsilon 0.25 (Trotman et al.,
"Improvements to BM25 and Language Models Examined", 2014).
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from retrieval.index import FIELDS, Entry, Query, Terms
from retrieval.model import Hit

Scores = NDArray[np.float64]
Rows = NDArray[np.int64]


class PostingsBM25(BM25Okapi):  # type: ignore[misc]  # rank-bm25 has no types
    """``BM25Okapi`` over at least one tokenised passage, which remembers who holds each term."""

    def _initialize(self, corpus: Sequence[Sequence[str]]) -> dict[str, int]:
        """Counts terms as rank-bm25 does, in its order of the vocabulary (the mean idf depends on it)."""
        numbers: dict[str, int] = {}
        occurring = array("q", (numbers.setdefault(term, len(numbers)) for terms in corpus for term in terms))
        self.corpus_size = len(corpus)
        self.doc_len = np.array([len(terms) for terms in corpus], dtype=np.int64)
        # A field that no passage fills (no title anywhere) has no length to compare with.
        self.avgdl = int(self.doc_len.sum()) / self.corpus_size or 1.0
        in_row = np.repeat(np.arange(self.corpus_size), self.doc_len)
        # A place for each term in each row: sorted, the rows of a term stand together.
        places, counts = np.unique(np.frombuffer(occurring, np.int64) * self.corpus_size + in_row, return_counts=True)
        terms, rows = np.divmod(places, self.corpus_size)
        ends = np.searchsorted(terms, np.arange(len(numbers) + 1))
        edges = zip(numbers, ends, ends[1:], strict=False)
        self.postings = {term: (rows[start:end], counts[start:end]) for term, start, end in edges}
        return {term: len(rows) for term, (rows, _) in self.postings.items()}

    def _calc_idf(self, nd: dict[str, int]) -> None:
        if nd:  # rank-bm25 divides by the size of the vocabulary
            super()._calc_idf(nd)

    def term_scores(self, term: str) -> tuple[Rows, Scores]:
        """The rows that hold a term, and what it adds to the score of each."""
        rows, counts = self.postings[term]
        lengths = self.doc_len[rows]
        weights = counts * (self.k1 + 1) / (counts + self.k1 * (1 - self.b + self.b * lengths / self.avgdl))
        return rows, self.idf[term] * weights

    def get_scores(self, query: Iterable[str]) -> Scores:
        """The score of every passage, as ``BM25Okapi.get_scores``."""
        scores = np.zeros(self.corpus_size)
        for term in query:
            if term in self.postings:
                rows, gains = self.term_scores(term)
                scores[rows] += gains
        return scores


class MemoryIndex:
    """An index rebuilt as a whole after each change, for up to some 100,000 passages."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._fields: dict[str, PostingsBM25] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entries: Iterable[Entry]) -> None:
        self._replace([*self._entries, *entries])

    def delete(self, document_ids: Iterable[str]) -> None:
        gone = frozenset(document_ids)
        self._replace([entry for entry in self._entries if entry.passage.document_id not in gone])

    def _replace(self, entries: list[Entry]) -> None:
        built = {f: PostingsBM25([e.terms.get(f, "").split() for e in entries]) for f in FIELDS} if entries else {}
        self._entries, self._fields = entries, built

    def search(self, query: Query, k: int) -> list[Hit]:
        entries, fields = self._entries, self._fields
        scores, shared = _scores(fields, query, len(entries))
        if query.period is not None:
            period = query.period
            shared = np.array([r for r in shared if period.holds(entries[r].published)], dtype=np.int64)
        return [Hit(entries[row].passage, float(scores[row])) for row in _best(scores, shared, k)]

    def frequencies(self, field: str, terms: Iterable[str]) -> dict[str, int]:
        postings = self._fields[field].postings if field in self._fields else {}
        return {term: len(postings[term][0]) if term in postings else 0 for term in terms}


def _best(scores: Scores, rows: Rows, k: int) -> Rows:
    """The ``k`` rows of the highest scores, equal ones in their order. Only those that may be among them are sorted."""
    if len(rows) > k > 0:
        own = scores[rows]
        rows = rows[own >= np.partition(own, -k)[-k]]
    return rows[np.argsort(-scores[rows], kind="stable")[:k]]


def _scores(fields: Mapping[str, PostingsBM25], query: Query, size: int) -> tuple[Scores, Rows]:
    """The score of every row, and the rows that share a term, in order."""
    scores, shares, own = np.zeros(size), np.zeros(size, dtype=bool), np.zeros(size)
    rows = _add(own, fields, query.terms)
    scores[rows], shares[rows] = own[rows], True
    for choice in query.choices:
        best = np.full(size, -np.inf)
        for terms in choice:
            own[rows] = 0.0
            rows = _add(own, fields, terms)
            best[rows] = np.maximum(best[rows], own[rows])
        chosen = np.flatnonzero(best > -np.inf)
        scores[chosen] += best[chosen]
        shares[chosen] = True
    return scores, np.flatnonzero(shares)


def _add(scores: Scores, fields: Mapping[str, PostingsBM25], terms: Terms) -> Rows:
    """Adds to the scores what these terms give, and says to which rows; some may be named twice."""
    touched = [np.empty(0, dtype=np.int64)]
    weighted = chain.from_iterable(((f, t, w) for t, w in by_term.items()) for f, by_term in terms.items())
    for field, term, weight in weighted:
        if field in fields and term in fields[field].postings:
            rows, gains = fields[field].term_scores(term)
            scores[rows] += weight * gains
            touched.append(rows)
    return np.concatenate(touched)

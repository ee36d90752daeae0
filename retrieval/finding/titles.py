"""Documents by the words of their titles, which stand beside each of their passages in the index."""

from collections.abc import Callable, Sequence

from retrieval.arabic.analysis import content_words, lemma
from retrieval.errors import EngineError
from retrieval.index import TITLE, Index, Query
from retrieval.model import Document, Hit

FIRST, TIMES, MOST = 500, 10, 50_000
"""Passages that are looked at first, how many times as many where they are of too few documents, and the most."""


def titled(words: str, index: Index, get: Callable[[str, str], Document | None], count: int) -> list[Document]:
    """Up to ``count`` documents whose titles share words with some, those that have the most of them first; none where
    they cannot be found now. ``get`` gives a document by id and version, None where it is gone."""
    wanted = dict.fromkeys(map(lemma, content_words(words)), 1.0)
    if not wanted:
        return []
    versions = _versions(_hits(Query({TITLE: wanted}), index, count))
    documents = [own for name, version in list(versions.items())[:count] if (own := get(name, version))]
    return sorted(documents, key=lambda own: -_shared(own.title, wanted))


def _hits(query: Query, index: Index, count: int) -> Sequence[Hit]:
    """So many of the best passages that they are of ``count`` documents, where there are so many."""
    k = FIRST
    while True:
        try:
            hits = index.search(query, k)
        except EngineError:
            return []
        if len(hits) < k or k >= MOST or len(_versions(hits)) >= count:
            return hits
        k *= TIMES


def _versions(hits: Sequence[Hit]) -> dict[str, str]:
    """The documents of passages, each once, with their versions."""
    versions: dict[str, str] = {}
    for hit in hits:
        versions.setdefault(hit.passage.document_id, hit.passage.version)
    return versions


def _shared(title: str, wanted: dict[str, float]) -> int:
    return len(wanted.keys() & set(map(lemma, content_words(title))))

"""Where nothing answers: the documents that come nearest, and the sentences with which each begins."""

from collections.abc import Iterable
from itertools import takewhile

from retrieval.documents.furniture import bodies
from retrieval.finding.search import Found
from retrieval.model import Document, Quote, Span
from retrieval.segmentation import paragraph_number, sentences

NEAREST = 3
LONGEST = 240
"""Characters of the first sentences that are shown, but for one that is longer by itself."""
_READ, _FURNISHED = 2000, 200_000  # characters: of a text's beginning; of the longest that is read for furniture


def nearest_documents(found: Iterable[Found]) -> list[Document]:
    """The documents of the best passages, each once."""
    documents = {passage.document.id: passage.document for passage in found}
    return list(documents.values())[:NEAREST]


def opening(document: Document) -> Quote | None:
    """The first sentences of a document; None where it has none."""
    text, below = document.text, Span(document.heading, max(len(document.text), document.heading + 1))
    body = next(iter(bodies(document)), None) if len(text) <= _FURNISHED else below
    if body is None:
        return None
    found = sentences(text, Span(body.start, min(body.end, body.start + _READ)))
    if not found:
        return None
    start = found[0].start
    *_, last = found[0], *takewhile(lambda sentence: sentence.end - start <= LONGEST, found[1:])
    return Quote(document, Span(start, last.end), paragraph=paragraph_number(text, below, start))

"""A stretch of a document as a quote, for a reader who opens it where it stands: its place, and which other documents
have its words too."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from retrieval.arabic.analysis import content_words
from retrieval.composing.statements import same, statement
from retrieval.corpus.snapshot import Corpus
from retrieval.errors import EngineError
from retrieval.index.terms import query
from retrieval.model import Document, Hit, Quote, Source, Span
from retrieval.segmentation import paragraph_number, sentences

LOOKED_AT = 20  # passages, the nearest by words
LONGEST = 2000  # characters of a quote that is looked for: what is longer is a part of a document, and no quote
WORDS = 40  # of it by which passages are found
MOST = 5  # sources that are named


def placed(corpus: Corpus, document: Document, span: Span, is_stored: Callable[[Quote], bool]) -> Quote:
    """The stretch as a quote: which paragraph it stands in, and the other sources that hold what it says in nearly the
    same words, nearest first. ``is_stored`` says whether a source still has its words. Raises ValueError where the
    stretch ends outside the document."""
    below = Span(min(document.heading, span.start), max(len(document.text), span.end))
    quote = Quote(document, span, paragraph=paragraph_number(document.text, below, span.start))
    return replace(quote, also=_elsewhere(corpus, quote, is_stored))


def _elsewhere(corpus: Corpus, quote: Quote, is_stored: Callable[[Quote], bool]) -> tuple[Source, ...]:
    words, wanted = content_words(quote.text)[:WORDS], statement(quote.text)
    if not words or not wanted or len(quote.text) > LONGEST:
        return ()
    count = len(sentences(quote.document.text, quote.span))
    found: dict[str, Source] = {}
    for hit in _near(corpus, words):
        own = corpus.documents.get(hit.passage.document_id, hit.passage.version)
        if own is None or own.id in {quote.document.id, *found}:
            continue
        if any(same(wanted, statement(part.text)) and is_stored(part) for part in _parts(own, hit.passage.span, count)):
            found[own.id] = Source(own.id, own.title)
    return tuple(found.values())[:MOST]


def _near(corpus: Corpus, words: Iterable[str]) -> Sequence[Hit]:
    """The nearest passages by words; none where they cannot be found now."""
    try:
        return corpus.index.search(query(words), LOOKED_AT)
    except EngineError:
        return ()


def _parts(document: Document, passage: Span, count: int) -> Iterator[Quote]:
    """Each ``count`` sentences in a row of a passage."""
    found = sentences(document.text, passage)
    for first, last in zip(found, found[max(0, count - 1) :], strict=False):
        yield Quote(document, Span(first.start, last.end))

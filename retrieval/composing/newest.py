"""The newest documents on a subject, each by its first sentence: what who wants news is answered with."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from retrieval.arabic.analysis import analyze
from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.documents.furniture import bodies
from retrieval.finding.search import Found
from retrieval.model import Answer, Document, Period, Quote, Span
from retrieval.segmentation import paragraph_number, sentences

SHOWN = 3  # at once; a reader may ask for more
LEAST_WORDS = 3  # of a first sentence: less is a place or a name above the text
_OPINIONS, _BYLINES, _NEWS = (
    frozenset(map(fold_text, table("news")[name])) for name in ("opinions", "bylines", "told_of")
)
_SIGN = re.compile(r"\s*[:|/]\s*|\s+[-–—]\s+")
LOOKED = 20_000
"""Characters of a document in which its first sentence is looked for: it may begin with any length of furniture."""


def about(subject: str, found: Iterable[Found]) -> list[Document]:
    """The documents that are about a subject: it is named in their titles or first sentence or, where that is so of
    none, in one of the passages found. Somebody's opinion is no news where there are others."""
    wanted = frozenset(analyze(subject))
    passages = list(found)
    documents = {one.document.id: one.document for one in passages}
    own = [document for document in documents.values() if _opens_with(document, wanted)]
    if own:
        return [document for document in own if not _is_opinion(document)] or own
    held = (one.document for one in passages if wanted <= frozenset(analyze(f"{one.document.title} {one.text}")))
    return list({document.id: document for document in held}.values())


def news(
    question: str, documents: Iterable[Document], k: int, period: Period | None, is_stored: Callable[[Quote], bool]
) -> Answer | None:
    """Up to ``k`` of the dated documents, the newest first; of a ``period``, where there are any of it. None where no
    document is dated."""
    dated = [document for document in documents if document.published]
    of_then = [document for document in dated if period is None or period.holds(document.published)]
    ordered = sorted(of_then or dated, key=lambda document: document.published or date.min, reverse=True)
    quotes = tuple(_stored(ordered, k, is_stored))
    if not quotes:
        return None
    return Answer(
        question=question,
        searched=question,
        quotes=quotes,
        confidence=1.0,
        period=period,
        in_period=bool(of_then),
        newest_first=len(quotes) > 1,
        shown=min(SHOWN, len(quotes)),
        news=True,
    )


def _stored(ordered: Sequence[Document], k: int, is_stored: Callable[[Quote], bool]) -> Iterator[Quote]:
    left = k
    for document in ordered:
        quote = _first_sentence(document) if left else None
        if quote and is_stored(quote):
            left -= 1
            yield quote


def _first_sentence(document: Document) -> Quote | None:
    """The first sentence below a document's heading that is one."""
    first = _first(document)
    if first is None:
        return None
    number = paragraph_number(document.text, Span(document.heading, first.end), first.start)
    return Quote(document, first, paragraph=number, probability=1.0)


def _first(document: Document) -> Span | None:
    """Where that stands; None where there is none near the beginning."""
    text = document.text
    parts = tuple(part for part in document.parts if part.span.end <= LOOKED)
    begun = replace(document, text=text[:LOOKED], parts=parts)
    told = (sentence for body in bodies(begun) for sentence in sentences(begun.text, body))
    titled = document.title.split()  # where the text begins with it, the reader sees it anyway
    words = ((sentence, sentence.of(text).split()) for sentence in told)
    first = next((sentence for sentence, said in words if len(said) >= LEAST_WORDS and said != titled), None)
    return None if first and first.end == LOOKED < len(text) else first  # it may go on


def _opens_with(document: Document, wanted: frozenset[str]) -> bool:
    """Whether what says what a document is about has these terms: its title, with its first sentence."""
    title = frozenset(analyze(document.title))
    if wanted <= title:
        return True
    first = _first(document)
    return first is not None and wanted <= title.union(analyze(_told(first.of(document.text), len(wanted))))


def _told(sentence: str, size: int) -> str:
    """A sentence without the news that it speaks of, of so many words: «تملأ أخبار اليمن الصحف» is none of Yemen."""
    told, left = list[str](), 0
    for word in sentence.split():
        left = size if fold_text(word) in _NEWS else left - 1
        told += [word] if left < 0 else []
    return " ".join(told)


def _is_opinion(document: Document) -> bool:
    """Whether a title says that what it stands over is somebody's opinion: «رأي: …», «بقلم …»."""
    begins, ends = (fold_text(part).strip() for part in (*_SIGN.split(document.title, maxsplit=1), "")[:2])
    return begins in _OPINIONS or ends in _OPINIONS or not _BYLINES.isdisjoint(fold_text(document.title).split())

"""The library: opens a corpus and answers questions from it. The only place that wires the rest together."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from retrieval.answering.composing import MIN_CONFIDENCE, compose, nearest_sources
from retrieval.answering.question import Question, parse
from retrieval.answering.ranking import idf, rank
from retrieval.arabic.analysis import LIGHT_STEMS, analyze, grams, is_stop_word
from retrieval.arabic.words import folded_words
from retrieval.documents import Catalogue, Problem, body
from retrieval.documents.catalogue import ENDINGS
from retrieval.errors import CorpusError, EngineError, UnreadableError
from retrieval.index import GRAMS, STEMS, TITLE, Entry, Index, Query
from retrieval.index.memory import MemoryIndex
from retrieval.model import Answer, Document, Quote
from retrieval.segmentation import passages

ENGINES = ("auto", "memory")

LIGHT = 0.4  # the weight of a word that names what is asked, beside one of the subject
PASSAGES = 10  # how many are read for their sentences
STEM_WEIGHT, GRAM_WEIGHT, TITLE_WEIGHT = 1.0, 0.4, 0.4


@dataclass(frozen=True, slots=True)
class _Corpus:
    """What one reading of the disk gave: replaced as a whole, so that no answer mixes two readings."""

    catalogue: Catalogue
    index: Index

    def document(self, document_id: str) -> Document:
        return self.catalogue.documents[document_id]

    def weight(self, stem: str) -> float:
        """How much of the question a stem makes up."""
        share = LIGHT if stem in LIGHT_STEMS else 1.0
        return share * idf(self.index.frequency(STEMS, stem), len(self.index))

    def knows(self, stem: str) -> bool:
        return self.index.frequency(STEMS, stem) > 0

    def is_stored(self, quote: Quote) -> bool:
        """The last check: whether the stored text, read afresh, is the one that was indexed and holds the quote."""
        try:
            stored = self.catalogue.stored(quote.document.id)
        except UnreadableError:
            return False
        return stored.digest == quote.document.digest and quote.span.of(stored.text) == quote.text


class Library:
    """A corpus that answers. Safe to ask from many threads; refreshed and closed from one."""

    def __init__(self, path: Path, min_confidence: float) -> None:
        self._path = path
        self._min_confidence = min_confidence
        self._corpus = _read(path)

    @classmethod
    def open(cls, path: Path | str, *, engine: str = "auto", min_confidence: float | None = None) -> Self:
        """Opens a folder or a file of documents.

        ``min_confidence`` (0 to 1) is the confidence below which it refuses; None takes the measured one.
        Raises CorpusError where there is no corpus or nothing in it can be served, EngineError for an engine
        that is not there. Files that cannot be read are in ``problems``, and the rest is served.
        """
        if engine not in ENGINES:
            raise EngineError(f"no engine {engine!r}: choose {' or '.join(ENGINES)}")
        return cls(Path(path), MIN_CONFIDENCE if min_confidence is None else min_confidence)

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that are served, in the order of their paths."""
        return tuple(self._corpus.catalogue.documents.values())

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The files and lines that gave no document."""
        return tuple(self._corpus.catalogue.problems)

    def ask(self, question: str, *, k: int = 3) -> Answer:
        """The answer to a question: at most ``k`` quotes, each checked against the stored text, or a refusal."""
        corpus = self._corpus
        parsed = parse(question)
        hits = corpus.index.search(_query(parsed), PASSAGES) if parsed.terms else []
        answer = compose(
            parsed,
            rank(parsed, hits, corpus.document, corpus.weight),
            k=k,
            min_confidence=self._min_confidence,
            nearest=nearest_sources(hits, corpus.document),
            is_known=corpus.knows,
        )
        return replace(answer, quotes=tuple(filter(corpus.is_stored, answer.quotes)))

    def refresh(self) -> None:
        """Reads the corpus again. Raises CorpusError, and goes on with what it had, where nothing can be served."""
        self._corpus = _read(self._path)

    def close(self) -> None:
        """Lets go of what the library holds. It answers no more."""
        del self._corpus


def _read(path: Path) -> _Corpus:
    catalogue = Catalogue(path)
    if not catalogue.documents:
        raise CorpusError(_nothing_in(path, catalogue.problems))
    index = MemoryIndex()
    index.add(entry for document in catalogue.documents.values() for entry in _entries(document))
    return _Corpus(catalogue, index)


def _nothing_in(path: Path, problems: list[Problem]) -> str:
    if not problems:
        return f"no documents in {path}: put {', '.join(ENDINGS)} files there"
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"no readable documents in {path}: {problems[0].reason}{more}"


def _entries(document: Document) -> Iterator[Entry]:
    """What is indexed of a document: its passages' stems and n-grams, and its title's stems beside each."""
    found = body(document)
    title = analyze(document.title)
    for passage in passages(document.id, document.text, found) if found else ():
        text = passage.span.of(document.text)
        letters = [gram for word in folded_words(text) if not is_stop_word(word) for gram in grams(word)]
        yield Entry(passage, {STEMS: analyze(text), GRAMS: letters, TITLE: title})


def _query(question: Question) -> Query:
    stems = {term.stem: STEM_WEIGHT for term in question.terms}
    titles = {term.stem: TITLE_WEIGHT for term in question.terms}
    letters = {gram: GRAM_WEIGHT for term in question.terms for gram in grams(term.folded)}
    return Query({STEMS: stems, GRAMS: letters, TITLE: titles})

"""The engine on disk: tantivy, on the terms that the analysis gives. For millions of passages on one machine.

It opens at once, is searched while it is written, and loses nothing that was committed. Its BM25 is Lucene's: k1 1.2,
b 0.75, no score below zero, and lengths kept in one byte each, so that a long passage counts as about as long.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import tantivy
from tantivy import FieldType, Occur
from tantivy import Query as Sought

from retrieval.errors import EngineError
from retrieval.index import FIELDS, Entry, Query, Terms
from retrieval.model import Hit, Passage, Period, Span

WRITING = 200 * 2**20  # bytes that are gathered before they are written
_WRITERS = 1  # threads
_DOCUMENT, _VERSION, _START, _END, _DAY = "document", "version", "start", "end", "day"
_COUNTS = "freq"  # of terms are kept, no places


class DiskIndex:
    """An index in a folder. One process at a time may write; what it wrote is found after ``commit``."""

    def __init__(self, folder: Path, *, writable: bool = False, fixed: bool = False) -> None:
        """Opens the index in a folder, or makes it there. ``fixed``: nobody may write in the folder.

        Raises EngineError where it cannot be used.
        """
        self._links = _linked(folder) if fixed else None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._schema = _schema()
            self._index = tantivy.Index(self._schema, path=self._links.name if self._links else str(folder))
            self._writer = self._index.writer(WRITING, _WRITERS) if writable else None
        except (OSError, ValueError) as error:
            raise EngineError(f"{folder}: the index cannot be used ({error}); delete it to have it made anew") from None
        self._searcher = self._index.searcher()

    def __len__(self) -> int:
        return self._searcher.num_docs

    def add(self, entries: Iterable[Entry]) -> None:
        """Adds passages; they are found once they are committed."""
        for entry in entries:
            self._writing.add_document(_document(entry))

    def delete(self, document_ids: Iterable[str]) -> None:
        """Takes away all passages of these documents, once that is committed."""
        for document_id in document_ids:
            self._writing.delete_documents_by_term(_DOCUMENT, document_id)

    def commit(self) -> None:
        """Makes what was added and deleted durable, and what is searched from now on."""
        self._writing.commit()
        self.reload()

    def give_up(self) -> None:
        """Forgets what was not committed, after a failure. Raises ValueError where nothing can be written still."""
        if self._writer:
            self._writer = None  # tantivy's writer ends with the first failure, and its lock with it
            self._writer = self._index.writer(WRITING, _WRITERS)

    def reload(self) -> None:
        """Searches from now on what was committed last, by whichever process."""
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, query: Query, k: int) -> list[Hit]:
        """The ``k`` best passages that share a term with the query, best first, equal ones as added."""
        searcher = self._searcher
        found = searcher.search(self._sought(query), k, count=False)
        return [Hit(_passage(searcher.doc(address)), float(score)) for score, address in found.hits]

    def frequencies(self, field: str, terms: Iterable[str]) -> dict[str, int]:
        """How many passages hold each of some terms in a field."""
        searcher = self._searcher
        return {term: searcher.doc_freq(field, term) for term in terms}

    def passages_of(self, document_ids: Sequence[str]) -> dict[str, int]:
        """How many passages of each of some documents there are."""
        return {document_id: self._count(document_id) for document_id in document_ids}

    def _count(self, document_id: str) -> int:
        of_document = Sought.term_query(self._schema, _DOCUMENT, document_id, "basic")
        return len(self._searcher.search(of_document, max(1, len(self)), count=False).hits)

    def close(self) -> None:
        """Lets the next writer in. What was not committed is lost."""
        if self._writer:
            with suppress(ValueError):
                self._writer.wait_merging_threads()
            self._writer = None
        if self._links:
            self._links.cleanup()

    @property
    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            raise EngineError("this index was opened to be read only")
        return self._writer

    def _sought(self, query: Query) -> Sought:
        wanted = Sought.boolean_query([(Occur.Should, part) for part in self._parts(query)])
        if query.period is None:
            return wanted
        days = Sought.const_score_query(self._within(query.period), 0.0)
        return Sought.boolean_query([(Occur.Must, wanted), (Occur.Must, days)])

    def _parts(self, query: Query) -> Iterator[Sought]:
        yield from self._weighted(query.terms)
        for choice in query.choices:
            each = (Sought.boolean_query([(Occur.Should, part) for part in self._weighted(terms)]) for terms in choice)
            yield Sought.disjunction_max_query(list(each))

    def _weighted(self, terms: Terms) -> Iterator[Sought]:
        for field, weights in terms.items():
            for term, weight in weights.items():
                yield Sought.boost_query(Sought.term_query(self._schema, field, term, _COUNTS), weight)

    def _within(self, period: Period) -> Sought:
        first, last = period.first.toordinal(), period.last.toordinal()
        return Sought.range_query(self._schema, _DAY, FieldType.Unsigned, first, last)


def _linked(folder: Path) -> TemporaryDirectory[str]:
    """A folder of links to the files of another: whoever reads an index writes a lock beside its files."""
    # tantivy looks by itself whether the index was written, and may make its lock while the folder is being deleted.
    links = TemporaryDirectory(prefix="iqtibas-", ignore_cleanup_errors=True)
    for file in folder.iterdir():
        if file.suffix != ".lock":
            Path(links.name, file.name).symlink_to(file.resolve())
    return links


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(_DOCUMENT, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(_VERSION, stored=True, tokenizer_name="raw", index_option="basic")
    for name in (_START, _END):
        builder.add_unsigned_field(name, stored=True)
    builder.add_unsigned_field(_DAY, fast=True)
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option=_COUNTS)
    return builder.build()


def _document(entry: Entry) -> tantivy.Document:
    passage = entry.passage
    document = tantivy.Document(**{_DOCUMENT: passage.document_id, _VERSION: passage.version}, **entry.terms)
    document.add_unsigned(_START, passage.span.start)
    document.add_unsigned(_END, passage.span.end)
    if entry.published:
        document.add_unsigned(_DAY, entry.published.toordinal())
    return document


def _passage(document: tantivy.Document) -> Passage:
    (document_id,), (version,), (start,), (end,) = (document[name] for name in (_DOCUMENT, _VERSION, _START, _END))
    return Passage(document_id, Span(start, end), version)

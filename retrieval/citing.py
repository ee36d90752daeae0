"""A reference comes in, and what stood there and what stands there now goes out."""

from collections.abc import Sequence

from retrieval.corpus.snapshot import Corpus
from retrieval.documents.kept.past import PastVersions
from retrieval.errors import ServedError, UnreachedError, UnreadableError
from retrieval.model import Document
from retrieval.reference import Cited, Reference
from retrieval.verifying.comparing import quoted, standing


class References:
    """Resolves the references to a corpus as it is served now. Safe to use from many threads."""

    def __init__(self, corpus: Corpus, past: PastVersions | None = None) -> None:
        """``past`` has the versions from before, where they are kept."""
        self._documents, self._past = corpus.documents, past

    def resolve(self, reference: str) -> Cited | None:
        """What a reference shows; None where nobody knows it: it is none, or what it names was never there, or is kept
        no longer. Raises EngineError where the versions that are kept cannot be read.

        What stands now is read afresh, so this may wait for a disk: not on an event loop.
        """
        named = Reference.read(reference)
        if named is None:
            return None
        held = self._documents.versioned(named.version)
        current = next(filter(named.is_of, held), None)
        past = self._past.get(named) if self._past and current is None else None
        version = current or (past.document if past else next(iter(held), None))
        if version is None:
            is_purged = self._past is not None and self._past.is_purged(named)
            return Cited(str(named), "withdrawn") if is_purged else None
        if named.span.end > len(version.text):
            return None
        then, until = quoted(version, named.span), past.until if past else None
        try:
            now = self._now(version, held)
        except UnreachedError:
            return Cited(str(named), "unreached", then, until=until)
        found = standing(then, now) if now else None
        if found is None:
            return Cited(str(named), "withdrawn", then, until=until)
        quote, changes = found
        return Cited(str(named), "changed" if changes else "unchanged", then, quote, changes, until)

    def purge(self, reference: str) -> int:
        """Deletes for good the words of the version that a reference names, of all documents that had it; how many
        versions that were, 0 where none is kept. Raises ServedError where the version still stands in the corpus,
        EngineError where it cannot be deleted."""
        named = Reference.read(reference)
        if named is None or self._past is None:
            return 0
        if held := self._documents.versioned(named.version):
            why = "still in the corpus; take it out there, or change it, then purge it here"
            raise ServedError(f"{held[0].id}: {why}")
        return self._past.purge(named)

    def _now(self, version: Document, same: Sequence[Document]) -> Document | None:
        """What the document of a version is now, read afresh: the one with its id or, where that is gone, one with its
        text; None where there is neither. Raises UnreachedError where that cannot be told."""
        own = self._documents.get(version.id) or next(iter(same), None)
        if own is None:
            return None
        try:
            return self._documents.stored(own.id)
        except UnreachedError:
            raise
        except UnreadableError as error:
            if self._documents.file(own.id)[0].exists():  # it was edited a moment ago, and is not read yet
                raise UnreachedError(str(error)) from None
            return None

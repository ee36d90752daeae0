"""Opens a corpus by the engine that is asked for, or that fits it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.corpus.folders import engine_folder
from retrieval.corpus.memory import MemoryCorpus
from retrieval.corpus.snapshot import Progress, Source
from retrieval.documents.kept.past import PastVersions
from retrieval.documents.scans.pages import Scans
from retrieval.index.addresses import Cluster
from retrieval.index.vectors import KeepsVectors, VectorStore

if TYPE_CHECKING:
    from retrieval.corpus.standing import Indexes

LONGEST_IN_MEMORY = 10_000_000
"""Characters: about 20,000 passages. Beyond that, "auto" keeps texts and index on disk."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How a corpus is opened. ``renew``: an index of another version is first replaced; ``prepared``: somebody else
    keeps the index in step with the files; ``fixed``: nothing is written, and an index is served as it is. ``past``
    keeps what changes or goes. ``cluster``: where the engine of that name keeps passages."""

    renew: bool = False
    prepared: bool = False
    fixed: bool = False
    past: PastVersions | None = None
    cluster: Cluster | None = None


def opened(path: Path, engine: str, folder: Path, progress: Progress, scans: Scans, how: Opening) -> Source:
    """The corpus at a path, read; or, unless it is to be renewed, as an index of another version has it."""
    may_write = not (how.prepared or how.fixed)
    if not how.prepared and (engine == "memory" or (engine == "auto" and not folder.exists())):
        source = MemoryCorpus(path, progress, scans)
        if may_write:
            _hurry_where_empty(source, scans)
        if engine == "memory" or source.characters <= LONGEST_IN_MEMORY:
            if how.past:
                source.keep_in(how.past)
            return source
    from retrieval.corpus.stored import StoredCorpus  # with SQLite and tantivy, for those who need them

    indexes = _standing(path, engine, folder, how)
    stored = StoredCorpus(indexes, progress, reads_only=not may_write, scans=scans, past=how.past)
    try:
        if may_write and not stored.is_fixed and (how.renew or not stored.is_behind):
            stored.read(patient=not how.renew)
            _hurry_where_empty(stored, scans)
    except BaseException:
        stored.close()
        raise
    return stored


def kept_vectors(
    path: Path, engine: str, folder: Path, how: Opening, named: Path | None, size: int, maker: str
) -> KeepsVectors:
    """What keeps the vectors of a corpus, ``size`` numbers each: the file that is ``named``, by itself one beside its
    indexes; or the server that has its texts. ``maker``: hexadecimal digits that name what makes them."""
    if engine == "cluster" and how.cluster and how.cluster.texts and named is None:
        from retrieval.corpus.on_server import vectors_schema  # with psycopg, for those who have it
        from retrieval.index.shared_vectors import SharedVectors

        return SharedVectors(how.cluster.texts, vectors_schema(path, maker), size)
    return VectorStore(named or folder.with_name(f"{folder.name}.vectors"), size, maker)


def _standing(path: Path, engine: str, folder: Path, how: Opening) -> "Indexes":
    """Where the indexes of a corpus stand that an engine asks."""
    from retrieval.corpus.passages import InCluster, keeping
    from retrieval.corpus.standing import OnDisk

    kept = keeping(engine, how.cluster)
    if isinstance(kept, InCluster) and kept.cluster.texts:
        from retrieval.corpus.on_server import OnServer  # with psycopg, for those who have it

        return OnServer(path, kept, kept.cluster.texts, fixed=how.fixed)
    return OnDisk(path, engine_folder(folder, engine), kept, fixed=how.fixed)


def _hurry_where_empty(source: Source, scans: Scans) -> None:
    """Reads scanned pages at once after all where a corpus holds nothing else."""
    if source.is_empty and scans.next:
        scans.hurry()
        source.read()

"""Opens a corpus by the engine that is asked for, or that fits it."""

from dataclasses import dataclass
from pathlib import Path

from retrieval.corpus.folders import engine_folder
from retrieval.corpus.memory import MemoryCorpus
from retrieval.corpus.snapshot import Progress, Source
from retrieval.documents.kept.past import PastVersions
from retrieval.documents.scans.pages import Scans
from retrieval.index.addresses import Cluster

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
    from retrieval.corpus.passages import keeping
    from retrieval.corpus.stored import StoredCorpus  # with SQLite and tantivy, for those who need them

    stored = StoredCorpus(
        path,
        engine_folder(folder, engine),
        progress,
        reads_only=not may_write,
        fixed=how.fixed,
        scans=scans,
        past=how.past,
        keeping=keeping(engine, how.cluster),
    )
    try:
        if may_write and not stored.is_fixed and (how.renew or not stored.is_behind):
            stored.read(patient=not how.renew)
            _hurry_where_empty(stored, scans)
    except BaseException:
        stored.close()
        raise
    return stored


def _hurry_where_empty(source: Source, scans: Scans) -> None:
    """Reads scanned pages at once after all where a corpus holds nothing else."""
    if source.is_empty and scans.next:
        scans.hurry()
        source.read()

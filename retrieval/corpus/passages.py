"""Where the passages of a stored corpus are indexed: in its folder, or in a cluster."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from retrieval.corpus.indexes import fact_in
from retrieval.documents.kept.store import DocumentStore
from retrieval.errors import EngineError
from retrieval.index import KeptIndex
from retrieval.index.addresses import Cluster

if TYPE_CHECKING:
    from retrieval.index.cluster import Health

INDEX = "index"
"""The fact that names a corpus's index in a cluster."""


class Keeping(Protocol):
    """How the passages of a corpus are kept beside its documents."""

    @property
    def engine(self) -> str:
        """The engine's name."""

    def open(self, folder: Path, documents: DocumentStore, *, writable: bool, fixed: bool) -> KeptIndex:
        """The index of the passages of documents that are kept in a folder; made, where it may be written and is not
        there. ``fixed``: nobody may write in the folder. Raises EngineError where it cannot be used."""

    def forget(self, folder: Path) -> None:
        """Deletes what of an index is not in its folder, which is to be deleted next. Raises EngineError where that
        cannot be done now."""


class InFolder:
    """In the folder itself."""

    engine = "disk"

    def open(self, folder: Path, documents: DocumentStore, *, writable: bool, fixed: bool) -> KeptIndex:
        """The index in the folder's own."""
        from retrieval.index.disk import DiskIndex  # with tantivy, for those who need it

        return DiskIndex(folder / "passages", writable=writable, fixed=fixed)

    def forget(self, folder: Path) -> None:
        """Nothing is elsewhere."""


class InCluster:
    """In a cluster, under a name that the documents remember."""

    engine = "cluster"

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def open(self, folder: Path, documents: DocumentStore, *, writable: bool, fixed: bool) -> KeptIndex:
        """The index of that name."""
        return self.of(str(folder), documents, writable=writable)

    def of(self, told: str, documents: DocumentStore, *, writable: bool) -> KeptIndex:
        """The index of the documents that are ``told`` so to a person. Where it is not there, or no more, all of them
        are to be indexed in a new one."""
        from retrieval.index.cluster import ClusterIndex, is_there, make  # with opensearch-py, for those who have it

        name = documents.fact(INDEX)
        if name is None and not writable:
            raise EngineError(f"{told}: no index is known in the cluster yet; iqtibas index --engine cluster makes it")
        if writable:
            if name is None:
                name = f"iqtibas-{uuid4().hex[:16]}"
                documents.note(INDEX, name)
            if not is_there(self.cluster, name):
                documents.unsettle()  # first: killed after it, the next one does it again
                make(self.cluster, name)
        return ClusterIndex(self.cluster, name, writable=writable)

    def forget(self, folder: Path) -> None:
        """Deletes the index that the documents in a folder name."""
        forget(folder, self.cluster)


def forget(folder: Path, cluster: Cluster | None) -> None:
    """Deletes what of an index in a folder is in a cluster. Raises EngineError where that cannot be done now."""
    if name := fact_in(folder, INDEX):
        delete(str(name), cluster)


def delete(name: str, cluster: Cluster | None) -> None:
    """Deletes the index of that name in a cluster. Raises EngineError where that cannot be done now."""
    known = _checked(cluster)
    from retrieval.index.cluster import delete as deleted

    deleted(known, name)


def health(cluster: Cluster) -> "Health":
    """How a cluster is. Raises EngineError where it cannot be told."""
    known = _checked(cluster)
    from retrieval.index.cluster import health as told

    return told(known)


def keeping(engine: str, cluster: Cluster | None) -> Keeping:
    """How an engine keeps passages. Raises EngineError where it lacks what it needs."""
    return InCluster(_checked(cluster)) if engine == InCluster.engine else InFolder()


def _checked(cluster: Cluster | None) -> Cluster:
    """The cluster, where it can be asked."""
    if cluster is None:
        raise EngineError("the engine cluster needs the address of one: set IQTIBAS_CLUSTER, as in https://host:9200")
    if find_spec("opensearchpy") is None:
        raise EngineError("the engine cluster needs opensearch-py: pip install 'iqtibas[cluster]'")
    if cluster.texts and find_spec("psycopg") is None:
        raise EngineError("texts on a server need psycopg: pip install 'iqtibas[cluster]'")
    return cluster

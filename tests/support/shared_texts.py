"""What stands on a server of texts, and in the cluster beside it, as tests look at it and clear it away."""

from contextlib import closing

from retrieval import Cluster
from retrieval.corpus import on_server
from retrieval.corpus.passages import INDEX
from retrieval.index.cluster import delete
from retrieval.tables.postgresql import ServerTables


def schemas(cluster: Cluster) -> list[str]:
    """The schemas of indexes and vectors, the one that was written last first."""
    with closing(ServerTables(str(cluster.texts), "nothing")) as looking:
        return on_server._written(looking, "iqtibas")


def index_names(cluster: Cluster) -> list[str]:
    """The names of their indexes in the cluster."""
    with closing(ServerTables(str(cluster.texts), "nothing")) as looking:
        known = on_server._written(looking, "iqtibas")
        return [str(name) for schema in known if (name := on_server._fact(looking, schema, INDEX))]


def clear(cluster: Cluster) -> None:
    """Deletes these."""
    for name in index_names(cluster):
        delete(cluster, name)

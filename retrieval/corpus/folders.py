"""The folders of a program's state in which the indexes of corpora stand: which is whose, and what is not needed."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from retrieval.corpus.versions import key_of
from retrieval.errors import EngineError
from retrieval.index.addresses import Cluster


def index_folder(state: Path, corpus: Path, *, fixed: bool = False) -> Path:
    """The folder, in one that holds a program's state, for the indexes of a corpus.

    It goes by the path as it is given, made absolute: what a link leads to may be another release of the corpus, of
    which much is the same. One that goes by what the link leads to, as they once did, is moved there,
    unless all is to stay as it is: ``fixed``.
    """
    folder = _keyed(state, corpus)
    before = _keyed(state, corpus.resolve())
    if folder.exists() or not before.exists():
        return folder
    if fixed:
        return before
    from retrieval.corpus.indexes import moved  # with SQLite and locks, for those who need them

    return moved(before, folder)


def engine_folder(folder: Path, engine: str) -> Path:
    """The folder in which an engine keeps the indexes of a corpus: what is to be kept of one whose passages are in a
    cluster stands beside those on disk, so that each engine can take over from the other."""
    return folder.with_name(f"{folder.name}.cluster") if engine == "cluster" else folder


def has_index(corpus: Path, folder: Path, engine: str, cluster: Cluster | None = None) -> bool:
    """Whether an engine has an index of a corpus, whole or not: in the folder for its indexes, or where a ``cluster``
    has its texts. Raises EngineError where that cannot be told."""
    if engine == "cluster" and cluster and cluster.texts:
        from retrieval.corpus import on_server  # with psycopg, for those who have it

        return on_server.has_index(corpus, cluster.texts)
    return engine_folder(folder, engine).exists()


def prune(state: Path, index: Path | None = None, cluster: Cluster | None = None) -> Iterator[str]:
    """Deletes the indexes that are needed no more: those of other versions where this one's is whole, and those of
    corpora that are gone. In all folders of a program's state, or in ``index`` alone, and what of them is in a
    ``cluster``. A line for each that was deleted, or is left because it is in use."""
    from retrieval.corpus.indexes import pruned
    from retrieval.corpus.passages import forget, keeping

    every = state / "index"
    folders = (
        [index, engine_folder(index, "cluster")]
        if index
        else sorted(filter(Path.is_dir, every.iterdir()))
        if every.is_dir()
        else []
    )
    for folder in folders:
        yield from pruned(folder, partial(forget, cluster=cluster))
    if cluster and cluster.texts and not index:
        try:
            keeping("cluster", cluster)
            from retrieval.corpus import on_server  # with psycopg, for those who have it

            yield from on_server.pruned(cluster, cluster.texts)
        except EngineError as error:
            yield f"{error}; nothing more was deleted there"


def _keyed(state: Path, corpus: Path) -> Path:
    return state / "index" / key_of(corpus)

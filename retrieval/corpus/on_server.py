"""Indexes whose texts, words and vectors are on a PostgreSQL server, and whose passages are in a cluster: for several
machines, one of which has the lock and reads the files. The others need none.

Each index has a schema of its own, named by its corpus and its version; the vectors of a corpus have another one.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

from retrieval.corpus.passages import INDEX, InCluster, delete
from retrieval.corpus.standing import Parts
from retrieval.corpus.versions import FORMAT, current, key_of
from retrieval.documents.kept.rows import SCHEMA
from retrieval.documents.kept.store import DocumentStore
from retrieval.errors import EngineError
from retrieval.index.addresses import Cluster
from retrieval.index.words import SCHEMA as WORDS
from retrieval.index.words import StoredWords
from retrieval.tables.postgresql import ServerTables

_PREFIX = "iqtibas1"  # with a number of its own: raised when tables that are there can no longer be used
_VECTORS = "vectors"
_VERSION, _CORPUS = "version", "corpus"  # facts, beside those that the documents note


class OnServer:
    """The indexes of a corpus on a server. Who has files may write; who has none, or comes second, follows."""

    is_shared = True
    own: str
    """That of this version of the program, there or not."""

    def __init__(self, corpus: Path, passages: InCluster, address: str, *, fixed: bool = False) -> None:
        """``address``: of the server; ``fixed``: this process writes nothing."""
        self._corpus, self._passages, self._address = corpus, passages, address
        self.is_fixed, self.turn = fixed, 0
        self.own = current().folder.replace("-", "_")
        self._begin = f"{_PREFIX}_{key_of(corpus)}_"
        self._taken: ServerTables | None = None
        self._looking = ServerTables(address, self._schema(self.own))

    @property
    def corpus(self) -> Path:
        """The folder or the file of which they are."""
        return self._corpus

    @property
    def engine(self) -> str:
        """How passages are indexed."""
        return self._passages.engine

    def take(self) -> bool:
        """Whether it is this process that writes from now on: never one that has no files."""
        if not self._corpus.exists():
            self._let_go()
            return False
        if self._taken and self._taken.is_taken:
            return True
        self._let_go()
        tables = ServerTables(self._address, self._schema(self.own))
        try:
            if not tables.take(SCHEMA + WORDS):
                tables.close()
                return False
            documents = DocumentStore(tables, self._corpus)
            for name, value in ((_VERSION, current().told()), (_CORPUS, str(self._corpus.absolute()))):
                if documents.fact(name) != value:
                    documents.note(name, value)
        except BaseException:
            tables.close()
            raise
        self._taken = tables
        self.turn += 1
        return True

    def older(self) -> list[str]:
        """The whole ones of other versions that can be read, the one that was written last first."""
        return [
            name for name in self._others() if _is_readable(self._looking, self._schema(name)) and self.is_whole(name)
        ]

    def is_whole(self, name: str) -> bool:
        """Whether all documents were indexed by one once."""
        return _fact(self._looking, self._schema(name), "whole") is True

    def open(self, name: str, *, writable: bool) -> Parts:
        """Opens one. Raises EngineError where it cannot be used."""
        told = self.told(name)
        tables = self._taken if writable and self._taken else ServerTables(self._address, self._schema(name))
        with ExitStack() as opened:
            opened.callback(tables.close)
            documents = DocumentStore(tables, self._corpus, has_files=writable)
            index = self._passages.of(told, documents, writable=writable)
            opened.pop_all()
        return Parts(told, documents, StoredWords(tables), index, is_followed=not writable, turn=self.turn)

    def clear(self) -> None:
        """Deletes those that are needed no more and nobody uses, but for one that is kept for a rollback."""
        others = self._others()
        spare = [n for n in others if not _is_readable(self._looking, self._schema(n)) or self.is_whole(n)][:1]
        for name in set(others) - set(spare):
            with suppress(EngineError):  # another time
                _dropped(self._looking, self._address, self._schema(name), self._passages.cluster)

    def told(self, name: str = "") -> str:
        """Where one is, or all are."""
        return f"{self._looking.place}, {self._schema(name) if name else self._begin.rstrip('_')}"

    def release(self) -> None:
        """Lets another process write."""
        self._let_go()
        self._looking.close()

    def _let_go(self) -> None:
        if self._taken:
            self._taken.give()  # what is served reads there still
            self._taken = None

    def _schema(self, name: str) -> str:
        return f"{self._begin}{name}"

    def _others(self) -> list[str]:
        """The names of those of other versions, the one that was written last first."""
        every = [schema.removeprefix(self._begin) for schema in _written(self._looking, self._begin)]
        return [name for name in every if name != self.own and not name.startswith(_VECTORS)]


def has_index(corpus: Path, address: str) -> bool:
    """Whether there is one of a corpus on a server."""
    with closing(ServerTables(address, _PREFIX)) as looking:
        begin = f"{_PREFIX}_{key_of(corpus)}_"
        return any(not schema.startswith(f"{begin}{_VECTORS}") for schema in _written(looking, begin))


def pruned(cluster: Cluster, address: str) -> Iterator[str]:
    """Deletes the indexes on a server that are needed no more: of each corpus all but the one that answers, or will. A
    line for each that was deleted, or is left because it is in use."""
    own = current().folder.replace("-", "_")
    with closing(ServerTables(address, _PREFIX)) as looking:
        corpora: dict[str, list[str]] = {}
        for schema in _written(looking, f"{_PREFIX}_"):
            corpora.setdefault("_".join(schema.split("_")[:2]), []).append(schema)
        for begin, schemas in sorted(corpora.items()):
            mine = f"{begin}_{own}"
            vectors = [one for one in schemas if one.startswith(f"{begin}_{_VECTORS}")]
            others = [one for one in schemas if one not in (mine, *vectors)]
            if _fact(looking, mine, "whole") is not True:
                answers = [one for one in others if _is_readable(looking, one) and _fact(looking, one, "whole")][:1]
                others = [one for one in others if one not in answers]
            others += vectors[1:]
            for schema in others:
                told = f"{looking.place}, {schema}"
                try:
                    is_gone = _dropped(looking, address, schema, cluster)
                except EngineError as error:
                    yield f"{told}: not needed, but it cannot be deleted now ({error})"
                    continue
                yield f"{told}: {'deleted, of another version' if is_gone else 'in use, so it is left'}"


def vectors_schema(corpus: Path, maker: str) -> str:
    """The schema of the vectors of a corpus; ``maker``: hexadecimal digits that name what makes them."""
    return f"{_PREFIX}_{key_of(corpus)}_{_VECTORS}_{maker[:8]}"


def _dropped(looking: ServerTables, address: str, schema: str, cluster: Cluster) -> bool:
    """Deletes an index, and what of it is in a cluster; False where somebody uses it."""
    with closing(ServerTables(address, schema)) as tables:
        name = _fact(looking, schema, INDEX)
        return tables.drop(partial(delete, str(name), cluster) if name else lambda: None)


def _written(looking: ServerTables, begin: str) -> list[str]:
    """The schemas whose names begin so, the one that was written last first."""
    sql = "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, ?) ORDER BY nspname"
    names = [schema for (schema,) in looking.rows(sql, (begin,))]
    return sorted(names, key=lambda schema: _last(looking, schema), reverse=True)


def _last(looking: ServerTables, schema: str) -> float:
    """When a schema was written last, in seconds; 0 where that is not told."""
    return max((float(at) for (at,) in _found(looking, schema, "changes", "extract(epoch FROM at)")), default=0.0)


def _is_readable(looking: ServerTables, schema: str) -> bool:
    told = _fact(looking, schema, _VERSION)
    return isinstance(told, dict) and told.get("format") == FORMAT


def _fact(looking: ServerTables, schema: str, name: str) -> object:
    """What the documents of a schema note under a name; None where that is nothing."""
    found = dict(_found(looking, schema, "facts", "name, value"))
    return json.loads(found[name]) if name in found else None


def _found(looking: ServerTables, schema: str, table: str, columns: str) -> Iterable[tuple[Any, ...]]:
    """The rows of a table of a schema; none where it is not there."""
    if looking.rows("SELECT to_regclass(?)", (f"{schema}.{table}",)) == [(None,)]:
        return []
    return looking.rows(f"SELECT {columns} FROM {schema}.{table}")  # noqa: S608  (names of ours)

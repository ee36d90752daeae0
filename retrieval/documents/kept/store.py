"""The documents of a corpus in tables: what was read of each file, until the file changes.

A document is new until its passages are in the index, and gone until they are out of it; whoever keeps the two in step
(``retrieval.corpus.building``) may be killed at any moment and begin again. Both are still given to who asks by
version, so that a reader who found a passage finds its text.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from retrieval.documents.kept.catalogue import taken
from retrieval.documents.kept.files import File, Loaded, read_again
from retrieval.documents.kept.problems import Later, Problem, in_json, problem_of
from retrieval.documents.kept.rows import COLUMNS, document_of, fingerprint, row_of, stored_of, undamaged
from retrieval.errors import AwayError, UnreachedError, UnreadableError, UnreadScansError
from retrieval.model import Document, Period
from retrieval.tables.statements import Tables

NEW, LIVE, GONE = 0, 1, 2  # what is still to be done with a document's passages
REMEMBERED = 20_000_000  # characters of texts that were asked for and are kept at hand
_PENDING = "state <> 1 AND state = ?"  # in these words, or SQLite does not use the index
_LISTED = "state <> 2"  # in these words
_DATED = "published IS NOT NULL AND state <> 2"  # in these words
_STRIDE = 1000  # documents between two whose place in the list is remembered
_SOURCE = "#"  # between the stamp of a file and the digest of its bytes, where its texts were made of them by machine


class DocumentStore:
    """The documents. Read from many threads; one process writes, and nobody who reads waits for it: they have what was
    there before, until what is written is whole."""

    def __init__(self, tables: Tables, corpus: Path, *, has_files: bool = True) -> None:
        """``tables``: with those of ``rows.SCHEMA``; ``corpus``: the folder or file that was read; ``has_files``:
        whether a document is read again from its file, or where that is another process's from the tables."""
        self._tables, self._corpus, self._has_files = tables, corpus, has_files
        self._lock, self._held = threading.RLock(), 0
        self._listed: tuple[object, list[tuple[str, int]]] = (None, [])
        self._texts: dict[int, Document] = {}
        self._dated: bool | None = None
        self._of: Callable[[Sequence[Any]], Document | None] = document_of if has_files else undamaged

    @property
    def state(self) -> object:
        """Another one after each change, whoever made it."""
        return self._tables.state

    def look_again(self) -> None:
        """Another process may have changed them."""
        self._dated = None

    def check(self) -> None:
        """Raises EngineError where this process may change them no more."""
        self._tables.check()

    # What is served

    def __len__(self) -> int:
        return int(self._one("SELECT count(*) FROM documents")) - self.pending(GONE)  # both counted by an index

    def __iter__(self) -> Iterator[Document]:
        last = ("", -1)
        while rows := self._after(last, 200):
            for row in rows:
                yield document_of(row[2:])
            last = rows[-1][:2]

    def some(self, start: int, count: int) -> Sequence[Document]:
        """Up to ``count`` documents from the one at ``start``."""
        return tuple(document_of(row[2:]) for row in self._after(*self._before(start, count)))

    def newest(self, count: int, period: Period | None = None) -> Sequence[Document]:
        """Up to ``count`` of the dated documents, of a period or of any day, the newest first."""
        first, last = (period.first, period.last) if period else (date.min, date.max)
        rows = self._all(
            f"SELECT {COLUMNS} FROM documents WHERE {_DATED} AND published BETWEEN ? AND ?"  # noqa: S608
            " ORDER BY published DESC, file, key LIMIT ?",
            (first.isoformat(), last.isoformat(), count),
        )
        return tuple(map(document_of, rows))

    def _after(self, last: tuple[str, int], count: int, skipped: int = 0) -> list[tuple[Any, ...]]:
        """Up to ``count`` documents, with file and key, after the one of these, so many more passed over."""
        chosen = f"SELECT file, key, {COLUMNS} FROM documents WHERE {_LISTED} AND"  # noqa: S608
        ordered = "ORDER BY file, key LIMIT ? OFFSET ?"
        # two questions: SQLite would look at all the file's documents to answer (file, key) > (?, ?)
        rows = self._all(f"{chosen} file = ? AND key > ? {ordered}", (*last, count, skipped))
        if len(rows) < count:
            of_file = f"SELECT count(*) FROM documents WHERE {_LISTED} AND file = ? AND key > ?"  # noqa: S608
            beyond = max(0, skipped - int(self._one(of_file, *last)))
            rows += self._all(f"{chosen} file > ? {ordered}", (last[0], count - len(rows), beyond))
        return rows

    def _before(self, start: int, count: int) -> tuple[tuple[str, int], int, int]:
        """A document before the one at ``start``, ``count``, and how many are between the two: under ``_STRIDE``."""
        with self._lock:
            state = self.state
            if self._listed[0] != state:
                rows = self._tables.each(f"SELECT file, key FROM documents WHERE {_LISTED} ORDER BY file, key")  # noqa: S608
                self._listed = state, [("", -1), *islice(rows, _STRIDE - 1, None, _STRIDE)]
            places = self._listed[1]
        stride = min(start // _STRIDE, len(places) - 1)
        return places[stride], count, start - stride * _STRIDE

    @property
    def characters(self) -> int:
        """How long all texts are together."""
        return int(self._one("SELECT coalesce(sum(length(text)), 0) FROM documents WHERE state <> ?", GONE))

    @property
    def problems(self) -> Sequence[Problem]:
        """The files and lines that gave no document."""
        rows = self._all("SELECT problems FROM files WHERE problems <> '[]' ORDER BY name")
        return [Problem.of(one) for (told,) in rows for one in json.loads(told)]

    @property
    def is_dated(self) -> bool:
        """Whether the day of publication of any document is known."""
        if self._dated is None:
            self._dated = bool(
                self._one("SELECT EXISTS (SELECT 1 FROM documents WHERE published IS NOT NULL AND state <> 2)")
            )
        return self._dated

    def get(self, document_id: str, version: str = "") -> Document | None:
        """The document with an id, in the version with a digest where there are two; None where there is none."""
        rows = self._all(
            "SELECT key FROM documents WHERE id = ? AND digest = ? ORDER BY state LIMIT 1"
            if version
            else "SELECT key FROM documents WHERE id = ? AND state <> 2 AND ? = '' ORDER BY state DESC LIMIT 1",
            (document_id, version),
        )
        return self._document(rows[0][0]) if rows else None

    def versioned(self, digest: str) -> Sequence[Document]:
        """The documents of whose text the digest begins so."""
        sql = f"SELECT key FROM documents WHERE digest >= ? AND digest < ? AND {_LISTED} ORDER BY key"  # noqa: S608
        return [found for (key,) in self._all(sql, (digest, f"{digest}g")) if (found := self._document(key))]

    def stored(self, document_id: str) -> Document:
        """The document as it is stored now. Raises UnreadableError where it is gone or its file changed, UnreachedError
        where it cannot be read now."""
        name, stamp, offset, *row = self._row_with_file(document_id)
        if not self._has_files:
            return stored_of(row)
        stamp, _, source = stamp.partition(_SOURCE)
        file, loaded = File(self._path(name), name, stamp), Loaded(document_of(row), offset, source)
        return read_again(self._corpus, file, loaded, is_awaited=self.later().waits_for(name))

    def file(self, document_id: str) -> tuple[Path, str]:
        """The file of a document, and the digest of the bytes that it was read of, where it was read apart. Raises
        UnreadableError where there is none."""
        name, stamp, *_ = self._row_with_file(document_id)
        return self._path(name), stamp.partition(_SOURCE)[2]

    def _row_with_file(self, document_id: str) -> tuple[Any, ...]:
        """A document's file, the stamp of that, its offset there, and what is kept of it. Raises UnreadableError where
        there is none, UnreachedError where that cannot be told now."""
        try:
            rows = self._all(
                f'SELECT file, stamp, "offset", {COLUMNS} FROM documents JOIN files ON file = name'  # noqa: S608
                " WHERE id = ? AND state <> ? ORDER BY state DESC LIMIT 1",
                (document_id, GONE),
            )
        except AwayError as error:
            raise UnreachedError(str(error)) from None
        if not rows:
            raise UnreadableError(f"{document_id}: no longer there")
        return rows[0]

    # What is read of files

    def stamps(self) -> dict[str, str]:
        """The stamp that each file had when it was read, by name."""
        rows = self._all("SELECT name, stamp FROM files WHERE name <> ''")
        return {name: stamp.partition(_SOURCE)[0] for name, stamp in rows}

    def put(self, file: File, found: Iterable[Loaded | UnreadableError]) -> bool:
        """Takes what was read of a file in place of what it held before: all of it or, where that fails, nothing.
        Whether the file was reached to its end.

        A document that is the same as before stays as it is. Of two with one id, the one that is here stays. Where the
        file cannot be reached, all that is known of it stays.
        """
        self._dated = None
        try:
            with self._tables.transaction():
                problems, source, is_reached, is_again = self._replaced(file, found)
                stamp = "" if is_again else file.stamp  # what is quoted of one is held to its bytes all the same
                self._note_file(file.name, f"{stamp}{_SOURCE}{source}", problems)
        except _Kept as kept:
            problem = problem_of(kept.error)
            self._run("UPDATE files SET problems = ? WHERE name = ?", (in_json([problem]), file.name))
            return False
        return is_reached

    def later(self) -> Later:
        """When the files that could not be reached are tried again."""
        return Later({name: tuple(told) for name, told in (self.fact("later") or {}).items()})

    def put_off(self, later: Later) -> None:
        """Keeps when that is."""
        if later.kept != self.later().kept:
            self.note("later", later.kept)

    def _replaced(self, file: File, found: Iterable[Loaded | UnreadableError]) -> tuple[list[Problem], str, bool, bool]:
        """Puts what was read of a file in place of what it held: what is wrong with it, the digest of what it was made
        of by machine, whether it was reached to its end, and whether it is to be read again though it did not change.
        Raises _Kept where what it held is to stay."""
        problems: list[Problem] = []
        kept: set[str] = set()
        source, is_reached, is_again = "", True, False
        before = {row[0]: row[1:] for row in self._of_file(file.name)}
        held = bool(before)
        for one in found:
            if isinstance(one, UnreachedError) and held:
                raise _Kept(one)
            if isinstance(one, UnreadableError):
                is_reached &= not isinstance(one, UnreachedError)
                is_again |= isinstance(one, UnreadScansError)
                problems.append(problem_of(one))
            elif first := self._taken(one.document.id, file.name, kept):
                problems.append(problem_of(taken(file, one.document.id, first)))
                is_again = True
            else:
                kept.add(one.document.id)
                source = one.source
                self._keep(file.name, one, before.pop(one.document.id, None))
        self._retire(key for key, _ in before.values())
        return problems, source, is_reached, is_again or not is_reached

    def _note_file(self, name: str, stamp: str, problems: Sequence[Problem]) -> None:
        self._run(
            "INSERT INTO files VALUES (?, ?, ?) ON CONFLICT (name)"
            " DO UPDATE SET stamp = excluded.stamp, problems = excluded.problems",
            (name, stamp, in_json(problems)),
        )

    def drop(self, name: str) -> None:
        """Takes away a file and what it held."""
        with self._tables.transaction():
            self._retire(row[1] for row in self._of_file(name))
            self._tables.run("DELETE FROM files WHERE name = ?", (name,))

    def report(self, errors: Sequence[UnreadableError]) -> None:
        """Keeps what could not even be listed, in place of what was reported before."""
        problems = [problem_of(error) for error in errors]
        if problems or self._all("SELECT 1 FROM files WHERE name = ''"):
            self._note_file("", "", problems)

    def unreached(self) -> list[str]:
        """Why files could not be reached when they were tried last, a line each."""
        rows = {name: json.loads(told) for name, told in self._all("SELECT name, problems FROM files")}
        return [Problem.of(one).reason for name in ("", *self.later().kept) for one in rows.get(name, ())]

    # What is indexed of them

    def differences(self) -> tuple[int, int, int]:
        """How many documents are to come into the index, to be replaced in it, and to be taken out."""
        replaced = int(
            self._one(
                f"SELECT count(*) FROM documents AS gone WHERE {_PENDING} AND EXISTS"  # noqa: S608
                " (SELECT 1 FROM documents AS other WHERE other.id = gone.id AND other.state = 0)",
                GONE,
            )
        )
        return self.pending(NEW) - replaced, replaced, self.pending(GONE) - replaced

    def pending(self, state: int) -> int:
        """How many documents are new, or gone."""
        return int(self._one(f"SELECT count(*) FROM documents WHERE {_PENDING}", state))  # noqa: S608

    def new(self, most: int) -> list[tuple[int, Document]]:
        """Documents that are to be indexed, with their keys."""
        sql = f"SELECT key, {COLUMNS} FROM documents WHERE {_PENDING} ORDER BY key LIMIT ?"  # noqa: S608
        return [(row[0], document_of(row[1:])) for row in self._all(sql, (NEW, most))]

    def after(self, key: int) -> Iterator[tuple[int, Document]]:
        """The documents that are not gone and have larger keys than this, with theirs, in order."""
        sql = f"SELECT key, {COLUMNS} FROM documents WHERE key > ? AND state <> ? ORDER BY key LIMIT 200"  # noqa: S608
        while rows := self._all(sql, (key, GONE)):
            for row in rows:
                yield row[0], document_of(row[1:])
            key = rows[-1][0]

    def gone(self) -> list[tuple[int, Document]]:
        """Documents that are to be taken out of the index, with their keys."""
        sql = f"SELECT key, {COLUMNS} FROM documents WHERE {_PENDING} ORDER BY key"  # noqa: S608
        return [(row[0], document_of(row[1:])) for row in self._all(sql, (GONE,))]

    def settle(self, keys: Iterable[int]) -> None:
        """These new documents are in the index."""
        with self._tables.transaction():
            self._tables.run_each("UPDATE documents SET state = 1 WHERE key = ?", [(key,) for key in keys])

    def forget(self, keys: Iterable[int]) -> None:
        """These documents are out of the index: nothing is left of them."""
        with self._tables.transaction():
            self._tables.run_each("DELETE FROM documents WHERE key = ?", [(key,) for key in keys])

    def unsettle(self) -> int:
        """All documents are to be indexed anew; the largest of their keys."""
        self._run("UPDATE documents SET state = 0 WHERE state = 1")
        return int(self._one("SELECT coalesce(max(key), 0) FROM documents"))

    def live(self, document_ids: Iterable[str]) -> frozenset[str]:
        """Those of some ids under which a document is served."""
        sql = "SELECT 1 FROM documents WHERE id = ? AND state <> ? LIMIT 1"
        return frozenset(one for one in document_ids if self._all(sql, (one, GONE)))

    def damages(self) -> list[str]:
        """What is wrong with the tables, a line each."""
        return self._tables.damages()

    # What else is known of the corpus

    def fact(self, name: str) -> Any:
        """What was noted under a name, as JSON holds it; None where nothing was."""
        rows = self._all("SELECT value FROM facts WHERE name = ?", (name,))
        return json.loads(rows[0][0]) if rows else None

    def note(self, name: str, value: object) -> None:
        """Notes what JSON can hold under a name."""
        self._run(
            "INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, json.dumps(value, ensure_ascii=False)),
        )

    def close(self) -> None:
        """Closes the tables."""
        self._tables.close()

    def _path(self, name: str) -> Path:
        return self._corpus if self._corpus.is_file() else self._corpus / name

    def _of_file(self, name: str) -> list[tuple[Any, ...]]:
        """Of each document of a file that is not gone: id, key, fingerprint."""
        sql = "SELECT id, key, fingerprint FROM documents WHERE file = ? AND state <> ?"
        return self._tables.rows_within(sql, (name, GONE))

    def _taken(self, document_id: str, name: str, kept: set[str]) -> str | None:
        """The file that has a document with this id already: another one, or this one before on."""
        if document_id in kept:
            return name
        sql = "SELECT file FROM documents WHERE id = ? AND file <> ? AND state <> ?"
        rows = self._tables.rows_within(sql, (document_id, name, GONE))
        return str(rows[0][0]) if rows else None

    def _keep(self, name: str, loaded: Loaded, before: tuple[int, str] | None) -> None:
        print_ = fingerprint(loaded.document)
        if before and before[1] == print_:
            self._run('UPDATE documents SET "offset" = ? WHERE key = ?', (loaded.offset, before[0]))
            return
        if before:
            self._retire([before[0]])
        values = (name, loaded.offset, NEW, print_, *row_of(loaded.document))
        places = ", ".join("?" * len(values))
        self._run(
            f'INSERT INTO documents (file, "offset", state, fingerprint, {COLUMNS}) VALUES ({places})',  # noqa: S608
            values,
        )

    def _retire(self, keys: Iterable[int]) -> None:
        self._tables.run_each("UPDATE documents SET state = 2 WHERE key = ?", [(key,) for key in keys])

    def _document(self, key: int) -> Document | None:
        """A document by its key, at hand where it was asked for lately."""
        with self._lock:
            if found := self._texts.pop(key, None):
                self._texts[key] = found  # the last again
                return found
            rows = self._all(f"SELECT {COLUMNS} FROM documents WHERE key = ?", (key,))  # noqa: S608
            document = self._of(rows[0]) if rows else None
            if document:
                self._texts[key] = document
                self._held += len(document.text)
                while self._held > REMEMBERED and len(self._texts) > 1:
                    self._held -= len(self._texts.pop(next(iter(self._texts))).text)
            return document

    def _all(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return self._tables.rows(sql, values)

    def _one(self, sql: str, *values: object) -> Any:
        return self._all(sql, values)[0][0]

    def _run(self, sql: str, values: Sequence[object] = ()) -> None:
        self._tables.run(sql, values)


class _Kept(Exception):  # noqa: N818
    """A file cannot be reached, and what is known of it stays."""

    def __init__(self, error: UnreachedError) -> None:
        super().__init__(str(error))
        self.error = error

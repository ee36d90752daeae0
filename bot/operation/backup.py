"""Copies of what the bot keeps: the state file, the files that chats gave, and the texts of the corpus that changed or
went, with a list of them and their hashes.

A copy may be made while the bot runs: SQLite copies the state file as it is at one moment. Indexes and vectors are not
copied, they are made again. What somebody has had deleted since stays in a copy that was made before.

A copy has the same form whether a file or a server keeps the state, and can be put back into either: so it is moved.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.sources.copies import fetched, path_of
from bot.store.alone import alone_in
from bot.store.database import NAME, Database, check, trouble, version_of
from bot.store.files import Files
from bot.store.folders import VERSIONS, made, written
from bot.store.looking import looked_at, reading
from bot.store.migrations import MIGRATIONS
from bot.store.shared.moving import is_empty, move
from bot.store.shared.opening import kept, server
from bot.values import without_password
from retrieval import keep_out
from retrieval.errors import IqtibasError

MANIFEST = "manifest.json"
"""Written last: a folder without it holds no whole copy."""
GIVEN = "files"
"""The folder, in the state's and in a copy, of what chats gave."""
FORMAT = 2
_OLDER = (1,)  # formats that can be put back, too: without the versions of the corpus


class BackupError(IqtibasError):
    """No copy can be made, or one cannot be put back. Its text has the mend."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A file of a copy: its length in bytes, and the SHA-256 of these, hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy holds. ``state``: the version of the state file; ``made``: when, in UTC; ``files`` by their paths in
    the copy, with ``/``."""

    made: str
    program: str
    state: int
    files: dict[str, Copied]


def back_up(data: Path, to: Path, database: str | None = None) -> Manifest:
    """Copy the state folder ``data``, of which the server at ``database`` may have a part, into ``to``, which must be
    new or empty. Raises BackupError or StoreError."""
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise BackupError(f"{to}: there is something already; name a folder that is new")
    if to.resolve().is_relative_to(data.resolve()):
        raise BackupError(f"{to}: inside of what is copied; name a folder elsewhere")
    try:
        copied = _of_server(database, to) if database else _of_folder(data, to)
        if copied is None:
            where = without_password(database) if database else data
            raise BackupError(f"{where}: nothing is kept there yet, so there is nothing to copy")
        if (data / VERSIONS).exists():
            copied[VERSIONS] = _database_copied(_versions(data / VERSIONS), to / VERSIONS)
        files = {name: one for name, one in copied.items() if one}
        manifest = Manifest(datetime.now(UTC).isoformat(timespec="seconds"), version("iqtibas"), _version(to), files)
        text = json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=1)
        written(to / MANIFEST, text.encode("utf-8", "surrogateescape"))
    except sqlite3.Error as error:
        raise BackupError(f"{data / NAME}: {trouble(error)}") from None
    except OSError as error:
        raise BackupError(f"{error.filename or to}: {error.strerror}; mend that, and name a new folder") from None
    return manifest


def _of_folder(data: Path, to: Path) -> dict[str, Copied | None] | None:
    """Copies the state file of ``data`` and the files that it names; None where there is none."""
    if looked_at(data) is None:
        return None
    keep_out(made(to))  # what chats gave must not be read by a corpus around it
    copied = {NAME: _database_copied(reading(data / NAME), to / NAME)}
    return copied | {name.as_posix(): _copied(data / name, to / name) for name in _given(to / NAME, data)}


def _of_server(address: str, to: Path) -> dict[str, Copied | None] | None:
    """Copies what a server keeps, as it is at one moment; None where that is nothing."""
    if (kept_there := kept(to, address)) is None:
        return None
    with closing(kept_there) as source:
        keep_out(made(to))
        try:
            with closing(Database(to)) as target, source.transaction():
                source.rows("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                move(source, target)
                copied = {path.relative_to(to).as_posix(): _measured(path) for path in _brought(Files(source), to)}
        except source.errors as error:
            raise BackupError(f"{source.name}: {source.trouble(error)}") from None
    return {NAME: _database_copied(_versions(to / NAME), to / NAME)} | copied


def _brought(files: Files, to: Path) -> Iterator[Path]:
    """The files of chats, written into the copy ``to``."""
    for file in files.all():
        if fetched(files, file, to / GIVEN):
            yield path_of(file, to / GIVEN)


def restore(copy: Path, data: Path, database: str | None = None) -> Manifest:
    """Put a copy back into the state folder ``data``, or into the server at ``database``, where nothing is kept and no
    bot runs. All of it is looked through before anything is written. Raises BackupError or StoreError."""
    manifest = _whole(copy)
    with alone_in(data):
        if (data / NAME).exists():
            raise BackupError(f"{data}: something is kept there; move {NAME} and {GIVEN} away, or name another folder")
        if (data / VERSIONS).exists() and VERSIONS in manifest.files:
            raise BackupError(f"{data}: versions of texts are kept there; move {VERSIONS} away, or name another folder")
        names = [name for name in manifest.files if name == VERSIONS or not database]
        try:
            keep_out(data)
            if database:
                _into_server(copy, manifest, database, data)
            for name in sorted(names, key=NAME.__eq__):  # the state last: what it names is there then
                _copied(copy / name, data / name)
        except OSError as error:
            raise BackupError(f"{error.filename or data}: {error.strerror}; mend that, and restore again") from None
    return manifest


def _whole(copy: Path) -> Manifest:
    """What a copy says of itself. Raises BackupError where it holds something else, or this program is too old."""
    manifest = _read(copy)
    for name, said in manifest.files.items():
        if _measured(copy / name) != said:
            raise BackupError(f"{copy / name}: not what was copied; use another copy")
    if manifest.state > len(MIGRATIONS):
        raise BackupError(f"{copy}: of a newer version of Iqtibas ({manifest.program}); run that one")
    return manifest


def _into_server(copy: Path, manifest: Manifest, address: str, data: Path) -> None:
    """All rows and files of a copy, in one transaction."""
    with closing(server(address)) as target, TemporaryDirectory(dir=data, prefix="restoring-") as beside:
        if not target.take_turn("iqtibas restore"):
            raise BackupError(f"{target.name}: {target.holder() or 'nobody'} serves from it; stop that one")
        if not is_empty(target):
            raise BackupError(f"{target.name}: something is kept there; name a database that is new")
        _copied(copy / NAME, Path(beside) / NAME)
        try:
            with closing(Database(Path(beside))) as source, target.transaction():  # brought up to date, where it is old
                move(source, target)
                for file in Files(source).all():
                    if f"{GIVEN}/{file.chat}/{file.id}/{file.name}" in manifest.files:
                        Files(target).keep_content(file, path_of(file, copy / GIVEN).read_bytes())
        except target.errors as error:
            raise BackupError(f"{target.name}: {target.trouble(error)}") from None


def _version(copy: Path) -> int:
    """That of the state file in a copy."""
    with closing(reading(copy / NAME)) as connection:
        return version_of(connection, copy / NAME)


def _versions(path: Path) -> sqlite3.Connection:
    """A connection that reads them; while they are written it waits."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)


def _database_copied(reading: sqlite3.Connection, to: Path) -> Copied | None:
    written(to, b"")  # closed to others before there is anything in it
    with closing(reading) as source, closing(sqlite3.connect(to, isolation_level=None)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, without another beside it
        check(target)
    return _measured(to)


def _given(state: Path, data: Path) -> Iterator[Path]:
    """The files that a copied state names, by their paths in the state folder."""
    with closing(reading(state)) as connection:
        rows = connection.execute("SELECT chat, id FROM files ORDER BY id").fetchall()
    for chat, number in rows:
        folder = data / GIVEN / str(chat) / str(number)
        yield from (path.relative_to(data) for path in sorted(folder.glob("*")) if path.is_file())


def _copied(path: Path, to: Path) -> Copied | None:
    """A file, copied whole or not at all; None where it has been deleted meanwhile."""
    made(to.parent)
    try:
        source = path.open("rb")
    except FileNotFoundError:
        return None
    with source:
        written(to, source)
    return _measured(to)


def _measured(path: Path) -> Copied | None:
    try:
        with path.open("rb") as file:
            return Copied(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
    except OSError:
        return None


def _read(copy: Path) -> Manifest:
    """What a copy says of itself. Raises BackupError where it says nothing that can be trusted."""
    try:
        said = json.loads((copy / MANIFEST).read_bytes().decode("utf-8", "surrogateescape"))
        if said.pop("format") not in (FORMAT, *_OLDER):
            raise BackupError(f"{copy}: of a newer version of Iqtibas ({said.get('program')}); run that one")
        said["files"] = {str(name): Copied(**one) for name, one in said["files"].items()}
        manifest = Manifest(**said)
    except FileNotFoundError:
        raise BackupError(f"{copy}: no whole copy, it has no {MANIFEST}; name the folder of one") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BackupError(f"{copy / MANIFEST}: cannot be read; use another copy") from None
    if NAME not in manifest.files or not all(map(_is_ours, manifest.files)) or type(manifest.state) is not int:
        raise BackupError(f"{copy / MANIFEST}: names files that are no part of a copy; use another one")
    return manifest


def _is_ours(name: str) -> bool:
    parts = Path(name).parts
    return name in (NAME, VERSIONS) or (parts[:1] == (GIVEN,) and len(parts) == 4 and ".." not in parts)

"""The indexes of a corpus, beside each other in its folder: which can be read, which stay, which are cleared away.

An index is whole once all documents were indexed by it for the first time: then it answers, and nothing else has to be
written for that. What is cleared away is renamed first, so that nobody opens half of one.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.corpus.versions import FORMAT, Said, current, said_in
from retrieval.documents.kept.own import unmark
from retrieval.errors import EngineError
from retrieval.tables.sqlite import connected

DOCUMENTS = "documents.sqlite3"
_LOCK = "lock"
_GOING = ".deleted-index"
_LEFT = "not needed, but it cannot be deleted now; where it is in a cluster, IQTIBAS_CLUSTER must lead there"


@dataclass(frozen=True, slots=True)
class Kept:
    """An index that says what it is."""

    folder: Path
    said: Said


def lock_of(folder: Path) -> FileLock:
    """What whoever writes in the folder of a corpus's indexes holds."""
    return FileLock(folder / _LOCK)


def own_folder(folder: Path) -> Path:
    """Where the index of this version is in the folder of a corpus, or is to be made."""
    now = current()
    return next((kept.folder for kept in _kept(folder) if kept.said.version == now), folder / now.folder)


def older(folder: Path, *, fixed: bool = False) -> list[Path]:
    """The whole indexes of other versions that can be read, the one that was written last first. ``fixed``: nobody may
    write there."""
    return [other.folder for other in _others(folder) if _is_readable(other) and is_whole(other.folder, fixed=fixed)]


def spare(folder: Path) -> list[Path]:
    """The index of another version that is kept for a rollback, the one that was written last, if there is one. It may
    be of a format that only its own code can read."""
    return [other.folder for other in _others(folder) if not _is_readable(other) or is_whole(other.folder)][:1]


def is_whole(index: Path, *, fixed: bool = False) -> bool:
    """Whether all documents were indexed by an index once. ``fixed``: nobody may write there."""
    return fact_in(index, "whole", fixed=fixed) is True


def fact_in(index: Path, name: str, *, fixed: bool = False) -> object:
    """What the documents of an index note under a name; None where that is nothing, or cannot be read."""
    path = index / DOCUMENTS
    if not path.is_file():
        return None
    try:
        with closing(connected(path, "", fixed=fixed)) as connection:
            rows = connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchall()
    except sqlite3.Error:
        return None
    return json.loads(rows[0][0]) if rows else None


def clear(folder: Path, stay: Iterable[Path], forget: Callable[[Path], object]) -> list[Path]:
    """Deletes the indexes in the folder of a corpus but those that stay; which they were. ``forget`` deletes what of
    one is elsewhere, and raises EngineError where it cannot. What cannot be deleted now is left for the next time."""
    staying = set(stay)
    gone = [index for index in sorted(folder.iterdir()) if _is_index(index) and index not in staying]
    for index in gone:
        with suppress(OSError, EngineError):
            going = index if index.suffix == _GOING else index.rename(index.with_name(index.name + _GOING))
            forget(going)
            shutil.rmtree(going)
    return gone


def moved(before: Path, folder: Path) -> Path:
    """The folder of a corpus's indexes, moved to another name; where it is while another process uses it, where it
    says of which corpus it is, and so belongs to its name, or where nobody may write."""
    if any(kept.said.corpus for kept in _kept(before)):
        return folder
    try:
        with lock_of(before).acquire(timeout=0):
            return before.rename(folder)
    except (Timeout, OSError):
        return folder if folder.exists() else before  # another process may have moved it at this moment


def pruned(folder: Path, forget: Callable[[Path], object]) -> Iterator[str]:
    """Deletes what the folder of a corpus's indexes does not need: all but the one that answers, or will; all of it
    where the corpus is gone. ``forget``: as for ``clear``. A line for each thing that was deleted, or is left because
    it is in use."""
    if not folder.is_dir() or not any(map(_is_index, folder.iterdir())):
        return
    try:
        with lock_of(folder).acquire(timeout=0):
            yield from _pruned(folder, forget)
    except Timeout:
        yield f"{folder}: in use, so nothing was deleted there; stop the bot, or what else uses it, and prune again"
    except OSError as error:
        yield f"{folder}: cannot be pruned ({error.strerror}); mend that"


def _pruned(folder: Path, forget: Callable[[Path], object]) -> Iterator[str]:
    """What ``pruned`` does, with the lock held."""
    corpora = {kept.said.corpus for kept in _kept(folder)} - {None}
    gone = sorted(str(corpus) for corpus in corpora if corpus and not corpus.exists())
    if gone and len(gone) == len(corpora):
        clear(folder, (), forget)
        if any(map(_is_index, folder.iterdir())):
            yield f"{folder}: {_LEFT}"
            return
        (folder / _LOCK).unlink(missing_ok=True)
        unmark(folder)
        if not any(folder.iterdir()):
            folder.rmdir()
        yield f"{folder}: deleted, its corpus {gone[0]} is gone"
        return
    own = own_folder(folder)
    answers = [own] if is_whole(own) else [own, *older(folder)[:1]]
    for index in clear(folder, answers, forget):
        is_left = index.exists() or index.with_name(index.name + _GOING).exists()
        yield f"{index}: {_LEFT if is_left else 'deleted, an index of another version'}"
    if not corpora and any(map(_is_index, folder.iterdir())):
        yield f"{folder}: does not say of which corpus it is, so it is left; delete it if you need it no more"


def _kept(folder: Path) -> list[Kept]:
    if not folder.is_dir():
        return []
    indexes = [path for path in sorted(folder.iterdir()) if _is_index(path) and path.suffix != _GOING]
    return [Kept(index, said) for index in indexes if (said := said_in(index))]


def _others(folder: Path) -> list[Kept]:
    """The indexes of other versions, the one that was written last first."""
    own = own_folder(folder)
    return sorted((kept for kept in _kept(folder) if kept.folder != own), key=_written, reverse=True)


def _is_readable(kept: Kept) -> bool:
    return kept.said.version.format == FORMAT


def _is_index(path: Path) -> bool:
    """Whether this is an index, or what is left of one, and nothing else that a folder may hold."""
    return path.suffix == _GOING or (path / DOCUMENTS).is_file()


def _written(kept: Kept) -> float:
    path = kept.folder / DOCUMENTS
    return path.stat().st_mtime if path.exists() else 0

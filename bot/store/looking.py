"""A look at the state file that leaves no trace: neither is it made, nor brought up to date, nor its log emptied."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.store.database import NAME, StoreError, is_damage, look_through, trouble, version_of
from bot.store.migrations import MIGRATIONS


@dataclass(frozen=True, slots=True)
class Look:
    """What is found of a state file: its version, that of this program, and its bytes."""

    version: int
    current: int
    size: int


def looked_at(folder: Path) -> Look | None:
    """What stands in ``folder``; None where there is no state file yet. Raises StoreError, whose text has the mend, for
    one that is damaged, of a newer version, or cannot be read."""
    path = folder / NAME
    try:
        if not path.exists():
            return None
        with closing(reading(path)) as connection:
            look_through(connection, path)
            version = version_of(connection, path)
        return Look(version, len(MIGRATIONS), path.stat().st_size)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{path}: {_said(error)}") from None


def reading(path: Path) -> sqlite3.Connection:
    """A connection that reads a file. Where no process has it open, nor was killed over it, SQLite is told that nothing
    changes: else it would make files beside it, which a program that runs as another user could not use."""
    beside = [path.with_name(f"{path.name}{ending}") for ending in ("-shm", "-wal")]
    is_open = any(each.exists() and each.stat().st_size for each in beside)
    address = f"{path.absolute().as_uri()}?mode=ro{'' if is_open else '&immutable=1'}"
    return sqlite3.connect(address, uri=True, isolation_level=None)


def _said(error: OSError | sqlite3.Error) -> str:
    if isinstance(error, sqlite3.Error) and is_damage(error):
        return trouble(error)
    return f"cannot be read ({error}); mend the permissions of IQTIBAS_DATA"

"""How the SQLite files of an index are opened."""

import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import quote


def connected(path: Path, schema: str, *, fixed: bool) -> sqlite3.Connection:
    """A connection for many threads to a file with these tables, made where there is none; or to one that is
    ``fixed``: nobody may write it. Raises sqlite3.Error where it cannot be used."""
    if fixed:
        address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
        return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    with ExitStack() as opening:
        connection = opening.enter_context(
            closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False))
        )
        # Not FULL: what a power cut may take back is read again.
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.executescript(schema)
        opening.pop_all()
    return connection

"""The state, where the settings have it: the file of a folder, or a server."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from bot.store.database import NAME, Database, Keeps, StoreError
from bot.store.feedback import Feedback, Opinion, Refusals, Refused
from bot.store.migrations import MIGRATIONS

if TYPE_CHECKING:
    from bot.store.shared.postgresql import PostgreSQL


def opened(folder: Path, address: str | None = None) -> Keeps:
    """The state to serve from, made where there is none; of a server it is nobody's turn yet. Raises StoreError."""
    return server(address) if address else Database(folder)


def server(address: str) -> "PostgreSQL":
    """A server at ``address``. Raises StoreError, also where what speaks to servers is not installed."""
    try:
        from bot.store.shared.postgresql import PostgreSQL
    except ImportError as error:
        mend = "pip install 'iqtibas[cluster]', or leave IQTIBAS_DATABASE out"
        raise StoreError(f"IQTIBAS_DATABASE needs psycopg, which cannot be loaded ({error}); {mend}") from None
    return PostgreSQL(address)


def kept(folder: Path, address: str | None = None) -> Keeps | None:
    """The state to look into; None where nothing is kept yet. Raises StoreError."""
    if not address:
        return Database(folder) if (folder / NAME).exists() else None
    database = server(address)
    try:
        version = database.version()
        if version not in (None, len(MIGRATIONS)):
            raise StoreError(f"{database.name}: of version {version}; start the bot, which brings it up to date")
    except database.errors as error:
        database.close()
        raise StoreError(f"{database.name}: {database.trouble(error)}") from None
    except BaseException:
        database.close()
        raise
    if version is None:
        database.close()
        return None
    return database


def stored(folder: Path, address: str | None = None) -> list[Opinion]:
    """The opinions that are kept; none where no bot has run. Raises ``StoreError`` where that cannot be used."""
    if (database := kept(folder, address)) is None:
        return []
    with closing(database):
        return list(Feedback(database))


def unanswered(folder: Path, address: str | None = None) -> tuple[list[Refused], list[Opinion]]:
    """The refused questions that are kept, and the opinions; none where no bot has run. Raises ``StoreError``."""
    if (database := kept(folder, address)) is None:
        return [], []
    with closing(database):
        return list(Refusals(database, is_on=True)), list(Feedback(database))

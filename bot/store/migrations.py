"""How the tables came to be: each step runs once, in its order, and a released one is never edited."""

_FILES = (
    "CREATE TABLE files (id INTEGER PRIMARY KEY AUTOINCREMENT, chat INTEGER NOT NULL, giver INTEGER NOT NULL,"
    " giver_name TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL, given INTEGER NOT NULL)",
    "CREATE INDEX files_of_chat ON files (chat)",
    "CREATE INDEX files_of_giver ON files (giver)",
)

_CHATS = (
    """
    CREATE TABLE chats (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,      -- group, supergroup, channel
        standing TEXT NOT NULL,  -- of the bot: member, admin, gone
        since INTEGER NOT NULL,  -- seconds since 1970
        was INTEGER              -- the group's id before it became a supergroup
    )
    """,
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FILES, _CHATS)
"""For each version, the statements that lead to it from the one before."""

"""The one list of what can hold a person's words: each column and each file of the state folder.

By it somebody is forgotten, and what is too old is deleted, with traffic or without. Whatever else comes to be stored
joins it: a test walks the tables and the files, and fails for what is not here.
"""

import time
from dataclasses import dataclass
from fnmatch import fnmatchcase

from bot.store import answers, feedback, inbox, threads
from bot.store.answers import Answers
from bot.store.database import Keeps
from bot.store.inbox import Inbox
from bot.store.people import HAS


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the columns that can hold words, those that cannot, and the condition of rows that may hold words of
    ``:person``. Where that is None, ``until`` says why: how long a row stays where nobody asks to be forgotten.
    """

    name: str
    words: tuple[str, ...]
    others: tuple[str, ...]
    theirs: str | None
    until: str


_OWN = "(:person > 0 AND chat = :person)"
"""A person's own chat has their id."""

TABLES = (
    Table("updates", ("body",), ("id", "came", "starts", "people", "forgets"), None, "it is handled; the id two days"),
    Table("messages", ("answer",), ("update_id", "number", "doubts"), None, "the update is handled"),
    Table(
        "turns",
        ("searched", "asked", "previous"),
        ("chat", "topic", "person", "message", "part", "since", "answer", "cards", "people"),
        f"{_OWN} OR person = :person OR {HAS}",
        f"{threads.KEPT:.0f} s",
    ),
    Table(
        "answers",
        ("question", "searched", "previous", "places", "opening", "nearest", "meant"),
        ("number", "id", "chat", "asker", "since", "first", "has_more", "people", "before"),
        f"{_OWN} OR asker = :person OR {HAS}",
        f"{answers.KEPT:.0f} s",
    ),
    Table(
        "feedback",
        ("question", "searched", "previous", "quotes"),
        ("answer", "user", "asker", "since", "is_good", "people"),
        f'"user" = :person OR asker = :person OR {HAS}',
        "somebody in it is forgotten",
    ),
    Table(
        "refused",
        ("question",),
        ("number", "person", "since", "people"),
        f"person = :person OR {HAS}",
        f"{feedback.REFUSED:.0f} s",
    ),
    Table(
        "files",
        ("giver_name", "name"),
        ("id", "chat", "giver", "size", "given", "digest"),
        f"giver = :person OR {_OWN}",  # their bytes went before: bot.sources.private
        "it is deleted",
    ),
    Table("chats", (), ("id", "kind", "standing", "since", "was"), None, "for good"),
    Table("moving", (), ("old", "new"), None, "the chat has moved"),
    Table("sqlite_sequence", (), ("name", "seq"), None, "for good"),
)
ON_A_SERVER = (
    Table("contents", ("bytes",), ("id",), None, "the file is deleted, with which it goes"),
    Table("version", (), ("number",), None, "for good"),
    Table("turn", (), ("number", "holder", "since"), None, "another process serves"),
)
"""Those that PostgreSQL has besides, and it has no table of what was counted (``bot.store.shared``)."""

TIMES = {"turns": "since", "answers": "since", "refused": "since", "updates": "came"}
"""The column of a table by whose time its rows go: of each that has rows which go with time."""

COPIES = 7 * 24 * 3600.0
"""Seconds for which the tables stay as they were before an upgrade."""

FILES = {
    "iqtibas.sqlite3*": "the tables, and what was written last in -wal; in .of-N as they were before an upgrade, a week"
    " at most: those go when anybody is forgotten",
    "files/*/*/*": "what people gave, of a chat and with a number; bot.sources.private deletes them",
    "prepared/*/*": "the texts of those files and their index; both go with any file of the chat",
    "vectors/*/sentences*": "numbers made of those files; they go with any file of the chat",
    "aside/*": "what no table knows of; of a person's chat and of groups it goes when somebody is forgotten",
    "index/*": "the corpus, which is the operator's own",
    "index.vectors*": "numbers made of the corpus",
    "versions.sqlite3*": "texts of the corpus that changed or went, which are the operator's own",
    "lock": "nothing",
    "heartbeat*": "nothing: when the bot last beat",
    ".iqtibas": "nothing",
}
"""The files of the state folder, by their paths in it, and what they hold."""


def is_listed(path: str) -> bool:
    """Whether the list has a file, by its path in the state folder with ``/``."""
    return any(fnmatchcase(path, pattern) for pattern in FILES)


def forget(database: Keeps, person: int) -> None:
    """Deletes all rows in which words of a person may stand. What waits is handled first, and forgotten then."""
    with database.transaction():
        for table in TABLES:
            if table.theirs:
                database.rows(f"DELETE FROM {table.name} WHERE {table.theirs}", {"person": person})  # noqa: S608  (ours)
    database.drop_copies()


def sweep(database: Keeps) -> None:
    """Deletes what was kept for as long as people are told. What is of a time to come was kept under a clock that has
    been set back since: it is of now, or it would stay so much longer."""
    now = time.time()
    with database.transaction():
        for table, column in TIMES.items():
            database.run(f"UPDATE {table} SET {column} = ? WHERE {column} > ?", [now, now])  # noqa: S608  (ours)
        database.run("DELETE FROM turns WHERE since <= ?", [now - threads.KEPT])
        Answers(database).sweep()
        feedback.sweep_refused(database)
        Inbox(database).sweep()
    database.drop_copies(COPIES)


UNTIL = {"answers": answers.KEPT, "refused": feedback.REFUSED, "thread": threads.KEPT, "numbers": inbox.REMEMBERED}
"""Seconds for which things are kept, by the names that the phrase on privacy has for them."""

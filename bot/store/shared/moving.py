"""All that is kept, from one place to another: from a file to a server, or back. Nothing of it is changed."""

from bot.store.database import Database, Keeps
from bot.store.held import TABLES

_OWN = "sqlite_sequence"
_COUNTED = (("files", "id"), ("answers", "number"), ("refused", "number"))
"""The tables whose rows are given numbers, and the columns of those."""


def is_empty(database: Keeps) -> bool:
    """Whether nothing is kept there."""
    tables = [table.name for table in TABLES if table.name != _OWN]
    return not any(database.rows(f"SELECT 1 FROM {name} LIMIT 1") for name in tables)  # noqa: S608  (names of ours)


def move(source: Keeps, target: Keeps) -> None:
    """Copies all rows of ``source`` into ``target``, where nothing is kept, in a transaction of that. Raises what
    either's statements raise."""
    with target.transaction():
        for table in TABLES:
            if table.name != _OWN:
                columns = ", ".join(f'"{name}"' for name in (*table.words, *table.others))
                marks = ", ".join("?" * (len(table.words) + len(table.others)))
                for row in source.rows(f"SELECT {columns} FROM {table.name}"):  # noqa: S608  (names of ours)
                    target.run(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", row)  # noqa: S608
        _count_on(target, source.last("files"))


def _count_on(target: Keeps, last: int) -> None:
    """What is given a number next has one that nothing had before; ``last``: the last one of a file."""
    if isinstance(target, Database):  # which by itself goes on from the greatest that there is
        target.run("DELETE FROM sqlite_sequence WHERE name = 'files'")
        target.run("INSERT INTO sqlite_sequence (name, seq) VALUES ('files', ?)", (last,))
        return
    for table, column in _COUNTED:
        least = last if table == "files" else 0
        ((number,),) = target.rows(f"SELECT greatest(max({column}), ?) FROM {table}", (least,))  # noqa: S608
        target.rows(f"SELECT setval('{table}_{column}_seq', greatest(?, 1), ? > 0)", (number, number))

"""The two places of tables, on which every test of what is kept in them is run."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from retrieval.tables.postgresql import ServerTables
from retrieval.tables.sqlite import FileTables
from retrieval.tables.statements import Tables

MakeTables = Callable[[str], Tables]
"""Opens tables of some definitions, to be written: the same ones each time."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.cluster)])
def make_tables(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeTables]:
    with ExitStack() as opened:
        if request.param == "sqlite":
            yield lambda made: opened.enter_context(closing(FileTables(tmp_path / "tables.sqlite3", made)))
            return
        address = request.getfixturevalue("postgresql_server").new()

        def again(made: str) -> Tables:
            opened.close()
            tables = opened.enter_context(closing(ServerTables(address, "trial")))
            while not tables.take(made):
                pass  # the server has not seen yet that the session before is closed
            return tables

        yield again

"""Where the settings have the state."""

import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.store.database import Database, StoreError
from bot.store.shared.opening import kept, opened


def test_without_a_server_it_is_the_file_of_the_folder(tmp_path: Path) -> None:
    assert kept(tmp_path) is None
    with closing(opened(tmp_path)) as database:
        assert isinstance(database, Database)
        assert database.take_turn()
        database.check()
    looked_into = kept(tmp_path)
    assert looked_into
    looked_into.close()


def test_without_what_speaks_to_servers_the_mend_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "bot.store.shared.postgresql", raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install 'iqtibas\[cluster\]'"):
        opened(tmp_path, "postgresql://db/iqtibas")

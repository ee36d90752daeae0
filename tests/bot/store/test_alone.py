"""One process for a state folder: a second is refused, and a killed one holds nothing."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from places import ROOT

from bot.store.alone import alone_in, taken
from bot.store.database import StoreError

HOLDING = """
import signal, sys
from pathlib import Path
from bot.store.alone import alone_in
with alone_in(Path(sys.argv[1])):
    print("held", flush=True)
    signal.pause()
"""


@contextmanager
def _held(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Meanwhile another process holds the folder, unless it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, folder], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_folder_is_held_by_one_process_and_free_when_that_is_killed(tmp_path: Path) -> None:
    with _held(tmp_path) as process:
        assert taken(tmp_path)
        with pytest.raises(StoreError, match="another process"), alone_in(tmp_path):
            pass
        process.kill()
        process.wait()
        assert not taken(tmp_path)
        with alone_in(tmp_path):
            pass


def test_a_folder_that_is_not_there_is_made_and_held_by_nobody(tmp_path: Path) -> None:
    assert not taken(tmp_path / "state")
    with alone_in(tmp_path / "state"):
        assert (tmp_path / "state").is_dir()


def test_where_no_folder_can_be_made_the_mend_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="IQTIBAS_DATA"), alone_in(tmp_path / "file" / "state"):
        pass

"""Folders that are the program's own, such as its state: nothing in them is a document, wherever they stand."""

from collections.abc import Collection
from pathlib import Path

_MARK = ".iqtibas"


def keep_out(folder: Path) -> None:
    """Marks a folder, which exists, as the program's own: no corpus that it lies in reads it. Raises OSError."""
    (folder / _MARK).touch(mode=0o600)


def unmark(folder: Path) -> None:
    """Takes the mark away, so that a folder which holds nothing else is empty. Raises OSError."""
    (folder / _MARK).unlink(missing_ok=True)


def is_own(names: Collection[str]) -> bool:
    """Whether a folder that holds files of these names is one."""
    return _MARK in names

"""One process for a state folder, held by a lock of the operating system's, which ends with the process."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.store.database import StoreError
from bot.store.folders import FILE, made

NAME = "lock"


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Meanwhile no other process holds ``folder``. Raises StoreError where one does, or nothing can be written.

    The file stays: were it deleted, a second process could hold the old one and a third a new one.
    """
    try:
        file = os.open(made(folder) / NAME, os.O_RDWR | os.O_CREAT, FILE)
    except OSError as error:
        raise StoreError(
            f"{folder}: cannot be used ({error.strerror}); set IQTIBAS_DATA to a folder that can"
        ) from None
    try:
        _lock(file)
        yield
    except _TakenError:
        raise StoreError(
            f"{folder}: another process serves from this folder; stop it, or set IQTIBAS_DATA to another folder"
        ) from None
    finally:
        os.close(file)


def taken(folder: Path) -> bool:
    """Whether a process holds ``folder``."""
    if not (folder / NAME).exists():
        return False
    file = os.open(folder / NAME, os.O_RDWR)
    try:
        _lock(file)
    except _TakenError:
        return True
    finally:
        os.close(file)
    return False


class _TakenError(Exception):
    """Another process has the lock."""


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            raise _TakenError from None
else:
    import fcntl

    def _lock(file: int) -> None:
        # not flock: that would be held on by a child of a process that was killed
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _TakenError from None

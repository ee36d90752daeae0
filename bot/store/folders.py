"""The state folder is its owner's alone: folders 0700, files 0600, whoever of the program's parts made them."""

import logging
import os
import shutil
import time
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

log = logging.getLogger(__name__)

FOLDER, FILE = 0o700, 0o600
VERSIONS = "versions.sqlite3"
"""The file with the texts of the corpus that changed or went (``retrieval.PastVersions``)."""
ASIDE = "aside"
"""Where what nobody knows of is put, for whoever runs the bot to look at."""
_TRIED, _PAUSE = 20, 0.05
"""How often a folder is deleted that something still writes to, as a process that was just ended, and the seconds
between."""


def made(folder: Path) -> Path:
    """``folder``, made with all above it that is missing, and closed to others. Raises OSError."""
    for one in (*reversed(folder.parents), folder):
        one.mkdir(exist_ok=True, mode=FOLDER)
    close_to_others(folder)
    return folder


def close_to_others(path: Path) -> None:
    """Nobody but its owner may use a file or a folder from now on, where that is ours to say."""
    with suppress(OSError):
        if path.stat().st_mode & 0o077:
            path.chmod(FOLDER if path.is_dir() else FILE)


def close_all(folder: Path) -> None:
    """The same for a folder and all that is in it."""
    for where, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            close_to_others(Path(where) / name)


def written(path: Path, content: bytes | BinaryIO) -> None:
    """Puts a file in its place: whole and on the disk, or not at all, whatever ends the process. Raises OSError.

    ``content``: all of it, or an open file that is read to its end. What a killed process leaves is called ``is_part``.
    """
    part = path.with_name(f"{path.name[:40]}.part")
    file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE)
    with os.fdopen(file, "wb") as stream:
        shutil.copyfileobj(BytesIO(content) if isinstance(content, bytes) else content, stream)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
    synced(path.parent)


def deleted(folder: Path) -> None:
    """Deletes a folder and all in it, if it is there, though something may write to it yet. Where it cannot be deleted
    that is a line in the log."""
    for _ in range(_TRIED):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(_PAUSE)
    log.error("%s: cannot be deleted: look who may write there, then start again", folder)


def is_part(path: Path) -> bool:
    """Whether a file is one that ``written`` did not come to the end of."""
    return path.suffix == ".part"


def synced(folder: Path) -> None:
    """What was renamed in a folder is on the disk, where folders can be synced."""
    with suppress(OSError):
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)

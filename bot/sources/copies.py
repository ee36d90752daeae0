"""The copies on this machine of files that a server keeps: a process that stands by has them before it serves, and does
not have them for longer than the server.
"""

from pathlib import Path

from bot.store.files import File, Files
from bot.store.folders import deleted, made, written


def path_of(file: File, folder: Path) -> Path:
    """Where the bytes of a file stand in the ``folder`` of all chats."""
    return folder / str(file.chat) / str(file.id) / file.name


def fetched(files: Files, file: File, folder: Path) -> bool:
    """Writes a file as the server has it; whether it does. Raises OSError."""
    content = files.content(file)
    if content is None:
        return False
    path = path_of(file, folder)
    made(path.parent)
    written(path, content)
    return True


def follow(files: Files, folder: Path) -> None:
    """Brings the copies in ``folder`` up to date, while nobody serves from it: those of files that are gone go, with
    what was made of their chats beside. Raises OSError."""
    known = {path_of(file, folder): file for file in files.all()}
    for place in folder.glob("*/*"):
        if not any(path in known for path in place.glob("*")):
            deleted(place)
            for made_of_it in ("prepared", "vectors"):
                deleted(folder.with_name(made_of_it) / place.parent.name)
    for path, file in known.items():
        if not path.exists():
            fetched(files, file, folder)

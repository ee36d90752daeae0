"""The files of a chat, prepared once: an index that is kept beside them, made by a process apart and opened at once.

It stands in ``FOLDER/CHAT/``, with a list of the files that it is of. Where that is not the chat's list any more, or
the index is of another version, it is prepared again before it is opened.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.store.folders import deleted, made, written
from retrieval import Preparer
from retrieval.errors import Cause, EngineError, IqtibasError

log = logging.getLogger(__name__)

_LIST = "files.json"


class Prepared:
    """The prepared indexes of chats. Safe to use from many threads, for each chat from one at a time."""

    def __init__(self, folder: Path, preparer: Preparer) -> None:
        """``folder`` holds them; it is made where there is something to keep."""
        self._folder, self._preparer = folder, preparer
        self._ready: dict[int, object] = {}
        self._failed: dict[int, list[int]] = {}
        self._waiting = {int(index.name): waiting for index in folder.glob("*") if (waiting := preparer.waiting(index))}

    def state(self, chat: int) -> object | None:
        """Another object each time that the index of a chat is made ready; None while it is not."""
        return self._ready.get(chat)

    def index(self, chat: int) -> Path:
        """The folder of the index of a chat."""
        return self._folder / str(chat)

    def make_ready(self, chat: int, place: Path, files: Sequence[int]) -> None:
        """Prepare what ``place`` holds, the files of these numbers, unless that was done. What fails is a line in the
        log, and is not tried again before the files change."""
        wanted = sorted(files)
        if chat in self._ready or self._failed.get(chat) == wanted:
            return
        if self._listed(chat) == wanted and self._preparer.is_prepared(self.index(chat)):
            self._ready[chat] = object()
            return
        try:
            self.prepare(chat, place, wanted)
        except IqtibasError as error:
            self._failed[chat] = wanted
            log.error("files of a chat cannot be prepared, it is answered from the rest: %s", type(error).__name__)

    def prepare(self, chat: int, place: Path, files: Sequence[int]) -> Mapping[str, int]:
        """Prepare what ``place`` holds; of each file, by its path there, how many documents it gives. Raises
        TooMuchError where it is too much, and EngineError."""
        self.doubt(chat)
        self._failed.pop(chat, None)
        folder = self.index(chat)
        try:
            made(folder)
            (folder / _LIST).unlink(missing_ok=True)
            found = self._preparer.prepare(place, folder)
            written(folder / _LIST, json.dumps(sorted(files)).encode())
        except OSError as error:
            raise EngineError(f"{folder}: cannot be written ({error.strerror})") from None
        self._ready[chat] = object()
        self._waiting.pop(chat, None)
        if waiting := self._preparer.waiting(folder):
            self._waiting[chat] = waiting
        return found

    def waiting(self, chat: int) -> Mapping[str, int]:
        """Of the files of a chat, by their paths there, of which scanned pages wait: how many."""
        return self._waiting.get(chat, {})

    def cause(self, chat: int, file: int) -> Cause:
        """Why the file of a number, or the first part of it of which that is known, could not be read when the chat's
        were prepared."""
        problems = [one for one in self._preparer.problems(self.index(chat)) if one.reason.startswith(f"{file}/")]
        return next((one.cause for one in problems if one.cause is not Cause.UNNAMED), Cause.UNNAMED)

    @property
    def lacking_scans(self) -> Sequence[int]:
        """The chats of whose files scanned pages wait."""
        return tuple(self._waiting)

    def read_scans(self, chat: int, place: Path) -> Sequence[str]:
        """Read a few of the scanned pages of ``place`` that wait, while the rest of it answers; the paths of the files
        of which all are read, to be taken up by ``prepare``. Raises EngineError where that was stopped."""
        return self._preparer.read_scans(place, self.index(chat))

    def doubt(self, chat: int) -> None:
        """Do not open the index of a chat before it is made ready again."""
        self._ready.pop(chat, None)

    def forget(self, chat: int) -> None:
        """Delete the index of a chat."""
        self.doubt(chat)
        self._failed.pop(chat, None)
        self._waiting.pop(chat, None)
        self._preparer.stop(self.index(chat))
        deleted(self.index(chat))

    def forget_others(self, chats: frozenset[int]) -> None:
        """Delete the indexes of all chats but these."""
        known = set(map(str, chats))
        for folder in self._folder.glob("*"):
            if folder.name not in known:
                deleted(folder)

    def close(self) -> None:
        """End what is being prepared; it goes on at the next start."""
        self._preparer.close()

    def _listed(self, chat: int) -> list[int] | None:
        try:
            found: list[int] = json.loads((self.index(chat) / _LIST).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return found

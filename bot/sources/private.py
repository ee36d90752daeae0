"""The documents of each chat: a library of its own, so that nothing of it can reach another.

The bytes of a file stand in ``FOLDER/CHAT/NUMBER/NAME``, what is known of it, their length and hash among it, in the
store. A file counts once both are there; what a killed process left of either is cleared away at the next start, a move
that it began is ended, and what nobody knows of is set aside in ``aside``, beside ``FOLDER``.

The vectors of a chat stand beside, in ``vectors/CHAT/``, its index in ``prepared/CHAT/``; a file that goes takes both.
"""

import hashlib
import logging
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakValueDictionary

from bot.sources.copies import fetched, path_of
from bot.sources.prepared import Prepared
from bot.store.files import File, Files
from bot.store.folders import ASIDE, deleted, is_part, made, written
from retrieval import Bounds, Library, Preparer
from retrieval.errors import Cause, IqtibasError, TooLongError, TooMuchError

log = logging.getLogger(__name__)

LARGEST = 20 * 2**20
"""Bytes of a file that Telegram lets a bot fetch."""
OPEN = 8
"""Libraries of chats that are open at once; beyond that the one that was asked longest ago is closed."""
NAME = 80
"""Characters of a file's name that are kept."""

_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Quota:
    """What a chat may hold: files, bytes of them together, characters of their texts together."""

    files: int = 20
    size: int = 50 * 2**20
    characters: int = 2_000_000


class RefusedError(Exception):
    """A file is not taken. ``reason`` is a key of the phrases: "too_many", "too_large", or one of
    ``retrieval.errors.Cause``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PrivateLibraries:
    """The libraries of chats, opened when they are asked. Safe to use from many threads."""

    def __init__(
        self,
        files: Files,
        folder: Path,
        quota: Quota = Quota(),
        min_confidence: float | None = None,
        *,
        reader: bool = True,
        threads: int = 1,
        preparer: Preparer | None = None,
    ) -> None:
        """``folder`` holds the files; what in it nobody knows of is set aside. ``reader`` and ``threads`` are for
        the libraries, which ``preparer`` prepares."""
        self._files, self._folder, self.quota, self._min_confidence = files, folder, quota, min_confidence
        self._vectors, self._reader, self._threads = folder.with_name("vectors"), reader, threads
        self._aside = folder.with_name(ASIDE)
        preparer = preparer or Preparer(Bounds(characters=quota.characters))
        self._prepared = Prepared(folder.with_name("prepared"), preparer)
        self._open: OrderedDict[int, Library] = OrderedDict()
        self._made: tuple[int, Library] | None = None
        self._lock = threading.Lock()
        self._locks: WeakValueDictionary[int, threading.RLock] = WeakValueDictionary()  # those that somebody holds
        self._chats: set[int] = set()
        self._recover()
        self._chats = set(files.chats())

    def files(self, chat: int) -> list[File]:
        """The files of a chat, the oldest first."""
        return self._files.of(chat)

    def is_ready(self, chat: int) -> bool:
        """Whether the library of a chat, if it has one, can be opened at once."""
        return chat not in self._chats or self._prepared.state(chat) is not None

    def make_ready(self, chat: int) -> None:
        """Prepare the library of a chat, if it has one. That may take long, so no thread that others wait for may."""
        with self._of_chat(chat):
            if not self.is_ready(chat):
                self._set_altered_aside(chat)
                if files := self._files.of(chat):
                    self._prepared.make_ready(chat, self._place(chat), [file.id for file in files])

    def of(self, chat: int) -> Library | None:
        """The library of a chat, at once; None where it has no files, or they are not ready."""
        state = self._prepared.state(chat)
        if chat not in self._chats or state is None:
            return None
        with self._lock:
            if library := self._open.get(chat):
                self._open.move_to_end(chat)
                return library
        try:
            library = self._opened(chat)
        except IqtibasError:
            if not self.waiting(chat):  # else it may hold nothing but these yet
                self._prepared.forget(chat)  # it is damaged, and is made again for the next question
            return None
        with self._lock:
            if self._prepared.state(chat) is not state:  # its files have changed meanwhile
                return None
            library = self._open.setdefault(chat, library)
            while len(self._open) > OPEN:
                self._open.popitem(last=False)
        return library

    def lacking_vectors(self) -> list[tuple[int, Library]]:
        """The chats whose libraries are open and lack vectors."""
        with self._lock:
            return [(chat, library) for chat, library in self._open.items() if library.lacks_vectors]

    def make_vectors(self, chat: int, is_ended: Callable[[], bool]) -> bool:
        """Makes the vectors of a chat's library, if it has one and for as long as that is open; whether it came to its
        end. One at a time."""
        with self._of_chat(chat):
            library = self.of(chat)
            self._made = (chat, library) if library else None
        try:
            return not library or library.make_vectors(
                is_ended=lambda: is_ended() or self._open.get(chat) is not library
            )
        finally:
            self._made = None

    def waiting(self, chat: int) -> dict[int, int]:
        """Of the files of a chat, by their numbers, of which scanned pages wait to be read: how many."""
        return {_number(path): pages for path, pages in self._prepared.waiting(chat).items()}

    def lacking_scans(self) -> list[int]:
        """The chats of whose files scanned pages wait."""
        return [chat for chat in self._prepared.lacking_scans if chat in self._chats]

    def read_scans(self, chat: int) -> list[tuple[File, str | None]]:
        """Reads a few of a chat's scanned pages that wait, while the rest answers: the files that are read to their
        end, each with the reason, a key of the phrases, for which it is not kept after all. Raises IqtibasError."""
        read = {_number(path) for path in self._prepared.read_scans(chat, self._place(chat))}
        with self._of_chat(chat):
            if chat not in self._chats:
                self._prepared.forget(chat)  # it was forgotten meanwhile
            return [(file, self._taken_up(file)) for file in self._files.of(chat) if file.id in read]

    def add(self, chat: int, giver: int, giver_name: str, name: str, content: bytes) -> File:
        """Takes a file into a chat's library, once if it is given again. Raises RefusedError, and nothing is kept."""
        digest = hashlib.sha256(content).hexdigest()
        with self._of_chat(chat):
            held = self._files.of(chat)
            known = self._same(held, giver, safe(name), digest)
            file = known
            if not file:
                if len(held) >= self.quota.files:
                    raise RefusedError("too_many")
                if sum(file.size for file in held) + len(content) > self.quota.size:
                    raise RefusedError("too_large")
                file = self._files.add(chat, giver, giver_name, safe(name), content, digest)
            try:
                if not self._path(file).exists():
                    made(self._path(file).parent)
                    written(self._path(file), content)
                self._chats.add(chat)
                self._check(file)  # of one that is known too: the process may have been ended before this
            except BaseException as error:
                if not known or isinstance(error, RefusedError):  # a disk that fails takes no file that was held
                    self._remove(file)
                raise
            return file

    def remove(self, file: File) -> None:
        """Takes a file out of its chat's library, and deletes it."""
        with self._of_chat(file.chat):
            self._remove(file)

    def forget(self, person: int) -> int:
        """Deletes all that a person gave, and all that their own chat holds; how many files. With it goes what was
        asked of any library lately, and what is set aside and could be theirs: of their chat, and of any group.

        Of a group, ``person`` stands for its admins who do not show who they are.
        """
        own = self._files.of(person) if person > 0 else []
        gone = {file.id: file for file in (*self._files.given_by(person), *own)}
        for file in gone.values():
            self.remove(file)
        with self._lock:
            libraries = list(self._open.values())
        for library in libraries:  # of a group, which remembers what anybody asked there
            library.forget_answers()
        for folder in (self._aside / str(person), *self._aside.glob("-*")):
            deleted(folder)
        return len(gone)

    def move(self, old: int, new: int) -> None:
        """A group became a supergroup with another id. What was begun and not ended is done again at the next start."""
        with self._of_chat(old), self._of_chat(new):
            if self._place(old).exists():
                made(self._place(new))
                for folder in self._place(old).iterdir():
                    folder.rename(self._place(new) / folder.name)
                self._place(old).rmdir()
            self._files.move(old, new)
            if old in self._chats:
                self._chats.add(new)  # the set itself: other chats come and go at the same time
                self._chats.discard(old)
            for chat in (old, new):
                self._forget_made(chat)

    def _same(self, held: Sequence[File], giver: int, name: str, digest: str) -> File | None:
        """The file that somebody gave before, if it is this one."""
        named = (file for file in held if (file.giver, file.name) == (giver, name))
        return next((file for file in named if (file.digest or self._digest(file)) == digest), None)

    def _digest(self, file: File) -> str:
        """The hash of the bytes that stand there now; "" where none do."""
        try:
            return hashlib.sha256(self._path(file).read_bytes()).hexdigest()
        except OSError:
            return ""

    def _set_altered_aside(self, chat: int) -> None:
        """What does not stand as it was given is not quoted."""
        for file in self._files.of(chat):
            if file.digest and self._digest(file) != file.digest and not fetched(self._files, file, self._folder):
                self._set_aside(self._path(file).parent, "is not as it was given")
                self._remove(file)

    def _check(self, file: File) -> None:
        """Raises RefusedError where a new file gives no document, or its chat would hold too much text."""
        self._close(file.chat)
        try:
            found = self._prepared.prepare(
                file.chat, self._place(file.chat), [one.id for one in self._files.of(file.chat)]
            )
        except TooLongError:
            raise RefusedError("too_large") from None
        except TooMuchError:
            raise RefusedError(Cause.TOO_MUCH) from None
        if file.id not in {*map(_number, found), *self.waiting(file.chat)}:
            raise RefusedError(self._prepared.cause(file.chat, file.id))
        self.of(file.chat)  # what is open has its vectors made

    def _taken_up(self, file: File) -> str | None:
        """Takes up what was read of a file's scanned pages; why it cannot be, where it is taken out."""
        try:
            self._check(file)
        except RefusedError as error:
            self._remove(file)
            return error.reason
        return None

    def _remove(self, file: File) -> None:
        self._forget_made(file.chat)  # before the file: cut short, it is known what is still to be removed
        self._files.remove(file)
        deleted(self._path(file).parent)
        if not self._files.of(file.chat):
            deleted(self._place(file.chat))
            self._chats.discard(file.chat)

    def close(self) -> None:
        """Ends what is being prepared; it goes on at the next start."""
        self._prepared.close()

    def _opened(self, chat: int) -> Library:
        """The library of a chat. Raises IqtibasError."""
        return Library.open(
            self._place(chat),
            index=self._prepared.index(chat),
            prepared=True,
            min_confidence=self._min_confidence,
            reader=self._reader,
            threads=self._threads,
            vectors=self._vectors / str(chat) / "sentences",
        )

    def _forget_made(self, chat: int) -> None:
        """Deletes what was made of a chat's files: their index, and their vectors; what is being made is not kept."""
        self._prepared.forget(chat)
        made = self._made
        for library in (self._open.get(chat), made[1] if made and made[0] == chat else None):
            if library:
                library.forget_vectors()
        deleted(self._vectors / str(chat))
        self._close(chat)

    def _close(self, chat: int) -> None:
        with self._lock:
            self._open.pop(chat, None)

    def _place(self, chat: int) -> Path:
        return self._folder / str(chat)

    def _path(self, file: File) -> Path:
        return path_of(file, self._folder)

    def _recover(self) -> None:
        """Ends the moves that were begun, forgets files that are not whole, deletes what was on its way in or out, and
        sets aside what nobody knows of."""
        for old, new in self._files.moving():
            self.move(old, new)
        files = self._files.all()
        known = {self._path(file).parent: self._path(file) for file in files if self._is_whole(file)}
        for folder in self._folder.glob("*"):
            if not _is_number(folder.name) or not folder.is_dir():
                self._set_aside(folder, "is not known")
        last = self._files.last()
        for folder in self._folder.glob("*/*"):
            if folder in known:
                self._tidy(folder, known[folder])
            elif folder.name.isdecimal() and int(folder.name) <= last:
                deleted(folder)
            else:
                self._set_aside(folder, "is not known")
        self._clear_empty()

    def _is_whole(self, file: File) -> bool:
        """Whether all of a file stands there; one that does not is forgotten."""
        path = self._path(file)
        if (path.is_file() and path.stat().st_size == file.size) or fetched(self._files, file, self._folder):
            return True
        log.warning("file %d of chat %d: not whole, and taken out", file.id, file.chat)
        self._remove(file)
        return False

    def _clear_empty(self) -> None:
        """Takes away the folders of chats that have no files, and what was made for such."""
        for place in self._folder.glob("*"):
            with suppress(OSError):
                place.rmdir()
        self._prepared.forget_others(self._files.chats())
        chats = set(map(str, self._files.chats()))
        for folder in self._vectors.glob("*"):
            if folder.name not in chats:
                deleted(folder)

    def _tidy(self, folder: Path, own: Path) -> None:
        for path in folder.iterdir():
            if path == own:
                continue
            if is_part(path):
                path.unlink()
            else:
                self._set_aside(path, "is not known")

    def _set_aside(self, path: Path, why: str) -> None:
        """Moves a file or folder out of the way. A name that somebody gave does not stand in the log."""
        chat, *rest = path.relative_to(self._folder).parts
        place = made(self._aside / (chat if rest or _is_number(chat) else "other"))
        target = place / f"{len(list(place.iterdir()))}-{path.name[-60:]}"
        said = "/".join((chat, *rest[:1]))
        try:
            path.rename(target)
        except OSError as error:
            log.error("%s/%s %s, and cannot be set aside (%s)", self._folder, said, why, error.strerror)
        else:
            log.warning("%s/%s %s: set aside in %s; look at it, and delete it", self._folder, said, why, place)

    @contextmanager
    def _of_chat(self, chat: int) -> Iterator[None]:
        """One at a time for each chat."""
        with self._lock:
            lock = self._locks.setdefault(chat, threading.RLock())
        with lock:
            yield


def _number(path: str) -> int:
    """The number of the file at a path in its chat's folder."""
    return int(path.partition("/")[0])


def _is_number(name: str) -> bool:
    return name.removeprefix("-").isdecimal()


def safe(name: str) -> str:
    """A file's name as it can be stored: no path, nothing that hides it or turns the line around it, and its ending."""
    kept = _UNSAFE.sub(" ", name.replace("\\", "/").rpartition("/")[2]).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if not dot:
        stem, ending = kept, ""
    stem = stem[: NAME - len(ending)].encode()[:180].decode("utf-8", "ignore").strip(" .") or "ملف"
    whole = f"{stem}{dot}{ending[:10]}"
    return f"ملف {whole}" if whole.upper().startswith("README") else whole

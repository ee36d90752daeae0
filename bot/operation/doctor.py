"""``iqtibas doctor``: checks what the program needs, and says what to mend."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.settings import Settings, SettingsError, load
from bot.sources.opening import opened
from retrieval import Library
from retrieval.errors import IqtibasError

State = Literal["good", "note", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked, what was found, and the mend where it is not good."""

    subject: str
    state: State
    says: str


Ask = Callable[[str, str], Finding]
"""What a face finds of its token, asked of the server at an address."""


def examine(environ: Mapping[str, str], folder: Path, corpus: Path | None, ask: Ask) -> Iterator[Finding]:
    """Each finding as it is made; what depends on something bad is not tried. ``ask``: Telegram's answer to a token."""
    try:
        settings = load(environ, folder)
    except SettingsError as error:
        yield from (Finding("settings", "bad", mistake) for mistake in error.mistakes)
        return
    yield Finding("settings", "good", "read")
    yield from _corpus(settings, corpus or settings.corpus)
    yield _data(settings.data)
    if settings.token is None:
        yield Finding("token", "note", "no TELEGRAM_BOT_TOKEN: only the terminal works; @BotFather gives one")
    else:
        yield ask(settings.token, settings.api_url)


def _corpus(settings: Settings, path: Path) -> Iterator[Finding]:
    try:
        library = opened(settings, corpus=path)
    except IqtibasError as error:
        yield Finding("corpus", "bad", str(error))
        return
    yield Finding("corpus", "good", f"{path}: documents: {len(library.documents)}")
    yield from (Finding("corpus", "note", reason) for reason in library.not_read)
    yield _reader(settings, library)


def _reader(settings: Settings, library: Library) -> Finding:
    """Whether the networks rank, and how far the vectors are that they rank by."""
    if library.unread:
        return Finding("reader", "bad" if settings.reader else "note", f"{library.unread}: words rank alone")
    kept, size = library.vectors_kept
    vectors = f"passages with vectors: {kept} of {library.passages}, {size / 2**20:.1f} MB on disk"
    return Finding("reader", "good", f"runs, cores for a question: {settings.threads}; {vectors}")


def _data(folder: Path) -> Finding:
    nearest = next(parent for parent in (folder, *folder.resolve().parents) if parent.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK):
        return Finding("state", "good", f"{folder} can be written")
    return Finding("state", "bad", f"{folder} cannot be written: set IQTIBAS_DATA to a folder that can")

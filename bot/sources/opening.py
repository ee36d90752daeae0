"""Opens the library that options and settings name, and shows how far it is where a person watches."""

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Never, Self

from bot.settings import Settings
from bot.store.folders import VERSIONS
from retrieval import Library, PastVersions, index_folder
from retrieval.errors import EngineError

if TYPE_CHECKING:
    from tqdm import tqdm

log = logging.getLogger(__name__)

SHOWN_AFTER = 1.0
"""Seconds of work before a bar is shown: what is done at once needs none."""


class Bar:
    """A progress bar on standard error for each step of long work; nothing where that is no terminal. A context."""

    def __init__(self) -> None:
        self._step = ""
        self._bar: tqdm[Never] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def __call__(self, step: str, done: int, total: int | None) -> None:
        """So many of ``total`` files or documents are done of a step."""
        if step != self._step:
            self._end()
            self._step = step
            self._bar = _bar(step, total) if _is_shown() else None
        if self._bar is not None:
            self._bar.update(done - self._bar.n)

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.close()


def _bar(step: str, total: int | None) -> "tqdm[Never]":
    from tqdm import tqdm  # where a person watches: it takes longer to import than a small corpus to open

    return tqdm(desc=step, total=total, delay=SHOWN_AFTER, leave=False)


def _is_shown() -> bool:
    """Whether a person sees it, on a terminal that can move its cursor."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def opened(
    settings: Settings,
    *,
    corpus: Path | None = None,
    engine: str | None = None,
    index: Path | None = None,
    renew: bool = False,
    reader: bool = True,
    scans_later: bool = False,
) -> Library:
    """The library of ``corpus``, by itself the settings', with ``engine`` and ``index`` in place of theirs.

    ``renew``: an index of another version is first replaced, however long that takes. ``reader``: whether its networks
    are of use, where the settings have them on. ``scans_later``: scanned pages are read by ``Library.read_scans``.
    """
    path = corpus or settings.corpus
    folder = index or index_folder(settings.data, path)
    with Bar() as bar:
        return Library.open(
            path,
            engine=engine or settings.engine,
            index=folder,
            min_confidence=settings.min_confidence,
            progress=bar,
            renew=renew,
            reader=reader and settings.reader,
            threads=settings.threads,
            scans_later=scans_later,
            past=_past(settings, path, folder),
            cluster=settings.at_cluster,
        )


def _past(settings: Settings, corpus: Path, index: Path) -> PastVersions | None:
    """What keeps the versions of a corpus: in the state folder those of the settings' own, of another beside its index.
    None where none are to be kept, they cannot be, or nothing is kept of the corpus at all: who only asks in passing
    leaves no trace."""
    is_own = corpus.absolute() == settings.corpus.absolute()
    path = settings.data / VERSIONS if is_own else index.with_name(f"{index.name}.versions")
    if not path.parent.is_dir():
        return None
    try:
        if not settings.versions_days:
            path.unlink(missing_ok=True)  # what was kept before it was set so
            return None
        return PastVersions(path, settings.versions_days)
    except OSError as error:
        log.warning("%s: cannot be deleted (%s), though IQTIBAS_VERSIONS_DAYS is 0; delete it", path, error.strerror)
        return None
    except EngineError as error:
        log.warning("%s; references to what changes from now on will not last", error)
        return None

"""The options that commands have in common, and what they open: settings, and the library that they name."""

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.settings import Settings
    from retrieval import Library

log = logging.getLogger(__name__)

corpus_option = click.option(
    "--corpus", type=click.Path(path_type=Path), metavar="PATH", help="A folder of documents, or one file."
)
engine_option = click.option(
    "--engine", type=click.Choice(["auto", "memory", "disk", "cluster"]), help="The index engine; auto chooses by size."
)
index_option = click.option(
    "--index", type=click.Path(path_type=Path), metavar="DIR", help="Where the index on disk is; else in IQTIBAS_DATA."
)
visual_option = click.option(
    "--visual", is_flag=True, help="Order right-to-left lines here, for a terminal that does not."
)


def settings_in_force() -> "Settings":
    """What the environment and the file of settings say. Raises SettingsError."""
    from bot.settings import load

    return load(os.environ, working_folder(), config_option())


def said(settings: "Settings") -> None:
    """Says on standard error which names in the environment are no settings."""
    for told in settings.unknown:
        click.echo(f"iqtibas: {told}", err=True)


def begin_log(settings: "Settings") -> None:
    """Begins the log of what serves, which settings shape; first it says which names in the environment are none."""
    from bot import logs

    logs.set_up(settings.token, form=settings.log, level=settings.log_level, secrets=settings.secrets)
    for told in settings.unknown:
        log.warning("%s", told)


def working_folder() -> Path:
    """The folder in which the command was given. Raises IqtibasError where it was deleted."""
    from retrieval.errors import IqtibasError

    try:
        return Path.cwd()
    except OSError:
        raise IqtibasError("the working folder is gone; change to one that is there") from None


def config_option() -> Path | None:
    """The file of settings that ``--config`` or IQTIBAS_CONFIG names."""
    named: Path | None = click.get_current_context().find_root().params.get("config")
    return named


def library_of(
    corpus: Path | None = None,
    engine: str | None = None,
    index: Path | None = None,
    *,
    renew: bool = False,
    reader: bool = True,
    scans_later: bool = False,
    settings: "Settings | None" = None,
) -> "Library":
    """The library that options and settings name; what in it cannot be read, and that the reader is of no use though it
    is wanted, is said on standard error. ``renew``: an index of another version is first replaced; ``scans_later``:
    scanned pages are read by ``Library.read_scans``. ``settings``: those that were read before, of which what is
    unknown was said."""
    from bot.sources.opening import opened

    if settings is None:
        settings = settings_in_force()
        said(settings)
    library = opened(
        settings, corpus=corpus, engine=engine, index=index, renew=renew, reader=reader, scans_later=scans_later
    )
    for reason in library.not_read:
        click.echo(f"iqtibas: not read: {reason}", err=True)
    if library.unread and settings.reader and reader:
        click.echo(f"iqtibas: words rank alone: {library.unread}", err=True)
    return library

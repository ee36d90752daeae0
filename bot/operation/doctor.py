"""``iqtibas doctor``: looks at what the program needs, and says what to mend. It changes nothing, whoever runs it."""

import os
import platform
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from bot.operation import machine
from bot.operation.health import pulse
from bot.settings import Settings, SettingsError, load
from bot.store.folders import VERSIONS
from bot.store.looking import looked_at
from bot.store.migrations import MIGRATIONS
from bot.store.shared.opening import server
from bot.values import without_password
from retrieval import Library, PastVersions, has_index, health, index_folder
from retrieval.errors import IqtibasError

State = Literal["good", "note", "bad"]

READ_AT_ONCE = 32 * 2**20
"""Bytes of files that are read to look at a corpus that has no index."""
LEAST_DISK, LEAST_MEMORY = 500 * 2**20, 300 * 2**20
"""Bytes that are free below which it is said to be little."""
LISTED = 50_000
"""Documents whose days are looked at."""
SHOWN = 10
"""Ids that are told of a list."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, what was found, and the mend where it is not good."""

    subject: str
    state: State
    says: str


Ask = Callable[[Settings], Iterable[Finding]]
"""What a face finds of its token and of the way by which updates come, asked of its server by its own way."""


def examine(
    environ: Mapping[str, str], folder: Path, corpus: Path | None, ask: Ask, config: Path | None = None
) -> Iterator[Finding]:
    """Each finding as it is made; what depends on something bad is not tried. ``ask``: Telegram's answer to a token."""
    python = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    yield Finding("version", "good", f"Iqtibas {version('iqtibas')}, {python}")
    try:
        settings = load(environ, folder, config)
    except SettingsError as error:
        yield from (Finding("settings", "bad", mistake) for mistake in error.mistakes)
        return
    yield Finding("settings", "good", "read")
    yield from (Finding("settings", "note", told) for told in settings.unknown)
    for subject, look in (
        ("cluster", lambda: _cluster(settings)),
        ("corpus", lambda: _corpus(settings, corpus or settings.corpus)),
        ("state", lambda: _state(settings.data)),
        ("database", lambda: _database(settings.database)),
        ("versions", lambda: [_versions(settings)]),
        ("disk", lambda: [_disk(settings.data)]),
        ("memory", lambda: [_memory()]),
        ("people", lambda: _people(settings)),
        ("proxy", lambda: _proxy(settings)),
        ("token", lambda: _token(settings, ask)),
    ):
        yield from _tried(subject, look)


def _tried(subject: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What a look finds; one that fails is a finding, too, and the rest goes on."""
    try:
        yield from look()
    except Exception as error:  # whatever a machine may come up with
        told = str(error) if isinstance(error, IqtibasError | OSError) else f"{type(error).__name__}: {error}"
        yield Finding(subject, "bad", without_password(told))


def _corpus(settings: Settings, path: Path) -> Iterator[Finding]:
    index = index_folder(settings.data, path, fixed=True)
    is_there = has_index(path, index, settings.engine, settings.at_cluster)
    size = 0 if is_there else _size(path)
    if not is_there and (settings.engine in ("disk", "cluster") or size > READ_AT_ONCE):
        told = f"{path}: {size / 2**20:,.0f} MB of files, no index yet; the bot or iqtibas index makes it"
        yield Finding("corpus", "note", told)
        return
    library = Library.open(
        path,
        engine=settings.engine,
        index=index,
        min_confidence=settings.min_confidence,
        reader=settings.reader,
        threads=settings.threads,
        fixed=True,
        cluster=settings.at_cluster,
    )
    try:
        held = f"documents: {len(library.documents)}, passages: {library.passages}, engine: {library.engine}"
        yield Finding("corpus", "good", f"{path}: {held}{_days(library)}")
        yield from (Finding("corpus", "note", reason) for reason in library.not_read)
        yield _reader(settings, library)
    finally:
        library.close()


def _cluster(settings: Settings) -> Iterator[Finding]:
    """How the cluster is, where one is named."""
    if settings.at_cluster is None:
        return
    found = health(settings.at_cluster)
    states: dict[str, tuple[State, str]] = {
        "green": ("good", "all copies are there"),
        "yellow": ("note", "some further copies are not there: add nodes, or set IQTIBAS_CLUSTER_REPLICAS lower"),
        "red": ("bad", "some parts of indexes are gone: start the nodes that have them"),
    }
    state, says = states[found.status]
    told = f"{settings.at_cluster.places}: OpenSearch {found.version}, nodes: {found.nodes}, {found.status}: {says}"
    yield Finding("cluster", state, told)


def _size(path: Path) -> int:
    """The bytes of the files at a path, as many as matter."""
    total = _bytes(path)
    for where, _, files in os.walk(path):
        total += sum(_bytes(Path(where) / name) for name in files)
        if total > 1000 * READ_AT_ONCE:
            break
    return total


def _bytes(path: Path) -> int:
    """Those of a file; of anything else, or where nobody may look, none."""
    try:
        found = path.stat()
    except OSError:
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0


def _days(library: Library) -> str:
    """The days of publication, the first and the last."""
    if len(library.documents) > LISTED:
        return ""
    days = [document.published for document in library.documents if document.published]
    first_and_last = f", {min(days)} to {max(days)}" if days else ""
    return f", with a day of publication: {len(days)}{first_and_last}"


def _reader(settings: Settings, library: Library) -> Finding:
    """Whether the networks rank, and how far the vectors are that they rank by."""
    if library.unread:
        return Finding("reader", "bad" if settings.reader else "note", f"{library.unread}: words rank alone")
    kept, size = library.vectors_kept
    vectors = f"passages with vectors: {kept} of {library.passages}, {size / 2**20:.1f} MB on disk"
    return Finding("reader", "good", f"runs, cores for a question: {settings.threads}; {vectors}")


def _state(folder: Path) -> Iterator[Finding]:
    found, beats = looked_at(folder), pulse(folder)
    if not os.access(_nearest(folder), os.W_OK) or not _nearest(folder).is_dir():
        yield Finding("state", "bad", f"{folder} cannot be written: set IQTIBAS_DATA to a folder that can")
    elif found is None:
        yield Finding("state", "good", f"{folder} can be written; nothing is kept yet")
    else:
        is_old = found.version != found.current
        later = f", of version {found.version}: the next start brings it up to date" if is_old else ""
        serves = f"; process {beats.pid} serves from it" if beats and beats.is_alive else ""
        yield Finding("state", "good", f"{folder} can be written; {found.size / 2**20:.1f} MB{later}{serves}")


def _database(address: str | None) -> Iterator[Finding]:
    """The server of the state, where there is one."""
    if address is None:
        return
    with closing(server(address)) as found:
        try:
            version, size, serves = found.version(), found.size(), found.holder()
            is_old = version not in (None, len(MIGRATIONS))
            later = f", of version {version}: the next that serves brings it up to date" if is_old else ""
            kept = f"{size / 2**20:.1f} MB{later}" if version else "nothing is kept yet"
            yield Finding("database", "good", f"{found.name}: reached, {kept}; {serves or 'nobody'} serves from it")
            yield from (Finding("database", "note", told) for told in found.risks())
        except found.errors as error:
            yield Finding("database", "bad", f"{found.name}: {found.trouble(error)}")


def _versions(settings: Settings) -> Finding:
    """The texts of the corpus that are kept for references."""
    path, days = settings.data / VERSIONS, settings.versions_days
    if not days:
        return Finding("versions", "note", "texts that change or go are not kept: IQTIBAS_VERSIONS_DAYS is 0")
    if not path.exists():
        return Finding("versions", "good", f"none are kept yet; each will be for {days} days after it went")
    kept = f"texts that are kept for references: {PastVersions.held(path)}, {path.stat().st_size / 2**20:.1f} MB"
    return Finding("versions", "good", f"{kept}, for {days} days after they went")


def _nearest(folder: Path) -> Path:
    """The folder, or what there is of those above it."""
    return next(parent for parent in (folder, *folder.resolve().parents) if parent.exists())


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(_nearest(folder)).free
    is_little = free < LEAST_DISK
    return Finding("disk", "note" if is_little else "good", f"free: {free / 2**30:.1f} GB{_little(is_little)}")


def _memory() -> Finding:
    free = machine.free_memory()
    if free is None:
        return Finding("memory", "note", "this system does not say how much is free")
    is_little = free < LEAST_MEMORY
    return Finding("memory", "note" if is_little else "good", f"free: {free / 2**20:,.0f} MB{_little(is_little)}")


def _little(is_little: bool) -> str:
    return ", which is little: free some" if is_little else ""


def _people(settings: Settings) -> Iterator[Finding]:
    yield Finding("admins", "good" if settings.admins else "note", _ids(settings.admins) or "none: IQTIBAS_ADMINS")
    yield Finding("may ask", "good", _ids(settings.allowed) or "everybody")


def _ids(ids: frozenset[int]) -> str:
    told = ", ".join(map(str, sorted(ids)[:SHOWN]))
    return f"{told} and {len(ids) - SHOWN} more" if len(ids) > SHOWN else told


def _proxy(settings: Settings) -> Iterator[Finding]:
    server = without_password(settings.api_url)
    told = f"{server} by {without_password(settings.proxy)}" if settings.proxy else f"none: {server} itself"
    yield Finding("proxy", "good", told)


def _token(settings: Settings, ask: Ask) -> Iterable[Finding]:
    if settings.token is None:
        return [Finding("token", "note", "no TELEGRAM_BOT_TOKEN: only the terminal works; @BotFather gives one")]
    return ask(settings)

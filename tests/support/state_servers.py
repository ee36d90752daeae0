"""A PostgreSQL server of the tests' own: made in a folder that goes with it, on a free port of this machine, and ended
by its process's id. Debian's package ``postgresql`` has what it takes; others have it on the PATH.

Run as root it is the user ``postgres`` who runs it, because the server refuses to be root's.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

WANTED = "IQTIBAS_SERVERS"
"""Servers are started where this is set in the environment; ``needed``: one that is missing is a failure."""
PATIENCE = 120.0
_NAMES = count(1)


class MissingError(Exception):
    """This machine has no PostgreSQL."""


class PostgreSQLServer:
    """A server that runs; ``stop`` and ``start`` it as a trial wants."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._programs = folder, _programs()
        self._prefix = _as_postgres(folder)
        self.port = _free_port()
        made = [*self._prefix, self._programs / "initdb", "-D", folder / "data", "-U", "iqtibas", "-A", "trust",
                "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]  # fmt: skip
        subprocess.run(made, check=True, capture_output=True, cwd="/")
        self.start()

    def start(self) -> None:
        """Run it, and wait until it takes connections."""
        settings = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off",
                    "full_page_writes": "off", "autovacuum": "off"}  # fmt: skip
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._log = (self._folder / "log").open("ab")
        self._process = subprocess.Popen(
            [*self._prefix, self._programs / "postgres", "-D", self._folder / "data", *arguments],
            stdout=self._log,
            stderr=self._log,
            cwd="/",
        )
        ends = time.monotonic() + PATIENCE
        while True:
            try:
                psycopg.connect(self.address("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                assert time.monotonic() < ends, self.log
                assert self._process.poll() is None, self.log
                time.sleep(0.05)
            else:
                return

    def stop(self, how: int = signal.SIGINT) -> None:
        """End it: by SIGINT with its sessions, by SIGQUIT as a crash would."""
        self._process.send_signal(how)
        self._process.wait(PATIENCE)
        self._log.close()

    @property
    def log(self) -> str:
        """What it has written."""
        return (self._folder / "log").read_text("utf-8", "replace")

    @property
    def data(self) -> Path:
        """The folder of all that it keeps."""
        return self._folder / "data"

    def address(self, database: str) -> str:
        """That of one of its databases."""
        return f"postgresql://iqtibas@127.0.0.1:{self.port}/{database}"

    def new(self) -> str:
        """The address of a new, empty database."""
        name = f"test_{next(_NAMES)}"
        self.ask(f"CREATE DATABASE {name}")
        return self.address(name)

    def ask(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """What a statement of the server's owner finds."""
        with closing(psycopg.connect(self.address(database), autocommit=True)) as connection:
            found = connection.execute(statement)
            return found.fetchall() if found.description else []

    def cut(self) -> None:
        """End all sessions of others, as a network that breaks does."""
        others = "pid != pg_backend_pid() AND datname IS NOT NULL"
        self.ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608


@contextmanager
def postgresql() -> Iterator[PostgreSQLServer]:
    """A server, meanwhile. Raises MissingError."""
    folder = Path(tempfile.mkdtemp(prefix="iqtibas-postgresql-"))
    try:
        server = PostgreSQLServer(folder)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgresql_or_skip() -> Iterator[PostgreSQLServer]:
    """The same; skips where nobody asked for servers, fails where one is needed and cannot be had."""
    if not os.environ.get(WANTED):
        pytest.skip("no servers are started here: make cluster-test does")
    try:
        with postgresql() as server:
            yield server
    except MissingError as error:
        if os.environ[WANTED] == "needed":
            pytest.fail(str(error))
        pytest.skip(str(error))


def _programs() -> Path:
    """The folder of its programs, the newest there is. Raises MissingError."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which("postgres")
    if not found:
        raise MissingError("no PostgreSQL server on this machine (Debian: apt install postgresql)")
    return Path(found).resolve().parent


def _as_postgres(folder: Path) -> list[str]:
    """What a command begins with to be run by whom the server may be run by; ``folder`` is theirs then."""
    if os.geteuid():
        return []
    shutil.chown(folder, "postgres", "postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])

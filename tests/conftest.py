"""What holds for all tests."""

import os
import signal
from collections.abc import Iterator

import hypothesis
import pytest
import search_servers
from state_servers import PostgreSQLServer, postgresql_or_skip


def pytest_configure() -> None:
    """A job in the background of a script ignores Ctrl-C, and so would the processes that tests start and stop; and no
    example may fail because it took long."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    hypothesis.settings.register_profile("by no clock", deadline=None)  # a machine may be busy
    hypothesis.settings.load_profile("by no clock")


@pytest.fixture(scope="session")
def opensearch() -> Iterator[str]:
    """The address of a node of OpenSearch, which runs for as long as the tests: the one that OPENSEARCH_URL names, or a
    new one. Skips where nobody asked for servers, fails where they are needed and cannot be had."""
    if named := os.environ.get("OPENSEARCH_URL"):
        yield named
        return
    if not os.environ.get("IQTIBAS_SERVERS"):
        pytest.skip("no servers are started here: make cluster-test does")
    if why := search_servers.missing():
        pytest.fail(why)
    with search_servers.running() as servers:
        yield servers.url


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQLServer]:
    """A PostgreSQL server, one for all tests of a process that want one."""
    with postgresql_or_skip() as running:
        yield running

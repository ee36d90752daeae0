"""Machines that share texts on a server and passages in a cluster: one has the files and indexes them, others have
none and follow; what dies or restarts meanwhile costs no answer."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import pytest
from shared_texts import clear
from state_servers import PostgreSQLServer

from retrieval import Cluster

pytestmark = pytest.mark.cluster

CORPUS = "/proc/self/cwd/corpus"  # the same path on each, which leads to each one's own
PROGRAM = f"""
import json, sys
from pathlib import Path
from bot.sources.live import following
from retrieval import Cluster, Library
at = Cluster((sys.argv[1],), replicas=0, texts=sys.argv[2])
library = Library.open("{CORPUS}", engine="cluster", index="index", min_confidence=0.2, reader=False, cluster=at)
print(json.dumps(len(library.documents)), flush=True)
with following(library, Path("{CORPUS}"), settled=0.5):
    for line in sys.stdin:
        answer = library.ask(line.strip())
        print(json.dumps([answer.unreachable, [quote.text for quote in answer.quotes]]), flush=True)
"""
QUESTION, OTHER = "متى افتتح جسر المدينة؟", "أين هطل المطر مساء 7؟"
BRIDGE = "افتتح جسر المدينة في 3 مايو 2017 بحضور العمدة."
SOON = 60.0


class Machine:
    """A process that answers, in a folder that has the corpus or nothing."""

    def __init__(self, home: Path, cluster: Cluster) -> None:
        command = [sys.executable, "-c", PROGRAM, *cluster.addresses, str(cluster.texts)]
        self._process = subprocess.Popen(
            command, cwd=home, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def kill(self) -> None:
        """As kill -9 does."""
        self._process.kill()
        self._process.wait()

    def documents(self) -> int:
        """How many it had when it had opened them."""
        return int(self._told())  # type: ignore[call-overload,no-any-return]

    def ask(self, question: str) -> list[str] | None:
        """The quotes of its answer; None where it says that sources are out of reach."""
        assert self._process.stdin
        self._process.stdin.write(f"{question}\n")
        self._process.stdin.flush()
        is_unreachable, quotes = self._told()  # type: ignore[misc]
        return None if is_unreachable else quotes  # type: ignore[has-type]

    def _told(self) -> object:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())


@pytest.fixture
def cluster(opensearch: str, postgresql_server: PostgreSQLServer) -> Iterator[Cluster]:
    at = Cluster((opensearch,), replicas=0, texts=postgresql_server.new())
    yield at
    clear(at)


@pytest.fixture
def machine(tmp_path: Path, cluster: Cluster) -> Iterator[Callable[[str], Machine]]:
    with ExitStack() as running:

        def start(name: str) -> Machine:
            home = tmp_path / name
            home.mkdir(exist_ok=True)
            return running.enter_context(Machine(home, cluster))

        yield start


def test_one_has_the_files_and_all_answer(
    machine: Callable[[str], Machine], tmp_path: Path, postgresql_server: PostgreSQLServer
) -> None:
    corpus = tmp_path / "one" / "corpus"
    corpus.mkdir(parents=True)
    (corpus / "bridge.txt").write_text(f"الجسر\n\n{BRIDGE}\n", "utf-8")
    for number in range(30):
        (corpus / f"{number}.txt").write_text(f"خبر {number}\n\nهطل المطر على الساحل مساء {number}.\n", "utf-8")
    indexer = machine("one")
    assert indexer.documents() == 31
    follower = machine("two")
    assert follower.documents() == 31
    for question in (QUESTION, OTHER, "متى افتتح المطار؟"):
        assert follower.ask(question) == indexer.ask(question)
    assert follower.ask(QUESTION) == [BRIDGE]

    began = time.monotonic()
    _write(corpus, "2019")
    indexed = _until(lambda: "2019" in str(indexer.ask(QUESTION)))
    followed = _until(lambda: "2019" in str(follower.ask(QUESTION)))
    assert followed - indexed < 2
    assert followed - began < SOON / 4

    shutil.copytree(corpus, tmp_path / "three" / "corpus")
    second = machine("three")
    assert second.documents() == 31
    _write(tmp_path / "three" / "corpus", "2020")
    time.sleep(3)
    assert "2019" in str(follower.ask(QUESTION)), "it took over while the other one lives"
    indexer.kill()
    _until(lambda: "2020" in str(follower.ask(QUESTION)) and "2020" in str(second.ask(QUESTION)))

    postgresql_server.stop()
    assert follower.ask(OTHER) is None
    assert second.ask(OTHER) is None
    postgresql_server.start()
    _until(lambda: follower.ask(OTHER) and second.ask(OTHER))
    _write(tmp_path / "three" / "corpus", "2021")
    _until(lambda: "2021" in str(follower.ask(QUESTION)))
    assert follower.ask(OTHER) == second.ask(OTHER)
    assert not list((tmp_path / "two").iterdir())


def _write(corpus: Path, year: str) -> None:
    (corpus / "bridge.txt").write_text(f"الجسر\n\nافتتح جسر المدينة في 9 مايو {year} بحضور العمدة.\n", "utf-8")


def _until(holds: Callable[[], object]) -> float:
    """When something held, on the monotonic clock."""
    ends = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.05)
    return time.monotonic()

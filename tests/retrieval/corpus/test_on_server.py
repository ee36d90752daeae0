"""A corpus whose texts are on a PostgreSQL server: one process reads the files; others have none, and answer alike."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from shared_texts import clear, index_names, schemas
from state_servers import PostgreSQLServer

from retrieval import Cluster, Library, prune
from retrieval.corpus import versions
from retrieval.errors import EngineError, UnreadableError
from retrieval.index.cluster import is_there
from retrieval.tables import postgresql

pytestmark = pytest.mark.cluster

QUESTION = "متى افتتح جسر المدينة؟"
BRIDGE = "افتتح جسر المدينة في 3 مايو 2017 بحضور العمدة."
OTHERS = (QUESTION, "أين هطل المطر؟", "متى افتتح المطار؟", "هطل المطر")
SOON = 60.0
Opens = Callable[..., Library]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "bridge.txt").write_text(f"الجسر\n\n{BRIDGE}\n", "utf-8")
    for number in range(30):
        (corpus / f"{number}.txt").write_text(f"خبر {number}\n\nهطل المطر على الساحل مساء {number}.\n", "utf-8")
    return corpus


@pytest.fixture
def cluster(opensearch: str, postgresql_server: PostgreSQLServer) -> Iterator[Cluster]:
    at = Cluster((opensearch,), replicas=0, texts=postgresql_server.new())
    yield at
    clear(at)


@pytest.fixture
def opens(folder: Path, cluster: Cluster, tmp_path: Path) -> Iterator[Opens]:
    """Opens the corpus as a machine of its own would: the indexer's, or that of one that has no files."""
    with ExitStack() as opened:

        def one(engine: str = "cluster", **how: object) -> Library:
            index = tmp_path / f"machine {len(list(tmp_path.iterdir()))}" / "index"
            given = {"min_confidence": 0.2, "reader": False, "cluster": cluster} | how
            library = Library.open(folder, engine=engine, index=index, **given)  # type: ignore[arg-type]
            opened.callback(library.close)
            return library

        yield one


@pytest.fixture
def follows(folder: Path, opens: Opens) -> Opens:
    """The same on a machine on which there is nothing at the path of the corpus."""

    def one(**how: object) -> Library:
        away = folder.rename(folder.with_name("elsewhere"))
        try:
            library = opens(**how)
        finally:
            away.rename(folder)
        library._source._indexes._corpus = Path("/nowhere")  # type: ignore[attr-defined]
        return library

    return one


def _told(library: Library) -> list[object]:
    return [
        ([(quote.document.id, quote.text, quote.span) for quote in answer.quotes], round(answer.confidence, 3))
        for answer in map(library.ask, OTHERS)
    ]


def test_who_has_no_files_answers_the_same(opens: Opens, follows: Opens, tmp_path: Path) -> None:
    indexer, disk = opens(), opens("disk")
    follower = follows()
    assert (follower.engine, follower.passages, len(follower.documents)) == ("cluster", 31, 31)
    assert _told(follower) == _told(indexer) == _told(disk)
    assert follower.ask(QUESTION).quotes[0].text == BRIDGE
    assert list(follower.faults()) == list(indexer.faults()) == []
    assert follower.verify(BRIDGE).kind == "exact"
    assert [d.id for d in follower.documents] == [d.id for d in disk.documents]
    assert [d.id for d in follower.documents.some(3, 4)] == [d.id for d in disk.documents.some(3, 4)]
    (document,) = [document for document in follower.documents if document.id == "bridge.txt"]
    assert follower.document(document.id, document.digest) == document
    assert [path.name for path in tmp_path.glob("machine */*")] == ["index"], "only that of the disk's"


def test_what_changes_is_followed_and_nothing_is_taken_over_meanwhile(
    opens: Opens, follows: Opens, folder: Path
) -> None:
    indexer, follower, second = opens(), follows(), opens()
    before = follower.version
    assert follower.refresh().again == 1.0
    assert follower.version == before
    (folder / "bridge.txt").write_text("الجسر\n\nافتتح جسر المدينة في 9 مايو 2019 بحضور العمدة.\n", "utf-8")
    (folder / "0.txt").unlink()
    second.refresh()
    assert second.ask(QUESTION).quotes[0].text == BRIDGE, "it has the files, and not the lock"
    indexer.refresh()
    for each in (follower, second):
        each.refresh()
        assert "2019" in each.ask(QUESTION).quotes[0].text
        assert each.passages == 30
    assert follower.version != before
    indexer.close()
    (folder / "1.txt").unlink()
    _until(lambda: second.refresh().documents == 29)
    assert not follower.refresh().documents - 29
    assert list(second.faults()) == list(follower.faults()) == []


def test_a_row_that_somebody_changed_is_never_quoted(
    opens: Opens, follows: Opens, cluster: Cluster, postgresql_server: PostgreSQLServer
) -> None:
    opens()
    warm, cold = follows(), follows()
    assert warm.ask(QUESTION).quotes[0].text == BRIDGE
    (schema,) = [name for name in schemas(cluster) if "vectors" not in name]
    database = str(cluster.texts).rpartition("/")[2]
    change = f"UPDATE {schema}.documents SET text = replace(text, %s, %s)"  # noqa: S608
    postgresql_server.ask(change % ("'2017'", "'1917'"), database)
    for each in (warm, cold):
        answer = each.ask(QUESTION)
        assert not any("1917" in quote.text or quote.document.id == "bridge.txt" for quote in answer.quotes)
        with pytest.raises(UnreadableError):
            each.documents.stored("bridge.txt")
        assert ["damaged" in fault for fault in each.faults()] == [True]
    postgresql_server.ask(change % ("'1917'", "'2017'"), database)
    cold.forget_answers()
    assert cold.ask(QUESTION).quotes[0].text == BRIDGE


def test_while_the_server_is_away_the_sources_are_out_of_reach_and_then_they_are_not(
    opens: Opens, follows: Opens, folder: Path, postgresql_server: PostgreSQLServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "PATIENCE", 0.5)
    indexer, follower = opens(), follows()
    assert follower.ask(QUESTION).found
    postgresql_server.stop()
    try:
        for library in (follower, indexer):
            for question in (QUESTION, "أين هطل المطر؟"):  # one is remembered
                answer = library.ask(question)
                assert (answer.unreachable, answer.found) == (True, False)
            assert library.verify(BRIDGE).unreachable
            with pytest.raises(EngineError, match="cannot be reached"):
                library.refresh()
    finally:
        postgresql_server.start()
    _until(lambda: follower.ask(QUESTION).found and indexer.ask(QUESTION).found)
    (folder / "bridge.txt").write_text("الجسر\n\nافتتح جسر المدينة في 9 مايو 2019 بحضور العمدة.\n", "utf-8")
    assert indexer.refresh().changed == 1
    follower.refresh()
    for library in (indexer, follower):
        assert "2019" in library.ask(QUESTION).quotes[0].text
        assert list(library.faults()) == []


INDEXES = """
import os, sys
from pathlib import Path
from retrieval import Cluster, Library
from retrieval.corpus import building
from retrieval.index.cluster import ClusterIndex
building.BATCH = 7
flush, sent = ClusterIndex._flush, []
def flushed(self):
    flush(self)
    sent.append(1)
    if len(sent) == 3:
        os.kill(os.getpid(), 9)
ClusterIndex._flush = flushed
at = Cluster((sys.argv[2],), replicas=0, texts=sys.argv[3])
Library.open(sys.argv[1], engine="cluster", index=sys.argv[4], reader=False, cluster=at)
"""


def test_an_indexer_that_is_killed_amid_building_is_followed_by_another(
    opens: Opens, follows: Opens, folder: Path, cluster: Cluster, tmp_path: Path
) -> None:
    address = [*cluster.addresses, str(cluster.texts), str(tmp_path / "killed")]
    assert subprocess.run([sys.executable, "-c", INDEXES, str(folder), *address]).returncode == -9
    with pytest.raises(EngineError, match="another process is making"):
        follows()
    library = opens()
    follower = follows()
    for each in (library, follower):
        assert each.passages == 31
        assert list(each.faults()) == []
        assert each.ask(QUESTION).quotes[0].text == BRIDGE


def test_an_indexer_that_was_cut_off_writes_no_more(
    opens: Opens, folder: Path, postgresql_server: PostgreSQLServer
) -> None:
    first, second = opens(), opens()
    postgresql_server.cut()
    (folder / "bridge.txt").write_text("الجسر\n\nافتتح جسر المدينة في 9 مايو 2019 بحضور العمدة.\n", "utf-8")
    assert second.refresh().changed == 1
    assert first.refresh().changed == 0
    for each in (first, second):
        assert "2019" in each.ask(QUESTION).quotes[0].text
        assert list(each.faults()) == []


def test_a_new_version_builds_its_own_while_the_one_before_answers(
    opens: Opens, follows: Opens, cluster: Cluster, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, reading = opens(), follows()
    (old,) = index_names(cluster)
    monkeypatch.setattr(versions, "VERSION", versions.VERSION + 1)
    behind = follows()
    assert behind.ask(QUESTION).quotes[0].text == BRIDGE
    newer = opens(renew=True)
    assert len(index_names(cluster)) == 2
    assert newer.ask(QUESTION).quotes[0].text == BRIDGE
    behind.refresh()
    (folder / "bridge.txt").write_text("الجسر\n\nافتتح جسر المدينة في 9 مايو 2019 بحضور العمدة.\n", "utf-8")
    newer.refresh()
    behind.refresh()
    assert "2019" in behind.ask(QUESTION).quotes[0].text
    before.refresh()
    assert "2019" in reading.ask(QUESTION).quotes[0].text
    assert ["in use" in line for line in prune(folder.parent / "state", cluster=cluster)] == [True]
    for each in (before, reading, behind, newer):
        each.close()
    _until(lambda: [line for line in prune(folder.parent / "state", cluster=cluster) if "deleted" in line])
    assert not is_there(cluster, old)
    assert len(schemas(cluster)) == 1
    assert opens().ask(QUESTION).found


def _until(holds: Callable[[], object]) -> None:
    ends = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.1)

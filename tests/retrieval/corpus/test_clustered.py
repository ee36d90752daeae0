"""A corpus whose passages are in a cluster: the disk's answers, kept in step with the files, mended where it can be."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from retrieval import Cluster, Library, prune
from retrieval.corpus.indexes import fact_in, own_folder
from retrieval.corpus.passages import InCluster
from retrieval.corpus.standing import OnDisk
from retrieval.corpus.stored import StoredCorpus
from retrieval.errors import EngineError
from retrieval.index import cluster as module
from retrieval.index.cluster import delete
from retrieval.index.nodes import Nodes

QUESTION = "متى افتتح جسر المدينة؟"
BRIDGE = "افتتح جسر المدينة في 3 مايو 2017 بحضور العمدة.\n"
Opens = Callable[..., Library]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "bridge.txt").write_text(f"الجسر\n\n{BRIDGE}", "utf-8")
    for number in range(30):
        (corpus / f"{number}.txt").write_text(f"خبر {number}\n\nهطل المطر على الساحل مساء {number}.\n", "utf-8")
    return corpus


@pytest.fixture
def cluster(opensearch: str, tmp_path: Path) -> Iterator[Cluster]:
    at = Cluster((opensearch,), replicas=0)
    yield at
    for documents in tmp_path.rglob("documents.sqlite3"):
        if name := fact_in(documents.parent, "index"):
            delete(at, str(name))


@pytest.fixture
def opens(folder: Path, cluster: Cluster, tmp_path: Path) -> Iterator[Opens]:
    opened: list[Library] = []

    def one(engine: str = "cluster", **how: object) -> Library:
        library = Library.open(
            folder,
            engine=engine,
            index=tmp_path / "index",
            min_confidence=0.2,
            reader=False,
            cluster=cluster,
            **how,  # type: ignore[arg-type]
        )
        opened.append(library)
        return library

    yield one
    for library in opened:
        library.close()


def test_without_an_address_the_engine_says_what_it_needs(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="IQTIBAS_CLUSTER"):
        Library.open(folder, engine="cluster", index=tmp_path / "index", reader=False)


def test_where_nothing_answers_that_is_said(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.index.nodes.ASKING", 0.2)
    away = Cluster(("http://me:s3cret@127.0.0.1:9",))
    with pytest.raises(EngineError, match=r"127\.0\.0\.1:9 cannot be reached") as caught:
        Library.open(folder, engine="cluster", index=tmp_path / "index", reader=False, cluster=away)
    assert "s3cret" not in str(caught.value)


def test_where_no_server_has_the_texts_that_is_said(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.tables.postgresql.PATIENCE", 0.2)
    away = Cluster(("http://127.0.0.1:9",), texts="postgresql://me:s3cret@127.0.0.1:9/texts")
    with pytest.raises(EngineError, match=r"127\.0\.0\.1:9/texts cannot be reached") as caught:
        Library.open(folder, engine="cluster", index=tmp_path / "index", reader=False, cluster=away)
    (told,) = prune(tmp_path / "state", cluster=away)
    assert "127.0.0.1:9/texts cannot be reached" in told
    assert "s3cret" not in f"{told}{caught.value}{away}"


@pytest.mark.cluster
def test_it_answers_as_the_disk_does(opens: Opens) -> None:
    ours, theirs = opens(), opens("disk")
    assert (ours.engine, ours.passages) == ("cluster", theirs.passages)
    for question in (QUESTION, "أين هطل المطر؟", "متى افتتح المطار؟", "هطل المطر"):
        one, other = ours.ask(question), theirs.ask(question)
        assert [quote.text for quote in one.quotes] == [quote.text for quote in other.quotes]
        assert one.confidence == pytest.approx(other.confidence, abs=1e-4)
    assert list(ours.faults()) == []
    assert ours.titled("الجسر", 3) == theirs.titled("الجسر", 3)
    assert ours.verify(BRIDGE.strip()).kind == "exact"


@pytest.mark.cluster
def test_what_changes_in_the_files_changes_in_the_answers(opens: Opens, folder: Path) -> None:
    library, reader = opens(), opens()
    (folder / "bridge.txt").write_text("الجسر\n\nافتتح جسر المدينة في 9 مايو 2019 بحضور العمدة.\n", "utf-8")
    (folder / "0.txt").unlink()
    library.refresh()
    reader.refresh()
    for each in (library, reader):
        assert "2019" in each.ask(QUESTION).quotes[0].text
        assert each.passages == 30
        assert list(each.faults()) == []


@pytest.mark.cluster
def test_opened_again_it_reads_no_file_that_did_not_change(opens: Opens) -> None:
    opens().close()
    steps: set[str] = set()
    library = opens(progress=lambda step, _done, _total: steps.add(step))
    assert library.ask(QUESTION).found
    assert not steps


@pytest.mark.cluster
def test_an_index_that_somebody_deleted_is_built_again(
    opens: Opens, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens().close()
    name = str(fact_in(own_folder(tmp_path / "index.cluster"), "index"))
    delete(cluster, name)
    made = module.make

    def interrupted(*of: object) -> None:
        made(*of)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "make", interrupted)
        with pytest.raises(KeyboardInterrupt):
            opens()
    library = opens()
    assert library.ask(QUESTION).found
    assert list(library.faults()) == []


@pytest.mark.cluster
def test_where_the_cluster_is_lost_the_sources_are_said_to_be_out_of_reach(
    opens: Opens, cluster: Cluster, tmp_path: Path
) -> None:
    library = opens()
    delete(cluster, str(fact_in(own_folder(tmp_path / "index.cluster"), "index")))
    answer = library.ask(QUESTION)
    assert (answer.unreachable, answer.found) == (True, False)
    assert library.titled("الجسر", 3) == []
    assert library.verify(BRIDGE).unreachable


@pytest.mark.cluster
def test_passages_too_many_or_too_few_are_found(opens: Opens, cluster: Cluster, tmp_path: Path) -> None:
    library = opens()
    name = str(fact_in(own_folder(tmp_path / "index.cluster"), "index"))
    nodes = Nodes(cluster)
    nodes.change("DELETE", f"/{name}/_doc/1", refresh="true")
    nodes.close()
    (fault,) = library.faults()
    assert "0 passages in the index instead of 1" in fault


@pytest.mark.cluster
def test_killed_in_the_middle_of_indexing_the_next_one_goes_on(
    opens: Opens, folder: Path, cluster: Cluster, tmp_path: Path
) -> None:
    program = """
import os, sys
from pathlib import Path
from retrieval import Cluster
from retrieval.corpus import building, standing, stored
from retrieval.corpus.passages import InCluster
from retrieval.index.cluster import ClusterIndex
building.BATCH = 7
flush, sent = ClusterIndex._flush, []
def flushed(self):
    flush(self)
    sent.append(1)
    if len(sent) == 3:
        os.kill(os.getpid(), 9)
ClusterIndex._flush = flushed
keeping = InCluster(Cluster((sys.argv[3],), replicas=0))
stored.StoredCorpus(standing.OnDisk(Path(sys.argv[1]), Path(sys.argv[2]), keeping)).read()
"""
    command = [sys.executable, "-c", program, str(folder), str(tmp_path / "index.cluster"), *cluster.addresses]
    assert subprocess.run(command).returncode == -9
    library = opens()
    assert library.passages == 31
    assert list(library.faults()) == []
    assert library.ask(QUESTION).found


@pytest.mark.cluster
def test_what_is_pruned_goes_from_the_cluster_too(
    folder: Path, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "index" / "one.cluster"
    with closing(StoredCorpus(OnDisk(folder, kept, InCluster(cluster)))) as stored:
        stored.read()
    name = str(fact_in(own_folder(kept), "index"))
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    (left,) = prune(tmp_path)
    assert "IQTIBAS_CLUSTER" in left
    (gone,) = prune(tmp_path, cluster=cluster)
    assert "deleted" in gone
    nodes = Nodes(cluster)
    assert nodes.ask("HEAD", f"/{name}") is False
    nodes.close()

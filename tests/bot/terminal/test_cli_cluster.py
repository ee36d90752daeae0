"""The commands with the engine of a cluster: built, verified, asked, looked at, and its index deleted again."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from shared_texts import clear
from state_servers import PostgreSQLServer

from bot.terminal.cli import main
from retrieval import Cluster
from retrieval.corpus.indexes import fact_in
from retrieval.index.cluster import delete

QUESTION = "كم كلف بناء الجسر الجديد؟"
TEXT = "خبر الجسر\n\nقالت البلدية إن بناء الجسر الجديد كلف خمسة ملايين دينار.\n"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "bridge.txt").write_text(TEXT, "utf-8")
    for name, value in {"CORPUS": "corpus", "DATA": "state", "READER": "off", "MIN_CONFIDENCE": "0"}.items():
        monkeypatch.setenv(f"IQTIBAS_{name}", value)
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


@pytest.fixture
def cluster(opensearch: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("IQTIBAS_CLUSTER", opensearch)
    monkeypatch.setenv("IQTIBAS_CLUSTER_REPLICAS", "0")
    yield
    for documents in tmp_path.rglob("documents.sqlite3"):
        if name := fact_in(documents.parent, "index"):
            delete(Cluster((opensearch,)), str(name))


def test_without_an_address_it_ends_with_one_line(run: Run) -> None:
    done = run("ask", "--engine", "cluster", QUESTION)
    assert done.exit_code == 1
    assert "IQTIBAS_CLUSTER" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_cluster_that_is_away_is_a_finding_without_its_password(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.index.nodes.ASKING", 0.2)
    monkeypatch.setenv("IQTIBAS_CLUSTER", "http://me:s3cret@127.0.0.1:9")
    done = run("doctor")
    assert "cluster: the cluster at 127.0.0.1:9 cannot be reached" in done.output
    assert "s3cret" not in done.output


@pytest.mark.cluster
@pytest.mark.usefixtures("cluster")
def test_an_index_in_a_cluster_is_built_verified_asked_and_looked_at(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run("index", "--engine", "cluster", "--verify")
    assert (done.exit_code, done.stdout) == (0, "1 documents, 1 passages, verified\n")
    asked = run("ask", "--engine", "cluster", QUESTION)
    assert asked.exit_code == 0
    assert "خمسة ملايين" in asked.stdout
    monkeypatch.setenv("IQTIBAS_ENGINE", "cluster")
    assert run("index", "--no-vectors").exit_code == 0
    told = run("doctor").output
    assert "engine: cluster" in told
    assert "nodes: 1, green: all copies are there" in told


@pytest.mark.cluster
def test_where_the_texts_are_on_a_server_a_machine_without_files_has_all_commands(
    run: Run, opensearch: str, postgresql_server: PostgreSQLServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = postgresql_server.new()
    given = {
        "CORPUS": "/proc/self/cwd/corpus",  # on each machine its own
        "CLUSTER": opensearch,
        "CLUSTER_REPLICAS": "0",
        "DATABASE": database,
        "ENGINE": "cluster",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"IQTIBAS_{name}", value)
    try:
        assert "no index yet" in run("doctor").output
        assert run("index").exit_code == 0
        assert not (tmp_path / "state" / "index").exists()
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        assert "خمسة ملايين" in run("ask", QUESTION).stdout
        assert "bridge.txt" in run("sources").stdout
        assert run("verify", "قالت البلدية إن بناء الجسر الجديد كلف خمسة ملايين دينار.").exit_code == 0
        done = run("index", "--verify")
        assert (done.exit_code, done.stdout) == (0, "1 documents, 1 passages, verified\n")
        assert "documents: 1, passages: 1, engine: cluster" in run("doctor").output
        assert run("index", "--prune").stdout == "nothing to delete\n"
    finally:
        clear(Cluster((opensearch,), texts=database))

"""The engine of a cluster on a server: the disk engine's scores, nothing doubled or left after a kill, no text kept."""

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from retrieval import Cluster, Passage, Span
from retrieval.errors import EngineError
from retrieval.index import STEMS, TITLE, Entry, Query
from retrieval.index.cluster import ClusterIndex, delete, health, is_there, make
from retrieval.index.disk import DiskIndex
from retrieval.index.nodes import Nodes
from retrieval.model import Period

pytestmark = pytest.mark.cluster


@pytest.fixture
def cluster(opensearch: str) -> Cluster:
    return Cluster((opensearch,), replicas=0)


@pytest.fixture
def name(cluster: Cluster) -> Iterator[str]:
    chosen = f"iqtibas-test-{uuid4().hex}"
    make(cluster, chosen)
    yield chosen
    delete(cluster, chosen)


def entry(document: str, *stems: str, start: int = 0) -> Entry:
    return Entry(Passage(document, Span(start, start + 5), "v1"), {STEMS: " ".join(stems)})


def found(index: ClusterIndex, term: str) -> list[str]:
    return [hit.passage.document_id for hit in index.search(Query({STEMS: {term: 1.0}}), 99)]


@pytest.mark.parametrize("shards", [1, 4])
def test_scores_and_their_order_are_those_of_the_engine_on_disk(cluster: Cluster, tmp_path: Path, shards: int) -> None:
    rng, name = random.Random(shards), f"iqtibas-test-{uuid4().hex}"  # noqa: S311
    make(Cluster(cluster.addresses, shards=shards, replicas=0), name)
    words = [f"w{number}" for number in range(40)]
    entries = [
        Entry(
            Passage(f"d{number}", Span(0, 1)),
            {STEMS: " ".join(rng.choices(words, k=rng.randint(3, 60))), TITLE: rng.choice(words)},
            date(2020, 1, 1 + number % 28),
        )
        for number in range(400)
    ]
    with (
        closing(ClusterIndex(cluster, name, writable=True)) as ours,
        closing(DiskIndex(tmp_path, writable=True)) as theirs,
    ):
        for index in (ours, theirs):
            index.add(entries)
            index.commit()
        for turn in range(60):
            one, two, three, *own = rng.sample(words, 6)
            choices = [({STEMS: {one: 1.0}}, {STEMS: {two: 0.5}, TITLE: {three: 0.4}})]
            period = Period(date(2020, 1, 3), date(2020, 1, 20)) if turn % 3 == 0 else None
            asked = Query({STEMS: dict.fromkeys(own, 1.0), TITLE: {one: 0.8}}, period, choices)
            given, wanted = ours.search(asked, 15), theirs.search(asked, 15)
            assert [hit.score for hit in given] == pytest.approx([hit.score for hit in wanted], rel=1e-5)
            scores = {hit.passage: hit.score for hit in theirs.search(asked, 400)}
            assert all(hit.score == pytest.approx(scores[hit.passage], rel=1e-5) for hit in given)
    delete(cluster, name)


def test_more_hits_than_the_cluster_gives_at_once_come_one_page_after_another(
    cluster: Cluster, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.index.cluster.PAGE", 7)
    with closing(ClusterIndex(cluster, name, writable=True)) as index:
        index.add(entry(f"{number}", "x") for number in range(30))
        index.commit()
        assert found(index, "x") == [f"{number}" for number in range(30)]
        assert len(index.search(Query({STEMS: {"x": 1.0}}), 16)) == 16
        index.delete([f"{number}" for number in range(28)])
        index.commit()
        assert found(index, "x") == ["28", "29"]


def test_what_is_not_committed_is_not_found(cluster: Cluster, name: str) -> None:
    with closing(ClusterIndex(cluster, name, writable=True)) as writer, closing(ClusterIndex(cluster, name)) as reader:
        writer.add([entry("a", "x")])
        writer._flush()
        assert found(reader, "x") == []
        writer.commit()
        assert found(reader, "x") == ["a"]
        with pytest.raises(EngineError, match="read only"):
            reader.delete(["a"])


def test_what_somebody_who_was_killed_sent_is_taken_away_with_its_document(cluster: Cluster, name: str) -> None:
    with closing(ClusterIndex(cluster, name, writable=True)) as killed:
        killed.add([entry("whole", "x")])
        killed.commit()
        killed.add([entry("half", "x"), entry("half", "x", start=9)])
        killed._flush()
    with closing(ClusterIndex(cluster, name, writable=True)) as next_one:
        next_one.delete(["half"])
        next_one.add([entry("half", "x"), entry("half", "x", start=9), entry("half", "x", start=20)])
        next_one.commit()
        assert found(next_one, "x") == ["whole", "half", "half", "half"]
        assert next_one.passages_of(["whole", "half", "none"]) == {"whole": 1, "half": 3, "none": 0}


def test_what_was_given_up_is_done_again(cluster: Cluster, name: str) -> None:
    with closing(ClusterIndex(cluster, name, writable=True)) as index:
        index.add([entry("sent", "x")])
        index._flush()
        index.add([entry("waiting", "x")])
        index.give_up()
        index.delete(["sent"])
        index.commit()
        assert found(index, "x") == []


def test_what_is_sent_twice_is_there_once(cluster: Cluster, name: str) -> None:
    with closing(ClusterIndex(cluster, name, writable=True)) as index:
        index.add([entry("a", "x"), entry("b", "x")])
        nodes, lines = Nodes(cluster), list(index._waiting)
        nodes.bulk(f"{name}-written", lines)
        index.commit()
        assert found(index, "x") == ["a", "b"]
        nodes.close()


def test_the_cluster_keeps_terms_and_places_and_nothing_to_show(cluster: Cluster, name: str) -> None:
    nodes = Nodes(cluster)
    with closing(ClusterIndex(cluster, name, writable=True)) as index:
        index.add([entry("a", "x", start=7)])
        index.commit()
        (hit,) = nodes.ask("GET", f"/{name}/_search")["hits"]["hits"]
        assert hit["_source"] == {"document": "a", "version": "v1", "start": 7, "end": 12}
    nodes.close()


def test_an_index_that_is_gone_is_not_made_by_writing(cluster: Cluster) -> None:
    name = f"iqtibas-test-{uuid4().hex}"
    make(cluster, name)
    with closing(ClusterIndex(cluster, name, writable=True)) as index:
        index.add([entry("a", "x")])
        delete(cluster, name)
        with pytest.raises(EngineError, match="no such index"):
            index.commit()
    make(cluster, name)
    make(cluster, name)
    assert is_there(cluster, name)
    delete(cluster, name)
    delete(cluster, name)
    assert not is_there(cluster, name)
    with pytest.raises(EngineError, match="iqtibas index --engine cluster"):
        ClusterIndex(cluster, name)


def test_how_the_cluster_is(cluster: Cluster) -> None:
    told = health(cluster)
    assert (told.status, told.nodes) == ("green", 1)
    assert told.version.count(".") == 2

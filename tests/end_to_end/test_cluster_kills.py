"""Three nodes of OpenSearch, of which the one that leads is killed: no question fails, nothing written is lost."""

import os
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import search_servers
from search_servers import Servers

from retrieval import Cluster, Library

pytestmark = pytest.mark.cluster

TOWNS = [f"{name} {number}" for number in range(10) for name in ("الرملة", "الجليل", "الكرك", "معان")]


@pytest.fixture
def servers() -> Iterator[Servers]:
    if not os.environ.get("IQTIBAS_SERVERS"):
        pytest.skip("no servers are started here: make cluster-test does")
    if why := search_servers.missing():
        pytest.fail(why)
    with search_servers.running(3) as started:
        yield started


def written(corpus: Path, number: int) -> str:
    """A new document of a corpus, and the question that it answers."""
    text = f"الفنار {number}\n\nكلف بناء الفنار رقم {number} في الرأس الأبيض {1000 + number} درهما.\n"
    (corpus / f"new{number}.txt").write_text(text, "utf-8")
    return f"كم كلف بناء الفنار رقم {number} في الرأس الأبيض؟"


class Asking:
    """Asks one question after another in a thread of its own, and counts what failed."""

    def __init__(self, library: Library, seed: int) -> None:
        self.asked = self.failed = 0
        self.is_ended = threading.Event()
        self._thread = threading.Thread(target=self._ask, args=(library, seed))
        self._thread.start()

    def _ask(self, library: Library, seed: int) -> None:
        while not self.is_ended.is_set():
            town = TOWNS[(self.asked + seed) % len(TOWNS)]
            answer = library.ask(
                f"كم بلغ عدد سكان {town} في الإحصاء {self.asked}؟"
            )  # never the same: none is remembered
            self.asked += 1
            self.failed += answer.unreachable or not answer.found

    def end(self) -> None:
        self.is_ended.set()
        self._thread.join()


def test_the_manager_is_killed_and_no_question_fails(servers: Servers, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, town in enumerate(TOWNS):
        text = f"{town}\n\nبلغ عدد سكان {town} في الإحصاء الأخير {5000 + number} نسمة.\n"
        (corpus / f"town{number}.txt").write_text(text, "utf-8")
    cluster = Cluster(tuple(servers.url.split(",")))
    with closing(
        Library.open(
            corpus, engine="cluster", index=tmp_path / "index", min_confidence=0, reader=False, cluster=cluster
        )
    ) as library:
        servers.wait("green")
        people = [Asking(library, seed) for seed in (0, 17)]
        questions = [written(corpus, 0)]
        library.refresh()
        killed = servers.manager
        killed.kill()
        for number in (1, 2):
            questions.append(written(corpus, number))
            library.refresh()
        servers.run(killed)
        servers.wait("green")
        for person in people:
            person.end()
        assert sum(person.asked for person in people) > 10
        assert [person.failed for person in people] == [0, 0]
        for number, question in enumerate(questions):
            assert str(1000 + number) in library.ask(question).quotes[0].text
        assert list(library.faults()) == []

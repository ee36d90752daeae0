"""The engine on disk: the same interface as in memory, the same passages, and nothing lost that was committed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from places import DATA

from retrieval import Library, Passage, Span
from retrieval.arabic.analysis import content_words
from retrieval.errors import EngineError
from retrieval.evaluation import read_cases
from retrieval.index import STEMS, Entry, Query
from retrieval.index.disk import DiskIndex
from retrieval.index.memory import MemoryIndex
from retrieval.index.terms import query
from retrieval.question.parsed import parse

FORMULAS = 0.9  # of the first ten passages the two BM25 must agree on: k1, idf and lengths differ


def entry(document: str, *stems: str, start: int = 0) -> Entry:
    return Entry(Passage(document, Span(start, start + 5), "v1"), {STEMS: " ".join(stems)})


def ids(index: DiskIndex, asked: Query, k: int = 9) -> list[str]:
    return [hit.passage.document_id for hit in index.search(asked, k)]


def plain(*terms: str) -> Query:
    return Query({STEMS: dict.fromkeys(terms, 1.0)})


@pytest.fixture
def index(tmp_path: Path) -> Iterator[DiskIndex]:
    opened = DiskIndex(tmp_path / "passages", writable=True)
    yield opened
    opened.close()


def test_what_is_not_committed_is_not_found_and_is_lost_without_it(index: DiskIndex, tmp_path: Path) -> None:
    index.add([entry("a", "x")])
    assert ids(index, plain("x")) == []
    index.close()
    assert len(DiskIndex(tmp_path / "passages")) == 0


def test_deleted_documents_go_with_all_their_passages(index: DiskIndex) -> None:
    index.add([entry("a", "x"), entry("b", "x"), entry("a", "x", start=9)])
    index.commit()
    index.delete(["a", "never there"])
    assert sorted(ids(index, plain("x"))) == ["a", "a", "b"]
    index.commit()
    assert ids(index, plain("x")) == ["b"]
    assert index.passages_of(["a", "b"]) == {"a": 0, "b": 1}


def test_a_reader_finds_what_another_committed_once_it_looks_again(index: DiskIndex, tmp_path: Path) -> None:
    reader = DiskIndex(tmp_path / "passages")
    index.add([entry("a", "x")])
    index.commit()
    assert ids(reader, plain("x")) == []
    reader.reload()
    assert ids(reader, plain("x")) == ["a"]
    with pytest.raises(EngineError, match="read only"):
        reader.delete(["a"])


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Library]]:
    folder = tmp_path_factory.mktemp("index")
    opened = {
        engine: Library.open(DATA / "single", engine=engine, index=folder, min_confidence=0, reader=False)
        for engine in ("memory", "disk")
    }
    yield opened
    for library in opened.values():
        library.close()


QUESTIONS = [case.question for case in read_cases(DATA / "single_questions.jsonl")]


def test_both_engines_find_nearly_the_same_passages(engines: dict[str, Library]) -> None:
    shared = []
    for question in QUESTIONS:
        asked = query(content_words(parse(question).text))
        memory, disk = ({hit.passage for hit in engines[e]._corpus.index.search(asked, 10)} for e in ("memory", "disk"))
        shared.append(len(memory & disk) / len(memory))
    assert sum(shared) / len(shared) >= FORMULAS


def test_both_engines_give_nearly_the_same_answers_as_surely(engines: dict[str, Library]) -> None:
    same, apart = 0, 0.0
    for question in QUESTIONS:
        memory, disk = engines["memory"].ask(question), engines["disk"].ask(question)
        same += [q.text for q in memory.quotes[:1]] == [q.text for q in disk.quotes[:1]]
        apart += disk.confidence - memory.confidence
    assert same / len(QUESTIONS) >= 0.95
    assert abs(apart) / len(QUESTIONS) <= 0.01


def test_an_index_in_memory_holds_what_one_on_disk_holds(engines: dict[str, Library]) -> None:
    assert isinstance(engines["memory"]._corpus.index, MemoryIndex)
    assert engines["memory"].passages == engines["disk"].passages

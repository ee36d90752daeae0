"""What every engine does alike: passages go in, hits come out, whatever keeps them. The cluster's runs on a server."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from retrieval import Cluster, Passage, Span
from retrieval.index import GRAMS, STEMS, TITLE, Entry, Index, KeptIndex, Query, held
from retrieval.index.cluster import ClusterIndex, delete, make
from retrieval.index.disk import DiskIndex
from retrieval.index.memory import MemoryIndex
from retrieval.model import Period

Commit = Callable[[], object]


def entry(document: str, *stems: str, start: int = 0, published: date | None = None) -> Entry:
    return Entry(Passage(document, Span(start, start + 5), "v1"), {STEMS: " ".join(stems)}, published)


OTHERS = [entry(f"other {number}", f"w{number}", "z") for number in range(9)]  # so that a term tells something


def ids(index: Index, asked: Query, k: int = 9) -> list[str]:
    return [hit.passage.document_id for hit in index.search(asked, k)]


def plain(*terms: str) -> Query:
    return Query({STEMS: dict.fromkeys(terms, 1.0)})


@pytest.fixture(
    params=[
        "memory",
        "disk",
        pytest.param("cluster 1", marks=pytest.mark.cluster),
        pytest.param("cluster 4", marks=pytest.mark.cluster),
    ]
)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    if request.param == "memory":
        yield MemoryIndex()
    elif request.param == "disk":
        with closing(DiskIndex(tmp_path / "passages", writable=True)) as opened:
            yield opened
    else:
        shards = int(request.param.split()[1])
        cluster = Cluster((request.getfixturevalue("opensearch"),), shards=shards, replicas=0)
        name = f"iqtibas-test-{uuid4().hex}"
        make(cluster, name)
        with closing(ClusterIndex(cluster, name, writable=True)) as opened:
            yield opened
        delete(cluster, name)


@pytest.fixture
def commit(index: Index) -> Commit:
    return lambda: None if isinstance(index, MemoryIndex) else committed(index)


def committed(index: Index) -> None:
    kept: KeptIndex = index  # type: ignore[assignment]  # all others are
    kept.commit()


def test_a_hit_names_the_passage_as_it_was_added(index: Index, commit: Commit) -> None:
    added = entry("وثيقة 1.txt", "جسر", start=7)
    index.add([added, *OTHERS])
    commit()
    (hit,) = index.search(plain("جسر"), 5)
    assert hit.passage == added.passage
    assert hit.score > 0


def test_the_passage_with_more_and_weightier_terms_comes_first(index: Index, commit: Commit) -> None:
    index.add([entry("one", "x", "z", "z"), entry("both", "x", "y", "z"), entry("other", "y", "z", "z"), *OTHERS])
    commit()
    assert ids(index, plain("x", "y"))[0] == "both"
    assert ids(index, Query({STEMS: {"x": 1.0, "y": 5.0}}))[:2] == ["both", "other"]


def test_of_words_that_say_the_same_the_one_that_tells_most_counts(index: Index, commit: Commit) -> None:
    index.add([entry("both", "x", "y"), entry("one", "x", "z"), entry("other", "y", "z"), *OTHERS])
    commit()
    either = Query({}, choices=[({STEMS: {"x": 1.0}}, {STEMS: {"y": 0.5}})])
    scores = {hit.passage.document_id: hit.score for hit in index.search(either, 9)}
    assert scores["both"] == scores["one"] == pytest.approx(2 * scores["other"])
    assert scores.keys() == {"both", "one", "other"}


def test_each_field_has_terms_of_its_own(index: Index, commit: Commit) -> None:
    index.add([Entry(Passage("a", Span(0, 1)), {STEMS: "x", TITLE: "y", GRAMS: "z"})])
    commit()
    assert ids(index, Query({TITLE: {"y": 1.0}})) == ["a"]
    assert ids(index, Query({TITLE: {"x": 1.0}})) == []


def test_a_term_that_most_passages_hold_still_makes_a_hit(index: Index, commit: Commit) -> None:
    index.add([entry(name, "x") for name in "abcd"])
    commit()
    assert len(ids(index, plain("x"))) == 4


def test_equal_ones_come_as_they_were_added(index: Index, commit: Commit) -> None:
    index.add([entry(f"{number}", "x", "y") for number in range(40)])
    index.add(OTHERS)
    commit()
    wanted = [f"{number}" for number in range(40)]
    assert ids(index, plain("x"), 15) == wanted[:15]
    assert ids(index, plain("x", "y"), 99) == wanted


def test_deleted_documents_go_with_all_their_passages(index: Index, commit: Commit) -> None:
    index.add([entry("a", "x"), entry("b", "x"), entry("a", "x", start=9)])
    commit()
    assert sorted(ids(index, plain("x"))) == ["a", "a", "b"]
    index.delete(["a", "never there"])
    commit()
    assert ids(index, plain("x")) == ["b"]
    assert len(index) == 1


def test_a_document_is_replaced_in_one_step(index: Index, commit: Commit) -> None:
    index.add([entry("a", "x")])
    commit()
    index.delete(["a"])
    index.add([entry("a", "y")])
    commit()
    assert ids(index, plain("x")) == []
    assert ids(index, plain("y")) == ["a"]


def test_frequencies_count_passages_and_not_occurrences(index: Index, commit: Commit) -> None:
    index.add([entry("a", "x", "x"), entry("b", "x"), entry("c", "y")])
    commit()
    assert index.frequencies(STEMS, "xyz") == {"x": 2, "y": 1, "z": 0}
    assert index.frequencies(TITLE, ["x"]) == {"x": 0}
    assert index.frequencies(STEMS, []) == {}
    assert held(index, STEMS, ["y", "z"]) == ["y"]


def test_what_was_counted_is_counted_anew_after_a_change(index: Index, commit: Commit) -> None:
    index.add([entry("a", "x"), entry("b", "x")])
    commit()
    assert (len(index), index.frequencies(STEMS, "x")) == (2, {"x": 2})
    index.add([entry("c", "x")])
    commit()
    assert (len(index), index.frequencies(STEMS, "x")) == (3, {"x": 3})


def test_a_search_may_be_limited_to_days_of_publication(index: Index, commit: Commit) -> None:
    days = {"a": date(2017, 1, 1), "b": date(2017, 2, 28), "c": date(2017, 3, 1), "d": None}
    index.add([entry(name, "x", published=day) for name, day in days.items()])
    commit()
    within = Period(date(2017, 2, 1), date(2017, 2, 28))
    (limited,) = index.search(Query({STEMS: {"x": 1.0}}, within), 5)
    assert limited.passage.document_id == "b"
    scores = {hit.passage: hit.score for hit in index.search(plain("x"), 9)}
    assert limited.score == pytest.approx(scores[limited.passage])
    assert index.search(Query({STEMS: {"y": 1.0}}, within), 5) == []


@pytest.mark.parametrize("emptied", [False, True])
def test_an_empty_index_finds_nothing(index: Index, commit: Commit, emptied: bool) -> None:
    if emptied:
        index.add([entry("a", "x")])
        commit()
    index.delete(["a"])
    commit()
    assert len(index) == 0
    assert index.search(plain("x"), 9) == []
    assert index.frequencies(STEMS, "x") == {"x": 0}


def test_nothing_finds_nothing(index: Index, commit: Commit) -> None:
    index.add([entry("a", "x"), entry("b")])
    commit()
    assert len(index) == 2
    assert index.search(Query({}), 9) == []
    assert index.search(plain("q"), 9) == []


def test_a_choice_between_a_word_and_nothing_is_the_word(index: Index, commit: Commit) -> None:
    index.add([entry("a", "x"), *OTHERS])
    commit()
    for choice in ([{STEMS: {"x": 1.0}}, {STEMS: {}}], [{}, {STEMS: {"x": 1.0}}]):
        assert ids(index, Query({STEMS: {"q": 1.0}}, choices=[choice])) == ["a"]
    within = Period(date(2017, 2, 1), date(2017, 2, 28))
    for nothing in (Query({}, choices=[[{}, {STEMS: {}}]]), Query({}, choices=[[]]), Query({}, within)):
        assert ids(index, nothing) == []


def test_long_and_odd_names_are_names(index: Index, commit: Commit) -> None:
    names = ["أ" * 20_000, 'مع "علامات" \\ و\nسطر', "a#3", "*", " "]
    index.add([entry(name, "x") for name in names])
    commit()
    assert ids(index, plain("x")) == names
    index.delete(names[:3])
    commit()
    assert ids(index, plain("x")) == names[3:]


def test_a_word_of_many_letters_is_found(index: Index, commit: Commit) -> None:
    index.add([entry("a", "م" * 300), entry("b", "م" * 200), *OTHERS])
    commit()
    assert ids(index, plain("م" * 300)) == ["a"]


def test_a_question_may_be_very_long(index: Index, commit: Commit) -> None:
    index.add([entry("a", "x"), *OTHERS])
    commit()
    terms = {f"t{number}": 0.4 for number in range(3000)}
    choices = [({STEMS: {f"c{number}": 0.5}}, {TITLE: {f"c{number}": 0.4}}) for number in range(500)]
    assert ids(index, Query({STEMS: {**terms, "x": 1.0}}, choices=choices)) == ["a"]

"""The engine in memory: rank-bm25's own numbers, hits that share a term, and documents that come and go."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from retrieval import Hit, Passage, Span
from retrieval.index import STEMS, TITLE, Entry, Query
from retrieval.index.memory import MemoryIndex, PostingsBM25

CORPORA = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=9), min_size=1, max_size=14).filter(any)
QUERIES = st.lists(st.sampled_from("abcdefghxyz"), unique=True, max_size=6)
property_test = settings(deadline=None, derandomize=True, database=None, max_examples=100)


def entry(document_id: str, *stems: str, title: Sequence[str] = (), start: int = 0) -> Entry:
    return Entry(Passage(document_id, Span(start, start + 1)), {STEMS: " ".join(stems), TITLE: " ".join(title)})


def index_of(*entries: Entry) -> MemoryIndex:
    index = MemoryIndex()
    index.add(entries)
    return index


def plain(*terms: str) -> Query:
    return Query({STEMS: dict.fromkeys(terms, 1.0)})


def ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.document_id for hit in hits]


@property_test
@given(CORPORA, st.lists(st.sampled_from("abcdefghxyz"), max_size=8))
def test_scores_of_postings_are_those_of_rank_bm25_to_the_bit(corpus: list[list[str]], query: list[str]) -> None:
    assert PostingsBM25(corpus).get_scores(query).tolist() == BM25Okapi(corpus).get_scores(query).tolist()


@property_test
@given(CORPORA, QUERIES)
def test_scores_of_hits_are_those_of_rank_bm25_to_the_bit(corpus: list[list[str]], query: list[str]) -> None:
    hits = index_of(*(entry(str(row), *terms) for row, terms in enumerate(corpus))).search(plain(*query), 99)
    expected = BM25Okapi(corpus).get_scores(query).tolist()
    assert {hit.passage.document_id: hit.score for hit in hits} == {
        str(row): expected[row] for row, terms in enumerate(corpus) if set(terms) & set(query)
    }


@property_test
@given(CORPORA, QUERIES, st.integers(1, 5))
def test_the_best_come_first_and_equal_ones_as_they_were_added(
    corpus: list[list[str]], query: list[str], k: int
) -> None:
    index = index_of(*(entry(str(row), *terms) for row, terms in enumerate(corpus)))
    hits = index.search(plain(*query), 99)
    order = [(-hit.score, int(hit.passage.document_id)) for hit in hits]
    assert order == sorted(order)
    assert index.search(plain(*query), k) == hits[:k]


@property_test
@given(CORPORA, CORPORA, st.sampled_from("abcdefgh"))
def test_adding_and_deleting_leaves_what_was_never_added(
    kept: list[list[str]], gone: list[list[str]], term: str
) -> None:
    index = index_of(*(entry(f"gone{row}", *terms) for row, terms in enumerate(gone)))
    index.add(entry(f"kept{row}", *terms) for row, terms in enumerate(kept))
    index.delete(f"gone{row}" for row in range(len(gone)))
    fresh = index_of(*(entry(f"kept{row}", *terms) for row, terms in enumerate(kept)))
    assert len(index) == len(fresh)
    assert index.search(plain(term), 99) == fresh.search(plain(term), 99)


def test_a_shared_term_is_a_hit_though_its_score_is_zero() -> None:
    (hit,) = index_of(entry("a", "x"), entry("b", "y")).search(plain("x"), 9)
    assert (hit.passage.document_id, hit.score) == ("a", 0.0)


def test_a_shared_term_is_a_hit_though_its_score_is_below_zero() -> None:
    (hit,) = index_of(entry("a", "x")).search(plain("x"), 9)
    assert hit.score < 0


def test_what_shares_no_term_is_no_hit() -> None:
    assert ids(index_of(entry("a", "x"), entry("b", "y"), entry("c", "z")).search(plain("x", "q"), 9)) == ["a"]


def test_a_weight_multiplies_what_a_term_adds() -> None:
    index = index_of(entry("a", "x"), entry("b", "y"), entry("c", "z"))
    (once,), (twice,) = index.search(plain("x"), 9), index.search(Query({STEMS: {"x": 2.0}}), 9)
    assert once.score > 0
    assert twice.score == 2 * once.score


def test_scores_of_fields_are_added() -> None:
    index = index_of(entry("a", "x", title=["t"]), entry("b", "y", title=["u"]), entry("c", "z", title=["v"]))
    both, stems, title = (
        index.search(Query(terms), 9)[0].score
        for terms in ({STEMS: {"x": 1.0}, TITLE: {"t": 1.0}}, {STEMS: {"x": 1.0}}, {TITLE: {"t": 1.0}})
    )
    assert both == stems + title


def test_passages_without_terms_find_nothing() -> None:
    index = index_of(entry("a"), entry("b"))
    assert len(index) == 2
    assert index.search(plain("x"), 9) == []


@property_test
@given(CORPORA, QUERIES)
def test_a_choice_of_one_is_no_choice(corpus: list[list[str]], query: list[str]) -> None:
    index = index_of(*(entry(str(row), *terms) for row, terms in enumerate(corpus)))
    chosen = Query({}, choices=[({STEMS: {term: 1.0}},) for term in query])
    found = {hit.passage.document_id: hit.score for hit in index.search(chosen, 99)}
    assert found == pytest.approx({hit.passage.document_id: hit.score for hit in index.search(plain(*query), 99)})

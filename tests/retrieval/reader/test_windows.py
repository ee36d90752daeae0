"""Windows: every sentence of a passage is read once, and no row is longer than the networks can take."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.reader.pieces import END, START
from retrieval.reader.windows import LEAD, OTHER, QUESTION, SENTENCE, TITLE, WINDOW, Row, asked, read, told, windows

PLACES = 512  # of pieces in a row that the networks know
PREFIX = [5, 6]
property_test = settings(deadline=None, derandomize=True, database=None, max_examples=150)

PASSAGES = st.one_of(
    st.lists(st.integers(0, 60), min_size=1, max_size=60),
    st.lists(st.integers(0, 2), min_size=1, max_size=900),
    st.lists(st.sampled_from([0, 1, SENTENCE, 400]), min_size=1, max_size=30),
).map(lambda lengths: [list(range(100 * at, 100 * at + length)) for at, length in enumerate(lengths, 1)])


def of(row: Row, number: int) -> list[int]:
    """The pieces in a row of the sentence with a number."""
    return [piece for piece, sentence in zip(row.ids, row.sentence, strict=True) if sentence == number]


@property_test
@given(PASSAGES)
def test_every_sentence_is_in_one_window_and_they_are_in_order(sentences: list[list[int]]) -> None:
    found = windows(sentences)
    assert [number for window in found for number in window] == list(range(len(sentences)))
    assert all(found)


@property_test
@given(PASSAGES)
def test_a_window_of_several_sentences_is_bounded_and_so_is_every_row(sentences: list[list[int]]) -> None:
    for window in windows(sentences):
        pieces = sum(min(len(sentences[number]), SENTENCE) for number in window)
        assert pieces <= WINDOW
        for row in (told(PREFIX, [9] * 1000, sentences, window), read([8] * 1000, [9] * 1000, sentences, window)):
            assert len(row.ids) == len(row.sentence) == len(row.parts) <= PLACES


@property_test
@given(PASSAGES)
def test_a_row_holds_the_sentences_of_its_window_each_as_far_as_it_is_read(sentences: list[list[int]]) -> None:
    for window in windows(sentences):
        alone, asked_of = told(PREFIX, [], sentences, window), read([], [], sentences, window)
        for number in window:
            assert of(alone, number) == sentences[number][:SENTENCE]
            assert of(asked_of, number) == [END, *sentences[number][:SENTENCE]]
        assert set(alone.sentence) <= {OTHER, *window}


def test_a_passage_that_fits_is_one_window() -> None:
    assert windows([[7] * 50] * 3) == [range(3)]


def test_a_passage_that_does_not_fit_is_shared_out_evenly() -> None:
    assert windows([[7] * 40] * 4) == [range(2), range(2, 4)]


def test_a_passage_without_sentences_is_one_window_of_none() -> None:
    assert windows([]) == [range(0)]


def test_the_end_of_the_sentence_before_comes_along_and_is_of_no_sentence() -> None:
    before, own = list(range(100, 140)), list(range(200, 210))
    row = told(PREFIX, [9], [before, own], range(1, 2))
    assert row.ids == [START, 5, 9, 6, *before[-LEAD:], *own, END]
    assert row.sentence == [OTHER] * (4 + LEAD) + [1] * len(own) + [OTHER]


def test_a_question_and_a_title_are_read_as_far_as_their_bounds() -> None:
    assert asked(PREFIX, [8] * 1000).ids == [START, *PREFIX, *[8] * QUESTION, END]
    assert read([8] * 1000, [9] * 1000, [[7]], range(1)).ids == [
        START, *[8] * QUESTION, END, *[9] * TITLE, END, 7, END,
    ]  # fmt: skip


def test_the_reader_is_told_the_sides_and_what_both_have() -> None:
    row = read([10, 11], [12], [[11, 13], [10]], range(2))
    assert row.ids == [START, 10, 11, END, 12, END, 11, 13, END, 10, END]
    assert row.parts == [0, 1, 1, 0, 2, 2, 3, 2, 2, 3, 2]


@pytest.mark.parametrize("question", [[], [10]])
def test_what_parts_sentences_is_not_what_both_have(question: list[int]) -> None:
    assert read(question, [], [[11]], range(1)).parts[-3:] == [2, 2, 2]

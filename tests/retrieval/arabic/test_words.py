"""Words: exact stretches of the raw text, numbers brought to one spelling."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.arabic import fold_text, words
from retrieval.arabic.words import folded_words

ANY_TEXT = st.text(
    st.one_of(st.sampled_from("ابتةىأ ـَّ\u200f\u200c٠١۲12.,٫٬ﷲﻻ½²«،»\n👍a_-"), st.characters()), max_size=60
)
property_test = settings(deadline=None, derandomize=True, database=None, max_examples=300)


@property_test
@given(ANY_TEXT)
def test_words_stand_in_order_and_apart_within_the_text(text: str) -> None:
    found = words(text)
    assert all(0 <= word.start < word.end <= len(text) for word in found)
    assert all(left.end <= right.start for left, right in pairwise(found))


@property_test
@given(ANY_TEXT)
def test_a_word_is_the_fold_of_the_stretch_it_names(text: str) -> None:
    for word in words(text):
        assert folded_words(text[word.start : word.end]) == [word.folded]


@property_test
@given(ANY_TEXT)
def test_the_fast_way_gives_the_same_words(text: str) -> None:
    assert folded_words(text) == [word.folded for word in words(text)]


@property_test
@given(ANY_TEXT)
def test_no_word_is_empty_or_holds_white_space(text: str) -> None:
    assert all(folded and not any(map(str.isspace, folded)) for folded in folded_words(text))


def test_spans_are_exact_slices_over_marks_and_tatweel() -> None:
    text = "«وَصَلَـت» الوفود، (أمس)!"
    assert [text[w.start : w.end] for w in words(text)] == ["وَصَلَـت", "الوفود", "أمس"]


@pytest.mark.parametrize("written", ["1,500", "١٬٥٠٠", "۱٬۵۰۰", "١,٥٠٠", "1500", "١٥٠٠"])
def test_a_number_is_one_in_every_spelling(written: str) -> None:
    assert folded_words(f"بلغ {written} طن") == [fold_text("بلغ"), "1500", fold_text("طن")]


@pytest.mark.parametrize("written", ["3.5", "٣٫٥", "۳٫۵", "٣.٥"])
def test_a_decimal_is_one_in_every_spelling(written: str) -> None:
    assert folded_words(written) == ["3.5"]


def test_a_grouped_number_keeps_its_decimals() -> None:
    assert folded_words("١٬٥٠٠٫٢٥") == folded_words("1,500.25") == ["1500.25"]


@pytest.mark.parametrize("written", ["1,50", "2,5", "1,5000"])
def test_a_comma_that_groups_no_thousands_stays(written: str) -> None:
    assert folded_words(written) == [written]


@pytest.mark.parametrize("text", ["", " \n", "؟!،؛.", "«»()", "👍🏽", "\u200f\u064b", "___"])
def test_punctuation_and_symbols_are_no_words(text: str) -> None:
    assert words(text) == []


@pytest.mark.parametrize("text", ["سنة1990م", "1990م"])
def test_digits_and_letters_written_together_are_words_apart(text: str) -> None:
    assert "1990" in folded_words(text)


def test_a_joiner_that_is_not_seen_parts_no_word() -> None:
    assert folded_words("می‌خواهم") == ["ميخواهم"]

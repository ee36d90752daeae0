"""Words of a sentence with their pieces: the stretches are the sentence's own, and no piece is lost or told twice."""

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT

from retrieval.reader.pieces import Pieces
from retrieval.reader.words import worded


@cache
def pieces() -> Pieces:
    return Pieces.read((ROOT / "retrieval/reader/weights/pieces.txt").read_text("utf-8"))


def test_each_word_is_a_slice_of_the_sentence_with_its_own_pieces() -> None:
    sentence = "  بُنِيَت  القبـــة\nسنة ٦٩١م "
    found = worded(pieces(), sentence)
    assert [span.of(sentence) for span, _, _ in found.words] == sentence.split()
    assert all(found.pieces[start:end] == pieces().of(span.of(sentence)) for span, start, end in found.words)


def test_a_word_without_letters_has_no_piece() -> None:
    ((span, start, end),) = worded(pieces(), "ـ").words
    assert (span.start, span.end, start, end) == (0, 1, 0, 0)


@settings(deadline=None, derandomize=True, database=None, max_examples=150)
@given(st.text(st.one_of(st.sampled_from("كتبَـ \n\u200f\x1f١½ﷺ´\u0301"), st.characters()), max_size=40))
def test_the_words_of_any_sentence_share_out_its_pieces(sentence: str) -> None:
    found = worded(pieces(), sentence)
    assert found.pieces == pieces().of(sentence)
    edges = [0, *(end for _, _, end in found.words)]
    assert [start for _, start, _ in found.words] == edges[:-1]
    assert edges[-1] == len(found.pieces)
    assert [span.of(sentence) for span, _, _ in found.words] == sentence.split()

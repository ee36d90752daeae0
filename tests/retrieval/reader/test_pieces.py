"""Pieces: every word cut in its likeliest way, with nothing lost; how a text is written changes nothing."""

import math
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT

from retrieval.reader.pieces import END, PAD, START, UNKNOWN, Pieces, normal

SPECIAL = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
FEW = [("▁", -2.0), ("ا", -3.0), ("ب", -3.5), ("با", -4.0), ("▁ا", -4.5), ("اب", -5.0), ("▁باب", -9.0), ("ابا", -6.0)]
property_test = settings(deadline=None, derandomize=True, database=None, max_examples=100)


@cache
def shipped() -> tuple[list[str], Pieces]:
    """The pieces that the project ships, as they are written, and the vocabulary of them."""
    text = (ROOT / "retrieval/reader/weights/pieces.txt").read_text("utf-8")
    return [line.rpartition("\t")[0] for line in text.split("\n") if line], Pieces.read(text)


def cuts(word: str) -> Iterator[tuple[str, ...]]:
    """Every way to cut a word."""
    if not word:
        yield ()
    for end in range(1, len(word) + 1):
        yield from ((word[:end], *rest) for rest in cuts(word[end:]))


@property_test
@given(st.text("ابج", min_size=1, max_size=7))
def test_a_word_is_cut_in_the_likeliest_way_of_all(word: str) -> None:
    scores = dict(FEW)
    rare = min(scores.values())

    def likely(cut: tuple[str, ...]) -> float:
        unknown = [piece for piece in cut if piece not in scores]
        if any(len(piece) > 1 for piece in unknown):
            return -math.inf
        return sum(scores.get(piece, rare - 10.0) for piece in cut)

    names = [piece for piece, _ in SPECIAL + FEW]
    found = [names[number] for number in Pieces(SPECIAL + FEW).of_word(word)]
    wanted = max(map(likely, cuts(f"▁{word}")))
    assert sum(scores.get(piece, rare - 10.0) for piece in found) == pytest.approx(wanted)
    assert "".join(found).replace("<unk>", "ج") == f"▁{word}"


def test_the_pieces_of_a_text_joined_give_back_its_words() -> None:
    names, pieces = shipped()
    text = (ROOT / "corpus/astana-talks.txt").read_text("utf-8")
    found = pieces.of(text)
    assert "".join(names[number] for number in found) == "".join(f"▁{word}" for word in normal(text).split())
    assert {START, PAD, END, UNKNOWN}.isdisjoint(found)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("فِبْرايِر", "فبراير"),
        ("الرَّحْمَـــٰن", "الرحمن"),
        ("كتــــاب", "كتاب"),
        ("سنة ١٩٩٠", "سنة 1990"),
        ("سنة ۱۹۹۰", "سنة 1990"),
        ("ﻛﺘﺎﺏ ﷲ", "كتاب الله"),
        ("قال\u200f له\u2067 نعم\u2069", "قال له نعم"),
        ("كتا\u00adب\ufeff", "كتاب"),
        ("  كتاب\t\nجديد ", "كتاب جديد"),
    ],
)
def test_how_a_text_is_written_changes_nothing(written: str, plain: str) -> None:
    _, pieces = shipped()
    assert pieces.of(written) == pieces.of(plain) != []


@pytest.mark.parametrize("text", ["", " \n", "ـ", "\u200b\u200f", "ًٌٍ"])
def test_a_text_without_letters_has_no_pieces(text: str) -> None:
    assert shipped()[1].of(text) == []


@pytest.mark.parametrize("sign", ["\ud800", "\U0001f9ff", "\ue000"])
def test_a_sign_that_no_piece_covers_is_unknown_and_loses_nothing_beside_it(sign: str) -> None:
    names, pieces = shipped()
    found = pieces.of(f"كتاب{sign} جديد")
    assert UNKNOWN in found
    assert "".join(names[number] for number in found if number != UNKNOWN) == "▁كتاب▁جديد"


def test_of_a_word_without_end_the_beginning_is_read() -> None:
    _, pieces = shipped()
    assert pieces.of("ا" * 100_000) == pieces.of("ا" * 64)
    assert len(pieces.of("\U0001f9ff" * 100_000)) <= 65


@property_test
@given(st.text(max_size=60))
def test_any_text_has_the_same_pieces_each_time(text: str) -> None:
    _, pieces = shipped()
    found = pieces.of(text)
    assert all(UNKNOWN <= number < pieces.size for number in found)
    assert pieces.of(text) == found

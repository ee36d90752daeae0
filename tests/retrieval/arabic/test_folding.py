"""Folding: many spellings to one, for any text, with the way back to each raw character."""

import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.arabic import fold, fold_text

ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويأإآٱءؤئىةـًٌٍَُِّْٰٓگپچژکیۀے٠١٢٩۰۱۲۹ﻻﻷﷲﷺﺑﺒﺔﻰ،؛؟«»٫٬"
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202b\u202e\u2066\u2069\u00ad\ufeff"
OTHER = " \n\t\u00a0\u3000aZé½²①İßﬁ👍🏽👨‍👩‍👧🇯🇴"
ANY_TEXT = st.text(st.one_of(st.sampled_from(ARABIC + INVISIBLE + OTHER), st.characters()), max_size=60)

property_test = settings(deadline=None, derandomize=True, database=None, max_examples=300)


@property_test
@given(ANY_TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold_text(text)
    assert fold_text(once) == once


@property_test
@given(ANY_TEXT)
def test_folding_with_the_map_gives_the_same_text(text: str) -> None:
    assert fold(text).text == fold_text(text)


@property_test
@given(ANY_TEXT)
def test_origins_rise_from_the_first_to_the_length_of_the_raw_text(text: str) -> None:
    folded = fold(text)
    origins = [folded.origin(i) for i in range(len(folded.text) + 1)]
    assert origins[-1] == len(text)
    assert all(0 <= origin < len(text) for origin in origins[:-1])
    assert all(a <= b for a, b in pairwise(origins))


@property_test
@given(ANY_TEXT)
def test_every_folded_character_comes_from_its_origin(text: str) -> None:
    folded = fold(text)
    for index, character in enumerate(folded.text):
        assert character in fold_text(text[folded.origin(index)])


@property_test
@given(ANY_TEXT, ANY_TEXT)
def test_joined_texts_fold_to_their_joined_folds_but_for_runs_of_spaces(left: str, right: str) -> None:
    assert fold_text(left + right) == fold_text(fold_text(left) + fold_text(right))


@property_test
@given(ANY_TEXT)
def test_folded_text_holds_no_harakat_nor_invisible_character(text: str) -> None:
    assert not {unicodedata.category(c) for c in fold_text(text)} & {"Mn", "Me", "Cf"}


def test_every_code_point_folds_to_what_folds_no_further() -> None:
    assigned = (c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) not in {"Cn", "Co"})
    folds = {c: fold_text(c) for c in assigned}
    assert len(folds) > 100_000
    assert [hex(ord(c)) for c, folded in folds.items() if fold_text(folded) != folded] == []


SIGNS = [
    chr(c) for c in (*range(0x610, 0x61B), *range(0x64B, 0x660), 0x670, *range(0x6D6, 0x6EE), *range(0x8C9, 0x900))
]


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: f"U+{ord(sign):04X}")
def test_signs_of_the_qurans_script_fold_to_nothing(sign: str) -> None:
    assert fold_text(f"به{sign} كتا{sign}ب") == "به كتاب"
    assert fold_text(sign) == ""


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("بِهِۦ", "به"),
        ("لَهُۥ", "له"),
        ("يَسۡتَحۡيِۦٓ", "يستحي"),
        ("دَاوُۥدَ", "داود"),
        ("ٱلرَّحۡمَٰنِ", "الرحمن"),
        ("هَٰذَاۖ", "هذا"),
        ("أُوْلَٰٓئِكَۗ", "أولئك"),
    ],
)
def test_a_verse_is_found_as_it_is_written_today(written: str, plain: str) -> None:
    assert fold_text(written) == fold_text(plain)


@pytest.mark.parametrize("spelling", ["أحمد", "احمد", "إحمد", "آحمد", "ٱحمد", "أَحْمَد", "أحـــمد", "\u0627\u0654حمد"])
def test_forms_of_alef_are_one(spelling: str) -> None:
    assert fold_text(spelling) == "احمد"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("مستشفى", "مستشفي"),
        ("مدرسة", "مدرسه"),
        ("مؤتمر", "موتمر"),
        ("شاطئ", "شاطي"),
        ("الرَّحْمَٰن", "الرحمن"),
        ("ﻻ", "لا"),
        ("ﻷ", "لا"),
        ("ﷲ", "الله"),
        ("ﻣﺪﺭﺳﺔ", "مدرسة"),
        ("کتاب", "كتاب"),
        ("ایران", "إيران"),
        ("گلستان", "كلستان"),
        ("پاریس", "باريس"),
        ("چای", "جاي"),
        ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
        ("۰۱۲۳۴۵۶۷۸۹", "0123456789"),
        ("می‌خواهم", "ميخواهم"),
        ("عبد\u200bالله", "عبدالله"),
        ("\u200fدرعا\u202c", "درعا"),
        ("\ufeffدرعا", "درعا"),
        ("درعا\u00a0\u3000 \n السورية", "درعا السورية"),
        ("Ｄａｒａａ", "daraa"),
        ("Straße", "strasse"),
    ],
)
def test_spellings_that_are_one_word_fold_to_one(one: str, other: str) -> None:
    assert fold_text(one) == fold_text(other)


@pytest.mark.parametrize(
    ("one", "other"), [("على", "علا"), ("حرب", "حزب"), ("سوق", "صوق"), ("ذهب", "دهب"), ("علي", "عل"), ("ماء", "ما")]
)
def test_words_that_differ_in_a_letter_stay_apart(one: str, other: str) -> None:
    assert fold_text(one) != fold_text(other)


def test_a_ligature_maps_each_letter_to_its_one_origin() -> None:
    folded = fold("وﷲ أكبر")
    assert folded.text == "والله اكبر"
    assert [folded.origin(i) for i in range(6)] == [0, 1, 1, 1, 1, 2]


def test_the_way_back_leads_over_harakat_and_tatweel() -> None:
    text = "قال مُحَمَّــد هنا"
    folded = fold(text)
    start = folded.text.index("محمد")
    assert text[folded.origin(start) : folded.origin(start + 4)] == "مُحَمَّــد"


def test_an_empty_text_folds_to_an_empty_one() -> None:
    assert fold("").text == ""
    assert list(fold("").origins) == [0]


def test_a_text_of_marks_alone_folds_to_nothing() -> None:
    assert fold("\u064b\u0640\u200f").text == ""
    assert list(fold("\u064b\u0640\u200f").origins) == [3]

"""The rule between a word that is spelled otherwise and another word."""

import pytest

from retrieval.arabic.tables import table
from retrieval.verifying.spelling import likeness, unwritten

SPELLING = [
    ("ان", "أن"),
    ("إن", "أن"),
    ("الاسلام", "الإسلام"),
    ("الان", "الآن"),
    ("المدرسه", "المدرسة"),
    ("سياره", "سيارة"),
    ("فى", "في"),
    ("الى", "إلى"),
    ("الي", "إلى"),
    ("مستشفي", "مستشفى"),
    ("مسئول", "مسؤول"),
    ("موتمر", "مؤتمر"),
    ("شئ", "شيء"),
    ("بشيء", "بشئ"),
    ("مائة", "مئة"),
    ("القرءان", "القرآن"),
    ("كتــاب", "كتاب"),
    ("كِتَابٌ", "كتاب"),
    ("شكراً", "شكرا"),
    ("٣", "3"),
    ("۱۲", "١٢"),
    ("1,500", "١٥٠٠"),
    ("٣٫٥", "3.5"),
    ("کتاب", "كتاب"),
    ("هذة", "هذه"),
    ("ﻻ", "لا"),
    ("BBC", "bbc"),
    ("٪", "%"),
]
OTHER = [
    ("على", "علي"),
    ("علي", "على"),
    ("وعلي", "وعلى"),
    ("لا", "لم"),
    ("محمد", "محمود"),
    ("الحسني", "الحسيني"),
    ("إعلام", "أعلام"),
    ("آثار", "أثار"),
    ("كتابة", "كتابه"),
    ("كتابه", "كتابة"),
    ("والدة", "والده"),
    ("والده", "والدة"),
    ("سئل", "سأل"),
    ("يسمي", "يسمى"),
    ("3", "٤"),
    ("3", "ثلاثة"),
    ("35", "3.5"),
    ("1,5", "15"),
    ("قال", "وقال"),
    ("عمر", "عمرو"),
    ("جوجل", "غوغل"),
    ("كتب", "كتاب"),
    ("%", "‰"),
]


@pytest.mark.parametrize(("text", "source"), SPELLING)
def test_one_word_in_two_spellings(text: str, source: str) -> None:
    assert likeness(text, source) == "spelling"


@pytest.mark.parametrize(("text", "source"), OTHER)
def test_two_words(text: str, source: str) -> None:
    assert likeness(text, source) == "other"


@pytest.mark.parametrize(("text", "source"), [("كتاب", "كتاب"), ("كتا\u200fب", "كتاب"), ("أ\u0646", "\u0627\u0654ن")])
def test_what_a_reader_cannot_tell_apart_is_the_same(text: str, source: str) -> None:
    assert likeness(text, source) == "same"


def test_who_never_writes_a_letter_means_nothing_by_that_but_no_one_writes_another_word() -> None:
    assert list(unwritten("نسبه البطاله في المدينه")) == ["ة", "ى"]
    assert likeness("والده", "والدة", "ة") == "spelling"
    assert likeness("يبنى", "يبني", "ي") == "spelling"
    assert likeness("يبنى", "يبني", "ة") == "other"
    assert likeness("علي", "على", "ى") == "other"


@pytest.mark.parametrize(
    ("name", "expected"), [("never", "other"), ("apart", "other"), ("either", "spelling"), ("variants", "spelling")]
)
def test_each_line_of_the_table_says_what_it_says_either_way(name: str, expected: str) -> None:
    for line in table("spelling")[name]:
        first, *others = line.split()
        for other in others:
            assert (likeness(first, other), likeness(other, first)) == (expected, expected), line

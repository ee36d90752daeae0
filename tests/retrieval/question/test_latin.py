"""Arabic in Latin letters is read by the words of the documents; other languages stay as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.vocabulary import WordCounts
from retrieval.question.latin import arabized

COUNTS = WordCounts()
COUNTS.add(
    "يبلغ عدد سكان تونس اثني عشر مليون نسمة. بنى المعماري الجسر القديم في القاهرة، وافتتح المتحف الوطني سنة 1911."
)
WORDS = COUNTS.vocabulary()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("kam 3adad sokan tounes?", "كم عدد سكان تونس؟"),
        ("kam sukkan tunis", "كم سكان تونس"),
        ("meen bana el-jisr", "مين بنى الجسر"),
        ("emta iftata7 el mat7af", "امتى افتتح المتحف"),
        ("wein al-qahira?", "وين القاهرة؟"),
        ("Shu howa almat7af alwatani?", "شو هو المتحف الوطني؟"),
    ],
)
def test_arabic_in_latin_letters_is_put_into_arabic_ones(written: str, read: str) -> None:
    assert arabized(written, WORDS) == read


@pytest.mark.parametrize(
    "text",
    [
        *("When was the museum opened?", "Quand est-ce que le musée a ouvert ?", "who built the old bridge", "min max"),
        *(
            "كم عدد سكان تونس؟",
            "ما معنى BBC؟",
            "COVID19",
            "Boeing 737",
            "a man in the park",
            "fin de la guerre",
            "",
            "؟",
        ),
    ],
)
def test_what_is_no_arabic_in_latin_letters_stays(text: str) -> None:
    assert arabized(text, WORDS) == text


@given(st.text(st.one_of(st.sampled_from("kam 3adad7'ela-?"), st.characters()), max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    arabized(text, WORDS)

"""Arabic in Latin letters is read by the words of the documents; other languages stay as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.vocabulary import WordCounts
from retrieval.question.latin import Named, arabized, names_in

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
        ("emta byabloogh 3adad el sokan?", "امتى بيبلغ عدد السكان؟"),  # the documents hold it without «ب»
        ("wa9tach iftata7 lmat7af?", "وقتاش افتتح المتحف؟"),
        ("w emta iftata7?", "وامتى افتتح؟"),
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


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("where is Tunis?", Named("أين تونس؟", is_whole=True)),
        ("Où se trouve le Caire ?", Named("أين القاهرة؟", is_whole=True)),
        ("how many people live in tunisia", Named("كم تونس؟", is_whole=False)),
        ("When did Al-Qahira open the bridge?", Named("متى القاهرة؟", is_whole=False)),
        ("united states", Named("الولايات المتحدة؟", is_whole=True)),
    ],
)
def test_the_names_in_a_question_in_another_language_are_read(text: str, named: Named) -> None:
    assert names_in(text, WORDS) == named


@pytest.mark.parametrize("text", ["hello my friend", "who built the old bridge", "أين تونس؟", "", "???", "1911"])
def test_where_no_name_is_known_nothing_is_read(text: str) -> None:
    assert names_in(text, WORDS) is None


@given(st.text(st.one_of(st.sampled_from("kam 3adad7'ela-?"), st.characters()), max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    arabized(text, WORDS)
    names_in(text, WORDS)

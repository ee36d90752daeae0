"""The words of a corpus in tables, a file's or a server's: counted, spelled, and those that a slip may have been of."""

from collections.abc import Callable

import pytest

from retrieval.index import words as module
from retrieval.index.words import SCHEMA, StoredWords
from retrieval.tables.statements import Tables


@pytest.fixture
def words(make_tables: Callable[[str], Tables]) -> StoredWords:
    return StoredWords(make_tables(SCHEMA))


def test_words_are_counted_and_spelled(words: StoredWords) -> None:
    words.replace({"جسر": 3, "مدينه": 2}, {"مدينه": "مدينة"}, {"الجسرالجديد": ("الجسر", "الجديد")})
    words.refresh()
    assert (words.counts["جسر"], words.spellings["مدينه"], words.spellings["جسر"]) == (3, "مدينة", "جسر")
    assert (len(words.counts), sorted(words.counts), "بحر" in words.counts) == (2, ["جسر", "مدينه"], False)
    assert words.glued == {"الجسرالجديد": ("الجسر", "الجديد")}
    assert words.among(["جسر", "بحر"]) == {"جسر"}


def test_what_is_added_counts_and_what_is_taken_away_goes(words: StoredWords) -> None:
    words.replace({"جسر": 3, "بحر": 1}, {}, {"اب": ("ا", "ب")})
    words.add({"جسر": 2, "نهر": 1, "بحر": -1}, {}, {"اب": ("اا", "ب"), "جد": ("ج", "د")})
    words.refresh()
    assert dict(words.counts) == {"جسر": 5, "نهر": 1}
    assert words.glued == {"اب": ("اا", "ب"), "جد": ("ج", "د")}


def test_mistyped_words_are_compared_with_the_common_ones(words: StoredWords, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COMPARED", 2)
    words.replace({"ب": 5, "ا": 5, "ت": 1, "جسر": 9}, {}, {})
    assert words.of_length(3) == ["جسر"]
    assert words.of_length(1) == []
    monkeypatch.setattr(module, "COMPARED", 3)
    words.replace({"ب": 5, "ا": 5, "ت": 1, "جسر": 9}, {}, {})
    assert words.of_length(1) == ["ا", "ب"], "in the order of their letters"


def test_near_words_are_kept_until_all_are_replaced(words: StoredWords) -> None:
    words.keep_near({"جسر": (("قنطرة", 0.5),)})
    words.keep_near({"جسر": (("معبر", 0.25),), "بحر": ()})
    assert words.near(["جسر", "بحر", "نهر"]) == {"جسر": (("معبر", 0.25),), "بحر": ()}
    words.replace({}, {}, {})
    assert words.near(["جسر"]) == {}

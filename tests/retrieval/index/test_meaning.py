"""Words near in meaning: the shipped vectors, and what of a corpus is looked for beside a question's words."""

import numpy as np

from retrieval.arabic.analysis import lemma, stem
from retrieval.arabic.vectors import row_of, vectors
from retrieval.index import GRAMS, LEMMAS
from retrieval.index.meaning import MOST, NEAR, Meaning
from retrieval.index.terms import query

CORPUS = {"الطبيب", "الدكتور", "المستشفي", "الحرب", "المعركه", "القتال", "البحر", "الخبز", "يسكن", "المسكن", "في"}


def near(word: str) -> dict[str, float]:
    return dict(Meaning(CORPUS.__contains__).near([word]).get(word, ()))


def test_a_word_finds_one_of_its_field_and_not_any_word() -> None:
    assert "الدكتور" in near("طبيب")
    assert "الخبز" not in near("طبيب")


def test_forms_of_the_word_itself_are_no_other_words() -> None:
    assert {stem("طبيب"), lemma("طبيب")}.isdisjoint(map(stem, near("طبيب")))


def test_a_word_without_a_vector_has_none_near() -> None:
    assert row_of("قصطنلبث") == 0
    assert near("قصطنلبث") == {}


def test_a_corpus_without_words_has_none_near() -> None:
    assert Meaning(lambda _: False).near(["طبيب"]) == {"طبيب": ()}


def test_they_are_few_and_near() -> None:
    found = near("حرب")
    assert len(found) <= MOST
    assert all(NEAR <= cosine <= 1.05 for cosine in found.values())


def test_a_word_that_may_stand_instead_counts_less_than_the_word_itself() -> None:
    ((own, other),) = query(["طبيب"], {"طبيب": [("الدكتور", 0.7)]}).choices
    assert 0 < other[LEMMAS][lemma("الدكتور")] < own[LEMMAS][lemma("طبيب")]
    assert own == {field: of for field, of in query(["طبيب"]).terms.items() if of}
    assert other.get(GRAMS) is None


def test_a_word_does_not_stand_instead_of_itself_or_of_another_that_is_asked() -> None:
    assert query(["طبيب", "حرب"], {"طبيب": [("الطبيب", 0.9), ("الحرب", 0.9)]}).choices == ()


def test_a_vector_has_length_one_and_nothing_has_none() -> None:
    found = vectors().of(np.array([row_of("طبيب"), 0]))
    assert abs(np.linalg.norm(found[0]) - 1) < 0.02
    assert not found[1].any()


def test_joined_particles_and_suffixes_do_not_hide_a_word() -> None:
    assert row_of("وبالمدرسه") in {row_of("بالمدرسه"), row_of("المدرسه"), row_of("مدرسه")} - {0}


def test_what_was_worked_out_before_is_looked_up_and_not_again() -> None:
    meaning = Meaning({"طبيب", "الدكتور"}.__contains__, lambda words: dict.fromkeys(words[:1], (("جراح", 0.9),)))
    worked_out = Meaning({"الدكتور"}.__contains__).near(["طبيب"])
    assert meaning.near(["حرب", "طبيب"]) == {"حرب": (("جراح", 0.9),), **worked_out}


def test_each_word_of_the_corpus_has_what_is_near_when_it_is_asked_for() -> None:
    held = {"طبيب", "الدكتور", "جراح", "حرب", "قتال", "معركه"}
    meaning = Meaning(held.__contains__)
    worked_out = {word: near for part in meaning.each() for word, near in part.items()}
    assert worked_out.keys() == {word for word in held if word in vectors().words}
    assert len(meaning) == len(worked_out)
    for word, near in worked_out.items():
        assert [other for other, _ in near] == [other for other, _ in Meaning(held.__contains__).near([word])[word]]

"""Analysis: the terms that passages and questions share."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import analyze
from retrieval.arabic import fold_text
from retrieval.arabic.analysis import grams, is_content


@pytest.mark.parametrize(
    "variants",
    [
        "كتاب الكتاب والكتاب بالكتاب للكتاب وبالكتاب كالكتاب فالكتاب",
        "مدرسة المدرسة والمدرسة بالمدرسة للمدرسة المدرسه",
        "وزارة الوزارة والوزارة بالوزارة للوزارة",
        "بحر البحر كالبحر والبحر وللبحر",
        "معلم المعلم المعلمون معلمين للمعلمين",
        "السورية والسورية",
        "سوريا سورية",
    ],
)
def test_article_and_joined_particles_do_not_change_a_term(variants: str) -> None:
    assert len({tuple(analyze(word)) for word in variants.split()}) == 1


@pytest.mark.parametrize("words", ["ولد والد", "قلم قلب", "مصر مصرف", "جامعة جماعة", "وصل فصل", "باب بال", "حرب حزب"])
def test_other_words_keep_terms_of_their_own(words: str) -> None:
    assert len({tuple(analyze(word)) for word in words.split()}) == 2


@pytest.mark.parametrize("word", ["بال", "الم", "ولد", "ورق", "بلد", "فجر", "كلب"])
def test_a_short_word_is_not_taken_for_an_article(word: str) -> None:
    assert analyze(word) == [fold_text(word)]


@pytest.mark.parametrize(
    "word", ["في", "من", "على", "إلى", "عن", "التي", "الذي", "هذا", "هٰذا", "كان", "أنّ", "هي", "اللي", "عشان", "ده"]
)
def test_stop_words_are_no_terms(word: str) -> None:
    assert not is_content(fold_text(word))
    assert analyze(word) == []


@pytest.mark.parametrize("word", ["سوق", "عاصمة", "درعا", "سنة", "قال"])
def test_words_with_a_subject_are_no_stop_words(word: str) -> None:
    assert analyze(word)


@pytest.mark.parametrize("text", ["", "؟", "من هي؟", "هي", "في على"])
def test_a_text_without_subject_has_no_terms(text: str) -> None:
    assert analyze(text) == []


def test_terms_stand_in_the_order_of_the_words_and_repeat() -> None:
    assert analyze("قلم ثم كتاب ثم قلم") == ["قلم", "كتاب", "قلم"]


def test_spellings_of_a_sentence_give_the_same_terms() -> None:
    assert analyze("أعلنتْ وزارةُ الخارجيّة سنة ٢٠١٧") == analyze("اعلنت وزاره الخارجيـه سنة 2017")


@settings(deadline=None, derandomize=True, database=None, max_examples=300)
@given(st.text(st.one_of(st.sampled_from("والبفكلمستين ةىءأ١2ﷲ½²"), st.characters()), max_size=40))
def test_terms_are_folded_and_never_empty(text: str) -> None:
    assert all(term and fold_text(term) == term for term in analyze(text))


def test_a_short_word_is_its_own_gram() -> None:
    assert grams("بيت") == "بيت"
    assert grams("بيوت") == "بيوت"


def test_grams_are_every_four_letters_of_a_longer_word() -> None:
    assert grams("مدارس") == "مدار دارس"
    assert grams("المدارس") == "المد لمدا مدار دارس"

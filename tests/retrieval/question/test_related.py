"""Words that may stand for a question's own: of the same family, and synonyms; and what looks like them and is none."""

import pytest

from retrieval.arabic.folding import fold_text
from retrieval.question.related import DERIVED, MOST, MUTUAL, ONE_WAY, related


def near(word: str) -> dict[str, float]:
    return dict(related(fold_text(word)))


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("افتتح", "افتتاح"),
        ("افتتاح", "يفتتح"),
        ("غرق", "غريق"),
        ("غرقى", "غريق"),
        ("مهاجرون", "هجرة"),
        ("طويل", "طول"),
        ("تأجل", "تأجيل"),
        ("انكسر", "كسر"),
    ],
)
def test_a_family_holds_the_verb_its_noun_and_who_does_it(word: str, other: str) -> None:
    assert near(word)[fold_text(other)] == DERIVED


@pytest.mark.parametrize("word", ["تأجلت", "يتأجل", "والتأجيل"])
def test_a_form_of_a_word_has_its_family(word: str) -> None:
    assert {fold_text("تأجيل"), fold_text("أجل")} & near(word).keys()


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("أضيء", "إضاءة"),
        ("يقام", "يقيم"),
        ("اختير", "اختيار"),
        ("استؤنفت", "استئناف"),
        ("هبت", "هبوب"),
        ("تفشت", "متفش"),
        ("تضاءل", "تضاؤل"),
        ("اقتنى", "اقتناء"),
        ("رثى", "مرثية"),
        ("استشهد", "شهداء"),
        ("استأجرت", "استئجار"),
        ("توعك", "وعكة"),
    ],
)
def test_passives_weak_verbs_and_rarer_ones_have_their_families(word: str, other: str) -> None:
    assert fold_text(other) in near(word)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("الوزير", "زيارة"),
        ("الوزارة", "زائر"),
        ("ساعة", "سعى"),
        ("الموصل", "أصل"),
        ("البصرة", "رؤية"),
        ("الدوري", "مجلة"),
        ("نقاط", "قطن"),
        ("يمين", "أمين"),
        ("تحديث", "حديث"),
        ("حياة", "حاكى"),
        ("اشترك", "ابتاع"),
        ("اشتركوا", "ابتاع"),
        ("راتب", "ارتباك"),
        ("شهر", "شهرة"),
        ("بلاد", "ولادة"),
        ("مرات", "امرأة"),
    ],
)
def test_a_word_whose_stem_is_that_of_another_does_not_lead_to_it(word: str, other: str) -> None:
    assert fold_text(other) not in near(word)


@pytest.mark.parametrize(
    ("word", "other"),
    [("مشافي", "مستشفى"), ("المعارك", "قتال"), ("حواجز", "سد"), ("لبناء", "تشييد"), ("بمشفى", "مستشفى")],
)
def test_a_broken_plural_and_a_word_with_a_particle_have_what_the_bare_word_has(word: str, other: str) -> None:
    assert fold_text(other) in near(word)


@pytest.mark.parametrize(
    ("word", "other"), [("الكويتيون", "الكويت"), ("اليابان", "ياباني"), ("النمساويين", "النمسا"), ("واشنطن", "أمريكا")]
)
def test_a_people_leads_to_its_place_and_a_capital_to_its_country(word: str, other: str) -> None:
    assert fold_text(other) in near(word)


def test_a_synonym_counts_more_where_two_rows_say_so() -> None:
    assert near("مرفأ")[fold_text("ميناء")] == MUTUAL
    assert near("يوصد")[fold_text("أغلق")] == ONE_WAY


def test_a_synonym_brings_its_family_which_counts_less() -> None:
    assert 0 < near("يوصد")[fold_text("إغلاق")] < ONE_WAY


@pytest.mark.parametrize(("word", "other"), [("طويل", "قصير"), ("افتتح", "أغلق"), ("كتب", "كتيبة"), ("عامل", "عميل")])
def test_opposites_and_words_of_like_letters_are_not_near(word: str, other: str) -> None:
    assert fold_text(other) not in near(word)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("مصر", "إصرار"),
        ("أسهل", "إسهال"),
        ("شهر", "تشهير"),
        ("شخص", "تشخيص"),
        ("سابق", "مسابقة"),
        ("مسلم", "تسليم"),
        ("النيل", "نال"),
        ("والد", "ولادة"),
        ("جدة", "جديد"),
        ("دولة", "قطر"),
        ("أول", "بداية"),
        ("رجل", "قدم"),
        ("عام", "شامل"),
        ("كتاب", "تاب"),
        ("لسان", "سن"),
        ("ترك", "تركيا"),
    ],
)
def test_what_reads_as_another_word_without_vowels_leads_nowhere(word: str, other: str) -> None:
    assert fold_text(other) not in near(word)


def test_a_word_is_not_near_to_itself_and_has_few_near() -> None:
    for word in ("افتتح", "مات", "بداية", "رئيس"):
        assert fold_text(word) not in near(word)
        assert len(near(word)) <= MOST
        assert all(0 < weight < 1 for weight in near(word).values())


def test_a_word_that_no_table_knows_has_none() -> None:
    assert near("قصطنلبث") == {}

"""The words of a corpus: what it knows, what it mends and splits, and above all what it leaves alone."""

import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from retrieval.arabic import fold_text
from retrieval.index.slips import slip_cost
from retrieval.index.vocabulary import Vocabulary, WordCounts

TEXT = """
افتتحت بلدية الميناء معرض السفن الشراعية يوم الثلاثاء، وحضره البحارة والصيادون وممثلو الوزارة.
يضم المعرض ثلاثين سفينة، ومنها سفينة المرجان التي بناها النجار منصور الظاهري قبل خمسين عاما.
قالت وزارة السياحة إن المعرض يستمر حتى نهاية الصيف، ومنعت التصوير داخل السفن.
يقع الميناء القديم شمال المدينة، وتزوره مراكب كثيرة. كتب المؤرخ عن الميناء كتابا مصورا.
سافر البحارة إلى الجزيرة في سفينة المرجان، ووصلت السفينة إلى المدينة مساء.
"""


def vocabulary(text: str) -> Vocabulary:
    counts = WordCounts()
    counts.add(text)
    return counts.vocabulary()


HARBOUR = vocabulary(TEXT)


@pytest.mark.parametrize("word", ["الميناء", "ميناء", "والميناء", "بالميناء", "للمعرض", "معرض", "فالبحارة", "وزارة"])
def test_a_word_is_known_with_clitics_or_without(word: str) -> None:
    assert HARBOUR.knows(fold_text(word))


@pytest.mark.parametrize("word", ["الطائرات", "مينا", "سفر", "ضباب", ""])
def test_a_word_that_the_corpus_does_not_hold_is_unknown(word: str) -> None:
    assert not HARBOUR.knows(fold_text(word))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("الضاهري", "الظاهري"),
        ("الثلاساء", "الثلاثاء"),
        ("المعررض", "المعرض"),
        ("المعضر", "المعرض"),
        ("المرجام", "المرجان"),
        ("السياخة", "السياحة"),
        ("الصيادوون", "الصيادون"),
        ("الشارعية", "الشراعية"),
        ("المؤرح", "المؤرخ"),
        ("الشراعيييه", "الشراعية"),
        ("بالمعررض", "بالمعرض"),
        ("وبالمرجام", "وبالمرجان"),
    ],
)
def test_a_slip_is_mended(written: str, meant: str) -> None:
    assert HARBOUR.mend(fold_text(written)) == fold_text(meant)


@pytest.mark.parametrize(
    "word",
    [
        "المعرض",  # known
        "معارض",  # its stem is known, or no word is near
        "المعرضين",
        "وللسفن",
        "بحر",  # too short
        "سفن",
        "1975",
        "5٠",
        "كاتب",  # another word, one letter from «كتابا»'s kin
        "دمشق",  # nothing near
        "المطار",
        "الحرارة",  # two letters from «البحارة», another word
        "شعراء",
        "منصف",  # a name one letter from «منصور», another name
        "",
    ],
)
def test_a_word_that_may_be_meant_as_written_is_left(word: str) -> None:
    assert HARBOUR.mend(fold_text(word)) is None


@pytest.mark.parametrize(
    ("word", "held"),
    [
        ("الغرقان", "البرقان"),  # a word by its ending
        ("المنسية", "الجنسية"),
        ("يشتغل", "يستغل"),
        ("ومخالفة", "ومختلفة"),
        ("المستويات", "المستوى"),
        ("السيسى", "السياسي"),
        ("إعفاؤها", "أعضاؤها"),  # «إعفاء» before a pronoun
        ("هيرجع", "ويرجع"),  # dialects: what is to come, what is denied
        ("مايشتغلش", "مايفتعلش"),
        ("هالسنة", "والسنة"),
        ("كتيييير", "كثيرا"),  # drawn out, and a word without that
        ("there", "Three"),  # slips are known of Arabic letters only
    ],
)
def test_a_word_of_the_language_is_left_though_the_corpus_holds_one_near_it(word: str, held: str) -> None:
    assert Vocabulary({fold_text(held): 40}).mend(fold_text(word)) is None


@pytest.mark.parametrize("word", ["هههه", "ههههههههه", "خخخخ", "هاهاها", "لللل"])
def test_laughter_is_no_word_that_was_mistyped(word: str) -> None:
    assert Vocabulary({"هيه": 5, "صنعك": 5, "ههنا": 5, "لللغه": 5, "خخيخ": 9}).mend(word) is None


@pytest.mark.parametrize(
    ("word", "held"),
    [
        ("السياسييين", "السياسيين"),
        ("المقترحت", "المقترحات"),
        ("والمتطلعيين", "والمتطلعين"),  # by its ending a word, and an easy slip of the one that is held
        ("مقضوع", "موضوع"),
        ("رئييس", "رئيس"),  # «ئ» folds to «ي»: what looks drawn out is one letter too many
        ("كووورونا", "كورونا"),
    ],
)
def test_a_slip_of_a_word_that_the_corpus_often_holds_is_mended(word: str, held: str) -> None:
    assert Vocabulary({fold_text(held): 40}).mend(fold_text(word)) == fold_text(held)


def test_a_word_of_five_letters_is_mended_by_any_slip_only_to_one_that_is_often_held() -> None:
    assert Vocabulary({"موضوع": 60}).mend("مقضوع") == "موضوع"
    assert Vocabulary({"موضوع": 1}).mend("مقضوع") is None


@pytest.mark.parametrize("word", ["عبدالملك", "جماليات", "شنودة", "وينام"])
def test_a_word_of_the_language_is_not_split(word: str) -> None:
    parts = dict.fromkeys(map(fold_text, ["عبد", "الملك", "جم", "اليات", "شنو", "ده", "وين", "ام", "ينام"]), 50)
    del parts["ينام"]
    assert Vocabulary(parts).split(fold_text(word), word) is None


def test_between_two_words_as_near_nothing_is_guessed() -> None:
    words = {"التمثيل": 4, "التمثال": 4}
    assert Vocabulary(words).mend("التمثول") is None


def test_the_much_commoner_of_two_words_as_near_is_meant() -> None:
    assert Vocabulary({"المنارات": 90, "المجارات": 1}).mend("المظارات") == "المنارات"


def test_letters_that_sound_alike_decide_between_words_as_common() -> None:
    assert Vocabulary({"المضرب": 3, "المهرب": 3}).mend("المظرب") == "المضرب"


@pytest.mark.parametrize(("word", "held"), [("المتوضئ", "المتوفى"), ("إهليلجية", "إحليلية"), ("دهمت", "دعمت")])
def test_a_rare_word_of_the_language_is_no_slip(word: str, held: str) -> None:
    assert Vocabulary({fold_text(held): 40}).mend(fold_text(word)) is None


def test_a_short_word_is_mended_only_by_a_likely_slip() -> None:
    assert Vocabulary({"تونس": 50}).mend("تونص") == "تونس"
    assert Vocabulary({"تونس": 50}).mend("تومسك") is None
    assert Vocabulary({"يونس": 50}).mend("تونس") is None


def test_the_index_may_say_which_stems_it_holds() -> None:
    assert Vocabulary({"المرجان": 2}, held_stems=lambda stems: stems).mend("المرجام") is None
    assert Vocabulary({"المرجان": 2}, held_stems=lambda _: ()).mend("المرجام") == "المرجان"


@pytest.mark.parametrize(
    ("glued", "parts"),
    [
        ("الثلاثاءومنعت", ("الثلاثاء", "ومنعت")),
        ("وزارةالسياحة", ("وزارة", "السياحة")),
        ("سفينةالمرجان", ("سفينة", "المرجان")),
        ("المعرضالقديم", ("المعرض", "القديم")),
        ("فيالميناء", ("في", "الميناء")),
        ("المعرضمتى", None),
        ("متىوأين", None),
        ("متىيستمر", ("متى", "يستمر")),
        ("كيفيستمر", ("كيف", "يستمر")),
        ("البحارةوالصيادون", ("البحارة", "والصيادون")),
    ],
)
def test_a_glued_word_is_split_into_two_known_ones(glued: str, parts: tuple[str, str] | None) -> None:
    expected = tuple(map(fold_text, parts)) if parts else None
    assert HARBOUR.split(fold_text(glued)) == expected


@pytest.mark.parametrize(
    "word",
    ["المعرض", "مناخية", "السفنية", "وبالتالي", "المدينتين", "كتابهم", "ليبيا", "فيضان", "علياء", "12الميناء", ""],
)
def test_a_word_that_is_one_is_not_split(word: str) -> None:
    assert HARBOUR.split(fold_text(word)) is None


def test_what_surely_parts_is_cut_there_or_not_at_all() -> None:
    assert HARBOUR.split("وزارهمنصور", "وزارةمنصور") == ("وزاره", "منصور")
    assert HARBOUR.split("السفنهالميناء", "السفنةالميناء") is None


COMMON = "وزارة الزراعة يوم الثلاثاء ومنعت بلدية المدينة معرض الكتاب " * 12


@pytest.mark.parametrize(
    ("glued", "parts"),
    [
        ("الثلاثاءومنعت", ("الثلاثاء", "ومنعت")),
        ("وزارةالزراعة", ("وزارة", "الزراعة")),
        ("بلديةالمدينة", ("بلدية", "المدينة")),
        ("معرضالكتاب", ("معرض", "الكتاب")),
    ],
)
def test_a_glued_word_of_the_corpus_is_found_by_its_parts(glued: str, parts: tuple[str, str]) -> None:
    assert vocabulary(f"{COMMON} {glued}").glued() == {fold_text(glued): tuple(map(fold_text, parts))}


@pytest.mark.parametrize(
    "text",
    [
        "استخداماتهم",  # one word, though «استخدام» and «اتهم» are two
        "ومعلوماتهما",
        "نيوزيلندا",
        "والمتطوعون",
        "2024الثلاثاء",
        "الثلاثاءومنعت " * 3,  # not rare
    ],
)
def test_a_word_of_the_corpus_that_is_one_is_not_taken_for_two(text: str) -> None:
    corpus = COMMON + "استخدام استخدامات اتهم معلومات والمت طوعون نيوز يلندا " * 4
    assert vocabulary(f"{corpus} {text}").glued() == {}


def test_a_spelling_is_the_commonest_of_the_corpus() -> None:
    words = vocabulary("أحمد احمد أحمد، مكتبة مكتبه مكتبة")
    assert words.spelling(fold_text("احمد")) == "أحمد"
    assert words.spelling(fold_text("المكتبة")) == "المكتبة"
    assert words.spelling("لاشيء") == "لاشيء"


def test_what_an_edit_costs_depends_on_the_slip() -> None:
    assert slip_cost("كتاب", "كتاب") == 0
    likely = [slip_cost("مضرب", "مظرب"), slip_cost("مدرسسه", "مدرسه"), slip_cost("مدسره", "مدرسه")]
    unlikely = [slip_cost("مضرب", "مشرب"), slip_cost("قضرب", "مضرب")]
    assert all(a < b for a, b in product(likely, unlikely))


@settings(deadline=None, derandomize=True, database=None, max_examples=200)
@given(st.text("ابتسمفينهالو", min_size=0, max_size=14))
def test_a_mend_is_a_word_of_the_corpus_one_or_two_slips_away(word: str) -> None:
    mended = HARBOUR.mend(word)
    assert mended is None or (HARBOUR.knows(mended) and 1 <= OSA.distance(word, mended) <= 2)
    parts = HARBOUR.split(word)
    assert parts is None or "".join(parts) == word


def test_nothing_can_be_asked_of_an_empty_vocabulary() -> None:
    empty = vocabulary("")
    assert (empty.mend("المعرض"), empty.split("المعرضالقديم"), empty.glued()) == (None, None, {})


def test_a_large_vocabulary_is_built_and_asked_quickly() -> None:
    letters = "ابتجدرسعفقكلمنهوي"
    words = {"".join(w): 1 for w in product(letters, letters, letters, "سعفقكلم", "امن")}
    words |= {"ال" + word: 1 for word in words}
    assert len(words) > 200_000
    large = Vocabulary(words, held_stems=lambda _: ())
    large.mend("الظظظظظ")  # the first to ask builds what it needs
    start = time.process_time()
    for word in ["الظظظظغ", "الغغغغغ", "الضضضضضض", "ثثثثثثثثث"]:
        large.mend(word)
    assert (time.process_time() - start) / 4 < 0.1  # some 5 ms

"""What the standard language says for words of dialects, and what is left as it is."""

import pytest

from retrieval.arabic.folding import fold_text
from retrieval.question.dialects import speaks_dialect, standard
from retrieval.question.parsed import parse


def said(word: str, *, in_dialect: bool = True) -> tuple[str, ...]:
    return standard(fold_text(word), in_dialect=in_dialect)


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("شاف", "رأى"),
        ("شفت", "رأى"),
        ("بيشوفوها", "رأى"),
        ("هيقفل", "أغلق"),
        ("بيسكروا", "أغلق"),
        ("مابيقفلش", "أغلق"),
        ("حيروح", "ذهب"),
        ("كيخدمو", "عمل"),
        ("غايشري", "اشترى"),
        ("اتجوزت", "تزوج"),
        ("اتولد", "ولد"),
        ("صيفطو", "أرسل"),
        ("جابوه", "أحضر"),
        ("ولعت", "أشعل"),
        ("الفلوس", "مال"),
        ("بالطوبيس", "حافلة"),
        ("شبابيكها", "نافذة"),
        ("المستشفى", ""),
        ("ببلاش", "مجانا"),
        ("بزاف", "كثيرا"),
        ("برشا", "كثيرا"),
        ("كاينة", "موجود"),
        ("جاتلي", "جاء"),
        ("سميتو", "اسم"),
        ("بطلوا", "توقف"),
        ("يمسكوا", "تولى"),
        ("الكوبري", "جسر"),
        ("اتعوروا", "أصيب"),
        ("ماشفوش", "رأى"),
        ("مارحوش", "ذهب"),
        ("حكى", "تحدث"),
        ("فالخزانة", "مكتبة"),
        ("نخلص", "دفع"),
        ("المواسير", "أنبوب"),
        ("انحاشوا", "هرب"),
    ],
)
def test_a_word_of_a_dialect_is_known_in_its_forms(word: str, meaning: str) -> None:
    assert (fold_text(meaning) in said(word)) if meaning else said(word) == ()


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("بيستعملوا", "يستعمل"),
        ("كتنظم", "ينظم"),
        ("انمنعوا", "منع"),
        ("عالبحيرة", "البحيرة"),
        ("كيتكشف", "كشف"),
        ("ينزرع", "زرع"),
        ("كسرولي", "كسر"),
        ("ماتو", "مات"),
        ("خترع", "اخترع"),
        ("إمارتو", "إمارة"),
        ("صحرا", "صحراء"),
        ("هوا", "هواء"),
    ],
)
def test_a_standard_word_is_known_under_what_a_dialect_writes_onto_it(word: str, meaning: str) -> None:
    assert said(word) == (fold_text(meaning),)


@pytest.mark.parametrize("word", ["راح", "قفل", "دور", "عجلة", "فرح", "بيت", "بكرة"])
def test_what_is_another_word_too_means_this_only_in_a_dialect(word: str) -> None:
    assert said(word)
    assert said(word, in_dialect=False) == ()


@pytest.mark.parametrize(
    "word",
    [
        "بداية",
        "تشرين",
        "ولادة",
        "إنجاب",
        "تاريخ",
        "كتاب",
        "بنات",
        "لبنان",
        "يؤدي",
        "تسوية",
        "الوجه",
        "ساعة",
        "فيديو",
        "سوريا",
        "طوكيو",
        "يورو",
        "ينتقل",
        "يتحدث",
        "يتعلم",
        "خرج",
        "نزل",
        "صدر",
        "العليا",
        "باريس",
        "سألت",
        "تأجيلها",
        "لغته",
        "البالغين",
        "السبت",
        "تابعت",
        "فاوضت",
        "يتحول",
        "ودولة",
    ],
)
def test_words_of_the_standard_language_that_look_like_these_stay(word: str) -> None:
    assert said(word, in_dialect=False) == ()


@pytest.mark.parametrize(
    "question",
    ["المحل ده بيقفل إمتى؟", "ليش سكر المحل؟", "وش صار للمحل؟", "شكد سعر التذكرة؟", "شحال من واحد جا؟", "وين المحطة؟"],
)
def test_a_question_shows_that_it_is_of_a_dialect(question: str) -> None:
    assert speaks_dialect(map(fold_text, question.rstrip("؟").split()))


@pytest.mark.parametrize("question", ["متى تأجلت المباحثات؟", "كم بلغ عدد السكان في لبنان؟", "من كتب تاريخ المدينة؟"])
def test_a_question_of_the_standard_language_does_not(question: str) -> None:
    assert not speaks_dialect(map(fold_text, question.rstrip("؟").split()))


def test_a_question_knows_what_its_words_mean_and_leaves_empty_ones_aside() -> None:
    question = parse("المحل ده بيقفل إمتى بالظبط؟")
    assert [(term.written, term.means) for term in question.terms] == [
        ("المحل", ("متجر",)),
        ("بيقفل", (fold_text("أغلق"),)),
    ]


def test_how_many_who_came_asks_a_number() -> None:
    question = parse("شحال من واحد جا للمعرض؟")
    assert question.kind == "number"
    assert fold_text("جاء") in next(term.means for term in question.terms if term.written == "جا")


@pytest.mark.parametrize("word", ["هواية", "شب", "نيف", "سكينة", "نضارة", "عطرية", "باكر", "كبسة"])
def test_a_word_of_the_standard_language_is_no_dialect_by_itself(word: str) -> None:
    assert said(word, in_dialect=False) == ()


def test_a_name_shows_no_dialect() -> None:
    assert not speaks_dialect(fold_text("متى ولد علي بن أبي طالب").split())


@pytest.mark.parametrize(("word", "meanings"), [("واد", "ولد نهر"), ("بق", "فم بعوض"), ("تمن", "ثمن أرز")])
def test_what_two_dialects_say_otherwise_means_both(word: str, meanings: str) -> None:
    assert said(word) == tuple(fold_text(meanings).split())


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("المشوار نص ساعة؟", "نصف"),
        ("نص الساعة تكفي؟", "نصف"),
        ("الساعة ستة ونص", "نصف"),
        ("الساعة 6 ونص", "نصف"),
        ("يبرد تلت ساعة؟", "ثلث"),
        ("شو نعمل بعد ربع ساعة؟", "ربع"),
        ("متى صدر نص القانون؟", ""),
        ("متى وقعت المعاهدة ونص الاتفاق؟", ""),
    ],
)
def test_a_part_is_one_before_a_measure_or_after_a_number(question: str, meaning: str) -> None:
    parts = [term.means for term in parse(question).terms if term.written.removeprefix("و") in ("نص", "تلت", "ربع")]
    assert [next(iter(means), "") for means in parts] == [meaning]


@pytest.mark.parametrize(("word", "number"), [("تمنية", "8"), ("طنعش", "12"), ("خمسطاش", "15"), ("حداش", "11")])
def test_numbers_of_dialects_are_those_of_the_standard_language(word: str, number: str) -> None:
    assert said(word, in_dialect=False) == (number,)

"""Segmentation: passages and sentences that lose nothing, and end where a reader would end them."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Span
from retrieval.segmentation import (
    JOINED,
    LONG,
    LONGEST_HELD,
    LONGEST_SENTENCE,
    LONGEST_UNMARKED,
    SHORT,
    SHORTEST_PART,
    known,
    paragraph_number,
    paragraphs,
    passages,
    sentences,
)

ANY_TEXT = st.text(
    st.one_of(st.sampled_from("ابتد   \n\n.؟!؛…،«»“”()[]\"'3.-\u200f\u00a0\r"), st.characters()), max_size=120
)
PIECES = [
    "كلمة ",
    "نعم. ",
    "لا؟ ",
    "«قال: ",
    "» ",
    '"',
    "لم ",
    "1. ",
    "\n",
    "\n\n",
    "أ، ",
    "ب" * 300,
    "سطر طويل جدا " * 40,
]
LONG_TEXT = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
property_test = settings(deadline=None, derandomize=True, database=None, max_examples=200)


def whole(text: str) -> Span:
    return Span(0, len(text))


def split(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text, whole(text))]


def bare(text: str) -> str:
    return "".join(text.split())


@property_test
@given(st.one_of(ANY_TEXT, LONG_TEXT).filter(bool))
def test_sentences_joined_give_back_all_but_white_space(text: str) -> None:
    assert bare("".join(split(text))) == bare(text)


@property_test
@given(st.one_of(ANY_TEXT, LONG_TEXT).filter(bool))
def test_passages_joined_give_back_all_but_white_space(text: str) -> None:
    found = passages("a", text, whole(text))
    assert bare("".join(p.span.of(text) for p in found)) == bare(text)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


@property_test
@given(st.one_of(ANY_TEXT, LONG_TEXT).filter(bool))
def test_sentences_of_passages_are_trimmed_apart_and_bounded(text: str) -> None:
    found = [s for p in passages("a", text, whole(text)) for s in sentences(text, p.span)]
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(s.of(text) == s.of(text).strip() and s.end - s.start <= LONGEST_SENTENCE for s in found)


@property_test
@given(LONG_TEXT.filter(bool))
def test_no_passage_is_longer_than_the_bound(text: str) -> None:
    assert all(p.span.end - p.span.start <= LONG for p in passages("a", text, whole(text)))


@property_test
@given(ANY_TEXT, ANY_TEXT.filter(bare), ANY_TEXT)
def test_nothing_outside_the_stretch_is_segmented(before: str, middle: str, after: str) -> None:
    text, within = before + middle + after, Span(len(before), len(before + middle))
    assert all(within.holds(span) for span in sentences(text, within))
    assert all(within.holds(passage.span) for passage in passages("a", text, within))


@pytest.mark.parametrize(
    "sentence",
    [
        "قال د. سمير إنه سيعود.",
        "حضر أ.د. محمد علي الحفل.",
        "حضر د. سمير ود. سعاد معا.",
        "بلغت النسبة 3.5 في المئة.",
        "بني سنة 300 ق.م. في مصر القديمة.",
        "كتب ا. ب. العمري مقالا.",
        "انظر ص. 12 من الكتاب.",
        "زار الموقع www.example.com أمس.",
        "سأله فقال: «نعم. ثم ماذا؟ لا شيء.»",
        "كتب (انظر الملحق. وفيه الجدول) ثم خرج.",
        "قال: “نعم. ثم لا” وخرج.",
        "كلف 1.500.000 دينار.",
        "بدأت المباراة عند 10.30 مساء.",
        "انظر الصفحة www.example.com/a?b=1 وغيرها.",
        'قال: "نعم. ثم لا" وخرج.',
        'قال:"نعم. ثم لا"، وخرج.',
        'قرأ "كتاب "الحيل". وغيره" كله.',
        "قال: ”نعم. ثم لا“ وخرج.",
        'كان طول الشاشة 15" فقط.',
        "«سنعود غدا!» قال المدرب للصحافة.",
        "«هل نعود؟» تساءلت المعلمة.",
        'قال لهم :" متى ؟ غدا . ربما ".',
        "جمع الطحين والسكر إلخ. وعجنها.",
        "سكت… ثم قال.",
        "نحب القراءة والسفر... وغير ذلك.",
        "لكنه ... لم يصل قط.",
    ],
)
def test_a_full_stop_that_ends_no_sentence_splits_none(sentence: str) -> None:
    assert split(f"{sentence} ثم عاد.") == [sentence, "ثم عاد."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("هل جاء؟ نعم.", ["هل جاء؟", "نعم."]),
        ("حضر! وغاب.", ["حضر!", "وغاب."]),
        ("وصل الوفد؛ ثم عاد.", ["وصل الوفد؛", "ثم عاد."]),
        ("سكت الجميع… انتهى الحفل.", ["سكت الجميع…", "انتهى الحفل."]),
        ("سكت الجميع.. انتهى الحفل.", ["سكت الجميع..", "انتهى الحفل."]),
        ("ماذا؟! لا.", ["ماذا؟!", "لا."]),
        ("ولد سنة 1990م. ثم سافر.", ["ولد سنة 1990م.", "ثم سافر."]),
        ("ولد سنة 1990 م. ثم سافر.", ["ولد سنة 1990 م.", "ثم سافر."]),
        ("مات سنة ٤٥٠هـ. ودفن فيها.", ["مات سنة ٤٥٠هـ.", "ودفن فيها."]),
        ("مات سنة 450 هـ. ودفن فيها.", ["مات سنة 450 هـ.", "ودفن فيها."]),
        ("كان عمره 40. ثم سافر.", ["كان عمره 40.", "ثم سافر."]),
        ("بني السور.[1][2] ثم هدم.[3]", ["بني السور.[1][2]", "ثم هدم.[3]"]),
        ("بني السور.[1]ثم هدم.", ["بني السور.[1]", "ثم هدم."]),
        ("ولد عام 1950.ثم سافر.", ["ولد عام 1950.", "ثم سافر."]),
        ("ارتفعت 3%.ثم هبطت.", ["ارتفعت 3%.", "ثم هبطت."]),
        ("سكن المدينةَ.ثم رحل.", ["سكن المدينةَ.", "ثم رحل."]),
        ('قال: "نعم." ثم خرج.', ['قال: "نعم."', "ثم خرج."]),
        ('طوله 5" فقط. وعرضه 3" فقط.', ['طوله 5" فقط.', 'وعرضه 3" فقط.']),
        ("كتب (ولم يغلق. ثم خرج.", ["كتب (ولم يغلق.", "ثم خرج."]),
        ('كتب "ولم يغلق. ثم خرج.', ['كتب "ولم يغلق.', "ثم خرج."]),
        ("الشروط: 1. العمر. 2. الشهادة.", ["الشروط: 1. العمر.", "2. الشهادة."]),
        ("والشروط هي:\n1. العمر.\n2. الشهادة.", ["والشروط هي:\n1. العمر.", "2. الشهادة."]),
        ("الساعة 10:30. ثم خرج.", ["الساعة 10:30.", "ثم خرج."]),
        ("المجموع: 30. ثم خرج.", ["المجموع: 30.", "ثم خرج."]),
        ("وقالَ:\nنعم", ["وقالَ:\nنعم"]),
        ("بدأ العمل لم\nيتوقف بعدها\nثم انتهى", ["بدأ العمل لم\nيتوقف بعدها", "ثم انتهى"]),
        ("قال: «نعم.» ثم خرج.", ["قال: «نعم.»", "ثم خرج."]),
        ("قال: «نعم». ثم خرج.", ["قال: «نعم».", "ثم خرج."]),
        ("انتهى العمل.وبدأ غيره.", ["انتهى العمل.", "وبدأ غيره."]),
        ("هل وصل؟نعم وصل.", ["هل وصل؟", "نعم وصل."]),
        ("سطر أول\nسطر ثان", ["سطر أول", "سطر ثان"]),
        ("سطر أول\r\nسطر ثان", ["سطر أول", "سطر ثان"]),
        ("بلا علامة", ["بلا علامة"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences_end_at_the_marks_that_end_them(text: str, expected: list[str]) -> None:
    assert (split(text) if text else []) == expected


def test_a_quotation_mark_never_closed_holds_no_more_than_its_line() -> None:
    assert split("قال «نعم. لا.\nوخرج. وعاد.") == ["قال «نعم. لا.", "وخرج.", "وعاد."]


@pytest.mark.parametrize(
    "items",
    [
        ["1. الطحين", "2. الماء"],
        ["١- الطحين", "٢- الماء"],
        ["أ) الطحين", "ب) الماء"],
        ["(1) الطحين", "(2) الماء"],
        ["أ. الطحين", "ب. الماء"],
        ["- الطحين", "- الماء"],
        ["• الطحين.", "• الماء."],
        ["1.\nالطحين", "2.\nالماء"],
        ["-\n\nالطحين", "-\n\nالماء"],
    ],
)
def test_the_number_of_an_item_stays_with_it(items: list[str]) -> None:
    assert split("\n".join(items)) == items


@pytest.mark.parametrize("gap", ["    ", "\t", " … ", " ... ", " *** ", " ** "])
def test_each_line_of_a_poem_is_a_sentence_with_both_its_halves(gap: str) -> None:
    lines = [f"يا ليل طال بنا السهر{gap}والبدر غاب ولم يعد", f"ناديت أهلي في السفر{gap}والدرب موحش لم يجد"]
    assert split("\n".join(lines)) == lines


def test_the_sentences_of_a_quotation_that_is_too_long_stand_alone() -> None:
    inner = ["هذا كلام طويل جدا." for _ in range(LONGEST_HELD // 15)]
    assert split(f"قال: «{' '.join(inner)}» وخرج.")[:2] == [f"قال: «{inner[0]}", inner[1]]


@pytest.mark.parametrize("hold", ["لم", "لن", "قال", "نفى", "في", "وقال"])
def test_a_text_without_marks_is_never_cut_after_a_word_that_belongs_to_the_next(hold: str) -> None:
    parts = split(f"كتابه {hold} " * 400)
    assert len(parts) > 3
    assert not any(part.endswith(hold) for part in parts[:-1])


def test_a_long_sentence_is_not_cut_between_a_verb_of_saying_and_what_is_said() -> None:
    text = "كلمة " * 60 + "ختام، " + "كلمة " * 10 + "قال الوزير، " + "أن " + "كلمة " * 100
    assert split(text)[0].endswith("ختام،")


def test_a_text_without_marks_is_cut_before_a_clause_where_there_is_one() -> None:
    text = "كلمة " * 50 + "ويقول صاحبها " + "كلمة " * 200
    assert split(text)[1].startswith("ويقول")


def test_parts_of_a_text_without_marks_are_no_longer_than_a_reader_bears() -> None:
    assert all(len(part) <= LONGEST_UNMARKED for part in split("كلمة " * 1000)[:-1])


def test_a_long_sentence_is_cut_outside_its_quotation_where_it_can_be() -> None:
    text = "كلمة " * 60 + "ختام، «" + "كلمة " * 10 + "أخرى، " + "كلمة " * 10 + "» " + "كلمة " * 80
    assert split(text)[0].endswith("ختام،")


@pytest.mark.parametrize("text", ["كلمة " * 1000, "ب" * 5000, "كلمة، " * 900, "«" + "نعم " * 800])
def test_text_without_ends_is_cut_to_a_length_that_can_be_quoted(text: str) -> None:
    parts = split(text)
    assert all(len(part) <= LONGEST_SENTENCE for part in parts)
    assert all(len(part) >= SHORTEST_PART - 1 for part in parts[:-1])


def test_a_long_sentence_is_cut_after_a_comma_where_there_is_one() -> None:
    text = "كلمة " * 80 + "ختام، " + "كلمة " * 80
    assert split(text)[0].endswith("ختام،")


def test_a_long_sentence_is_never_cut_inside_a_word() -> None:
    assert {word for part in split("كلمة " * 1000) for word in part.split()} == {"كلمة"}


def test_a_long_paragraph_is_not_split_within_a_quotation_where_it_need_not_be() -> None:
    sentence = f"{'كلمة ' * 20}ختام. "
    text = sentence * 6 + f"وقالت: «{sentence * 5}نعم.» " + sentence * 8
    _, second, *_ = passages("a", text, whole(text))
    assert len(text) > LONG
    assert second.span.start > text.index("»")


def test_paragraphs_are_parted_by_blank_lines() -> None:
    text = "أول\nسطره الثاني\n \nثان\n\n\nثالث\n"
    assert [s.of(text) for s in paragraphs(text, whole(text))] == ["أول\nسطره الثاني", "ثان", "ثالث"]


def test_without_blank_lines_each_line_is_a_paragraph() -> None:
    text = "أول\nثان\nثالث"
    assert [s.of(text) for s in paragraphs(text, whole(text))] == ["أول", "ثان", "ثالث"]


@pytest.mark.parametrize("label", ["المادة (2):", "المادة 2 -", "مادة ٢ –", "المادة الثانية:", "المادة الحادية عشرة:"])
@pytest.mark.parametrize("parting", [" ", "\n", "\n\n"])
def test_an_article_of_a_law_begins_a_paragraph(label: str, parting: str) -> None:
    first, second = "المادة (1): تنشأ مكتبة وفقا لأحكام المادة (9) من النظام.", f"{label} تفتح كل يوم."
    assert [span.of(f"{first}{parting}{second}") for span in paragraphs(f"{first}{parting}{second}", Span(0, 500))] == [
        first,
        second,
    ]


def test_short_paragraphs_are_joined_and_long_ones_stand_alone() -> None:
    short, long = "قصيرة.", "طويلة " * (SHORT // 6 + 5)
    text = f"{short}\n\n{short}\n\n{long}\n\n{long}"
    spans = [p.span for p in passages("a", text, whole(text))]
    assert len(spans) == 2
    assert all(span.end - span.start <= JOINED for span in spans)


def test_every_character_has_the_number_of_its_paragraph() -> None:
    text = "أول\n\nثان\n\nثالث\n\n"
    numbers = [paragraph_number(text, whole(text), text.index(word)) for word in ("أول", "ثان", "ثالث")]
    assert numbers == [1, 2, 3]


def test_paragraphs_are_counted_below_the_heading() -> None:
    text = "عنوان\n\nأول\n\nثان"
    assert paragraph_number(text, Span(5, len(text)), text.index("أول")) == 1
    assert paragraph_number(text, Span(5, len(text)), text.index("ثان")) == 2


@pytest.mark.parametrize(
    "sentence",
    [
        "كتبت جيه. كيه. رولينغ الرواية الأولى في 1997.",
        "وصل جورج دبليو. بوش إلى بغداد.",
        "قالت بي. بي. سي إن الخبر صحيح.",
        "يرى تي. إس. إليوت أن الشعر هروب.",
        "لقاء مع جي.آر.آر. تولكين في لندن.",
        "ارتفعت الأسعار 3. 5 في المئة هذا العام.",
        "بلغ عددهم 1. 2 مليون نسمة.",
        "بلغ النمو 3.\n5% هذا العام.",
        "بلغ السعر 12.5مليون دينار.",
        "الراتب 1.500.000 دينار.",
    ],
)
def test_initials_and_numbers_end_no_sentence(sentence: str) -> None:
    text = f"{sentence} ثم انتهى الأمر."
    assert [span.of(text) for span in sentences(text, Span(0, len(text)))] == [sentence, "ثم انتهى الأمر."]


@pytest.mark.parametrize(
    "first",
    [
        "ونقلت ذلك بي بي سي.",
        "قالت سي إن إن.",
        "إنهم يثقون بي.",
        "هو رجل وجيه.",
        "يقع في الطابق رقم 5.",
        "بلغ الارتفاع 3.2.",
    ],
)
def test_what_only_looks_like_an_initial_or_a_part_of_a_number_ends_one(first: str) -> None:
    text = f"{first} وأضاف الوزير أن ذلك طبيعي."
    assert next(span.of(text) for span in sentences(text, Span(0, len(text)))) == first


def test_sentences_with_an_unknown_letter_are_left_out_of_what_is_known() -> None:
    text = "الأولى تامة. والثانية فيها ثل\ufffdث. والثالثة تامة. والرابعة أيضا.\n\nالنسبة \ufffd31."
    assert [span.of(text) for span in known(text, Span(0, len(text)))] == [
        "الأولى تامة.",
        "والثالثة تامة. والرابعة أيضا.",
    ]
    assert known("كلها تامة.", Span(0, 10)) == [Span(0, 10)]

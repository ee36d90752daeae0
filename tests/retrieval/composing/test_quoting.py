"""What is shown of a sentence reads on its own: no quotation cut open, what leans with what it leans on."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Document, Library, Span
from retrieval.arabic.enclosed import enclosed
from retrieval.composing.quoting import ADDED, readable, shown
from retrieval.ranking.features import Candidate
from retrieval.segmentation import LONGEST_HELD, LONGEST_SENTENCE, sentences

LONG = "وهذا كلام طويل عن أحوال السوق وأسعاره في ذلك الموسم البعيد من تلك السنة وما جرى فيه من بيع وشراء بين أهله"
PIECES = ["نص قصير. ", "وهو كذلك. ", "وأضاف: ", "كما ", "1. ", f"{LONG}. ", "؟", ": ", "\n"]
TEXT = st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map("".join)
QUOTING_TEXT = st.lists(st.sampled_from([*PIECES, "«قال. ", "نعم!» ", '"', "(", ") "]), min_size=1, max_size=40).map(
    "".join
)
property_test = settings(deadline=None, derandomize=True, database=None, max_examples=80)


def quotes(text: str) -> list[str]:
    """What is shown of each sentence of a passage that stands between two others."""
    text, passage = f"سطر قبله. وهو\n{text}\nوهو بعده.", Span(14, 14 + len(text))
    return [readable(text, sentence, passage).of(text) for sentence in sentences(text, passage)]


@pytest.mark.parametrize(
    "opening",
    [
        "وهو طبيب معروف.",
        "هي مدينة قديمة.",
        "كما عمل في الصحافة.",
        "لكنه لم يصل.",
        "ولكن السفر طال.",
        "هذا يعني أنه نجح.",
        "وأضاف أن العمل مستمر.",
        "وأكّد أنه باق.",
        "وقال: «لن أعود».",
        "وأضاف.",
        "وتابع أن الطريق طويل.",
        "وأوضحت أن العدد قليل.",
        "ونفى أن يكون قد سافر.",
        "«وهو طبيب معروف» كما قيل.",
        "ولها فرع في الشمال.",
        "ثم سافر إلى البحر.",
        "وكان يعمل في الميناء.",
    ],
)
def test_a_sentence_that_leans_brings_the_one_before(opening: str) -> None:
    before = "ولد سامر في حلب.[1]"
    assert quotes(f"{before} {opening}") == [before, f"{before} {opening}"]


@pytest.mark.parametrize(
    "opening",
    [
        "تقع المدينة على النهر.",
        "قال الوزير إن العمل مستمر.",
        "كتب الأديب قصته هناك.",
        "وأضاف الوزير أن العمل مستمر.",
        "وأوضح د. نبيل أن الري متوقف.",
        "وقال ابن خلدون في المقدمة ذلك.",
        "وكان الميناء مزدحما.",
        "هوت الأسعار في الشتاء.",
        "وزارة الصحة أعلنت ذلك.",
        "لم يصل القطار.",
    ],
)
def test_a_sentence_that_stands_by_itself_comes_alone(opening: str) -> None:
    assert quotes(f"ولد سامر في حلب. {opening}")[1] == opening


@pytest.mark.parametrize(
    "text",
    ["قال الوزير:\n«لن نعود قبل الربيع».", "متى يفتح المتحف؟\nمن التاسعة صباحا.", "المقادير:\n\n- كوب طحين"],
)
def test_what_leads_in_to_a_sentence_comes_along(text: str) -> None:
    assert quotes(text)[-1] == text


def test_a_heading_does_not_come_along() -> None:
    assert quotes("نشأته\nوهو من حلب.")[-1] == "وهو من حلب."


def test_a_sentence_before_that_is_too_long_stays_behind() -> None:
    assert quotes(f"{LONG}. وهو من حلب.")[-1] == "وهو من حلب."


def test_sentences_that_lean_on_each_other_come_along_as_far_as_they_may() -> None:
    assert quotes("ولد سامر. وهو طبيب. كما أنه شاعر.")[-1] == "ولد سامر. وهو طبيب. كما أنه شاعر."
    assert quotes(f"{LONG}. وهو طبيب. كما أنه شاعر.")[-1] == "وهو طبيب. كما أنه شاعر."


def test_a_sentence_within_a_long_quotation_is_shown_from_before_the_quotation() -> None:
    inner = [f"{LONG}." for _ in range(LONGEST_HELD // len(LONG) + 1)]
    text = f"قال الوزير: «{' '.join(inner)}» وخرج."
    assert all(quote.startswith("قال الوزير: «") for quote in quotes(text)[:-1])
    assert quotes(text)[-2].endswith("»")


def test_a_line_of_a_quotation_over_several_is_shown_from_before_the_quotation() -> None:
    quotation = "قالت أمي: «لا تسافر.\nفالبحر هائج.»"
    assert quotes(f"{quotation} وبكت.")[1] == quotation


def test_what_comes_along_is_not_cut_out_of_a_quotation() -> None:
    inner = " ".join([f"{LONG}."] * (LONGEST_HELD // len(LONG) + 1))
    assert quotes(f"قال: «{inner} نعم.» وهو من حلب.")[-1] == "وهو من حلب."


def test_what_another_quote_shows_does_not_come_along_again() -> None:
    text = "ولد سامر في حلب. وهو طبيب."
    first, second = (candidate(text, span) for span in sentences(text, Span(0, len(text))))
    whole = Span(0, len(text))
    assert (shown(second, []), shown(second, [first.span]), shown(first, [whole])) == (whole, second.span, None)


def test_two_quotes_of_one_long_quotation_both_begin_before_it() -> None:
    text = f"قال: «{' '.join([f'{LONG}.'] * 5)}»"
    _, second, third, *_ = (candidate(text, span) for span in sentences(text, Span(0, len(text))))
    assert shown(third, [Span(0, second.span.end)]) == Span(0, third.span.end)


def test_an_answer_quotes_what_leans_with_what_it_leans_on(tmp_path: Path) -> None:
    leaning = "ولد النحات سامر الحلبي في حلب. وهو صاحب تمثال الفارس في ساحة الميناء."
    (tmp_path / "a.txt").write_text(f"سامر الحلبي\n\nتضم المدينة تماثيل كثيرة. {leaning} ويزورها الناس.", "utf-8")
    quote, *_ = (
        Library.open(tmp_path, min_confidence=0.0, reader=False).ask("من صاحب تمثال الفارس في ساحة الميناء؟").quotes
    )
    assert quote.text == leaning
    assert all(quote.span.holds(highlight) for highlight in quote.highlights)


def candidate(text: str, span: Span) -> Candidate:
    return Candidate(Document("a", "عنوان", text), span, None, Span(0, len(text)))


@property_test
@given(QUOTING_TEXT.filter(str.strip))
def test_a_quote_ends_with_its_sentence_within_its_passage_and_is_bounded(text: str) -> None:
    passage = Span(0, len(text))
    for sentence in sentences(text, passage):
        span = readable(text, sentence, passage)
        assert passage.holds(span)
        assert span.holds(sentence)
        assert span.end == sentence.end
        assert span.end - span.start <= LONGEST_SENTENCE
        assert span.of(text) == span.of(text).strip()


@property_test
@given(TEXT.filter(str.strip))
def test_what_comes_along_outside_quotations_is_short(text: str) -> None:
    times, more, most = ADDED
    for sentence in sentences(text, Span(0, len(text))):
        added = sentence.start - readable(text, sentence, Span(0, len(text))).start
        assert added <= min(times * (sentence.end - sentence.start) + more, most)


@property_test
@given(QUOTING_TEXT.filter(str.strip))
def test_a_quote_begins_inside_nothing_but_what_is_longer_than_a_quote(text: str) -> None:
    passage = Span(0, len(text))
    held, found = enclosed(text, passage), sentences(text, passage)
    for sentence in found:
        start = readable(text, sentence, passage).start
        if around := [h.start for h in held if h.start < start < h.end]:
            opening = max(other.start for other in found if other.start <= min(around))
            assert sentence.end - opening > LONGEST_SENTENCE

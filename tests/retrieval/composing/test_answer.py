"""What of an answer is shown at once: the first quote, those that differ from it, and to a question for several
things further ones that are likely."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from retrieval import Answer, Document, Span
from retrieval.composing.answer import SUFFICIENT, compose
from retrieval.question.parsed import parse
from retrieval.ranking.features import Candidate
from retrieval.ranking.ranker import NOTHING, Ranked

QUESTION = "كم كلف ترميم الجسر؟"
SEVERAL = "اذكر أسباب تأخر ترميم الجسر"
LIKELY, UNLIKELY = SUFFICIENT + 0.1, SUFFICIENT - 0.1
COST = "كلف ترميم الجسر {} دينار."
TALK = [
    "طال ترميم الجسر القديم في المدينة عامين.",
    "أشرف على الجسر مهندسون من العاصمة.",
    "شكر أهل البلدة العمال على صبرهم.",
]


def candidate(name: str, text: str, published: date | None = None) -> Candidate:
    document = Document(name, f"خبر {name}", text, published=published)
    whole = Span(0, len(text))
    return Candidate(document, whole, None, whole)


def ranked(texts: Sequence[str], probabilities: Sequence[float], days: Sequence[date | None] = ()) -> Ranked:
    days = days or [None] * len(texts)
    candidates = [candidate(f"{at}.txt", text, day) for at, (text, day) in enumerate(zip(texts, days, strict=True))]
    scores = tuple(float(-at) for at in range(len(texts)))
    return Ranked(tuple(candidates), scores, probabilities[0], tuple(probabilities))


def composed(one: Ranked, k: int = 3, min_confidence: float = 0.0, question: str = QUESTION) -> Answer:
    return compose(
        parse(question),
        one,
        k=k,
        min_confidence=min_confidence,
        found=(),
        is_stored=lambda _: True,
    )


@pytest.mark.parametrize(
    ("probabilities", "shown"),
    [
        ((LIKELY, LIKELY, LIKELY), 3),
        ((LIKELY, LIKELY, UNLIKELY), 2),
        ((LIKELY, UNLIKELY, UNLIKELY), 1),
        ((UNLIKELY, UNLIKELY, UNLIKELY), 1),
        ((LIKELY, SUFFICIENT, UNLIKELY), 2),
    ],
)
def test_one_is_shown_and_to_a_question_for_several_things_each_that_is_likely(
    probabilities: Sequence[float], shown: int
) -> None:
    assert composed(ranked(TALK, probabilities)).shown == 1
    answer = composed(ranked(TALK, probabilities), question=SEVERAL)
    assert [quote.text for quote in answer.quotes] == TALK
    assert [quote.probability for quote in answer.quotes] == pytest.approx(list(probabilities))
    assert answer.shown == shown
    assert not answer.differ


def test_no_more_is_shown_than_is_quoted() -> None:
    assert composed(ranked(TALK, (LIKELY,) * 3), k=1).shown == 1


@pytest.mark.parametrize("one", [NOTHING, ranked(TALK, (0.1, 0.1, 0.1))])
def test_a_refusal_shows_nothing(one: Ranked) -> None:
    answer = composed(one, min_confidence=0.2)
    assert (answer.quotes, answer.shown) == ((), 0)


DAYS = (date(2019, 3, 1), date(2021, 3, 1), date(2020, 3, 1))


@pytest.mark.parametrize(("further", "shown"), [(UNLIKELY, 2), (LIKELY, 2)])
def test_those_that_differ_are_shown_however_unlikely_they_are(further: float, shown: int) -> None:
    texts = [COST.format("مليوني"), COST.format("ثلاثة ملايين"), TALK[1]]
    answer = composed(ranked(texts, (LIKELY, 0.01, further), (DAYS[0], DAYS[1], None)))
    assert answer.differ
    assert [quote.text for quote in answer.quotes] == [texts[1], texts[0], texts[2]]
    assert answer.shown == shown


def test_a_source_that_disagrees_is_quoted_though_others_score_more() -> None:
    texts = [
        COST.format("مليوني"),
        "ترميم الجسر كلف أهل البلدة وقتا طويلا.",
        "كلف ترميم الجسر مليوني دينار، وكلف ترميم السوق 7 دنانير.",
        f"وفي التقرير الأخير للمجلس {COST.format('ثلاثة ملايين')}",
    ]
    answer = composed(ranked(texts, (LIKELY,) * 4, (DAYS[0],) * 3 + (DAYS[1],)), k=2)
    assert answer.differ
    assert [quote.text for quote in answer.quotes] == [texts[3], texts[0]]


def test_a_quote_marks_the_words_that_the_reader_found() -> None:
    text = "سلم المهندس سامي الخوري مفاتيح البرج إلى العمدة نادر الحلبي."
    words = [Span(start, start + len(word)) for word in text.rstrip(".").split() for start in [text.index(word)]]
    for name in ("سامي الخوري", "نادر الحلبي"):
        said = tuple((span, 0.0 if span.of(text) in name.split() else -9.0) for span in words)
        one = replace(ranked([text], [LIKELY]), words=(said,))
        (quote,) = composed(one).quotes
        (mark,) = quote.highlights
        assert name in mark.of(text)


def test_of_a_question_that_compares_only_what_compares_is_quoted_and_as_sure_as_it_is() -> None:
    says = "الوادي أكبر من السهل."
    one = ranked([TALK[0], says, TALK[1]], (0.9, 0.7, 0.6))
    answer = composed(one, question="أيهما أكبر، الوادي أم السهل؟")
    assert [quote.text for quote in answer.quotes] == [says]
    assert (answer.confidence, answer.quotes[0].probability) == (0.7, 0.7)
    assert not composed(one, question="أيهما أكبر، الوادي أم الجبل؟").found
    assert composed(one, question="قارن بين الوادي والسهل").confidence == 0.0


@pytest.mark.parametrize(("second", "quoted"), [(LIKELY, " ".join(TALK[:2])), (UNLIKELY, TALK[0])])
def test_a_likely_sentence_after_the_first_joins_it_where_several_things_are_asked(second: float, quoted: str) -> None:
    text = " ".join(TALK[:2])
    passage = Span(0, len(text))
    spans = [Span(0, len(TALK[0])), Span(len(TALK[0]) + 1, len(text))]
    document = Document("a.txt", "خبر", text)
    candidates = tuple(Candidate(document, span, None, passage) for span in spans)
    one = Ranked(candidates, (0.0, -1.0), LIKELY, (LIKELY, second))
    assert composed(one, question="ما مراحل ترميم الجسر؟").quotes[0].text == quoted
    assert composed(one, question="كم كلف ترميم الجسر؟").quotes[0].text == TALK[0]


RAID = "قصفت الطائرات مدينة درعا يوم الثلاثاء."


@pytest.mark.parametrize(
    ("question", "unsaid"),
    [
        ("هل قصفت الطائرات دمشق؟", ("دمشق",)),
        ("قصفت الطائرات دمشق؟", ("دمشق",)),
        ("واش قصفت الطائرات دمشق؟", ("دمشق",)),
        ("هل قصفت الطائرات درعا يوم الأحد؟", ("الأحد",)),
        ("هل قصفت الطائرات درعا؟", ()),
        ("متى قصفت الطائرات دمشق؟", ()),
    ],
)
def test_what_is_quoted_to_a_question_for_yes_or_no_may_leave_a_word_of_it_unsaid(
    question: str, unsaid: tuple[str, ...]
) -> None:
    assert composed(ranked([RAID], (LIKELY,)), question=question).unsaid == unsaid


def test_a_country_says_nothing_of_its_capital() -> None:
    assert composed(ranked(["قصفت الطائرات سوريا."], (LIKELY,)), question="هل قصفت دمشق؟").unsaid == ("دمشق",)

"""What is measured of sentences: each figure moves as its name says."""

from datetime import date

import numpy as np
import pytest

from retrieval import Document, Hit, Passage, Span
from retrieval.finding.search import Found
from retrieval.question.parsed import parse
from retrieval.ranking.confidence import evidence
from retrieval.ranking.features import Candidates, candidates

BRIDGE = "بني الجسر القديم في المدينة. كلف ترميمه مليوني دينار. وافتتحه العمدة صباح الأحد."
MARKET = "يزدحم السوق قبل العيد. كلف ترميم السوق نصف مليون دينار."


def found(title: str, text: str, score: float = 5.0) -> Found:
    document = Document(title, title, text, published=date(2020, 1, 1))
    return Found(document, Hit(Passage(title, Span(0, len(text))), score))


def measured(question: str, *passages: Found) -> Candidates:
    parsed = parse(question)
    return candidates(parsed, [1.0] * len(parsed.terms), passages)


def column(gathered: Candidates, name: str) -> list[float]:
    return [float(value) for value in gathered.matrix[:, gathered.names.index(name)]]


def test_there_is_a_row_for_each_sentence_and_a_column_for_each_name() -> None:
    gathered = measured("كم كلف ترميم الجسر؟", found("الجسر", BRIDGE), found("السوق", MARKET, 3.0))
    assert gathered.matrix.shape == (5, len(gathered.names))
    assert len(set(gathered.names)) == len(gathered.names)
    assert np.isfinite(gathered.matrix).all()
    assert [c.before is None for c in gathered.sentences] == [True, False, False, True, False]


@pytest.mark.parametrize(
    ("name", "best"),
    [
        ("stems", 4),
        ("any, with the title", 1),
        ("stems, with the sentence before", 1),
        ("any, beside the best", 4),
        ("passage, beside the best", 0),
    ],
)
def test_what_is_covered_counts(name: str, best: int) -> None:
    gathered = measured("كم كلف ترميم الجسر القديم؟", found("الجسر القديم", BRIDGE), found("السوق", MARKET, 3.0))
    values = column(gathered, name)
    assert values[best] == max(values)
    assert min(values) < max(values)


def test_a_page_of_just_what_is_asked_for_has_all_its_title_asked() -> None:
    passages = [found("الجسر القديم", BRIDGE), found("أخبار السوق", MARKET), found("", "نص بلا عنوان.")]
    asked = column(measured("متى بني الجسر القديم؟", *passages), "title's words asked")
    assert asked == [1.0, 1.0, 1.0, 0.0, 0.0, 0.0]
    half = column(measured("متى يزدحم السوق؟", *passages), "title's words asked")
    assert half == [0.0, 0.0, 0.0, 0.5, 0.5, 0.0]


def test_evidence_is_of_the_best_sentence_and_of_those_after_it() -> None:
    gathered = measured("كم كلف ترميم الجسر القديم؟", found("الجسر القديم", BRIDGE), found("السوق", MARKET, 3.0))
    best = evidence(gathered, np.array([0.0, 3.0, 1.0, 2.0, -1.0]), [1.0] * 4)
    row = dict(zip(best.names, best.row[0], strict=True))
    assert row["score"] == 3
    assert row["lead"] == 1
    assert row["mean score of few"] == 2
    assert row["mean score of many"] == 1
    assert row["title's words asked, of many"] == 1
    assert row["any"] == gathered.matrix[1, gathered.names.index("any")]


def shown(question: str, title: str, text: str) -> dict[str, float]:
    """The evidence for a text's only sentence."""
    gathered = measured(question, found(title, text))
    row = evidence(gathered, np.array([1.0]), [1.0] * gathered.held.shape[1])
    return dict(zip(row.names, map(float, row.row[0]), strict=True))


def test_what_a_question_asks_of_the_titles_subject_is_measured_by_itself() -> None:
    name = "meaning, beyond the title"
    holds = shown("كم كلف ترميم الجسر القديم؟", "الجسر القديم", "كلف ترميم الجسر القديم مليوني دينار.")
    lacks = shown("كم كلف ترميم الجسر القديم؟", "الجسر القديم", "يعبر الجسر القديم كل صباح باعة الخبز.")
    assert [holds[name], holds["first word, meaning"]] == pytest.approx([1, 1], abs=0.02)  # of vectors of bytes
    assert max(lacks[name], lacks["first word, meaning"]) < 0.6
    assert shown("ما هو الجسر القديم؟", "الجسر القديم", "الجسر القديم معبر من حجر.")[name] == -1


@pytest.mark.parametrize(
    ("question", "text", "lacks"),
    [
        ("متى رمم الجسر؟", "رمم الجسر بعد الفيضان.", True),
        ("متى رمم الجسر؟", "رمم الجسر في نيسان بعد الفيضان.", False),
        ("كم كلف ترميم الجسر؟", "كلف ترميم الجسر كثيرا.", True),
        ("كم كلف ترميم الجسر؟", "بدأ ترميم الجسر عام 1926.", True),
        ("كم كلف ترميم الجسر؟", "كلف ترميم الجسر عام 1926 مليوني دينار.", False),
        ("بكم تباع صورة الجسر؟", "تباع صورة الجسر في السوق.", True),
        ("من رمم الجسر؟", "رمم الجسر أهل المدينة.", False),
        ("ترميم الجسر", "رمم الجسر أهل المدينة.", False),
    ],
)
def test_a_sentence_without_the_date_or_number_that_is_sought_lacks_it(question: str, text: str, lacks: bool) -> None:
    assert shown(question, "خبر", text)["lacks what is sought"] == lacks


def test_evidence_of_a_single_sentence() -> None:
    of_one = shown("كم كلف الجسر؟", "خبر", "كلف الجسر مليون دينار.")
    assert np.isfinite(list(of_one.values())).all()

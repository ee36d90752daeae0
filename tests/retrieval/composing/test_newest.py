"""The first sentence of a document, by which news are told: near its beginning, or none."""

from datetime import date

import pytest

from retrieval.composing.newest import LOOKED, news
from retrieval.model import Document, Part, Span

SHORT = "بيروت\n\n"
SENTENCE = "أعلنت البلدية افتتاح الجسر الجديد صباح السبت."


def first(text: str) -> str | None:
    document = Document("a", "الجسر", f"الجسر\n\n{text}", published=date(2024, 5, 1), heading=len("الجسر"))
    answer = news("آخر خبر عن الجسر", [document], 3, None, lambda _: True)
    return answer.quotes[0].text if answer else None


@pytest.mark.parametrize("lines", [0, 1, 40])
def test_it_stands_below_short_lines(lines: int) -> None:
    assert first(f"{SHORT * lines}{SENTENCE} وحضر الوزير الحفل.") == SENTENCE


def test_it_is_not_looked_for_far_below_the_beginning() -> None:
    assert first(SHORT * (LOOKED // len(SHORT) + 1) + SENTENCE) is None


def test_a_question_far_below_takes_nothing_from_it() -> None:
    body = f"{SENTENCE} " * (2 * LOOKED // len(SENTENCE))
    text = f"الجسر\n\n{body}\n\nما موعد الزيارة؟\n\nيوم الأحد من كل أسبوع."
    at = text.index("ما موعد")
    asked = Part("question", Span(at, at + len("ما موعد الزيارة؟")), under=Span(text.index("يوم الأحد"), len(text)))
    document = Document("a", "الجسر", text, published=date(2024, 5, 1), heading=len("الجسر"), parts=(asked,))
    answer = news("آخر خبر عن الجسر", [document], 3, None, lambda _: True)
    assert answer
    assert answer.quotes[0].text == SENTENCE


def test_it_is_never_cut_where_the_looking_ends() -> None:
    long = "وصل الوفد ومعه " + "ثم " * LOOKED + "عاد."
    told = first(long)
    assert told is None or long.startswith(told)
    assert told is None or len(told) < LOOKED

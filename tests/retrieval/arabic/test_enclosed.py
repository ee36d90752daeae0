"""Quotation marks and brackets are paired as a reader pairs them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Span
from retrieval.arabic.enclosed import enclosed

MARKED_TEXT = st.text(st.sampled_from('نص \n«»“”"()[].،:'), min_size=1, max_size=60)
property_test = settings(deadline=None, derandomize=True, database=None, max_examples=100)


def stretches(text: str) -> list[str]:
    return [span.of(text) for span in enclosed(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قال «نعم» وخرج", ["«نعم»"]),
        ('قال "نعم" وخرج "مسرعا".', ['"نعم"', '"مسرعا"']),
        ('قال:"نعم"، وخرج', ['"نعم"']),
        ('صحيفة ال"بلاد" أمس', ['"بلاد"']),
        ('قال " نعم " وخرج', ['" نعم "']),
        ('قال :" نعم ". وقال : " لا ".', ['" نعم "', '" لا "']),
        ('قال "... نعم" وخرج', ['"... نعم"']),
        ("قال “نعم” وخرج", ["“نعم”"]),
        ("قال ”نعم“ وخرج", ["”نعم“"]),
        ('قال "نعم” وخرج', ['"نعم”']),
        ('قال "كتاب "الحيل" كله" وخرج', ['"الحيل"', '"كتاب "الحيل" كله"']),
        ("قال «نعم (مرة) لا» وخرج", ["(مرة)", "«نعم (مرة) لا»"]),
        ("قال «نعم (مرة» وخرج", ["«نعم (مرة»"]),
        ("قال (نعم» وخرج)", ["(نعم» وخرج)"]),
        ("انظر [1] و(2)", ["[1]", "(2)"]),
        ("قال «نعم\nثم خرج", ["«نعم"]),
        ("قال “نعم\nثم خرج", ["“نعم"]),
        ('قال "نعم\nثم خرج"', []),
        ("قال «نعم\nثم لا» وخرج", ["«نعم\nثم لا»"]),
        ("«فقرة\n«أخرى\n«أخيرة» نص", ["«أخيرة»", "«فقرة", "«أخرى"]),
        ("أ) أول\nب) ثان", []),
        ('طوله 5" وعرضه 3" فقط', []),
        ("بلا علامات", []),
    ],
)
def test_what_is_enclosed(text: str, expected: list[str]) -> None:
    assert stretches(text) == expected


@property_test
@given(MARKED_TEXT)
def test_what_is_enclosed_begins_with_a_mark(text: str) -> None:
    found = enclosed(text, Span(0, len(text)))
    assert all(text[span.start] in '«“”"([' for span in found)
    assert all("\n" not in span.of(text) or span.of(text)[-1] == "»" for span in found)


@property_test
@given(MARKED_TEXT)
def test_what_is_enclosed_on_a_line_crosses_nothing(text: str) -> None:
    line = text.replace("\n", " ")
    found = enclosed(line, Span(0, len(line)))
    assert all(a.end <= b.start or b.end <= a.start or a.holds(b) or b.holds(a) for a in found for b in found)


@property_test
@given(MARKED_TEXT, MARKED_TEXT)
def test_what_stands_on_other_lines_changes_nothing_but_for_guillemets(text: str, other: str) -> None:
    first = other.replace("«", " ") + "\n"
    assert stretches(first + text)[len(stretches(first)) :] == stretches(text)

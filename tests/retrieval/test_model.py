"""The value types: spans, and quotes that cannot hold anything but a slice of their document."""

from dataclasses import FrozenInstanceError

import pytest

from retrieval import Answer, Document, Quote, Span
from retrieval.model import digest_of

TEXT = "عنوان\n\nافتتح الجسر سنة 1911."
DOCUMENT = Document("a.txt", "عنوان", TEXT)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 0)])
def test_a_span_is_never_empty_backward_or_below_zero(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not a span"):
        Span(start, end)


def test_a_span_names_a_stretch_with_its_end_excluded() -> None:
    assert Span(0, 5).of(TEXT) == "عنوان"


@pytest.mark.parametrize(
    ("inner", "held"),
    [
        (Span(2, 5), True),
        (Span(3, 4), True),
        (Span(1, 4), False),
        (Span(3, 6), False),
        (Span(5, 6), False),
    ],
)
def test_a_span_holds_what_lies_within_it(inner: Span, held: bool) -> None:
    assert Span(2, 5).holds(inner) is held


def test_a_quote_is_the_slice_that_its_span_names() -> None:
    assert Quote(DOCUMENT, Span(7, 18)).text == "افتتح الجسر" == TEXT[7:18]


def test_a_quote_may_end_where_its_document_ends() -> None:
    assert Quote(DOCUMENT, Span(7, len(TEXT))).text.endswith("1911.")


def test_a_quote_refuses_to_end_outside_its_document() -> None:
    with pytest.raises(ValueError, match="outside its document"):
        Quote(DOCUMENT, Span(7, len(TEXT) + 1))


@pytest.mark.parametrize("highlight", [Span(6, 9), Span(17, 19), Span(20, 24)])
def test_a_quote_refuses_a_highlight_outside_it(highlight: Span) -> None:
    with pytest.raises(ValueError, match="outside its quote"):
        Quote(DOCUMENT, Span(7, 18), (highlight,))


def test_a_quote_names_its_paragraph_for_the_reader() -> None:
    assert Quote(DOCUMENT, Span(7, 18), paragraph=4).place == "فقرة 4"


def test_an_answer_is_found_exactly_when_it_quotes() -> None:
    assert not Answer("س", "س", confidence=0.9).found
    assert Answer("س", "س", (Quote(DOCUMENT, Span(7, 18)),)).found


@pytest.mark.parametrize(("value", "name"), [(DOCUMENT, "text"), (Span(0, 1), "end"), (Answer("س", "س"), "quotes")])
def test_a_value_never_changes(value: object, name: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, None)


def test_a_document_knows_the_digest_of_its_text() -> None:
    assert DOCUMENT.digest == digest_of(TEXT)
    assert digest_of(TEXT) != digest_of(TEXT + " ")


def test_half_a_character_has_a_digest_too() -> None:
    assert digest_of("\ud800") != digest_of("\ud801")


@pytest.mark.parametrize(("start", "place"), [(0, "صفحة 1"), (9, "صفحة 1"), (10, "صفحة 2"), (24, "صفحة 3")])
def test_a_quote_of_a_document_with_pages_names_its_page(start: int, place: str) -> None:
    document = Document("a.pdf", "خبر", "كلمات " * 5, pages=(0, 10, 20))
    assert Quote(document, Span(start, start + 4), paragraph=2).place == place


def test_a_quote_of_a_document_without_pages_names_its_paragraph() -> None:
    assert Quote(Document("a.txt", "خبر", "كلمات " * 5), Span(0, 4), paragraph=2).place == "فقرة 2"

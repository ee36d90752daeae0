"""An answer as JSON: all its quotes, each with how sure it is and whether a face shows it at once."""

import json

import pytest

from bot.showing.answer_json import answer_json
from retrieval.model import Answer, Document, Quote, Span

DOCUMENT = Document("a.txt", "عنوان", "افتتح الجسر سنة 1911. وحضر العمدة. ثم أغلق.")
QUOTES = (
    Quote(DOCUMENT, Span(0, 21), probability=0.91),
    Quote(DOCUMENT, Span(22, 34), probability=0.6),
    Quote(DOCUMENT, Span(35, 43), probability=0.125),
)


@pytest.mark.parametrize("shown", [1, 2, 3])
def test_all_quotes_are_there_and_which_are_shown_at_once_is_said(shown: int) -> None:
    told = json.loads(json.dumps(answer_json(Answer("؟", "؟", QUOTES, shown=shown))))
    assert [quote["text"] for quote in told["quotes"]] == [quote.text for quote in QUOTES]
    assert [quote["probability"] for quote in told["quotes"]] == [0.91, 0.6, 0.125]
    assert [quote["shown"] for quote in told["quotes"]] == [place < shown for place in range(3)]


def test_a_refusal_has_no_quotes() -> None:
    assert answer_json(Answer("؟", "؟"))["quotes"] == []

"""An answer in the terminal: what is shown at once, and the rest where it is asked for."""

from datetime import date

import pytest
from click.testing import CliRunner

from bot.phrases import phrases
from bot.terminal.commands import ask
from bot.terminal.printing.answers import shown
from retrieval.model import Answer, Document, Quote, Span

DOCUMENT = Document("a.txt", "عنوان", "افتتح الجسر سنة 1911. وحضر العمدة. ثم أغلق.")
QUOTES = tuple(Quote(DOCUMENT, span) for span in (Span(0, 21), Span(22, 34), Span(35, 43)))
NO_MORE = phrases("ar").no_more


class Three:
    """A library with three quotes to every question but one, of which it would show the first at once."""

    def __init__(self) -> None:
        self.previous: list[str | None] = []

    def ask(self, question: str, *, k: int = 3, previous: str | None = None, now: date | None = None) -> Answer:
        self.previous.append(previous)
        return Answer(question, question, () if question == "لماذا؟" else QUOTES, differ=True)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_quotes_that_are_shown_at_once_are_printed(count: int) -> None:
    printed = shown(Answer("؟", "؟", QUOTES, shown=count))
    assert [quote.text for quote in QUOTES if quote.text in printed] == [quote.text for quote in QUOTES[:count]]


def conversed(lines: str, monkeypatch: pytest.MonkeyPatch, library: Three | None = None) -> str:
    monkeypatch.setattr(ask, "library_of", lambda *_: library or Three())
    result = CliRunner().invoke(ask.chat, input=lines, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_in_a_conversation_more_gives_the_quotes_that_were_left_once(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = conversed("متى؟\nالمزيد\nالمزيد\n", monkeypatch)
    assert [printed.count(quote.text) for quote in QUOTES] == [1, 1, 1]
    places = [printed.index(words) for words in (*(quote.text for quote in QUOTES), NO_MORE)]
    assert places == sorted(places)
    assert printed.count(phrases("ar").differ) == printed.count(NO_MORE) == 1


def test_after_more_a_question_leans_on_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Three()
    conversed("متى؟\nالمزيد\nوكيف؟\n", monkeypatch, library)
    assert library.previous == [None, "متى؟"]


def test_of_a_refusal_there_is_no_more_and_where_nothing_was_asked_it_is_a_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    library = Three()
    printed = conversed("المزيد\nلماذا؟\nالمزيد\n", monkeypatch, library)
    assert library.previous == [None, "المزيد"]
    assert printed.rstrip().endswith(NO_MORE)

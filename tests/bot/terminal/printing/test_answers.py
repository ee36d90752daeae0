"""An answer in the terminal: what is shown at once, and the rest where it is asked for."""

from datetime import date

import pytest
from click.testing import CliRunner

from bot.phrases import phrases
from bot.terminal.commands import ask
from bot.terminal.printing.answers import shown
from retrieval.model import Answer, Document, Period, Quote, Span

DOCUMENT = Document("a.txt", "عنوان", "افتتح الجسر سنة 1911. وحضر العمدة. ثم أغلق.")
QUOTES = tuple(Quote(DOCUMENT, span) for span in (Span(0, 21), Span(22, 34), Span(35, 43)))
NO_MORE, NOTHING_YET = phrases("ar").no_more, phrases("ar").talk["nothing_yet"]
ASKED, REFUSED = "متى افتتح الجسر؟", "لماذا أغلق الجسر؟"


class Three:
    """A library with three quotes to every question but one, of which it would show the first at once."""

    def __init__(self) -> None:
        self.previous: list[str | None] = []

    def ask(self, question: str, *, k: int = 3, previous: str | None = None, now: date | None = None) -> Answer:
        self.previous.append(previous)
        return Answer(question, question, () if question == REFUSED else QUOTES, differ=True)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_quotes_that_are_shown_at_once_are_printed(count: int) -> None:
    printed = shown(Answer("؟", "؟", QUOTES, shown=count))
    assert [quote.text for quote in QUOTES if quote.text in printed] == [quote.text for quote in QUOTES[:count]]


def test_days_of_which_nothing_was_published_are_named_and_no_words_of_theirs() -> None:
    day = date(2024, 8, 14)
    refused = Answer("ماذا حدث في 14 أغسطس 2024؟", "…", period=Period(day, day), found_words=("14",))
    printed = shown(refused)
    assert "14 أغسطس 2024" in printed
    assert phrases("ar").none_of_days.split("{")[0] in printed
    assert "في أقرب موضع" not in printed


def conversed(lines: str, monkeypatch: pytest.MonkeyPatch, library: Three | None = None) -> str:
    monkeypatch.setattr(ask, "library_of", lambda *_: library or Three())
    result = CliRunner().invoke(ask.chat, input=lines, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_in_a_conversation_more_gives_the_quotes_that_were_left_once(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = conversed(f"{ASKED}\nالمزيد\nالمزيد\n", monkeypatch)
    assert [printed.count(quote.text) for quote in QUOTES] == [1, 1, 1]
    places = [printed.index(words) for words in (*(quote.text for quote in QUOTES), NO_MORE)]
    assert places == sorted(places)
    assert printed.count(phrases("ar").differ) == printed.count(NO_MORE) == 1


def test_after_more_a_question_leans_on_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Three()
    conversed(f"{ASKED}\nالمزيد\nوكيف؟\n", monkeypatch, library)
    assert library.previous == [None, ASKED]


def test_where_nothing_was_answered_there_is_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Three()
    printed = conversed(f"المزيد\n{REFUSED}\nالمزيد\n", monkeypatch, library)
    assert library.previous == [None]
    assert printed.count(NOTHING_YET) == 2


def test_talk_asks_the_library_nothing_and_leaves_the_subject(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Three()
    printed = conversed(f"السلام عليكم\n{ASKED}\nشكرا\nوكيف؟\n", monkeypatch, library)
    assert library.previous == [None, ASKED]
    assert all(phrases("ar").talk[intent] in printed for intent in ("salam", "thanks"))


def test_words_about_the_last_answer_show_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = conversed(f"{ASKED}\nمن كتب هذا؟\nالسياق\nهل أنت متأكد؟\n", monkeypatch)
    assert phrases("ar").talk["no_author"] in printed
    assert phrases("ar").talk["as_it_stands"] in printed
    assert printed.count(DOCUMENT.text) == 2

"""Questions that ask for days of publication: those are preferred, and that is said."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bot.phrases import phrases
from bot.showing.answer_json import answer_json
from bot.showing.cards import cards
from retrieval import Answer, Document, Library, Quote, Span
from retrieval.arabic.periods import period_of
from retrieval.question.dating import ABOUT_AS_GOOD, newest_first, without_days
from retrieval.question.parsed import parse

TODAY = date(2017, 4, 20)
OLD = "أعلنت البلدية إغلاق الجسر الشمالي أمام الشاحنات الثقيلة."
NEW = "أعلنت البلدية إغلاق الجسر الشمالي أمام السيارات كلها."
UNDATED = "أعلنت البلدية إغلاق الجسر الشمالي أمام الدراجات."
ARABIC = phrases("ar")


def stored(folder: Path, name: str, sentence: str, published: date | None) -> None:
    (folder / f"{name}.txt").write_text(f"أخبار {name}\n\n{sentence} ورحب السكان بالقرار.\n", "utf-8")
    if published:
        (folder / f"{name}.txt.toml").write_text(f"published = {published}\n", "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    stored(tmp_path, "قديم", OLD, date(2015, 2, 1))
    stored(tmp_path, "جديد", NEW, date(2017, 4, 20))
    stored(tmp_path, "بلا", UNDATED, None)
    return tmp_path


def asked(folder: Path, question: str, today: date = TODAY) -> Answer:
    return Library.open(folder, min_confidence=0.2, reader=False).ask(question, now=today)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("ماذا أعلنت البلدية عن الجسر الشمالي اليوم؟", NEW),
        ("ماذا أعلنت البلدية عن الجسر الشمالي في 2015؟", OLD),
        ("ماذا أعلنت البلدية عن الجسر الشمالي بين يناير ومارس 2015؟", OLD),
        ("ماذا أعلنت البلدية عن الجسر الشمالي منذ 2016؟", NEW),
        ("ماذا أعلنت البلدية عن الجسر الشمالي قبل 2016؟", OLD),
        ("ماذا أعلنت البلدية عن الجسر الشمالي في رجب 1438؟", NEW),
    ],
)
def test_what_was_published_then_is_quoted_and_only_that(folder: Path, question: str, first: str) -> None:
    answer = asked(folder, question)
    assert answer.quotes[0].text == first
    assert answer.in_period
    assert answer.period
    assert all(answer.period.holds(quote.document.published) for quote in answer.quotes)


def test_where_that_day_holds_no_answer_another_is_quoted_and_it_is_said(folder: Path) -> None:
    answer = asked(folder, "ماذا أعلنت البلدية عن الجسر الشمالي أمس؟")
    assert answer.found
    assert answer.period
    assert not answer.in_period
    (card,) = cards(answer, ARABIC)
    assert card.plain.startswith("لم أجد جوابا في ما نُشر يوم ")
    assert "19 أبريل 2017" in card.plain


def test_a_refusal_says_nothing_of_days(folder: Path) -> None:
    answer = Library.open(folder, reader=False).ask("كم لاعبا في المنتخب أمس؟", now=TODAY)
    assert not answer.found
    assert answer.period is None


def test_a_corpus_without_days_is_asked_as_ever(tmp_path: Path) -> None:
    stored(tmp_path, "بلا", UNDATED, None)
    answer = asked(tmp_path, "ماذا أعلنت البلدية عن الجسر الشمالي أمس؟")
    assert answer.found
    assert answer.period is None


def test_a_year_of_which_nothing_is_published_changes_nothing(folder: Path) -> None:
    plain = asked(folder, "ماذا أعلنت البلدية عن الجسر الشمالي؟")
    dated = asked(folder, "ماذا أعلنت البلدية عن الجسر الشمالي في 2011؟")
    assert dated.period is None
    assert {q.text for q in dated.quotes} == {q.text for q in plain.quotes}


def test_the_newest_comes_first_where_it_is_asked_for(folder: Path) -> None:
    answer = asked(folder, "ما آخر إعلان للبلدية عن إغلاق الجسر الشمالي؟")
    days = [q.document.published for q in answer.quotes if q.document.published]
    assert answer.newest_first
    assert answer.quotes[0].text == NEW
    assert days == sorted(days, reverse=True)
    assert ARABIC.newest_first in cards(answer, ARABIC)[0].plain or answer.differ


def quoted(*quotes: tuple[date | None, float], shown: int = 1) -> Answer:
    """An answer with quotes of days and scores."""
    made = [
        Quote(Document(f"{at}.txt", "خبر", f"خبر {at}", published=day), Span(0, 5), score=score)
        for at, (day, score) in enumerate(quotes)
    ]
    return Answer("?", "?", tuple(made), shown=shown)


YEARS = [date(year, 1, 1) for year in (2015, 2016, 2017)]


def order(answer: Answer) -> list[str]:
    return [quote.document.id for quote in answer.quotes]


def test_all_that_are_about_as_good_are_shown_the_newest_first() -> None:
    answer = newest_first(quoted((YEARS[0], 5.0), (YEARS[2], 4.0), (YEARS[1], 5.0 - ABOUT_AS_GOOD)))
    assert answer.newest_first
    assert order(answer) == ["1.txt", "2.txt", "0.txt"]
    assert answer.shown == 3


def test_what_is_less_good_stays_behind_and_is_not_shown_for_its_day() -> None:
    answer = newest_first(quoted((YEARS[0], 9.0), (YEARS[1], 8.0), (YEARS[2], 1.0)))
    assert order(answer) == ["1.txt", "0.txt", "2.txt"]
    assert answer.shown == 2


def test_no_quote_is_lost_or_doubled_where_those_that_differ_do_not_stand_by_their_scores() -> None:
    answer = newest_first(quoted((YEARS[2], 5.0), (YEARS[1], 1.0), (YEARS[0], 9.0), shown=2))
    assert order(answer) == ["0.txt", "2.txt", "1.txt"]
    assert answer.shown == 2


@pytest.mark.parametrize("answer", [quoted(), quoted((None, 5.0), (YEARS[0], 5.0)), quoted(*[(YEARS[0], 5.0)] * 2)])
def test_where_fewer_than_two_days_are_known_nothing_changes(answer: Answer) -> None:
    assert newest_first(answer) is answer


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("ماذا أعلنت البلدية عن الجسر الشمالي اليوم؟", "بحثتُ في ما نُشر يوم 20 أبريل 2017."),
        ("ماذا أعلنت البلدية عن الجسر الشمالي في 2015؟", "بحثتُ في ما نُشر من 1 يناير 2015 إلى 31 ديسمبر 2015."),
        ("ماذا أعلنت البلدية عن الجسر الشمالي منذ 2016؟", "بحثتُ في ما نُشر منذ 1 يناير 2016."),
        ("ماذا أعلنت البلدية عن الجسر الشمالي قبل 2016؟", "بحثتُ في ما نُشر قبل 1 يناير 2016."),
    ],
)
def test_the_card_says_which_days_were_searched(folder: Path, question: str, words: str) -> None:
    assert cards(asked(folder, question), ARABIC)[0].plain.startswith(words)


def test_the_days_stand_in_the_json(folder: Path) -> None:
    found = answer_json(asked(folder, "ماذا أعلنت البلدية عن الجسر الشمالي اليوم؟"))
    assert found["period"] == {"first": "2017-04-20", "last": "2017-04-20", "held": True}
    command = [
        sys.executable,
        "-m",
        "bot",
        "ask",
        "--corpus",
        str(folder),
        "--json",
        "ماذا أعلنت البلدية عن الجسر في 2015؟",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert json.loads(done.stdout)["period"]["last"] == "2015-12-31"


def test_in_a_stretch_of_text_today_is_not_the_reader_s(folder: Path) -> None:
    told = "أعلنت البلدية اليوم أن الجسر الشمالي يفتح للمشاة وحدهم إلى أن تنتهي أعمال الترميم فيه"
    assert asked(folder, told).period is None
    assert asked(folder, f"ماذا {told}؟").question.endswith("؟")


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("ماذا أعلنت البلدية عن الجسر في 2015؟", "ماذا أعلنت البلدية عن الجسر؟"),
        ("ماذا أعلنت البلدية اليوم عن الجسر؟", "ماذا أعلنت البلدية عن الجسر؟"),
        ("ماذا أعلنت البلدية في عام 2015 عن الجسر؟", "ماذا أعلنت البلدية عن الجسر؟"),
        ("ماذا أعلنت البلدية بين فبراير ومارس 2015 عن الجسر", "ماذا أعلنت البلدية عن الجسر"),
        ("ماذا أعلنت البلدية في 5 يوليو 2015؟", "ماذا أعلنت البلدية؟"),
        ("ماذا أعلنت البلدية منذ 2015؟", "ماذا أعلنت البلدية؟"),
        ("ماذا حدث في 5/7/2015؟", "ماذا حدث؟"),
        ("2015؟", "2015؟"),
    ],
)
def test_of_documents_of_a_day_is_asked_what_is_asked_beside_it(question: str, left: str) -> None:
    period = period_of(question, TODAY)
    assert period
    assert without_days(parse(question), period, TODAY).text == left

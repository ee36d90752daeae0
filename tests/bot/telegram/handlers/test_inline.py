"""Inline mode: what a user of ``@bot سؤال`` gets to choose from, and when there is nothing."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from fake_telegram import TOKEN, FakeTelegram, message, refusal
from handling import DOCUMENT, QUOTE, SETTINGS, Shelf, handle, person
from telegram import Update
from telegram.ext import ExtBot
from telegram_html import parse, utf16_length

from bot.conversation.limits import Allowance
from bot.conversation.tally import Tally
from bot.phrases import phrases
from bot.showing.promise import PromiseError
from bot.telegram.handlers.inline import Inline
from retrieval.model import Answer, Document, Quote, Span

ARABIC, ENGLISH = phrases("ar"), phrases("en")
OTHER = Document("b.txt", "عنوان آخر", "وانطلقت يوم الخميس.", published=date(2017, 2, 16))
QUOTES = (QUOTE, Quote(OTHER, Span(0, len(OTHER.text))))


def _typed(number: int, text: str, *, user: int = 7, language: str = "ar") -> dict[str, Any]:
    query = {"id": str(number), "from": person(user, language), "query": text, "offset": ""}
    return {"update_id": number, "inline_query": query}


def _handle(
    *updates: dict[str, Any], telegram: FakeTelegram | None = None, shelf: Shelf | None = None, most: int = 20
) -> FakeTelegram:
    """What was called for inline queries that came at once, with hardly a pause to wait for."""
    telegram = telegram or FakeTelegram()

    async def scenario() -> None:
        async with ExtBot(TOKEN, request=telegram, get_updates_request=telegram) as bot:
            with ThreadPoolExecutor() as executor:
                inline = Inline(shelf or Shelf(), executor, Allowance(most), Tally(), pause=0.01)
                read = [Update.de_json(update, bot) for update in updates]
                context: Any = None
                await asyncio.gather(*(inline.answer(update, context) for update in read))

    asyncio.run(scenario())
    return telegram


def _answers(telegram: FakeTelegram) -> list[dict[str, Any]]:
    return [call.given for call in telegram.calls if call.method == "answerInlineQuery"]


def _two(question: str) -> Answer:
    return Answer(question, question, QUOTES, differ=True, shown=1)


def test_each_quote_is_a_result_those_shown_at_once_first_and_its_message_a_card() -> None:
    (answer,) = _answers(_handle(_typed(1, "متى تنطلق؟"), shelf=Shelf(_two)))
    first, second = answer["results"]
    content = first["input_message_content"]
    shown = parse(content["message_text"])
    assert [quote.text for quote in shown.blockquotes] == [DOCUMENT.text]
    assert DOCUMENT.title in shown.text
    assert content["parse_mode"] == "HTML"
    assert content["link_preview_options"] == {"is_disabled": True}
    assert ARABIC.differ not in shown.text
    assert (first["title"], first["description"]) == ("م", DOCUMENT.title)
    assert (second["title"], second["description"]) == (OTHER.text, "عنوان آخر، 16 فبراير 2017")
    assert first["id"] != second["id"]


def test_it_is_for_this_user_and_for_a_short_while() -> None:
    (answer,) = _answers(_handle(_typed(1, "متى تنطلق؟")))
    assert answer["is_personal"] is True
    assert answer["cache_time"] <= 60
    assert "button" not in answer


def test_the_same_quote_has_the_same_id_of_few_bytes() -> None:
    answers = _answers(_handle(_typed(1, "متى تنطلق؟"), _typed(2, "متى انطلقت؟", user=8), shelf=Shelf(_two)))
    first, second = ([result["id"] for result in answer["results"]] for answer in answers)
    assert first == second
    assert all(len(name.encode()) <= 64 for name in first)


def test_long_titles_are_cut_to_what_a_list_shows() -> None:
    long = Document("c.txt", "عنوان " * 90, "كلمة " * 100 + ".")
    shelf = Shelf(lambda question: Answer(question, question, (Quote(long, Span(0, len(long.text))),)))
    ((result,),) = [answer["results"] for answer in _answers(_handle(_typed(1, "متى؟"), shelf=shelf))]
    assert utf16_length(result["title"]) <= 80
    assert utf16_length(result["description"]) <= 140


def test_a_title_cannot_turn_the_line_around_it() -> None:
    steering = replace(DOCUMENT, title="a\u202eb\nc")
    shelf = Shelf(lambda question: Answer(question, question, (replace(QUOTE, document=steering),)))
    ((result,),) = [answer["results"] for answer in _answers(_handle(_typed(1, "متى؟"), shelf=shelf))]
    assert result["description"] == "\u2068ab c\u2069"


@pytest.mark.parametrize(("language", "says"), [("ar", ARABIC), ("en", ENGLISH)])
@pytest.mark.parametrize("text", ["", "  ", "مت"])
def test_nothing_asked_yet_gets_a_hint_that_opens_the_bot(text: str, language: str, says: Any) -> None:
    shelf = Shelf()
    (answer,) = _answers(_handle(_typed(1, text, language=language), shelf=shelf))
    assert answer["results"] == []
    assert answer["button"] == {"text": says.inline_hint, "start_parameter": "inline"}
    assert shelf.asked == []


def test_who_comes_by_the_hint_is_welcomed() -> None:
    assert handle(message(1, text="/start inline")).texts() == [ARABIC.start.format(bot=ARABIC.bot)]


def test_a_refusal_is_no_result_but_a_hint() -> None:
    shelf = Shelf(lambda question: Answer(question, question))
    (answer,) = _answers(_handle(_typed(1, "متى؟"), shelf=shelf))
    assert answer["results"] == []
    assert answer["button"]["text"] == ARABIC.inline_none


def test_sources_out_of_reach_are_a_hint_of_their_own() -> None:
    shelf = Shelf(lambda question: Answer(question, question, unreachable=True))
    (answer,) = _answers(_handle(_typed(1, "متى تنطلق؟"), shelf=shelf))
    assert answer["results"] == []
    assert answer["button"]["text"] == ARABIC.inline_unreachable


def test_only_the_last_of_what_a_user_types_is_searched_for() -> None:
    shelf = Shelf()
    updates = [_typed(number, "متى تنطلق؟"[: number + 3]) for number in range(1, 7)]
    answers = _answers(_handle(*updates, _typed(7, "أين تقع؟", user=8), shelf=shelf))
    assert sorted(shelf.asked) == sorted(["متى تنطلق", "أين تقع؟"])
    assert {answer["inline_query_id"] for answer in answers} == {"6", "7"}


def test_it_counts_as_a_question_and_beyond_the_limit_there_are_no_results() -> None:
    shelf = Shelf()
    settings = replace(SETTINGS, questions_per_minute=1)
    updates = [message(1, text="متى؟"), _typed(2, "أين؟"), message(3, text="كم؟")]
    telegram = handle(*updates, shelf=shelf, settings=settings, one_by_one=True)
    assert shelf.asked == ["متى؟"]
    assert [answer["results"] for answer in _answers(telegram)] == [[]]
    assert len(telegram.sent()) == 2
    assert "رسالة واحدة" in telegram.texts()[1]


def test_a_card_that_breaks_the_promise_is_no_result() -> None:
    stale = replace(QUOTE, document=replace(DOCUMENT, digest="0" * 64))
    shelf = Shelf(lambda question: Answer(question, question, (stale,)))
    telegram = FakeTelegram()
    with pytest.raises(PromiseError):
        _handle(_typed(1, "متى؟"), shelf=shelf, telegram=telegram)
    assert _answers(telegram) == []


def test_markup_that_telegram_refuses_goes_plain() -> None:
    telegram = FakeTelegram({"answerInlineQuery": [refusal(400, "Bad Request: can't parse entities: x")]})
    plain = _answers(_handle(_typed(1, "متى؟"), telegram=telegram))[1]["results"][0]["input_message_content"]
    assert plain["message_text"].startswith(DOCUMENT.text)
    assert "parse_mode" not in plain


def test_an_answer_that_nobody_waits_for_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    telegram = FakeTelegram({"answerInlineQuery": [refusal(400, too_old)]})
    _handle(_typed(1, "متى؟"), telegram=telegram)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    assert len(_answers(telegram)) == 1

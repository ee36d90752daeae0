"""The operator's own words: what /start and /help say, and the examples that are asked by a button."""

from dataclasses import replace
from pathlib import Path

import pytest
from fake_telegram import FakeTelegram, message, refusal
from handling import SETTINGS, Shelf, handle, person

from bot.phrases import phrases
from bot.settings import SettingsError, Voice, load, shipped_corpus
from bot.showing.markup import read
from bot.sources.examples import key_of
from bot.store.shared.opening import stored
from retrieval.model import Answer

ARABIC = phrases("ar")
SPEAKS = replace(SETTINGS, welcome="أهلا بكم في مكتبة المدينة.", examples=("متى تفتح المكتبة؟",), contact="@library")

KEY = key_of("متى تفتح المكتبة؟")


def _pressed(data: str) -> dict[str, object]:
    sent = message(2, text="أهلا")["message"]
    query = {"id": "1", "from": person(7), "chat_instance": "1", "data": data, "message": sent}
    return {"update_id": 2, "callback_query": query}


def test_the_welcome_is_the_operators_with_examples_as_buttons() -> None:
    (sent,) = handle(message(1, text="/start"), settings=SPEAKS).sent()
    assert sent["text"].startswith("أهلا بكم في مكتبة المدينة.")
    assert ARABIC.example.format(question="متى تفتح المكتبة؟") in sent["text"]
    assert "\u2068@library\u2069" in sent["text"]
    assert sent["reply_markup"]["inline_keyboard"] == [[{"text": "متى تفتح المكتبة؟", "callback_data": f"e:2:{KEY}"}]]


def test_the_bot_has_the_operators_name_wherever_it_says_who_it_is() -> None:
    named = replace(SETTINGS, name="Dar al-Kutub")
    for number, text in enumerate(("/start", "/about", "من أنت؟", "من صنعك؟"), 1):
        (told,) = handle(message(number, text=text), settings=named).texts()
        assert "«\u2068Dar al-Kutub\u2069»" in told
        (own,) = handle(message(number, text=text)).texts()
        assert "«اقتباس»" in own


def test_a_closing_line_stands_below_each_answer_and_never_under_a_refusal() -> None:
    closing = "زورونا <كل يوم> & شكرا"
    speaks = replace(SETTINGS, closing=closing)
    (sent,) = handle(message(1, text="متى تنطلق؟"), settings=speaks).sent()
    assert read(sent["text"]).text.endswith(f"\n\n{closing}")
    assert "زورونا" not in "".join(read(sent["text"]).quotes)
    empty = Shelf(lambda question: Answer(question, question))
    (refused,) = handle(message(1, text="متى تنطلق؟"), settings=speaks, shelf=empty).sent()
    assert "زورونا" not in refused["text"]


def test_an_examples_button_asks_it() -> None:
    shelf = Shelf()
    assert len(handle(_pressed(f"e:2:{KEY}"), settings=SPEAKS, shelf=shelf).sent()) == 1
    assert shelf.asked == ["متى تفتح المكتبة؟"]
    assert handle(_pressed("e:2:0123456789ab"), settings=SPEAKS, shelf=shelf).sent() == []


def test_only_the_shipped_documents_have_an_example_by_themselves(tmp_path: Path) -> None:
    folder = shipped_corpus().parent
    assert load({}, folder).voice.examples
    assert load({"IQTIBAS_CORPUS": "elsewhere"}, folder).voice == Voice()
    assert load({"IQTIBAS_EXAMPLES": "أين؟ | متى؟"}, folder).voice.examples == ("أين؟", "متى؟")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("IQTIBAS_WELCOME", "ا" * 1001), ("IQTIBAS_WELCOME", "أهلا\u202e"), ("IQTIBAS_CONTACT", "س" * 201)),
        *(("IQTIBAS_NAME", "س" * 65), ("IQTIBAS_CLOSING", "س" * 201), ("IQTIBAS_CLOSING", "أهلا\u202e")),
        *(("IQTIBAS_EXAMPLES", "أ|ب|ت|ث"), ("IQTIBAS_EXAMPLES", "س" * 121)),
    ],
)
def test_what_is_too_long_or_cannot_be_seen_is_a_mistake(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load({name: value}, shipped_corpus().parent)


def test_a_name_and_a_closing_line_are_one_line() -> None:
    spoken = load({"IQTIBAS_NAME": "دار\n الكتب", "IQTIBAS_CLOSING": "سطر\nوسطر"}, shipped_corpus().parent).voice
    assert (spoken.name, spoken.closing) == ("دار الكتب", "سطر وسطر")


def test_an_answer_to_a_topic_that_is_gone_goes_to_its_chat() -> None:
    telegram = FakeTelegram({"sendMessage": [refusal(400, "Bad Request: message thread not found")]})
    update = message(1, text="/ask متى؟", chat=-5, kind="supergroup", message_thread_id=3, is_topic_message=True)
    sent = handle(update, telegram=telegram).sent()
    assert [given.get("message_thread_id") for given in sent] == [3, None]


@pytest.mark.parametrize(("face", "is_good"), [("👍", True), ("👎", False)])
def test_a_persons_reaction_to_a_card_is_an_opinion(tmp_path: Path, face: str, is_good: bool) -> None:
    telegram = FakeTelegram()
    told = {"chat": {"id": 7, "type": "private"}, "user": person(7), "date": 0, "old_reaction": []}
    reactions = [
        {
            "update_id": number,
            "message_reaction": told | {"message_id": number, "new_reaction": [{"type": "emoji", "emoji": face}]},
        }
        for number in range(1001, 1012)  # the card is one of these
    ]
    handle(message(1, text="متى تنطلق؟"), *reactions, telegram=telegram, data=tmp_path, one_by_one=True)
    assert [opinion.is_good for opinion in stored(tmp_path)] == [is_good]


def test_inline_small_talk_is_no_question() -> None:
    shelf = Shelf()
    query = {"id": "1", "from": person(7), "query": "السلام عليكم", "offset": ""}
    handle({"update_id": 1, "inline_query": query}, shelf=shelf)
    assert shelf.asked == []

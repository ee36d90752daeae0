"""What happens when a button under an answer is pressed: over a Bot API in memory."""

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fake_telegram import FakeTelegram, message, refusal
from handling import SETTINGS, Listed, Shelf, handle, in_group, person
from telegram_html import parse

from bot.conversation.limits import PRESSES
from bot.phrases import phrases
from bot.sources.addresses import page_of
from bot.store import held
from bot.store.answers import Answers, Place, Shown
from bot.store.database import Database
from bot.store.feedback import Opinion, Quoted
from bot.store.shared.opening import stored
from retrieval import Reference
from retrieval.model import Answer, Document, Quote, Source, Span

ARABIC, ENGLISH = phrases("ar"), phrases("en")
LINES = [f"الجملة رقم {number} من المقال الطويل، وفيها كلام كثير عن القافلة." for number in range(1, 61)]
DOCUMENT = Document(
    "a.txt", "عنوان الخبر", "\n\n".join(LINES), url="https://www.example.org/a", published=date(2017, 2, 5)
)
FILE = Document("folder/b.txt", "عنوان آخر", "رحلت القافلة صباحا.", path="folder/b.txt", author="سلمى")


def quote(number: int, document: Document = DOCUMENT) -> Quote:
    start = document.text.index(LINES[number - 1])
    return Quote(document, Span(start, start + len(LINES[number - 1])), (Span(start, start + 6),), paragraph=number)


FILE_QUOTE = Quote(FILE, Span(0, len(FILE.text)))
QUOTES = (*map(quote, (30, 2, 50)), FILE_QUOTE, *map(quote, (7, 9, 11, 13)))


class Long(Shelf):
    """A library with many quotes to every question, of which it would show some at once; one that has a question before
    it leans on that."""

    def __init__(self, quotes: tuple[Quote, ...] = QUOTES, shown: int = 3) -> None:
        super().__init__(lambda question: Answer(question, question, quotes, shown=shown))
        self.documents = Listed(DOCUMENT, FILE)

    def ask(self, question: str, *, k: int = 3, previous: str | None = None, now: date | None = None) -> Answer:
        answer = super().ask(question, k=k, previous=previous, now=now)
        searched = f"{question} ({previous})" if previous else question
        return replace(answer, quotes=answer.quotes[:k], searched=searched, leans=bool(previous))


class Chat:
    """A private chat, or a group, in which questions are asked and buttons pressed; each time the bot is a new one."""

    def __init__(self, data: Path, shelf: Shelf | None = None, chat: int = 7) -> None:
        self.data, self.shelf, self.chat = data, shelf or Long(), chat
        self.settings = SETTINGS

    def ask(self, *texts: str, language: str = "ar") -> list[dict[str, Any]]:
        """The messages that answer texts."""
        updates = [
            message(number, chat=self.chat, text=text, language=language) for number, text in enumerate(texts, 1)
        ]
        return self.handle(*updates).sent()

    def press(
        self,
        data: str,
        *,
        user: int = 7,
        telegram: FakeTelegram | None = None,
        language: str = "ar",
        times: int = 1,
        **more: Any,
    ) -> FakeTelegram:
        """What the bot does when a button is pressed."""
        query = self.query(data, user, language, **more)
        updates = [{"update_id": 10 + number, "callback_query": query} for number in range(times)]
        return self.handle(*updates, telegram=telegram)

    def query(self, data: str, user: int = 7, language: str = "ar", **more: Any) -> dict[str, Any]:
        """What Telegram tells of a press."""
        kind = "private" if self.chat > 0 else "supergroup"
        shown = message(5, chat=self.chat, kind=kind, text="…", **more)["message"]
        return {"id": "9", "from": person(user, language), "chat_instance": "1", "data": data, "message": shown}

    def handle(self, *updates: dict[str, Any], telegram: FakeTelegram | None = None) -> FakeTelegram:
        """What the bot does with updates, one after the other."""
        return handle(
            *updates, telegram=telegram, shelf=self.shelf, data=self.data, settings=self.settings, one_by_one=True
        )


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


def buttons(given: dict[str, Any]) -> dict[str, str]:
    """The data of the buttons under a message, by what stands on them."""
    rows = given.get("reply_markup", {"inline_keyboard": []})["inline_keyboard"]
    return {button["text"]: button["callback_data"] for row in rows for button in row if "callback_data" in button}


def given(telegram: FakeTelegram, method: str) -> list[dict[str, Any]]:
    return [call.given for call in telegram.calls if call.method == method]


def changed(telegram: FakeTelegram) -> dict[str, Any]:
    """The one message that was put in the place of the one under which a button was pressed; nothing else was sent."""
    (edit,) = given(telegram, "editMessageText")
    assert (edit["message_id"], telegram.sent()) == (5, [])
    parse(edit["text"])
    return edit


def said(telegram: FakeTelegram) -> str | None:
    """What the press itself is answered with."""
    (answer,) = given(telegram, "answerCallbackQuery")
    text: str | None = answer.get("text")
    return text


def test_an_answer_has_buttons_under_its_last_card(chat: Chat) -> None:
    (sent,) = chat.ask("متى؟")
    assert list(buttons(sent)) == ["المصدر", "المزيد", "السياق", "👎", "👍"]


def test_a_refusal_that_leads_nowhere_has_none(tmp_path: Path) -> None:
    (sent,) = Chat(tmp_path, Long(())).ask("متى؟")
    assert "reply_markup" not in sent


def test_the_context_is_the_page_of_the_first_quote_in_its_place(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    telegram = chat.press(buttons(answer)["السياق"])
    methods = telegram.methods()
    assert methods.index("answerCallbackQuery") < methods.index("editMessageText")
    sent = changed(telegram)
    shown = parse(sent["text"])
    (page,) = shown.blockquotes
    assert page.text in DOCUMENT.text
    assert list(page.bold_texts) == [LINES[29]]
    assert LINES[28] in page.text
    assert LINES[30] in page.text
    assert shown.text.splitlines()[:2] == [
        "\u200f[1] عنوان الخبر",
        "\u200f\u2068example.org\u2069\u00a0·\u00a05 فبراير 2017",
    ]
    assert re.search(r"الجزء [0-9] من [0-9]$", shown.text)
    assert {"▶ السابق", "التالي ◀", "[2]", "[3]", "رجوع"} == set(buttons(sent))


def test_the_pages_are_turned_in_place_to_either_end(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    page = changed(chat.press(buttons(answer)["السياق"]))
    seen = [page["text"]]
    while after := buttons(page).get("التالي ◀"):
        page = changed(chat.press(after))
        seen.append(page["text"])
    assert LINES[59] in seen[-1]
    while before := buttons(page).get("▶ السابق"):
        (page,) = given(chat.press(before), "editMessageText")
        seen.append(page["text"])
    assert LINES[0] in page["text"]
    assert all(any(line in text for text in seen) for line in LINES)
    (other,) = given(chat.press(buttons(page)["[3]"]), "editMessageText")
    assert f"<b>{LINES[49]}</b>" in other["text"]


def test_a_page_past_the_last_is_the_last(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    data = buttons(answer)["السياق"].removesuffix("c") + "t:0:999999"
    (page,) = given(chat.press(data), "editMessageText")
    assert LINES[59] in page["text"]


def test_more_gives_the_next_quotes_until_there_are_none(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    second = changed(chat.press(buttons(answer)["المزيد"]))
    assert re.findall(r"\[(\d)\]", second["text"]) == ["4", "5", "6"]
    assert [quote.text for quote in parse(second["text"]).blockquotes] == [FILE.text, LINES[6], LINES[8]]
    assert list(buttons(second)) == ["المصدر", "المزيد", "السياق", "👎", "👍", "رجوع"]
    third = changed(chat.press(buttons(second)["المزيد"]))
    assert re.findall(r"\[(\d)\]", third["text"]) == ["7", "8"]
    assert "المزيد" not in buttons(third)
    assert chat.shelf.k == [4, 7, 10]  # one more than is shown
    assert chat.shelf.days[0] is None
    assert all(isinstance(day, date) for day in chat.shelf.days[1:])


def test_what_is_not_shown_at_once_is_what_more_gives_first(tmp_path: Path) -> None:
    chat = Chat(tmp_path, Long(QUOTES[:5], shown=1))
    (answer,) = chat.ask("متى؟")
    assert [quote.text for quote in parse(answer["text"]).blockquotes] == [LINES[29]]
    assert "[1]" not in answer["text"]
    second = changed(chat.press(buttons(answer)["المزيد"]))
    assert [quote.text for quote in parse(second["text"]).blockquotes] == [LINES[1], LINES[49], FILE.text]
    assert re.findall(r"\[(\d)\]", second["text"]) == ["2", "3", "4"]
    third = changed(chat.press(buttons(second)["المزيد"]))
    assert [quote.text for quote in parse(third["text"]).blockquotes] == [LINES[6]]
    assert "المزيد" not in buttons(third)


@pytest.mark.parametrize(("held", "shown", "at_once", "more"), [(1, 1, 1, False), (2, 1, 1, True), (8, 4, 3, True)])
def test_more_is_offered_where_there_is_any_beyond_what_is_shown(
    tmp_path: Path, held: int, shown: int, at_once: int, more: bool
) -> None:
    (answer,) = Chat(tmp_path, Long(QUOTES[:held], shown)).ask("متى؟")
    assert len(parse(answer["text"]).blockquotes) == at_once
    assert ("المزيد" in buttons(answer)) == more


def test_further_quotes_have_buttons_of_their_own(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    second = changed(chat.press(buttons(answer)["المزيد"]))
    page = changed(chat.press(buttons(second)["السياق"]))
    assert parse(page["text"]).blockquotes[0].text == FILE.text
    assert set(buttons(page)) == {"[5]", "[6]", "رجوع"}


def test_where_there_is_no_more_none_is_offered(tmp_path: Path) -> None:
    (answer,) = Chat(tmp_path, Long(QUOTES[:3])).ask("متى؟")
    assert "المزيد" not in buttons(answer)
    chat = Chat(tmp_path, Long(QUOTES[:6]))
    (answer,) = chat.ask("متى؟")
    second = changed(chat.press(buttons(answer)["المزيد"]))
    assert "المزيد" not in buttons(second)


def test_where_there_is_no_more_any_more_that_is_said_and_the_button_goes(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    chat.shelf = Long(QUOTES[:3])
    telegram = chat.press(buttons(answer)["المزيد"])
    assert telegram.texts() == [ARABIC.no_more]
    assert said(chat.press(buttons(answer)["المزيد"])) == ARABIC.answer_too_old


def test_a_button_pressed_twice_at_once_gives_the_same_in_the_same_place(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    telegram = chat.press(buttons(answer)["المزيد"], times=2)
    first, second = given(telegram, "editMessageText")
    assert (first["text"], telegram.sent()) == (second["text"], [])


@pytest.mark.parametrize("steps", [["السياق"], ["المصدر"], ["المزيد"], ["المزيد", "المزيد", "رجوع"], ["السياق", "[2]"]])
def test_there_is_a_way_back_from_whatever_stands_in_an_answers_place(chat: Chat, steps: list[str]) -> None:
    (answer,) = chat.ask("متى؟")
    shown = answer
    for step in steps:
        shown = changed(chat.press(buttons(shown)[step]))
        assert shown["text"] != answer["text"]
    home = changed(chat.press(buttons(shown)["رجوع"]))
    assert (home["text"], buttons(home)) == (answer["text"], buttons(answer))


def test_an_answer_comes_back_with_all_that_was_shown_of_it(tmp_path: Path) -> None:
    also = Source("c.txt", "عنوان ثالث")
    span = quote(30).span
    marks = Span(span.start, span.start + 6), Span(span.start + 7, span.start + 10)
    whole = replace(quote(30), highlights=marks, also=(also,), heading=quote(29).span)
    answering = Answer("متى؟", "متى وصلت؟", (whole, quote(2)), differ=True, shown=2)
    chat = Chat(tmp_path, Shelf(lambda _: answering))
    chat.shelf.documents = Listed(DOCUMENT)
    (answer,) = chat.ask("متى؟")
    assert all(told in answer["text"] for told in (LINES[28], ARABIC.differ, "بحثتُ عن: متى وصلت؟", "عنوان ثالث"))
    page = changed(chat.press(buttons(answer)["السياق"]))
    home = changed(chat.press(buttons(page)["رجوع"]))
    assert home["text"] == answer["text"]


def refused(meant: str | None = None) -> Long:
    """A library that finds nothing, and names two documents."""
    shelf = Long(())
    nearest = tuple(Source(document.id, document.title) for document in (DOCUMENT, FILE))
    shelf._answering = lambda question: Answer(
        question,
        question,
        () if question != "متى رحلت؟" else (FILE_QUOTE,),
        nearest=nearest,
        meant=meant,
        openings=() if question == "متى رحلت؟" else (quote(1), FILE_QUOTE),
        missing_words=("عنقاء",),
    )
    return shelf


def test_the_nearest_titles_of_a_refusal_open_the_first_sentences_and_lead_back(tmp_path: Path) -> None:
    chat = Chat(tmp_path, refused())
    (answer,) = chat.ask("متى وصلت القافلة؟")
    assert list(buttons(answer)) == ["عنوان الخبر", "عنوان آخر"]
    assert "عنوان" not in answer["text"].replace(ARABIC.nearest, "")
    first = changed(chat.press(buttons(answer)["عنوان الخبر"]))
    assert [one.text for one in parse(first["text"]).blockquotes] == [LINES[0]]
    around = changed(chat.press(buttons(first)["السياق"]))
    assert LINES[1] in around["text"]
    further = changed(chat.press(buttons(around)["التالي ◀"]))
    home = changed(chat.press(buttons(further)["رجوع"]))
    assert (home["text"], buttons(home)) == (answer["text"], buttons(answer))


def test_a_nearest_document_that_changed_is_not_shown_and_no_longer_offered(tmp_path: Path) -> None:
    chat = Chat(tmp_path, refused())
    (answer,) = chat.ask("متى وصلت القافلة؟")
    other = changed(chat.press(buttons(answer)["عنوان آخر"]))
    chat.shelf.documents = Listed(FILE)
    assert chat.press(buttons(answer)["عنوان الخبر"]).texts() == [ARABIC.source_changed]
    assert list(buttons(changed(chat.press(buttons(other)["رجوع"])))) == ["عنوان آخر"]


def test_what_may_have_been_meant_is_said_and_asked_by_a_button(tmp_path: Path) -> None:
    chat = Chat(tmp_path, refused("متى رحلت؟"))
    (answer,) = chat.ask("متى رخلت؟")
    assert "هل تقصد: متى رحلت؟" in answer["text"]
    meant = changed(chat.press(buttons(answer)[ARABIC.button_meant]))
    assert [one.text for one in parse(meant["text"]).blockquotes] == [FILE.text]
    home = changed(chat.press(buttons(meant)["رجوع"]))
    assert home["text"] == answer["text"]


def test_a_document_that_came_meanwhile_is_among_the_next_quotes(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    new = Document("new.txt", "جديد", "عادت القافلة أمس.")
    chat.shelf = Long((Quote(new, Span(0, len(new.text))), *QUOTES))
    second = changed(chat.press(buttons(answer)["المزيد"]))
    assert parse(second["text"]).blockquotes[0].text == new.text


def test_the_source_is_its_link_or_its_file_with_the_place_in_it(tmp_path: Path) -> None:
    chat = Chat(tmp_path, Long((quote(30), FILE_QUOTE)))
    (answer,) = chat.ask("متى؟")
    shown = parse(changed(chat.press(buttons(answer)["المصدر"]))["text"])
    assert shown.text.splitlines() == [
        "\u200f[1] عنوان الخبر",
        "الرابط: \u2068https://www.example.org/a\u2069",
        "فقرة 30\u00a0·\u00a05 فبراير 2017",
        "",
        "\u200f[2] عنوان آخر",
        "الملف: \u2068folder/b.txt\u2069",
        "فقرة 1",
        "الكاتب: سلمى",
    ]
    assert {link.address.partition("#")[0] for link in shown.links} == {"https://www.example.org/a"}


@pytest.mark.parametrize(
    ("document", "still"),
    [([], False), ([replace(DOCUMENT, text=f"{DOCUMENT.text}.", digest="")], False), ([replace(DOCUMENT)], True)],
)
@pytest.mark.parametrize("verb", ["c", "t:0:1", "s", "h"])
def test_a_source_that_changed_since_is_not_shown(
    tmp_path: Path, verb: str, document: list[Document], still: bool
) -> None:
    chat = Chat(tmp_path, Long((quote(30),)))
    (answer,) = chat.ask("متى؟")
    chat.shelf.documents = Listed(*document)
    telegram = chat.press(buttons(answer)["السياق"].removesuffix("c") + verb)
    assert (telegram.texts() != [ARABIC.source_changed]) == still
    assert (given(telegram, "editMessageText") == []) != still


def test_opinions_are_stored_with_question_and_quotes_and_changed_by_pressing_again(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    assert said(chat.press(buttons(answer)["👍"])) == ARABIC.thanks_good
    assert said(chat.press(buttons(answer)["👎"], language="en")) == ENGLISH.thanks_bad
    chat.press(buttons(answer)["👍"], user=8)
    mine, other = sorted(stored(chat.data), key=lambda opinion: opinion.user)
    assert (mine.user, mine.is_good, other.user, other.is_good) == (7, False, 8, True)
    words = tuple(Quoted("a.txt", LINES[number - 1], "الجملة") for number in (30, 2, 50))
    assert mine == Opinion(mine.answer, 7, 7, False, "متى؟", "متى؟", None, words, mine.since, frozenset({7}))


def test_an_opinion_of_further_quotes_is_of_those(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    second = changed(chat.press(buttons(answer)["المزيد"]))
    chat.press(buttons(second)["👍"])
    (opinion,) = stored(chat.data)
    assert [words.text for words in opinion.quotes] == [FILE.text, LINES[6], LINES[8]]


def test_of_a_shelf_of_the_chats_own_no_words_are_kept_and_the_common_library_does_not_give_them(chat: Chat) -> None:
    places = (Place.of(quote(30), "own"), Place.of(quote(2)))
    shown = Shown(7, 7, "متى؟", "متى؟", None, places)
    database = Database(chat.data)
    Answers(database).keep(shown)
    database.close()
    chat.press(f"a:1:{shown.id}:g")
    (opinion,) = stored(chat.data)
    assert [words.text for words in opinion.quotes] == [LINES[1]]
    assert chat.press(f"a:1:{shown.id}:c").texts() == [ARABIC.source_changed]


def test_what_did_not_lean_on_the_question_before_has_no_such_button(tmp_path: Path) -> None:
    chat = Chat(tmp_path, Shelf())
    _, second = chat.ask("كم قافلة؟", "متى وصلت القافلة الأولى؟")
    assert chat.shelf.previous[-1] == "كم قافلة؟"
    assert ARABIC.button_plain not in buttons(second)


def test_what_leaned_on_the_question_before_can_be_asked_plain(chat: Chat) -> None:
    first, second = chat.ask("كم قافلة؟", "ومتى؟")
    assert ARABIC.button_plain not in buttons(first)
    assert "بحثتُ عن: ومتى؟ (كم قافلة؟)" in second["text"]
    telegram = chat.press(buttons(second)[ARABIC.button_plain])
    plain = changed(telegram)
    assert (chat.shelf.asked[-1], chat.shelf.previous[-1]) == ("ومتى؟", None)
    assert "بحثتُ عن" not in plain["text"]
    assert ARABIC.button_plain not in buttons(plain)
    home = changed(chat.press(buttons(plain)["رجوع"]))
    assert home["text"] == second["text"]


def test_a_refusal_of_what_leaned_offers_to_ask_it_plain(tmp_path: Path) -> None:
    chat = Chat(tmp_path, Long(()))
    _, second = chat.ask("كم قافلة؟", "ومتى؟")
    assert list(buttons(second)) == [ARABIC.button_plain]
    plain = changed(chat.press(buttons(second)[ARABIC.button_plain]))
    assert ARABIC.refusal in plain["text"]
    assert list(buttons(plain)) == ["رجوع"]


@pytest.mark.parametrize("wanted", ["المزيد", ARABIC.button_plain])
def test_asking_by_button_is_within_the_limit(chat: Chat, wanted: str) -> None:
    _, second = chat.ask("كم قافلة؟", "ومتى؟")
    chat.settings = replace(SETTINGS, questions_per_minute=1)
    asked = message(20, chat=chat.chat, text="متى؟")
    telegram = chat.handle(asked, {"update_id": 21, "callback_query": chat.query(buttons(second)[wanted])})
    (answer,) = given(telegram, "answerCallbackQuery")
    assert (len(telegram.sent()), answer["show_alert"]) == (1, True)
    assert answer["text"].startswith("أقصى ما أستطيع")
    assert len(answer["text"]) <= 200
    changed(chat.press(buttons(second)["السياق"]))


def test_presses_are_within_a_limit_of_their_own_and_beyond_it_are_dropped_with_one_word(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    chat.settings = replace(SETTINGS, questions_per_minute=1)
    told = given(chat.press(buttons(answer)["👍"], times=PRESSES + 5), "answerCallbackQuery")
    assert [one["show_alert"] for one in told] == [False] * PRESSES + [True]
    assert len(told[-1]["text"]) <= 200


def test_in_a_group_every_member_may_press_and_in_no_other_chat(tmp_path: Path) -> None:
    group = Chat(tmp_path, chat=-5)
    (answer,) = group.handle(in_group(1, "/ask متى؟", user=7, entities=[_command()])).sent()
    topic = {"message_thread_id": 21, "is_topic_message": True}
    page = changed(group.press(buttons(answer)["السياق"], user=8, **topic))
    assert page["chat_id"] == -5
    elsewhere = Chat(tmp_path, chat=-6)
    telegram = elsewhere.press(buttons(answer)["السياق"], user=7)
    assert (said(telegram), telegram.sent()) == (ARABIC.answer_too_old, [])


def _command() -> dict[str, Any]:
    return {"type": "bot_command", "offset": 0, "length": 4}


FORGED = [
    *(
        "a:",
        "a:1:",
        "a:2:abcdefghijk_:c",
        "a:1:abcdefghijk_:c",
        "a:1:abcdefghijk_:t:0:0",
        "a:1:../../etc/:c",
        "a:x" * 21,
    ),
    *("", "x", "d", "زر", "a", "s:1:x", "\x00", "\ud83d"),
]


@pytest.mark.parametrize("data", FORGED)
def test_forged_data_are_kindly_refused(chat: Chat, data: str, caplog: pytest.LogCaptureFixture) -> None:
    chat.ask("متى؟")
    telegram = chat.press(data)
    assert said(telegram) in {ARABIC.answer_too_old, ARABIC.button_too_old}
    assert (telegram.sent(), given(telegram, "editMessageText")) == ([], [])
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize("verb", ["p", "t:3", "t:99:0", "x", "q", "o:0"])
def test_a_press_for_what_an_answer_has_not_is_refused(chat: Chat, verb: str) -> None:
    (answer,) = chat.ask("متى؟")
    telegram = chat.press(buttons(answer)["السياق"].removesuffix("c") + verb)
    assert (said(telegram), telegram.sent()) == (ARABIC.answer_too_old, [])


def test_a_button_without_a_message_is_too_old_and_one_of_which_only_the_id_is_told_works(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    query = {"id": "9", "from": person(7), "chat_instance": "1", "data": buttons(answer)["السياق"]}
    inline = {"inline_message_id": "x"}
    telegram = chat.handle({"update_id": 2, "callback_query": query | inline})
    assert (said(telegram), telegram.sent()) == (ARABIC.answer_too_old, [])
    old = {"message": {"message_id": 5, "date": 0, "chat": {"id": 7, "type": "private"}}}
    changed(chat.handle({"update_id": 3, "callback_query": query | old}))


def test_an_answer_that_is_forgotten_is_too_old(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    with closing(Database(chat.data)) as database:
        held.forget(database, 7)
    assert said(chat.press(buttons(answer)["👍"], language="en")) == ENGLISH.answer_too_old
    assert stored(chat.data) == []


def test_a_press_that_nobody_waits_for_any_more_is_followed_all_the_same(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    old = refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    changed(chat.press(buttons(answer)["السياق"], telegram=FakeTelegram({"answerCallbackQuery": [old]})))


@pytest.mark.parametrize("reason", ["message is not modified", "message to edit not found", "message can't be edited"])
def test_a_page_that_cannot_be_changed_is_no_error(chat: Chat, reason: str, caplog: pytest.LogCaptureFixture) -> None:
    (answer,) = chat.ask("متى؟")
    telegram = FakeTelegram({"editMessageText": [refusal(400, f"Bad Request: {reason}")]})
    chat.press(buttons(answer)["السياق"].removesuffix("c") + "t:0", telegram=telegram)
    assert telegram.sent() == []
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_a_page_whose_markup_is_refused_goes_plain(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    telegram = FakeTelegram({"editMessageText": [refusal(400, "Bad Request: can't parse entities: no")]})
    chat.press(buttons(answer)["السياق"].removesuffix("c") + "t:0", telegram=telegram)
    marked, plain = given(telegram, "editMessageText")
    assert plain["text"] == parse(marked["text"]).text
    assert "parse_mode" not in plain


def test_what_goes_wrong_is_said_kindly_in_reply_to_the_card(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: str, __: str) -> Document:
        raise RuntimeError("secret")

    (answer,) = chat.ask("متى؟")
    chat.shelf.document = broken  # type: ignore[method-assign]
    telegram = chat.press(buttons(answer)["السياق"])
    assert telegram.texts() == [ARABIC.error]
    assert telegram.sent()[0]["reply_parameters"]["message_id"] == 5
    assert "failed" in caplog.text


def test_a_text_that_is_not_the_stored_one_never_leaves(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    lying = replace(DOCUMENT, text=DOCUMENT.text.replace("القافلة", "السفينة"), digest=DOCUMENT.digest)
    chat.shelf.document = lambda *_: lying  # type: ignore[method-assign]
    assert chat.press(buttons(answer)["السياق"]).texts() == [ARABIC.error]


def test_an_answer_that_cannot_be_kept_goes_without_buttons(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Answers, "keep", full)
    (sent,) = chat.ask("متى؟")
    assert "reply_markup" not in sent
    assert "database or disk is full" in caplog.text


SITE = "https://quotes.example.org"


def on_the_web(tmp_path: Path, chat: int = 7, **settings: Any) -> Chat:
    """A chat of a bot whose pages readers reach; its answer has a source with an address and one without."""
    talking = Chat(tmp_path, Long((QUOTES[0], FILE_QUOTE), shown=2), chat)
    talking.settings = replace(SETTINGS, **({"web_address": SITE} | settings))
    return talking


def web_apps(given: dict[str, Any]) -> dict[str, str]:
    """The pages that buttons open within Telegram, by what stands on them."""
    rows = given["reply_markup"]["inline_keyboard"]
    return {button["text"]: button["web_app"]["url"] for row in rows for button in row if "web_app" in button}


def sources_on_the_web(talking: Chat) -> dict[str, Any]:
    update = in_group(1, "/ask متى؟") if talking.chat < 0 else message(1, text="متى؟")
    (sent,) = talking.handle(update).sent()
    return changed(talking.press(buttons(sent)["المصدر"]))


def test_a_source_without_an_address_leads_to_its_page_on_the_web(tmp_path: Path) -> None:
    (sent,) = on_the_web(tmp_path).ask("متى؟")
    page = (SITE + page_of(FILE_QUOTE)).replace("&", "&amp;")
    assert f'<a href="{page}">عنوان آخر</a>' in sent["text"]
    assert sent["text"].count(SITE) == 1
    assert 'href="https://www.example.org/a#' in sent["text"]
    (sent,) = Chat(tmp_path / "bare", Long((FILE_QUOTE,), shown=1)).ask("متى؟")
    assert "<a " not in sent["text"]


def test_a_button_in_private_opens_the_page_within_telegram(tmp_path: Path) -> None:
    pages = web_apps(sources_on_the_web(on_the_web(tmp_path)))
    assert pages == {
        "اقرأ الوثيقة [1]": SITE + page_of(QUOTES[0]),
        "اقرأ الوثيقة [2]": SITE + page_of(FILE_QUOTE),
    }


def test_references_lead_to_their_pages_where_there_are_some(tmp_path: Path) -> None:
    def card(talking: Chat) -> str:
        shown = sources_on_the_web(talking)
        return str(changed(talking.press(buttons(shown)["إشارة دائمة"]))["text"])

    names = [str(Reference.of(quote.document, quote.span)) for quote in (QUOTES[0], FILE_QUOTE)]
    lines = card(on_the_web(tmp_path)).splitlines()
    for line, name in zip(lines[1:3], names, strict=True):
        assert f"<code>{name}</code>" in line
        assert f'<a href="{SITE}/r/{name}">' in line
    assert "<a " not in card(on_the_web(tmp_path / "bare", web_address=None))


@pytest.mark.parametrize(("chat", "site"), [(-5, SITE), (7, "http://10.0.0.1:8090"), (7, None)])
def test_in_groups_or_without_https_there_is_no_such_button(tmp_path: Path, chat: int, site: str | None) -> None:
    shown = sources_on_the_web(on_the_web(tmp_path, chat, web_address=site))
    assert web_apps(shown) == {}
    assert (f"{site}/read" in shown["text"]) == (site is not None)

"""What happens when a button under an answer is pressed: over a Bot API in memory."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from handling import Listed, Shelf
from pressing import DOCUMENT, FILE, FILE_QUOTE, LINES, QUOTES, Chat, Long, buttons, changed, given, quote, said
from telegram_html import parse

from bot.phrases import phrases
from retrieval.model import Answer, Document, Quote, Source, Span

ARABIC = phrases("ar")


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


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

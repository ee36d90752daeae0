"""A verdict as cards: the source's words in a block quote, and beside it what was changed."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from places import DATA

from bot.phrases import phrases
from bot.showing.answer_json import verdict_json
from bot.showing.cards import LIMIT, units
from bot.showing.promise import check
from bot.showing.verdicts import CHANGES, QUOTES, verdict_cards
from retrieval import Library, Verdict

SAYS = phrases("ar")
FOLDER = DATA / "verifying" / "documents"
SENTENCES = [
    "وتوقع الحسيني ألا يتأخر ذلك عن نهاية الصيف.",
    "ولم تسجل أي وفاة حتى الآن.",
    "وقالت إنها لن تقبل بأقل من ذلك.",
    "وتستورد البلاد ثلثي حاجتها من القمح من أربع دول.",
]


@pytest.fixture(scope="module")
def library() -> Iterator[Library]:
    with closing(Library.open(FOLDER, engine="memory", reader=False)) as opened:
        yield opened


def shown(verdict: Verdict) -> str:
    """All that is shown of it, held to the promise."""
    cards = verdict_cards(verdict, SAYS)
    for card in cards:
        check(card, card.quotes)
        assert units(card.plain) <= LIMIT
    return "\n\n".join(card.plain for card in cards)


def test_word_for_word_is_said_with_the_quote_and_where_it_stands(library: Library) -> None:
    told = shown(library.verify(SENTENCES[0]))
    assert told.startswith(SAYS.verdicts["exact"])
    assert "ميناء الرملة يعود إلى العمل\nفقرة 3" in told


def test_sentences_that_follow_each_other_are_one_quote(library: Library) -> None:
    text = (FOLDER / "water.txt").read_text("utf-8").partition("\n\n")[2].partition("\n\n")[2]
    (card,) = verdict_cards(library.verify(text), SAYS)
    assert len(card.quotes) == 1


def test_what_was_altered_is_bold_in_the_source_and_stands_side_by_side(library: Library) -> None:
    verdict = library.verify("وتوقع الحسيني أن يتأخر ذلك أبدا عن نهاية الصيف")
    told = shown(verdict)
    assert told.startswith(SAYS.verdicts["altered"])
    assert "في النص «أن»، وفي المصدر «ألا»." in told
    assert "في النص وليس في المصدر: «أبدا»." in told
    assert "<b>ألا</b>" in verdict_cards(verdict, SAYS)[0].html


def test_words_in_another_order_are_said_to_be_that_and_nothing_else(library: Library) -> None:
    verdict = library.verify("فقد ربعهم عملهم في أثناء التوقف، ويعمل في الميناء نحو 1,250 عاملا")
    told = shown(verdict)
    assert told.startswith(SAYS.verdicts["moved"])
    assert "في النص" not in told


def test_each_place_of_what_is_pieced_is_shown_and_what_stands_nowhere_is_named(library: Library) -> None:
    assert shown(library.verify(" ".join(SENTENCES[:2]))).count("فقرة") == 2
    lost = "وصلت القافلة إلى الواحة بعد مسير طويل."
    assert f"ولا أجد في مصادري: «{lost}»." in shown(library.verify(" ".join([*SENTENCES[:2], lost])))


def test_an_absent_text_is_one_sentence_and_sources_out_of_reach_are_said(library: Library) -> None:
    assert shown(library.verify("وصلت القافلة إلى الواحة بعد مسير طويل")) == SAYS.verdicts["absent"]
    assert shown(Verdict("نص", "absent", unreachable=True)) == SAYS.verdicts["unreachable"]


def test_of_a_long_text_no_more_is_shown_than_is_read(library: Library) -> None:
    mixed = " ".join(SENTENCES * 6).replace("ذلك عن", "زنجبيل عن").replace("ثلثي حاجتها", "زنجبيل الآن")
    told = shown(library.verify(mixed))
    assert told.count("فقرة") == QUOTES
    assert told.count("زنجبيل") <= CHANGES
    assert SAYS.verdicts["more"] in told


def test_markup_in_what_somebody_wrote_is_not_markup(library: Library) -> None:
    told = verdict_cards(library.verify("وتوقع الحسيني <b>ألا يتأخر ذلك عن</b> نهاية الصيف"), SAYS)[0]
    check(told, told.quotes)
    assert "«\u2068<b>\u2069»" in told.plain


def test_the_json_form(library: Library) -> None:
    text = f"{SENTENCES[1]} {SENTENCES[0].replace('ألا', 'أن')}"
    form = verdict_json(library.verify(text))
    assert (form["text"], form["kind"], form["unreachable"]) == (text, "altered", False)
    first, second = form["sentences"]
    assert (first["kind"], first["document"], first["place"]) == ("exact", "health.txt", "فقرة 3")
    source = (FOLDER / "harbour.txt").read_text("utf-8")
    assert source[second["start"] : second["end"]] == second["source"]
    (change,) = second["changes"]
    assert (change["kind"], change["text"], change["source"]) == ("changed", "أن", "ألا")
    assert source[change["start"] : change["end"]] == "ألا"
    assert second["text"][change["text_start"] : change["text_end"]] == "أن"
    (absent,) = verdict_json(library.verify("وصلت القافلة إلى الواحة بعد مسير"))["sentences"]
    assert (absent["kind"], absent["document"], absent["source"], absent["changes"]) == ("absent", None, None, [])

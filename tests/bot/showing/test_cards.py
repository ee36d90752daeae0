"""Cards: the source's own words, its order and direction, Telegram's limits; and the promise that guards them."""

import re
import unicodedata
from dataclasses import replace
from datetime import date
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.phrases import phrases
from bot.showing.cards import LIMIT, QUOTE_LIMIT, Card, cards, page_card, picture_card, sources_card, units
from bot.showing.markup import MarkupError, as_seen, read
from bot.showing.promise import PromiseError, check
from bot.sources.citation import link as address
from retrieval.model import Answer, Document, Period, Quote, Source, Span

ARABIC, ENGLISH = phrases("ar"), phrases("en")
TEXT = "عنوان الخبر\n\nوكان من المقرر ان تنطلق المباحثات يوم 15 فبراير <2017> & ما بعده. جملة أخرى."
SENTENCE = "وكان من المقرر ان تنطلق المباحثات يوم 15 فبراير <2017> & ما بعده."


def _span(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


def _quote(sentence: str = SENTENCE, text: str = TEXT, marked: tuple[str, ...] = (), **document: object) -> Quote:
    source = Document("a.txt", str(document.pop("title", "عنوان الخبر")), text, **document)  # type: ignore[arg-type]
    return Quote(source, _span(text, sentence), tuple(_span(text, part) for part in marked))


def _answer(*quotes: Quote, searched: str = "متى؟", **more: object) -> Answer:
    return Answer("متى؟", searched, quotes, **{"shown": len(quotes), **more})  # type: ignore[arg-type]


def _only(answer: Answer) -> Card:
    (card,) = cards(answer, ARABIC)
    return card


def test_a_quote_is_shown_word_for_word_and_its_source_below() -> None:
    card = _only(_answer(_quote()))
    assert read(card.html).quotes == (SENTENCE,)
    assert card.plain == f"{SENTENCE}\nعنوان الخبر\nفقرة 1"


def test_what_is_not_shown_at_once_stands_in_no_card() -> None:
    other = _quote("جملة أخرى.")
    assert _only(_answer(_quote(), other, shown=1)) == _only(_answer(_quote()))
    assert [quote.text for quote in _only(_answer(_quote(), other)).quotes] == [SENTENCE, "جملة أخرى."]


def test_a_quote_can_be_folded_by_the_reader() -> None:
    assert _only(_answer(_quote())).html.startswith("<blockquote expandable>")


@pytest.mark.parametrize(
    ("text", "is_folded"),
    [
        (f"وصلت {'مع الفجر ' * 20}القافلة", False),
        (f"وصلت القافلة {'مع الفجر ' * 20}", True),
        ("أول\nثان\nثالث\nالقافلة", False),
    ],
)
def test_a_quote_is_not_folded_where_that_would_hide_the_words_that_answer(text: str, is_folded: bool) -> None:
    card = _only(_answer(_quote(text, text, ("القافلة",))))
    assert ("expandable" in card.html) == is_folded


def test_a_title_is_said_once() -> None:
    quote = replace(_quote(), heading=_span(TEXT, "عنوان الخبر"))
    assert _only(_answer(quote)).plain.count("عنوان الخبر") == 1
    assert "<b>عنوان الخبر</b>" in _only(_answer(replace(quote, document=replace(quote.document, title="غيره")))).html


def test_the_answering_words_are_bold_and_markup_in_a_text_is_not_markup() -> None:
    card = _only(_answer(_quote(marked=("15 فبراير <2017>",))))
    assert "<b>15 فبراير &lt;2017&gt;</b> &amp; ما" in card.html


def test_highlights_that_overlap_are_marked_once() -> None:
    quote = _quote(marked=("تنطلق المباحثات يوم", "يوم 15", "تنطلق"))
    card = _only(_answer(quote))
    assert card.html.count("<b>") == 2
    check(card, [quote])


def test_the_source_has_its_link_and_date() -> None:
    quote = _quote(url="https://example.org/?a=1&b=2", published=date(2017, 2, 15))
    card = _only(_answer(quote))
    link = f'<a href="{escape(str(address(quote)))}">عنوان الخبر</a>'
    assert link.startswith('<a href="https://example.org/?a=1&amp;b=2#:~:text=')
    assert card.html.endswith(f"\n{link}\n\u200f\u2068example.org\u2069\u00a0·\u00a015 فبراير 2017")
    english = cards(_answer(quote), ENGLISH)[0]
    assert english.plain.endswith("\n\u2068عنوان الخبر\u2069\nexample.org\u00a0·\u00a015 February 2017")


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.example.org/a", "\u2068example.org\u2069"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("https://أخبار.example/", "\u2068أخبار.example\u2069"),
        ("http://[", "فقرة 1"),
        ("javascript:alert(1)", "فقرة 1"),
        (None, "فقرة 1"),
    ],
)
def test_below_the_title_stands_the_site_or_the_place_in_it(url: str | None, site: str) -> None:
    assert _only(_answer(_quote(url=url))).plain.splitlines()[1:] == ["عنوان الخبر", ARABIC.line(site)]


def test_the_place_in_a_document_with_pages_is_its_page() -> None:
    quote = _quote(pages=(0, 5))
    assert _only(_answer(quote)).plain.endswith("\nصفحة 2")
    assert cards(_answer(quote), ENGLISH)[0].plain.endswith("\npage 2")


@pytest.mark.parametrize(("written", "other"), [("٢٠١٧", "0-9"), ("2017", "٠-٩")])
def test_a_message_has_digits_of_one_script_those_of_its_quotes(written: str, other: str) -> None:
    text = f"عنوان الخبر\n\nكان ذلك عام {written} في المدينة.\n"
    quote = _quote(f"كان ذلك عام {written} في المدينة.", text, (written,), published=date(2017, 2, 15))
    numbered = _answer(quote, replace(quote, span=_span(text, "عنوان الخبر"), highlights=()))
    period = Period(date(2017, 1, 1), date(2017, 12, 31))
    for answer in (numbered, replace(numbered, period=period, in_period=True)):
        card = _only(answer)
        assert written in card.plain
        assert not re.search(f"[{other}]", card.plain)
    for card in (
        page_card(quote, quote, 2, (1, 3), ARABIC),
        sources_card([(1, quote), (2, quote)], ARABIC),
        picture_card(replace(quote, document=replace(quote.document, pages=(0, 5))), 3, ARABIC),
    ):
        assert not re.search(f"[{other}]", card.plain.replace("a.txt", ""))


def test_a_mark_within_a_number_of_a_title_stays_as_the_number_would_turn_without_it() -> None:
    card = _only(_answer(_quote(title="\u200fزلزال بقوة 5.\u200f7\u200f درجات")))
    assert "\nزلزال بقوة 5.\u200f7 درجات\n" in card.plain


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", 'https://x" y', "ftp://host/a"])
def test_only_an_address_on_the_web_becomes_a_link(url: str) -> None:
    assert "<a" not in _only(_answer(_quote(url=url))).html


def test_a_latin_title_is_isolated_outside_its_link() -> None:
    card = _only(_answer(_quote(title="Astana talks", url="https://example.org")))
    assert '\n\u200f\u2068<a href="https://example.org#:~:text=' in card.html
    assert ">Astana talks</a>\u2069" in card.html


def test_a_title_cannot_turn_the_line_or_break_it() -> None:
    card = _only(_answer(_quote(title="خبر\n\u202e<b>قلب\u2067 ")))
    assert card.plain.endswith("\n\u200f\u2068خبر <b>قلب\u2069\nفقرة 1")


def test_a_long_title_is_cut_at_200() -> None:
    title = _only(_answer(_quote(title="ك" * 300))).plain.splitlines()[-2]
    assert title == "ك" * 199 + "…"


def test_no_character_is_halved_by_a_cut() -> None:
    title = _only(_answer(_quote(title="ك" + "🙂" * 150))).plain.splitlines()[-2]
    assert title == "ك" + "🙂" * 99 + "…"


def test_several_quotes_are_numbered_in_one_message() -> None:
    card = _only(_answer(_quote(), _quote("جملة أخرى.")))
    assert read(card.html).quotes == (SENTENCE, "جملة أخرى.")
    assert re.findall(r"^\u200f\[(\d)\] عنوان", card.plain, re.MULTILINE) == ["1", "2"]


def test_quotes_that_come_after_others_are_numbered_on() -> None:
    (card,) = cards(_answer(_quote()), ARABIC, first=3)
    assert "\u200f[4] عنوان" in card.plain


def test_other_sources_of_the_same_words_are_named() -> None:
    quote = replace(_quote(), also=(Source("b.txt", "خبر آخر"), Source("c.txt", "News")))
    assert _only(_answer(quote)).plain.endswith("\nوورد كذلك في: خبر آخر، \u2068News\u2069")


def test_what_was_searched_for_is_said_only_where_it_differs() -> None:
    assert "بحثتُ" not in _only(_answer(_quote())).plain
    assert _only(_answer(_quote(), searched="متى كان؟")).plain.startswith("بحثتُ عن: متى كان؟\n\n")


def test_what_a_quote_does_not_say_of_a_question_for_yes_or_no_is_told_on_top() -> None:
    shown = _only(_answer(_quote(), unsaid=("دمشق", "أمس"))).plain
    assert shown.startswith("لا يذكر هذا الموضع: دمشق، أمس\n\n")


def test_that_sources_differ_is_said_on_top() -> None:
    assert _only(_answer(_quote(), differ=True)).plain.startswith(ARABIC.differ + "\n\n")


def test_quotes_that_do_not_fit_are_split_between_never_inside() -> None:
    text = "\n".join(letter * QUOTE_LIMIT for letter in "كلم")
    quotes = [_quote(letter * QUOTE_LIMIT, text) for letter in "كلم"]
    answer = _answer(*quotes, searched="س" * 500, differ=True)
    composed = cards(answer, ARABIC)
    assert [card.quotes for card in composed if card.quotes] == [(quote,) for quote in quotes]
    for card in composed:
        assert units(card.plain) <= LIMIT
        check(card, card.quotes)


def test_the_longest_quote_with_all_that_belongs_to_it_fits() -> None:
    text = "🙂" * (QUOTE_LIMIT // 2)
    quote = replace(
        _quote(text, text, title="t" * 300, published=date(2017, 2, 15)),
        also=(Source("b", "u" * 300), Source("c", "v" * 300), Source("d", "w" * 300)),
    )
    assert units(_only(_answer(quote)).plain) <= LIMIT


@pytest.mark.parametrize("mark", ["أول", "وسط", "آخر"])
def test_of_a_quote_too_long_for_a_message_as_much_is_shown_as_fits_with_its_answer(mark: str) -> None:
    text = f"أول {'🙂 ' * 1200}وسط {'كلمة ' * 1200}آخر"
    (card,) = cards(_answer(_quote(text, text, (mark,))), ARABIC)
    (shown,) = card.quotes
    assert f"<b>{mark}</b>" in card.html
    assert QUOTE_LIMIT - 1 <= units(shown.text) <= QUOTE_LIMIT or shown.text == "آخر"
    assert units(card.plain) <= LIMIT
    check(card, card.quotes)


def test_length_is_counted_in_utf_16_units() -> None:
    assert [units("ك"), units("🙂"), units("")] == [1, 2, 0]


def test_a_refusal_says_what_was_found_and_the_nearest_titles_without_links() -> None:
    answer = Answer(
        "كم سعر Bitcoin؟",
        "كم سعر Bitcoin؟",
        found_words=("سعر",),
        missing_words=("Bitcoin",),
        nearest=(Source("a.txt", "خبر <أ>"), Source("b.txt", "News")),
    )
    card = _only(answer)
    assert card.plain.splitlines() == [
        "لا أجد جوابا عن سؤالك في مصادري.",
        "",
        "وجدتُ في أقرب موضع: سعر",
        "ولم أجد فيه: \u2068Bitcoin\u2069",
        "",
        "أقرب العناوين:",
        "\u200f• خبر <أ>",
        "\u200f• \u2068News\u2069",
    ]
    assert "<a" not in card.html
    assert "المصدر" not in card.plain
    check(card, [])


def test_where_nothing_of_a_question_was_found_that_stands_alone() -> None:
    assert _only(Answer("؟", "؟", missing_words=("عنقاء",))).plain.splitlines()[-1] == "لم أجد: عنقاء"


def test_sources_out_of_reach_are_not_called_an_answer_that_was_not_found() -> None:
    answer = Answer("؟", "؟", found_words=("الجسر",), nearest=(Source("a", "عنوان"),), unreachable=True)
    assert _only(answer).plain == ARABIC.unreachable
    assert _only(Answer("؟", "؟", unreachable=True)).quotes == ()


def test_a_refusal_without_words_or_titles_is_one_sentence() -> None:
    assert _only(Answer("؟", "؟")).plain == ARABIC.refusal


def test_every_line_outside_quotes_opens_with_an_arabic_letter_or_one_mark() -> None:
    quote = replace(_quote(title="News", published=date(2017, 2, 15)), also=(Source("b", "Else"),))
    for answer in (
        _answer(quote, quote, searched="Bitcoin متى", differ=True),
        Answer("a", "b", found_words=("x",), missing_words=("y",), nearest=(Source("a", "News"),)),
    ):
        (card,) = cards(answer, ARABIC)
        outside = read(re.sub(r"<blockquote expandable>.*?</blockquote>\n", "", card.html, flags=re.S)).text
        for line in filter(None, outside.splitlines()):
            assert unicodedata.bidirectional(line[0]) == "AL" or re.match("\u200f[^\u200f]", line)


@pytest.mark.parametrize(
    "source", ["&lt;b&gt;", "&copy", "a<b>c</b>", "</blockquote>", "<!-- -->", "<![CDATA[x]]>", "&#1632;"]
)
def test_text_that_looks_like_markup_is_shown_as_it_stands(source: str) -> None:
    quote = _quote(source, f"خبر {source} آخر", marked=(source[1:3],))
    card = _only(_answer(quote))
    assert read(card.html).quotes == (source,)
    check(card, [quote])


@given(st.text(min_size=1, max_size=200), st.data())
def test_whatever_a_text_holds_its_card_keeps_the_promise(text: str, data: st.DataObject) -> None:
    ends = st.integers(0, len(text))
    spans = [Span(*sorted(pair)) for pair in data.draw(st.lists(st.tuples(ends, ends))) if pair[0] != pair[1]]
    quote = Quote(Document("a", text, text, url=text), Span(0, len(text)), tuple(spans))
    for says in (ARABIC, ENGLISH):
        (card,) = cards(_answer(quote, searched=text), says)
        check(card, [quote])


# The promise


def test_a_card_with_another_word_in_its_quote_is_not_sent() -> None:
    quote = _quote()
    card = _only(_answer(quote))
    changed = card.html.replace("تنطلق", "انطلقت")
    with pytest.raises(PromiseError, match=r"a\.txt: a quote differs"):
        check(Card(changed, read(changed).text), [quote])


@pytest.mark.parametrize("change", ["ّ", " ", "\u200f", "ـ"])
def test_one_character_more_is_enough(change: str) -> None:
    quote = _quote()
    card = _only(_answer(quote))
    changed = card.html.replace("المقرر", "المقر" + change + "ر", 1)
    with pytest.raises(PromiseError):
        check(Card(changed, read(changed).text), [quote])


def test_a_text_that_changed_since_it_was_indexed_is_not_sent() -> None:
    quote = _quote(digest="0" * 64)
    with pytest.raises(PromiseError, match="not the one that was indexed"):
        check(_only(_answer(quote)), [quote])


def test_a_quote_too_many_or_too_few_is_not_sent() -> None:
    quote = _quote()
    card = _only(_answer(quote))
    for quotes in ([], [quote, quote]):
        with pytest.raises(PromiseError, match="instead of"):
            check(card, quotes)


def test_a_plain_text_that_says_something_else_is_not_sent() -> None:
    quote = _quote()
    with pytest.raises(PromiseError, match="without its markup"):
        check(Card(_only(_answer(quote)).html, SENTENCE), [quote])


def test_a_card_that_telegram_would_cut_is_not_sent() -> None:
    with pytest.raises(PromiseError, match="units"):
        check(Card("ك" * 4097, "ك" * 4097), [])


@pytest.mark.parametrize(
    "html",
    [
        "<b>",
        "</b>",
        "<b><a></b></a>",
        "<i>x</i>",
        '<b class="x">y</b>',
        '<blockquote expandable="x">y</blockquote>',
        "<a href>y</a>",
        "<b/>",
        "<!-- x -->",
        "<!doctype x>",
        "<?x?>",
        "<b><b>x</b></b>",
    ],
)
def test_other_markup_than_the_bot_sends_is_not_read(html: str) -> None:
    with pytest.raises(MarkupError):
        read(html)
    with pytest.raises(PromiseError):
        check(Card(html, ""), [])


def test_characters_without_a_shape_that_telegram_drops_do_not_break_a_quote() -> None:
    sentence = "قال \u202bنعم\u202c\r\nثم\u2028سكت\tطويلا"
    quote = _quote(sentence, f"خبر. {sentence}")
    card = _only(_answer(quote))
    assert read(card.html).quotes == ("قال نعم \nثم\nسكت طويلا",)
    check(card, [quote])


@given(st.text())
def test_text_reads_the_same_twice(text: str) -> None:
    assert as_seen(as_seen(text)) == as_seen(text)


def test_letters_marks_and_isolates_are_seen_as_they_are() -> None:
    kept = "الرَّحْمٰنـ ٠١٢ \u200f\u2067x\u2069\n\u200c"
    assert as_seen(kept) == kept

"""The checker of messages refuses what Telegram refuses, and shows what a reader sees."""

import pytest
from telegram_html import Link, MessageError, parse, utf16_length


def test_shows_the_visible_text():
    assert parse("قال: &quot;نعم&quot; &amp; <b>لا</b> &#1633;").text == 'قال: "نعم" & لا ١'


def test_finds_blockquotes_with_what_is_bold_inside():
    message = parse("<b>جواب</b>\n<blockquote>كان <b>الخامس عشر</b> من <i><b>فبراير</b></i></blockquote>")
    (quote,) = message.blockquotes
    assert quote.text == "كان الخامس عشر من فبراير"
    assert message.text[quote.start :] == quote.text
    assert quote.bold_texts == ["الخامس عشر", "فبراير"]
    assert not quote.expandable


def test_knows_an_expandable_blockquote():
    assert parse("<blockquote expandable>طويل</blockquote>").blockquotes[0].expandable


def test_finds_links_with_their_addresses():
    message = parse('المصدر: <a href="https://example.org/?a=1&amp;b=2">خبر</a>')
    assert message.links == [Link("خبر", "https://example.org/?a=1&b=2")]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("ا\u202bب\u202c", "اب"),  # embeddings are dropped
        ("\u2068ا\u2069 \u200fب", "\u2068ا\u2069 \u200fب"),  # isolates and a single mark pass
        ("ا\u200f\u200fب", "ا\u200c\u200fب"),  # of several marks only the last
        ("ا\r\nب\tج", "ا\nب ج"),
        ("ا&#8238;ب", "اب"),  # written as a number too
    ],
)
def test_shows_what_the_servers_leave_of_control_characters(source, shown):
    assert parse(source).text == shown


@pytest.mark.parametrize(
    "source",
    [
        "١ < ٢",
        "١ > ٢",
        "قط & فأر",
        "&nbsp;",
        "&laquo;نص&raquo;",
        "<b>غير مغلق",
        "</b>",
        "<b><i>متقاطع</b></i>",
        "<p>وسم</p>",
        "<B>وسم</B>",
        "نص<br/>",
        '<b class="x">وسم</b>',
        "<blockquote collapsed>نص</blockquote>",
        "<blockquote>ا <blockquote>ب</blockquote></blockquote>",
        "<blockquote>ا <i><blockquote>ب</blockquote></i></blockquote>",
        "<code><b>نص</b></code>",
        "<b></b>نص",
        "<a>نص</a>",
        "<a href='https://example.org'>نص</a>",
        '<a href="javascript:alert(1)">نص</a>',
        '<a href="https://example.org/?a=1&b=2">نص</a>',
        "",
        " \n ",
        "\u202a\u202c",
        "ا" * 4097,
        "😀" * 2049,
        "<b>ا</b> " * 101,
    ],
)
def test_refuses(source):
    with pytest.raises(MessageError):
        parse(source)


def test_length_counts_the_visible_text_in_utf16_units():
    assert utf16_length("😀ا") == 3
    assert parse("<blockquote>" + "&amp;" * 4096 + "</blockquote>").text == "&" * 4096
    assert parse("😀" * 2048)

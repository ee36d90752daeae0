"""The address of a quote: a browser finds the words in the page, and those words only."""

from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.citation import link
from retrieval import Document, Quote, Span

PAGE = "https://example.org/news"
SHORT = "افتتح العمدة السوق صباح الأحد."
LONG = "قالت البلدية إن ترميم الجسر كلف مليوني دينار، وإن العمل فيه استمر ثلاثة أعوام كاملة قبل افتتاحه."
TEXT = f"خبر\n\n{SHORT} {LONG}\n\nوفي المساء {SHORT}\nثم {SHORT} وانصرف الناس."


def quote(text: str = TEXT, start: int = 0, end: int | None = None, url: str | None = PAGE) -> Quote:
    return Quote(Document("a", "خبر", text, url=url), Span(start, end or len(text)))


def directive(of: Quote) -> list[str]:
    found = link(of)
    assert found
    base, _, encoded = found.partition(":~:text=")
    assert base == f"{PAGE}#"
    return [unquote(part) for part in encoded.split(",")]


def quoted(sentence: str, place: int = 0) -> Quote:
    start = TEXT.index(sentence, place)
    return quote(TEXT, start, start + len(sentence))


def test_a_short_quote_stands_whole() -> None:
    text = "خبر\n\nبني الجسر. كلف مليون دينار."
    assert directive(quote(text, 5, 15)) == ["بني الجسر."]


def test_of_a_long_quote_the_edges_stand() -> None:
    assert directive(quoted(LONG)) == ["قالت البلدية إن ترميم الجسر", "ثلاثة أعوام كاملة قبل افتتاحه."]


def test_what_stands_before_tells_a_repeated_quote_apart() -> None:
    second = TEXT.index("وفي المساء")
    assert directive(quoted(SHORT, second)) == ["وفي المساء-", SHORT]


def test_what_stands_after_does_where_nothing_stands_before() -> None:
    assert directive(quoted(SHORT)) == [SHORT, "-قالت البلدية إن"]


def test_a_quote_over_two_lines_is_named_by_its_edges() -> None:
    text = "خبر\n\nقائمة أولى:\nطحين وماء"
    assert directive(quote(text, 5)) == ["قائمة أولى:", "طحين وماء"]


def test_an_address_with_a_fragment_keeps_it() -> None:
    assert str(link(quote(url=f"{PAGE}#top"))).startswith(f"{PAGE}#top:~:text=")


@pytest.mark.parametrize("url", [None, "", "ftp://example.org/a", "javascript:alert(1)"])
def test_what_is_not_on_the_web_has_no_address(url: str | None) -> None:
    assert link(quote(url=url)) is None


@settings(deadline=None, derandomize=True, database=None, max_examples=100)
@given(st.text(st.sampled_from("ابت -,&#%\n«»؟ab1"), min_size=1, max_size=120).filter(str.strip), st.data())
def test_nothing_of_a_text_can_break_the_address(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = link(quote(text, start, end)) if text[start:end].strip() else None
    if found:
        encoded = found.partition(":~:text=")[2]
        assert not set(encoded) & set(" \n#&«»")
        parts = encoded.split(",")
        assert all("-" not in part.removesuffix("-").removeprefix("-") for part in parts)

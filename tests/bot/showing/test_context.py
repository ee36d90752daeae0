"""What stands around a quote, page by page."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.phrases import phrases
from bot.showing.cards import LIMIT, page_card, units
from bot.showing.context import PAGE, home, pages
from bot.showing.promise import check
from retrieval.model import Document, Quote, Span

ARABIC = phrases("ar")
PARAGRAPH = "وصلت القافلة إلى المدينة بعد ثلاثة أيام من المسير في الصحراء."
LONG = "\n\n".join(f"{number} {PARAGRAPH}" for number in range(1, 81))


def _quote(text: str, words: str, heading: int = 0) -> Quote:
    start = text.index(words)
    return Quote(Document("a.txt", "عنوان", text, heading=heading), Span(start, start + len(words)))


def _marked(page: Quote) -> list[str]:
    return [span.of(page.document.text) for span in page.highlights]


def test_a_short_document_is_one_page_with_the_quote_marked() -> None:
    text = f"عنوان\n\n{PARAGRAPH}\n\nثم عادت.\n"
    quote = _quote(text, PARAGRAPH, heading=7)
    (page,) = pages(quote)
    assert page.text == f"{PARAGRAPH}\n\nثم عادت."
    assert _marked(page) == [PARAGRAPH]


def test_the_page_of_a_quote_has_whole_paragraphs_on_both_sides() -> None:
    quote = _quote(LONG, f"40 {PARAGRAPH}")
    parts = pages(quote)
    page = parts[home(quote, parts)]
    assert _marked(page) == [quote.text]
    assert f"39 {PARAGRAPH}\n\n40 {PARAGRAPH}\n\n41 {PARAGRAPH}" in page.text
    assert all(line.endswith("الصحراء.") for line in page.text.split("\n\n"))
    assert page.text.split()[0].isdigit()


def test_the_other_pages_have_no_mark() -> None:
    quote = _quote(LONG, f"40 {PARAGRAPH}")
    parts = pages(quote)
    others = [page for number, page in enumerate(parts) if number != home(quote, parts)]
    assert len(others) >= 4
    assert not any(page.highlights for page in others)


def test_a_quote_at_an_end_has_more_on_its_other_side() -> None:
    for number in (1, 80):
        quote = _quote(LONG, f"{number} {PARAGRAPH}")
        parts = pages(quote)
        assert home(quote, parts) == (0 if number == 1 else len(parts) - 1)
        assert len(parts[home(quote, parts)].text) > PAGE / 2


pieces = st.text(st.sampled_from("كلم 🙂\n\u2028\t"), min_size=1, max_size=40)
texts = (
    st.lists(st.builds(str.__mul__, pieces, st.integers(1, 100)), min_size=1, max_size=5).map("".join).filter(str.strip)
)


@settings(max_examples=60, deadline=None)
@given(texts, st.data())
def test_the_pages_of_any_text_leave_out_white_space_only_and_fit(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + 3500)))
    if not text[start:end].strip():
        return
    heading = data.draw(st.integers(0, start))
    quote = Quote(Document("a.txt", "t" * 300, text, heading=heading, url="https://example.org"), Span(start, end))
    parts = pages(quote)
    at = heading
    for page in parts:
        assert not text[at : page.span.start].strip()
        at = page.span.end
        card = page_card(page, quote, 12, (12, 12), ARABIC)
        check(card, [page])
        assert units(card.plain) <= LIMIT
    assert not text[at:].strip()
    marked = "".join(words for page in parts for words in _marked(page))
    assert marked.split() == quote.text.split() or "".join(marked.split()) == "".join(quote.text.split())
    if end - start <= PAGE:
        assert sum(bool(page.highlights) for page in parts) == 1
    assert parts[home(quote, parts)].highlights

"""What is a chat's own has no page on the web; what all have in common has one where there are pages."""

from dataclasses import dataclass

from bot.sources.addresses import document_page, page_of, picture_of
from bot.sources.shelves import Shelves
from retrieval import Document, Quote, Span

COMMON, OWN = (Document(f"{name}.txt", name, f"نص الوثيقة {name}.") for name in ("common", "own"))
SITE = "https://quotes.example.org"


@dataclass
class Private:
    """The libraries of chats, of which one holds a document."""

    def of(self, chat: int) -> "Private | None":
        return self if chat == 7 else None

    def document(self, document_id: str, digest: str) -> Document | None:
        return OWN if (document_id, digest) == (OWN.id, OWN.digest) else None


def quote(document: Document) -> Quote:
    return Quote(document, Span(0, 3))


def test_only_what_is_common_has_a_page() -> None:
    shelves = Shelves(None, Private(), SITE)  # type: ignore[arg-type]
    assert shelves.page(quote(COMMON), 7) == SITE + page_of(quote(COMMON))
    assert shelves.link(quote(COMMON), None) == SITE + page_of(quote(COMMON))
    assert shelves.page(quote(OWN), 7) is None
    assert shelves.link(quote(OWN), 7) is None
    assert shelves.reference_page("abc-1-2") == f"{SITE}/r/abc-1-2"
    assert Shelves(None, Private()).reference_page("abc-1-2") is None  # type: ignore[arg-type]


def test_a_source_of_its_own_comes_first_and_without_pages_there_are_none() -> None:
    own = Document("a", "a", "نص طويل.", url="https://example.org/a")
    assert str(Shelves(None, Private(), SITE).link(quote(own), 7)).startswith("https://example.org/a#:~:text=")  # type: ignore[arg-type]
    assert Shelves(None, Private()).link(quote(COMMON), 7) is None  # type: ignore[arg-type]


def test_an_id_stands_in_an_address_whatever_it_is() -> None:
    odd = Document("a&b/../c#d?\ud800", "a", "نص طويل.")
    assert page_of(Quote(odd, Span(0, 3))).startswith("/read?document=a%26b%2F..%2Fc%23d%3F%3F&start=0&end=3&version=")
    assert page_of(Quote(odd, Span(0, 3))).endswith("#quote")
    assert picture_of(Quote(odd, Span(0, 3))).startswith("/page.png?document=a%26b")
    assert document_page("x", 3) == "/read?document=x&leaf=3"

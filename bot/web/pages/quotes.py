"""A quote as a page shows it: its words, where it stands, and what stands around it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.phrases import Phrases
from bot.showing.cards import TITLE_LIMIT, shortened
from bot.showing.context import home, pages
from bot.sources.addresses import document_page, page_of, reference_page
from bot.sources.citation import link
from bot.web.pages.leaves import Run, runs
from bot.web.pages.rendering import host_of
from retrieval import Reference
from retrieval.model import Quote


@dataclass(frozen=True, slots=True)
class Shown:
    """What a template needs of a quote. ``page``: the address of its page here; ``site`` and ``link``: those of its own
    page, where it has one; ``also``: titles of other sources with their addresses; ``reference``: the
    address of its permanent reference; ``around``: what stands around it.
    """

    quote: Quote
    runs: Sequence[Run]
    title: str
    page: str
    day: str
    place: str
    site: str
    link: str | None
    heading: str
    also: Sequence[tuple[str, str]]
    reference: str
    is_recognised: bool
    around: Sequence[Run] = ()


def shown(quote: Quote, says: Phrases, *, around: bool = False) -> Shown:
    """A quote for a template; ``around``: with what stands around it in its document."""
    document = quote.document
    return Shown(
        quote,
        runs(document.text, quote.span, quote.highlights),
        shortened(document.title, TITLE_LIMIT),
        page_of(quote),
        says.day(document.published) if document.published else "",
        says.place(quote),
        host_of(document.url),
        link(quote),
        _heading(quote),
        [(shortened(source.title, TITLE_LIMIT), document_page(source.document_id)) for source in quote.also],
        reference_page(str(Reference.of(document, quote.span))),
        document.recognised is not None,
        _around(quote) if around else (),
    )


def page_around(quote: Quote) -> Quote:
    """What stands around a quote, as a quote of its own in which the one is marked."""
    parts = pages(quote)
    return parts[home(quote, parts)]


def _around(quote: Quote) -> Sequence[Run]:
    page = page_around(quote)
    return runs(page.document.text, page.span, page.highlights)


def _heading(quote: Quote) -> str:
    words = shortened(quote.heading.of(quote.document.text), TITLE_LIMIT) if quote.heading else ""
    return "" if words in quote.document.title else words

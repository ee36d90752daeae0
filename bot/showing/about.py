"""What is shown of an answer's quotes to a word about it, by its intent: «السياق», «من كتب هذا؟», «هل أنت متأكد؟»."""

from collections.abc import Callable, Mapping, Sequence

from bot.phrases import Phrases
from bot.showing.cards import Card, page_card, sources_card
from bot.showing.citations import references_card
from bot.showing.context import home, pages
from retrieval.model import Document, Quote

REFERENCE = "reference"
AROUND = ("context", "sure")
"""The intents that are answered with what stands around the first quote; the others with all quotes' references, or
with their sources."""
_LACKING: Mapping[str, tuple[Callable[[Document], object], str]] = {
    "link": (lambda document: document.url, "no_link"),
    "author": (lambda document: document.author, "no_author"),
    "published": (lambda document: document.published, "no_day"),
}


def about(intent: str, quotes: Sequence[Quote], says: Phrases) -> Card:
    """The card that shows of one quote or more, of one answer, what an intent asks for."""
    if intent in AROUND:
        first, parts = quotes[0], pages(quotes[0])
        return page_card(parts[home(first, parts)], first, None, None, says, opening(intent, says))
    numbered = [(number if len(quotes) > 1 else None, quote) for number, quote in enumerate(quotes, 1)]
    if intent == REFERENCE:
        return references_card(numbered, says)
    return sources_card(numbered, says, lacking(intent, quotes, says))


def opening(intent: str | None, says: Phrases) -> str | None:
    """What is said before the page around a quote."""
    return says.talk["as_it_stands"] if intent == "sure" else None


def lacking(intent: str | None, quotes: Sequence[Quote], says: Phrases) -> str | None:
    """What is said where none of the sources has what was asked for."""
    has, phrase = _LACKING.get(intent or "", (None, ""))
    return says.talk[phrase] if has and not any(has(quote.document) for quote in quotes) else None

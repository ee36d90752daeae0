"""The address that leads a reader back to a quote: the page's own, with a text fragment that browsers scroll to.

The form is that of the WICG's "URL Fragment Text Directives": ``#:~:text=[prefix-,]start[,end][,-suffix]``, each part
in the page's own spelling, percent-encoded. Browsers that do not know it open the page.
"""

from collections.abc import Callable, Sequence
from urllib.parse import quote as percent_encoded

from bot.sources.addresses import is_address
from retrieval.model import Quote

WHOLE = 12
"""Words of a quote that stand whole in the fragment; of a longer one, its ``EDGE`` first and last do."""
EDGE, CONTEXT = 5, 3
"""Words at the edges of a long quote, and of what stands around one whose beginning stands in the page twice."""

Links = Callable[[Quote], str | None]
"""What gives the address that leads to a quote; None where there is none."""


def link(quote: Quote) -> str | None:
    """The address of a quote in its page; None where its document has no address of the web."""
    url = quote.document.url
    if not url or not is_address(url):
        return None
    return f"{url}{'' if '#' in url else '#'}:~:text={_directive(quote)}"


def _directive(quote: Quote) -> str:
    words = quote.text.split()
    # A part that is looked for whole may not go from one block of the page into another.
    is_whole = len(words) <= WHOLE and "\n" not in quote.text
    first_line, last_line = quote.text.splitlines()[0].split(), quote.text.splitlines()[-1].split()
    start = words if is_whole else first_line[:EDGE]
    parts = [_encoded(start)]
    if not is_whole:
        parts.append(_encoded(last_line[-EDGE:]))
    before, after = _around(quote)
    if _is_repeated(quote, start):
        parts = [f"{_encoded(before)}-"] * bool(before) + parts + [f"-{_encoded(after)}"] * (bool(after) and not before)
    return ",".join(parts)


def _is_repeated(quote: Quote, start: Sequence[str]) -> bool:
    """Whether the beginning of a quote stands in the page twice."""
    return " ".join(quote.document.text.split()).count(" ".join(start)) > 1


def _around(quote: Quote) -> tuple[list[str], list[str]]:
    """The words next to a quote on its lines, before and after it."""
    text = quote.document.text
    before = text[: quote.span.start].rpartition("\n")[2].split()[-CONTEXT:]
    return before, text[quote.span.end :].partition("\n")[0].split()[:CONTEXT]


def _encoded(words: Sequence[str]) -> str:
    """Percent-encoded, the hyphen too, which has a meaning of its own there."""
    return percent_encoded(" ".join(words), safe="").replace("-", "%2D")

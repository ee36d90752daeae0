"""An answer as Telegram messages. Pure: nothing is sent here, and nothing but quotes stands in a block quote."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot import markup
from bot.citation import link
from bot.markup import as_seen, escaped
from bot.phrases import Phrases
from retrieval.model import Answer, Quote, Source

LIMIT = 4096
"""Telegram's limit for one message, in UTF-16 units, after its markup is read."""
TITLE_LIMIT = 200
ALSO_TITLE_LIMIT = 80
ALSO, NEAREST, WORDS = 2, 3, 12
"""How many other sources, nearest titles and words of the question are named at most."""

# Characters that steer the order of letters: a title that holds one could turn the line around it.
_STEERING = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


@dataclass(frozen=True, slots=True)
class Card:
    """One message: ``html`` to send, ``plain`` the same visible text without markup, and the quotes in it."""

    html: str
    plain: str
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class _Block:
    """A part of a card that is never split. ``html`` has no blank line at its ends."""

    html: str
    quotes: tuple[Quote, ...] = ()

    def __add__(self, other: "_Block") -> "_Block":
        return _Block(f"{self.html}\n\n{other.html}", self.quotes + other.quotes)


def cards(answer: Answer, phrases: Phrases) -> list[Card]:
    """The messages that show ``answer``: as few as hold it, split between quotes only; or one refusal."""
    blocks = [
        *_opening(answer, phrases),
        *(_quotes(answer, phrases) if answer.found else _refusal(answer, phrases)),
    ]
    return [Card(block.html, markup.read(block.html).text, block.quotes) for block in _packed(blocks)]


def units(text: str) -> int:
    """The length of ``text`` as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _packed(blocks: Iterable[_Block]) -> list[_Block]:
    packed: list[_Block] = []
    for block in blocks:
        joined = packed[-1] + block if packed else None
        if joined and units(markup.read(joined.html).text) <= LIMIT:
            packed[-1] = joined
        else:
            packed.append(block)
    return packed


def _opening(answer: Answer, phrases: Phrases) -> Iterator[_Block]:
    lines = []
    if answer.searched != answer.question:
        lines.append(phrases.searched.format(text=phrases.isolated(_one_line(answer.searched))))
    lines += phrases.remarks(answer)
    if lines:
        yield _lines(lines, phrases)


def _quotes(answer: Answer, phrases: Phrases) -> Iterator[_Block]:
    for number, quote in enumerate(answer.quotes, 1):
        template = phrases.source if len(answer.quotes) == 1 else phrases.source_numbered
        lines = [phrases.line(escaped(template)).format(number=number, source=_source(quote, phrases))]
        if quote.also:
            lines.append(phrases.line(escaped(_also(quote, phrases))))
        yield _Block("\n".join([f"<blockquote>{_marked(quote)}</blockquote>", *lines]), (quote,))


def _marked(quote: Quote) -> str:
    """The quote's own text, its highlights in bold. Highlights that overlap are marked once."""
    text, html, at = quote.document.text, "", quote.span.start
    for highlight in sorted(quote.highlights, key=lambda span: span.start):
        start, end = max(highlight.start, at), max(highlight.end, at)
        if start < end:
            html += escaped(as_seen(text[at:start])) + f"<b>{escaped(as_seen(text[start:end]))}</b>"
            at = end
    return html + escaped(as_seen(text[at : quote.span.end]))


def _source(quote: Quote, phrases: Phrases) -> str:
    """Title, leading to its address, and date. The isolating marks stand outside the link."""
    document = quote.document
    title = shortened(document.title, TITLE_LIMIT)
    before, after = phrases.isolation(title)
    html = before + markup.link(link(quote), title) + after
    return html if document.published is None else html + escaped(phrases.comma + phrases.day(document.published))


def _also(quote: Quote, phrases: Phrases) -> str:
    titles = tuple(shortened(source.title, ALSO_TITLE_LIMIT) for source in quote.also[:ALSO])
    return phrases.also.format(titles=phrases.listed(titles))


def _refusal(answer: Answer, phrases: Phrases) -> Iterator[_Block]:
    """What was not found, and what was: words of the question and titles, never a source with its link."""
    yield _lines([phrases.refusal], phrases)
    words = []
    if answer.found_words:
        words.append(phrases.found.format(words=phrases.listed(answer.found_words[:WORDS])))
    if answer.missing_words:
        words.append(phrases.missing.format(words=phrases.listed(answer.missing_words[:WORDS])))
    if words:
        yield _lines(words, phrases)
    if answer.nearest:
        yield _lines([phrases.nearest, *_titles(answer.nearest[:NEAREST], phrases)], phrases)


def _titles(sources: tuple[Source, ...], phrases: Phrases) -> Iterator[str]:
    for source in sources:
        yield f"• {phrases.isolated(shortened(source.title, TITLE_LIMIT))}"


def _lines(lines: list[str], phrases: Phrases) -> _Block:
    return _Block("\n".join(escaped(phrases.line(line)) for line in lines))


def shortened(title: str, limit: int) -> str:
    """``title`` on one line and without what would steer the line around it, in at most ``limit`` UTF-16 units."""
    shown = _one_line(title)
    return shown if units(shown) <= limit else _cut(shown, limit - 1).rstrip() + "…"


def _cut(text: str, limit: int) -> str:
    """The beginning of ``text`` that fits into ``limit`` UTF-16 units, no character halved."""
    return text.encode("utf-16-le", "surrogatepass")[: limit * 2].decode("utf-16-le", "ignore")


def _one_line(text: str) -> str:
    return " ".join(as_seen(text).translate(_STEERING).split())

"""An answer as Telegram messages. Pure: nothing is sent here, and nothing but quotes stands in a block quote."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from urllib.parse import urlsplit

from bot.phrases import Phrases
from bot.showing import markup
from bot.showing.markup import as_seen, escaped
from bot.sources.addresses import is_address
from bot.sources.citation import Links, link
from retrieval.model import Answer, Document, Quote, Source, Span

LIMIT = 4096
"""Telegram's limit for one message, in UTF-16 units, after its markup is read."""
QUOTE_LIMIT = 3000
"""The same for a quote: of a longer one, as much is shown. The library gives none so long."""
TITLE_LIMIT = 200
HOST_LIMIT, NAME_LIMIT = 80, 200
ALSO_TITLE_LIMIT = 80
ALSO, NEAREST, WORDS = 2, 3, 12
"""How many other sources, nearest titles and words of the question are named at most."""
PARTED = "\n\n"
"""What stands between the parts of what the bot says."""
UNFOLDED = 60
"""Characters that stand in the three lines that are seen of a folded quote, on a narrow phone too."""

# Characters that steer the order of letters: a title that holds one could turn the line around it. A mark within a
# number turns nothing but that; without it the number would be read the other way round.
_STEERING = re.compile(r"[\u202a-\u202e\u2066-\u2069]|(?<![\d.,/:٫٬-])[\u200e\u200f]|[\u200e\u200f](?![\d.,/:٫٬-])")


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
        return _Block(f"{self.html}{PARTED}{other.html}", self.quotes + other.quotes)


def cards(answer: Answer, phrases: Phrases, first: int = 0, note: str | None = None, links: Links = link) -> list[Card]:
    """The messages that show what of ``answer`` is shown at once: as few as hold it, split between quotes only; or one
    refusal.

    ``first``: how many quotes of it were shown before these. ``note``: what is said before all of it. ``links`` gives
    the address to which a quote's title leads.
    """
    return cards_of(said(answer, phrases, note), answer.at_once, phrases, first, links)


def said(answer: Answer, phrases: Phrases, note: str | None = None, *, titles: bool = True) -> str:
    """What the bot itself says: above the quotes of an answer or, of a refusal, all of it. ``titles``: whether the
    nearest are listed, or stand on buttons."""
    phrases = beside_answer(answer, phrases)
    parts = [*([note] if note else []), *_opening(answer, phrases)]
    return PARTED.join([*parts, *([] if answer.found else _refusal(answer, phrases, titles=titles))])


def cards_of(
    opening: str, quotes: Sequence[Quote], phrases: Phrases, first: int = 0, links: Links = link, closing: str = ""
) -> list[Card]:
    """The messages that show ``quotes``, above them what ``said`` gave, and below them a ``closing`` line, if there is
    one."""
    phrases = beside(quotes, phrases, opening)
    above = (_Block(escaped(part)) for part in opening.split(PARTED) if part)
    below = [_Block(phrases.line(escaped(phrases.isolated(closing))))] if closing and quotes else []
    return [_card(block) for block in _packed((*above, *_quotes(quotes, phrases, first, links), *below))]


def cards_of_parts(
    parts: Iterable[tuple[Quote | None, Sequence[str]]], phrases: Phrases, links: Links = link
) -> list[Card]:
    """As few messages as hold the parts, each a quote with its source, or none, and lines of the bot's own below."""
    listed = list(parts)
    phrases = beside((quote for quote, _ in listed if quote), phrases)
    return [_card(block) for block in _packed(_part(quote, lines, phrases, links) for quote, lines in listed)]


def page_card(
    page: Quote,
    quote: Quote,
    number: int | None,
    part: tuple[int, int] | None,
    phrases: Phrases,
    opening: str | None = None,
    links: Links = link,
) -> Card:
    """A stretch of a document around a ``quote``, which is marked in it: ``page``, as a quote of its own.

    ``number`` is the quote's, ``part`` says which stretch it is, of how many, and ``opening`` what is said before all
    of it.
    """
    phrases = beside([page], phrases)
    lines = [escaped(phrases.line(opening))] if opening else []
    lines += [_source(quote, phrases, number, links), f"<blockquote>{_marked(page)}</blockquote>"]
    if part is not None:
        at, count = map(phrases.figure, part)
        lines.append(escaped(phrases.line(phrases.part.format(number=at, count=count))))
    return _card(_Block("\n".join(lines), (page,)))


def sources_card(
    quotes: Iterable[tuple[int | None, Quote]], phrases: Phrases, note: str | None = None, links: Links = link
) -> Card:
    """Where quotes, with their numbers, stand: their addresses or files, the places in them, and who wrote them.

    ``note`` is said after it.
    """
    listed = list(quotes)
    phrases = beside((quote for _, quote in listed), phrases)
    blocks = ["\n".join(_details(quote, phrases, number, links)) for number, quote in listed]
    return _card(_Block("\n\n".join([*blocks, *([escaped(phrases.line(note))] if note else [])])))


def picture_card(quote: Quote, number: int | None, phrases: Phrases) -> Card:
    """What is said under the picture of the page on which a ``quote``, with its number, is marked."""
    phrases = beside([quote], phrases)
    source = _title(quote, phrases, number, link) + escaped(phrases.dot + phrases.place(quote))
    return _card(_Block(f"{source}\n{escaped(phrases.line(phrases.marked))}"))


def beside(quotes: Iterable[Quote], phrases: Phrases, *texts: str) -> Phrases:
    """The phrases for a message in which quotes stand, with their titles, and perhaps other texts."""
    listed = list(quotes)
    return phrases.beside(*(quote.text for quote in listed), *(quote.document.title for quote in listed), *texts)


def beside_answer(answer: Answer, phrases: Phrases) -> Phrases:
    """The phrases for what shows an answer."""
    return beside(answer.at_once, phrases, *(source.title for source in answer.nearest), answer.question)


def shortened(title: str, limit: int) -> str:
    """``title`` on one line and without what would steer the line around it, in at most ``limit`` UTF-16 units."""
    shown = _one_line(title)
    return shown if units(shown) <= limit else shown[: _fitting(shown, limit - 1)].rstrip() + "…"


def units(text: str) -> int:
    """The length of ``text`` as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def within(spans: Iterable[Span], stretch: Span) -> tuple[Span, ...]:
    """What of ``spans`` lies in a stretch."""
    cut = ((max(span.start, stretch.start), min(span.end, stretch.end)) for span in spans)
    return tuple(Span(start, end) for start, end in cut if start < end)


def _card(block: _Block) -> Card:
    return Card(block.html, markup.read(block.html).text, block.quotes)


def _packed(blocks: Iterable[_Block]) -> list[_Block]:
    packed: list[_Block] = []
    for block in blocks:
        joined = packed[-1] + block if packed else None
        if joined and units(markup.read(joined.html).text) <= LIMIT:
            packed[-1] = joined
        else:
            packed.append(block)
    return packed


def _opening(answer: Answer, phrases: Phrases) -> Iterator[str]:
    lines = []
    if answer.searched != answer.question:
        lines.append(phrases.searched.format(text=phrases.isolated(_one_line(answer.searched))))
    lines += phrases.remarks(answer)
    if lines:
        yield _lines(lines, phrases)


def _quotes(quotes: Sequence[Quote], phrases: Phrases, first: int, links: Links) -> Iterator[_Block]:
    is_numbered = first + len(quotes) > 1
    for number, whole in enumerate(quotes, first + 1):
        quote = _fitted(whole)
        lines = [_block_quote(quote), _source(quote, phrases, number if is_numbered else None, links)]
        if quote.document.recognised is not None:
            lines.append(escaped(phrases.line(phrases.read_by_machine)))
        if quote.also:
            lines.append(phrases.line(escaped(_also(quote, phrases))))
        yield _Block("\n".join([*_heading(quote, phrases), *lines]), (quote,))


def _block_quote(quote: Quote) -> str:
    """A quote, folded where it is long, unless words that answer would not be seen then."""
    last = max((mark.end for mark in quote.highlights), default=quote.span.start)
    seen = quote.document.text[quote.span.start : last].rstrip()
    is_open = len(seen) + seen.count("\n") * UNFOLDED // 3 > UNFOLDED
    return f"<blockquote{'' if is_open else ' expandable'}>{_marked(quote)}</blockquote>"


def _part(whole: Quote | None, lines: Sequence[str], phrases: Phrases, links: Links) -> _Block:
    told = [escaped(phrases.line(line)) for line in lines]
    if whole is None:
        return _Block("\n".join(told))
    quote = _fitted(whole)
    machine = [escaped(phrases.line(phrases.read_by_machine))] if quote.document.recognised is not None else []
    return _Block("\n".join([_block_quote(quote), _source(quote, phrases, None, links), *machine, *told]), (quote,))


def _heading(quote: Quote, phrases: Phrases) -> Iterator[str]:
    """The line over a quote, where there is one: the question that it answers, the heading or the columns over it; not
    where the title below says it."""
    heading = shortened(quote.heading.of(quote.document.text), TITLE_LIMIT) if quote.heading else ""
    if heading and heading not in shortened(quote.document.title, TITLE_LIMIT):
        before, after = phrases.isolation(heading)
        yield f"{phrases.mark(heading)}{before}<b>{escaped(heading)}</b>{after}"


def _fitted(quote: Quote) -> Quote:
    """The quote or, of one too long for a message, as much as fits with the words that answer in it."""
    text, span = quote.document.text, quote.span
    if units(quote.text) <= QUOTE_LIMIT:
        return quote
    best = quote.highlights[0] if quote.highlights else span
    start = span.start if units(text[span.start : best.end]) <= QUOTE_LIMIT else best.start
    shown = Span(start, start + _fitting(text[start : span.end], QUOTE_LIMIT))
    return replace(quote, span=shown, highlights=within(quote.highlights, shown))


def _marked(quote: Quote) -> str:
    """The quote's own text, its highlights in bold. Highlights that overlap are marked once."""
    text, html, at = quote.document.text, "", quote.span.start
    for highlight in sorted(quote.highlights, key=lambda span: span.start):
        start, end = max(highlight.start, at), max(highlight.end, at)
        if start < end:
            html += escaped(as_seen(text[at:start])) + f"<b>{escaped(as_seen(text[start:end]))}</b>"
            at = end
    return html + escaped(as_seen(text[at : quote.span.end]))


def _source(quote: Quote, phrases: Phrases, number: int | None, links: Links) -> str:
    """The lines of a quote's source: its title, and below the site, where it has an address, else the place, and the
    day."""
    document, host = quote.document, _host(quote.document)
    place = phrases.isolated(shortened(host, HOST_LIMIT)) if host else phrases.place(quote)
    day = [phrases.day(document.published)] if document.published else []
    below = phrases.line(phrases.dot.join([place, *day]))
    return f"{_title(quote, phrases, number, links)}\n{escaped(below)}"


def _details(quote: Quote, phrases: Phrases, number: int | None, links: Links) -> Iterator[str]:
    document = quote.document
    day = [phrases.day(document.published)] if document.published else []
    is_page = document.url is not None and is_address(document.url)
    template, name = (phrases.address, document.url) if is_page else (phrases.file, document.path)
    shown = shortened(name or document.id, NAME_LIMIT)
    before, after = phrases.isolation(shown)
    yield _title(quote, phrases, number, links)
    yield phrases.line(escaped(template)).format(name=before + markup.link(links(quote), shown) + after)
    yield escaped(phrases.line(phrases.dot.join([phrases.place(quote), *day])))
    if document.author:
        author = phrases.isolated(shortened(document.author, NAME_LIMIT))
        yield escaped(phrases.line(phrases.author.format(name=author)))


def _title(quote: Quote, phrases: Phrases, number: int | None, links: Links) -> str:
    """The number, if there are several, and the title, leading to its address.

    The isolating marks stand outside the link.
    """
    document = quote.document
    title = shortened(document.title, TITLE_LIMIT)
    before, after = phrases.isolation(title)
    opening = (f"[{phrases.figure(number)}] " if number else "") + before
    return phrases.mark(opening + title) + opening + markup.link(links(quote), title) + after


def _host(document: Document) -> str | None:
    """The site of a document's address, if it has one on the web."""
    if not document.url or not is_address(document.url):
        return None
    return (urlsplit(document.url).hostname or "").removeprefix("www.")


def _also(quote: Quote, phrases: Phrases) -> str:
    titles = tuple(shortened(source.title, ALSO_TITLE_LIMIT) for source in quote.also[:ALSO])
    return phrases.also.format(titles=phrases.listed(titles))


def _refusal(answer: Answer, phrases: Phrases, *, titles: bool) -> Iterator[str]:
    """What was not found, and what was: words of the question and titles, never a source with its link. Where the
    sources cannot be reached, that alone."""
    if answer.unreachable:
        yield _lines([phrases.unreachable], phrases)
        return
    if answer.period:
        yield _lines([phrases.none_of_days.format(days=phrases.stretch(answer.period))], phrases)
        return
    yield _lines([phrases.refusal], phrases)
    words = []
    if answer.found_words:
        words.append(phrases.found.format(words=phrases.listed(answer.found_words[:WORDS])))
    if answer.missing_words:
        template = phrases.missing_there if answer.found_words else phrases.missing
        words.append(template.format(words=phrases.listed(answer.missing_words[:WORDS])))
    if words:
        yield _lines(words, phrases)
    if answer.meant:
        yield _lines([phrases.meant.format(text=phrases.isolated(_one_line(answer.meant)))], phrases)
    if answer.nearest:
        listed = _titles(answer.nearest[:NEAREST], phrases) if titles else ()
        yield _lines([phrases.nearest, *listed], phrases)


def _titles(sources: tuple[Source, ...], phrases: Phrases) -> Iterator[str]:
    for source in sources:
        yield f"• {phrases.isolated(shortened(source.title, TITLE_LIMIT))}"


def _lines(lines: list[str], phrases: Phrases) -> str:
    return "\n".join(map(phrases.line, lines))


def _fitting(text: str, limit: int) -> int:
    """How many characters at the beginning of ``text`` are at most ``limit`` UTF-16 units long."""
    lengths = accumulate(1 + (ord(letter) > 0xFFFF) for letter in text)
    return sum(1 for length in lengths if length <= limit)


def _one_line(text: str) -> str:
    return " ".join(_STEERING.sub("", as_seen(text)).split())

"""What a reference shows, as a person reads it: what stood there, what stands there now, the words that differ bold."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from bot.phrases import Phrases
from bot.showing import markup
from bot.showing.cards import Card, beside, cards_of_parts, shortened
from retrieval import Cited, Reference
from retrieval.model import Change, Quote, Span

CHANGES = 12
"""How many changes are told at most; all of them are marked."""
WORDS = 120
"""UTF-16 units of the words of a change."""

Part = tuple[Quote | None, Sequence[str]]


def cited_cards(cited: Cited | None, says: Phrases) -> list[Card]:
    """The messages that show what a reference shows; None is one that nobody knows."""
    return cards_of_parts(parts(cited, says), says)


def references_card(
    quotes: Iterable[tuple[int | None, Quote]], says: Phrases, page: Callable[[str], str | None] = lambda _: None
) -> Card:
    """The references of quotes, with their numbers, each to be copied; ``page`` gives the address of the page that
    shows one, where there is one, to which a word beside it leads."""
    lines = [says.line(says.citations["references"])]
    for number, quote in quotes:
        name = str(Reference.of(quote.document, quote.span))
        address = page(name)
        open_ = [markup.link(address, says.citations["open"])] if address else []
        shown = says.dot.join([f"<code>{markup.escaped(name)}</code>", *open_])
        lines.append(says.line(f"[{says.figure(number)}] {shown}" if number else shown))
    html = "\n".join([*lines, says.line(says.citations["how"])])
    return Card(html, markup.read(html).text)


def parts(cited: Cited | None, says: Phrases) -> list[Part]:
    """What is said of it; below it the words as they were and, where they differ, as they are."""
    if cited is None:
        return [(None, [says.citations["unknown"]])]
    then, now = marked(cited)
    says = beside(filter(None, (then, now)), says)
    if then is None:
        return [(None, [says.citations["purged"]])]
    if cited.kind == "unchanged":
        return [(None, [says.citations["unchanged"]]), (now, [])]
    until = [says.citations["until"].format(day=says.day(cited.until))] if cited.until else []
    told: list[Part] = [(None, [says.citations[cited.kind]]), (then, until)]
    if now:
        told += [(None, [says.citations["now"]]), (now, list(_changes(cited, says)))]
    return told


def marked(cited: Cited) -> tuple[Quote | None, Quote | None]:
    """What stood there and what stands there, each with the words that differ as its highlights."""
    then, now = cited.then, cited.now
    dropped = tuple(Span(c.start, c.end) for c in cited.changes if c.start < c.end)
    added = tuple(Span(c.source_start, c.source_end) for c in cited.changes if c.source_start < c.source_end)
    return then and replace(then, highlights=dropped), now and replace(now, highlights=added)


def _changes(cited: Cited, says: Phrases) -> Iterator[str]:
    for change in cited.changes[:CHANGES]:
        text, source = (shortened(words, WORDS) for words in differing(cited, change))
        template = says.citations[f"was_{change.kind}"]
        yield template.format(text=says.isolated(text), source=says.isolated(source))
    if len(cited.changes) > CHANGES:
        yield says.citations["more"]


def differing(cited: Cited, change: Change) -> tuple[str, str]:
    """The words of a change, as they were and as they are; one of the two may be empty."""
    then = cited.then.document.text[change.start : change.end] if cited.then else ""
    now = cited.now.document.text[change.source_start : change.source_end] if cited.now else ""
    return then, now

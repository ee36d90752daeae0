"""What the sources say to a text that was checked, as a person reads it: what is said, and the sources' own words."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.phrases import Phrases
from bot.showing.cards import Card, cards_of_parts, shortened
from bot.sources.citation import Links, link
from retrieval.model import Change, Checked, Quote, Span, Verdict

QUOTES, CHANGES, ABSENT = 5, 12, 4
"""How many stretches of sources, changes and sentences without a source are shown at most."""
WORDS, SENTENCE = 120, 160
"""UTF-16 units of the words of a change, and of a sentence."""
LONGEST = 2500  # characters of sentences that are shown as one stretch

Part = tuple[Quote | None, Sequence[str]]
Changed = tuple[Quote, Change]


def verdict_cards(verdict: Verdict, says: Phrases, links: Links = link) -> list[Card]:
    """The messages that show a verdict. ``links`` gives the address to which a quote's title leads."""
    return cards_of_parts(parts(verdict, says), says, links)


def parts(verdict: Verdict, says: Phrases) -> list[Part]:
    """What is said of a text; then each stretch of a source that it is from, with what was changed in it; then what
    stands in none."""
    opening = [_opening(verdict, says), *([says.verdicts["cut"]] if verdict.is_cut else [])]
    told: list[Part] = [(None, opening)]
    if verdict.kind == "absent":
        return told
    stretches = list(_stretches(verdict))
    left = CHANGES
    for quote, changes in stretches[:QUOTES]:
        told.append((quote, [_change(verdict, own, change, says) for own, change in changes[:left]]))
        left -= min(left, len(changes))
    absent = [sentence for sentence in verdict.sentences if sentence.kind == "absent"]
    lines = [_absent(verdict, sentence, says) for sentence in absent[:ABSENT]]
    every = sum(len(changes) for _, changes in stretches)
    if len(stretches) > QUOTES or every > CHANGES or len(absent) > ABSENT:
        lines.append(says.verdicts["more"])
    return [*told, (None, lines)] if lines else told


def _opening(verdict: Verdict, says: Phrases) -> str:
    if verdict.kind == "absent" and verdict.unreachable:
        return says.verdicts["unreachable"]
    is_part = verdict.kind == "exact" and len(verdict.sentences) == 1 and verdict.sentences[0].is_part
    is_moved = verdict.kind == "altered" and all(one.quotes and not one.changed for one in verdict.sentences)
    return says.verdicts["part" if is_part else "moved" if is_moved else verdict.kind]


def _stretches(verdict: Verdict) -> Iterator[tuple[Quote, list[Changed]]]:
    """The quotes in order, those that follow each other in a source as one, each with its changes."""
    held: tuple[Quote, list[Changed]] | None = None
    for sentence in verdict.sentences:
        for quote in sentence.quotes:
            own = [(quote, change) for whose, change in sentence.changed if whose is quote]
            if held and _follow(held[0], quote):
                held = _joined(held[0], quote), held[1] + own
            else:
                if held:
                    yield held
                held = quote, own
    if held:
        yield held


def _follow(before: Quote, quote: Quote) -> bool:
    one, other = before.document, quote.document
    start, end = before.span.end, quote.span.start
    if (one.id, one.digest) != (other.id, other.digest) or quote.span.end - before.span.start > LONGEST:
        return False
    return start <= end and not any(map(str.isalnum, one.text[start:end]))


def _joined(before: Quote, quote: Quote) -> Quote:
    span = Span(before.span.start, quote.span.end)
    return replace(before, span=span, highlights=before.highlights + quote.highlights)


def _change(verdict: Verdict, quote: Quote, change: Change, says: Phrases) -> str:
    """What was changed: the words of the text, and those of the source."""
    text = shortened(verdict.text[change.start : change.end], WORDS)
    source = shortened(quote.document.text[change.source_start : change.source_end], WORDS)
    return says.verdicts[change.kind].format(text=says.isolated(text), source=says.isolated(source))


def _absent(verdict: Verdict, sentence: Checked, says: Phrases) -> str:
    words = shortened(sentence.span.of(verdict.text), SENTENCE)
    return says.verdicts["missing"].format(text=says.isolated(words))

"""What was not answered, as lines for whoever runs the bot."""

from collections.abc import Iterator

from bot.operation.gaps import Gap, Gaps
from bot.phrases import Phrases
from bot.showing.cards import shortened

SHOWN = 15
"""Gaps that one message shows."""
WORDS = 150
"""UTF-16 units of the words of one."""


def gaps_lines(told: Gaps, says: Phrases, most: int = SHOWN) -> Iterator[str]:
    """A line for each of the first ``most``, below what they are."""
    if not told.found:
        yield says.gaps["none"]
        return
    says = says.beside(*(gap.words for gap in told.found[:most]))
    yield says.gaps["head"]
    yield from (_line(gap, says) for gap in told.found[:most])
    if len(told.found) > most:
        yield says.gaps["more"]


def _line(gap: Gap, says: Phrases) -> str:
    form = "one_day" if gap.first == gap.last else "days"
    days = says.gaps[form].format(first=says.day(gap.first), last=says.day(gap.last))
    words = says.isolated(shortened(gap.words, WORDS))
    return says.gaps["line"].format(words=words, people=says.counted("people", gap.people), days=days)

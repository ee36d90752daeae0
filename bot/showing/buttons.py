"""The buttons under an answer, and what it means when one of them is pressed.

Their data are «a:1:ID:VERB», where 1 is the version of this form and ID the answer's; a page that is turned to has the
number of the quote and, if it is not the quote's own page, its own. At most 64 bytes, by Telegram's rule.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.phrases import Phrases
from bot.store.answers import Shown

DATA = "a:"
"""What the data of these buttons begin with."""
EXAMPLE = "e:"
"""What the data of the buttons under the welcome begin with."""
_EXAMPLE = re.compile(r"e:1:([0-9])")
_DATA = re.compile(
    DATA + r"1:(?P<answer>[\w-]{12}):(?:(?P<verb>[cmsgbp])|t:(?P<quote>0|[1-9]\d?)(?::(?P<page>0|[1-9]\d{0,5}))?)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Button:
    """What a button says, and the data that come back when it is pressed."""

    text: str
    data: str


Rows = list[list[Button]]
"""Buttons under a message, row by row, each row in the order in which it is read."""


class Verb(Enum):
    """What a button does."""

    CONTEXT = "c"
    TURN = "t"
    MORE = "m"
    SOURCE = "s"
    GOOD = "g"
    BAD = "b"
    PLAIN = "p"


@dataclass(frozen=True, slots=True)
class Press:
    """A button of an answer was pressed. For ``TURN``: to the page of a quote, by its number from 0, or to another."""

    answer: str
    verb: Verb
    quote: int | None = None
    page: int | None = None

    @property
    def data(self) -> str:
        """The data of the button."""
        place = (number for number in (self.quote, self.page) if number is not None)
        return ":".join([f"{DATA}1", self.answer, self.verb.value, *map(str, place)])

    def fits(self, shown: Shown) -> bool:
        """Whether the answer has what is meant."""
        match self.verb:
            case Verb.MORE:
                return shown.has_more
            case Verb.PLAIN:
                return shown.previous is not None and shown.first == 0
            case Verb.TURN:
                return self.quote in shown.own
        return bool(shown.own)


def pressed(data: str | None) -> Press | None:
    """What the data of a button mean; None for data that no button of this version has."""
    found = _DATA.fullmatch(data or "")
    if found is None:
        return None
    quote, page = (None if number is None else int(number) for number in found.group("quote", "page"))
    return Press(found["answer"], Verb(found["verb"] or Verb.TURN), quote, page)


def under_answer(shown: Shown, says: Phrases) -> Rows:
    """The buttons under an answer; under a refusal there is at most the one that asks the question plain."""
    rows = [
        [(says.button_context, Verb.CONTEXT), (says.button_more, Verb.MORE), (says.button_source, Verb.SOURCE)],
        [("👍", Verb.GOOD), ("👎", Verb.BAD)],
        [(says.button_plain, Verb.PLAIN)],
    ]
    presses = [[(text, Press(shown.id, verb)) for text, verb in row] for row in rows]
    fitting = [[(text, press) for text, press in row if press.fits(shown)] for row in presses]
    return [_row(row) for row in fitting if row]


def under_page(shown: Shown, quote: int, page: int, pages: int, says: Phrases) -> Rows:
    """The buttons under page ``page`` of ``pages`` around a quote: to those beside it, and to the other quotes."""

    def turn(quote: int, page: int | None = None) -> Press:
        return Press(shown.id, Verb.TURN, quote, page)

    turns = [(says.page_before, turn(quote, page - 1))] if page > 0 else []
    turns += [(says.page_after, turn(quote, page + 1))] if page < pages - 1 else []
    others = [(f"[{number + 1}]", turn(number)) for number in shown.own if number != quote]
    return [_row(row) for row in (turns, others) if row]


def under_start(examples: Sequence[str]) -> Rows:
    """A button for each question that may be asked for example."""
    return [[Button(question, f"{EXAMPLE}1:{place}")] for place, question in enumerate(examples)]


def example_pressed(data: str | None, examples: Sequence[str]) -> str | None:
    """The question of such a button; None where there is no such example any more."""
    found = _EXAMPLE.fullmatch(data or "")
    return examples[int(found[1])] if found and int(found[1]) < len(examples) else None


def number_of(shown: Shown, quote: int) -> int | None:
    """The number by which a card names a quote; None where it names none, because there is one only."""
    return quote + 1 if len(shown.places) > 1 else None


def _row(buttons: Iterable[tuple[str, Press]]) -> list[Button]:
    return [Button(text, press.data) for text, press in buttons]

"""The buttons under an answer, and what it means when one of them is pressed.

Their data are «a:1:ID:VERB», where 1 is the version of this form and ID the answer's; a page that is turned to, or
whose picture is asked for, has the number of the quote and, if it is not the quote's own page, its own; so has a
document that a refusal names. At most 64 bytes, by Telegram's rule.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from bot.phrases import Phrases
from bot.showing.cards import shortened
from bot.store.answers import Shown

DATA = "a:"
"""What the data of these buttons begin with."""
TITLE = 60
"""UTF-16 units of a title on a button."""
EXAMPLE = "e:"
"""What the data of the buttons under the welcome begin with."""
_EXAMPLE = re.compile(r"e:2:([0-9a-f]{12})")
_DATA = re.compile(
    DATA + r"1:(?P<answer>[\w-]{12}):"
    r"(?:(?P<verb>[cmsgbpqhr])|(?P<at>[tio]):(?P<quote>0|[1-9]\d?)(?::(?P<page>0|[1-9]\d{0,5}))?)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Button:
    """What a button says, and the data that come back when it is pressed; or ``page``, the address of a page that it
    opens within Telegram."""

    text: str
    data: str = ""
    page: str | None = None


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
    PICTURE = "i"
    MEANT = "q"
    OPEN = "o"
    HOME = "h"
    REFERENCE = "r"


@dataclass(frozen=True, slots=True)
class Press:
    """A button of an answer was pressed. For ``TURN``: to the page of a quote, by its number from 0, or to another; for
    ``PICTURE``: of the page of a quote; for ``OPEN``: to the beginning of a document that a refusal names, or to a page
    of it. ``HOME`` leads back to the answer."""

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
            case Verb.TURN | Verb.PICTURE:
                return self.quote in shown.own
            case Verb.OPEN:
                return self.quote in range(len(shown.nearest))
            case Verb.MEANT:
                return shown.meant is not None
            case Verb.HOME:
                return True
        return bool(shown.own)


def pressed(data: str | None) -> Press | None:
    """What the data of a button mean; None for data that no button of this version has."""
    found = _DATA.fullmatch(data or "")
    if found is None or (found["at"] == Verb.PICTURE.value and found["page"]):
        return None
    quote, page = (None if number is None else int(number) for number in found.group("quote", "page"))
    return Press(found["answer"], Verb(found["verb"] or found["at"]), quote, page)


def under_answer(shown: Shown, says: Phrases, titles: Mapping[int, str] = MappingProxyType({})) -> Rows:
    """The buttons under an answer. Under a refusal: those that ask what may have been meant, or the question plain, and
    one for each of the nearest documents, with its title, by its number."""
    rows = [
        [(says.button_meant, Verb.MEANT)],
        [(says.button_context, Verb.CONTEXT), (says.button_more, Verb.MORE), (says.button_source, Verb.SOURCE)],
        [("👍", Verb.GOOD), ("👎", Verb.BAD)],
        [(says.button_plain, Verb.PLAIN)],
    ]
    presses = [[(text, Press(shown.id, verb)) for text, verb in row] for row in rows]
    presses += [[(shortened(title, TITLE), Press(shown.id, Verb.OPEN, at))] for at, title in titles.items()]
    fitting = [[(text, press) for text, press in row if press.fits(shown)] for row in presses]
    back = [[(says.button_back, Press(shown.before, Verb.HOME))]] if shown.before else []
    return [_row(row) for row in (*fitting, *back) if row]


def under_page(shown: Shown, quote: int, page: int, pages: int, says: Phrases, verb: Verb = Verb.TURN) -> Rows:
    """The buttons under page ``page`` of ``pages`` around a quote: to those beside it, to the other quotes, and back.

    ``verb`` is what turned to it: ``OPEN`` where the quote is the beginning of a document that a refusal names.
    """

    def turn(quote: int, page: int | None = None) -> Press:
        return Press(shown.id, verb, quote, page)

    turns = [(says.page_before, turn(quote, page - 1))] if page > 0 else []
    turns += [(says.page_after, turn(quote, page + 1))] if page < pages - 1 else []
    others = [(f"[{says.figure(number + 1)}]", turn(number)) for number in shown.own if number != quote]
    return [*(_row(row) for row in (turns, others) if row), *back(shown, says)]


def under_opening(shown: Shown, document: int, says: Phrases) -> Rows:
    """The buttons under the beginning of a document that a refusal names: what follows, and the way back."""
    return [_row([(says.button_context, Press(shown.id, Verb.OPEN, document, 0))]), *back(shown, says)]


def back(shown: Shown, says: Phrases) -> Rows:
    """The button that leads back to an answer from what stands in its place."""
    return [_row([(says.button_back, Press(shown.id, Verb.HOME))])]


def under_sources(shown: Shown, drawn: Iterable[int], pages: Mapping[int, str], says: Phrases) -> Rows:
    """The buttons under where quotes stand: for the picture of the page of each of ``drawn``, by their numbers; and for
    the ``pages`` on which they stand in their documents, with their addresses."""

    def text(named: str, at: int) -> str:
        number = number_of(shown, at)
        return f"{named} [{says.figure(number)}]" if number else named

    pictures = [_row([(text(says.button_picture, at), Press(shown.id, Verb.PICTURE, at))]) for at in drawn]
    return [*pictures, *([Button(text(says.button_page, at), page=page)] for at, page in pages.items())]


def under_references(shown: Shown, says: Phrases) -> Rows:
    """The button that shows the references of quotes."""
    return [_row([(says.button_reference, Press(shown.id, Verb.REFERENCE))])]


def under_start(examples: Mapping[str, str]) -> Rows:
    """A button for each question that may be asked for example, by its key."""
    return [[Button(question, f"{EXAMPLE}2:{key}")] for key, question in examples.items()]


def example_pressed(data: str | None) -> str | None:
    """The key of the question of such a button."""
    found = _EXAMPLE.fullmatch(data or "")
    return found[1] if found else None


def number_of(shown: Shown, quote: int) -> int | None:
    """The number by which a card names a quote; None where it names none, because there is one only."""
    return quote + 1 if len(shown.places) > 1 else None


def _row(buttons: Iterable[tuple[str, Press]]) -> list[Button]:
    return [Button(text, press.data) for text, press in buttons]

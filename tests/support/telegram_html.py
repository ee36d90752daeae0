"""What a reader sees of a message sent with parse_mode HTML, or the reason why Telegram would refuse it.

Stricter than Telegram where leniency hides a mistake: a bare ``>``, an unknown entity or an attribute that means
nothing is refused here too.
"""

import re
from dataclasses import dataclass
from html import unescape

MAX_UTF16_UNITS = 4096  # of the visible text
MAX_ENTITIES = 100  # those past it are dropped without a word

PLAIN_TAGS = frozenset({"b", "i", "u", "s", "code", "pre", "blockquote", "tg-spoiler"})
VERBATIM_TAGS = frozenset({"code", "pre"})  # hold no other tag
EXPANDABLE = " expandable"

TOKEN = re.compile(
    r"<(?P<close>/?)(?P<tag>[a-z-]+)(?P<attributes>[^<>]*)>"
    r"|(?P<entity>&(?:lt|gt|amp|quot|#[0-9]+|#x[0-9a-fA-F]+);)"
    r"|(?P<text>[^<>&]+)"
)
HREF = re.compile(r' href="(?P<address>(?:https?|tg|mailto):[^"]+)"')

# Telegram's servers drop separators, directional embeddings and stacked lines, and blank the other controls.
DROPPED = dict.fromkeys([0x0D, *range(0x2028, 0x202F), 0x030A, 0x0333, 0x033F])
BLANKED = {code: " " for code in range(0x20) if code not in (0x0A, 0x0D)}
CLEANED: dict[int, str | None] = DROPPED | BLANKED
REPEATED_MARK = re.compile("[\u200e\u200f](?=[\u200e\u200f])")
NON_JOINER = "\u200c"


class MessageError(ValueError):
    """Telegram would refuse the message, or show something else than it says."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A formatted stretch: characters ``start`` to ``end`` of the visible text, ``end`` excluded."""

    tag: str
    start: int
    end: int
    address: str | None = None
    expandable: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Blockquote:
    """A quote as shown. ``start`` counts in the message, the ends of ``bold`` inside the quote."""

    text: str
    start: int
    bold: tuple[tuple[int, int], ...]
    expandable: bool = False

    @property
    def bold_texts(self) -> list[str]:
        """The words in bold."""
        return [self.text[start:end] for start, end in self.bold]


@dataclass(frozen=True, slots=True)
class Message:
    """A message as shown: its visible text, and the entities in the order in which they open."""

    text: str
    entities: tuple[Entity, ...]

    @property
    def blockquotes(self) -> list[Blockquote]:
        """The quotes, each with what is bold inside it."""
        return [self._blockquote(entity) for entity in self.entities if entity.tag == "blockquote"]

    @property
    def links(self) -> list[Link]:
        """The links, with the words that carry them."""
        return [Link(self.text[e.start : e.end], e.address) for e in self.entities if e.address is not None]

    def _blockquote(self, quote: Entity) -> Blockquote:
        bold = tuple(
            (entity.start - quote.start, entity.end - quote.start)
            for entity in self.entities
            if entity.tag == "b" and quote.start <= entity.start and entity.end <= quote.end
        )
        return Blockquote(self.text[quote.start : quote.end], quote.start, bold, quote.expandable)


def parse(source: str) -> Message:
    """The message that ``source`` shows. Raises MessageError with the reason where Telegram would not take it."""
    reader = _Reader()
    position = 0
    while position < len(source):
        token = TOKEN.match(source, position)
        if token is None:
            raise MessageError(f"an unescaped character at {position}: {source[position : position + 20]!r}")
        reader.read(token)
        position = token.end()
    return reader.message()


def utf16_length(text: str) -> int:
    """The length of ``text`` as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


class _Reader:
    """Walks the tokens of one message and keeps what is open."""

    def __init__(self) -> None:
        self._text = ""
        self._open: list[Entity] = []
        self._entities: list[Entity] = []

    def read(self, token: re.Match[str]) -> None:
        if token["text"] is not None:
            self._text += token["text"].translate(CLEANED)
        elif token["entity"] is not None:
            self._text += unescape(token["entity"]).translate(CLEANED)
        elif token["close"]:
            self._close(token["tag"], token["attributes"])
        else:
            self._begin(token["tag"], token["attributes"])

    def message(self) -> Message:
        if self._open:
            raise MessageError(f"<{self._open[-1].tag}> is not closed")
        if not self._text.strip():
            raise MessageError("the message is empty")
        if (length := utf16_length(self._text)) > MAX_UTF16_UNITS:
            raise MessageError(f"the message is too long: {length}")
        if len(self._entities) > MAX_ENTITIES:
            raise MessageError(f"too many entities: {len(self._entities)}")
        in_order = sorted(self._entities, key=lambda entity: (entity.start, -entity.end))
        return Message(REPEATED_MARK.sub(NON_JOINER, self._text), tuple(in_order))

    def _begin(self, tag: str, attributes: str) -> None:
        around = {entity.tag for entity in self._open}
        if around & VERBATIM_TAGS:
            raise MessageError(f"<{tag}> inside code")
        if tag in around:
            raise MessageError(f"<{tag}> inside <{tag}>")
        self._open.append(_opened(tag, attributes, len(self._text)))

    def _close(self, tag: str, attributes: str) -> None:
        if attributes or not self._open or self._open[-1].tag != tag:
            raise MessageError(f"</{tag}{attributes}> closes nothing that is open last")
        opened = self._open.pop()
        if opened.start == len(self._text):
            raise MessageError(f"<{tag}> holds nothing")
        self._entities.append(Entity(tag, opened.start, len(self._text), opened.address, opened.expandable))


def _opened(tag: str, attributes: str, start: int) -> Entity:
    if tag == "a":
        href = HREF.fullmatch(attributes)
        if href is None:
            raise MessageError(f"not a link: <a{attributes}>")
        return Entity(tag, start, start, _address(href["address"]))
    if tag not in PLAIN_TAGS:
        raise MessageError(f"an unknown tag: <{tag}>")
    if attributes and (tag, attributes) != ("blockquote", EXPANDABLE):
        raise MessageError(f"an unknown attribute: <{tag}{attributes}>")
    return Entity(tag, start, start, expandable=bool(attributes))


def _address(escaped: str) -> str:
    if re.search(r"&(?!(?:lt|gt|amp|quot|#[0-9]+|#x[0-9a-fA-F]+);)", escaped):
        raise MessageError(f"an unescaped & in an address: {escaped}")
    return unescape(escaped)

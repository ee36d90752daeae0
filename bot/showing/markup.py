"""Telegram's HTML, the little of it that the bot sends: written and read back.

Reading is strict: what ``read`` lets through is what a reader will see, with nothing between.
"""

from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

from bot.sources.addresses import is_address

TAGS: dict[str, dict[str, bool]] = {"b": {}, "code": {}, "blockquote": {"expandable": False}, "a": {"href": True}}
"""The tags that may be sent, with their attributes, and whether those have a value."""

_AS_SEEN = {
    **{control: " " for control in range(0x20) if chr(control) != "\n"},
    **dict.fromkeys(range(0x202A, 0x202F)),
    **dict.fromkeys((0x2028, 0x2029), "\n"),
}


class MarkupError(Exception):
    """A text is not the HTML that the bot sends."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader sees of a text with markup: all of it, and of it the block quotes in their order."""

    text: str
    quotes: tuple[str, ...]


def as_seen(text: str) -> str:
    """``text`` as a reader of Telegram sees it; the same for all but a few characters without a shape.

    Telegram's servers drop the embeddings U+202A to U+202E and the line separators, and turn control characters
    into spaces. A line separator would then glue two words together, so it stands as the line break that it is.
    Each character is judged alone, so that the parts of a text and the whole are seen alike.
    """
    return text.translate(_AS_SEEN)


def escaped(text: str) -> str:
    """``text`` for a place between tags."""
    return escape(text, quote=False)


def link(url: str | None, text: str) -> str:
    """``text`` leading to ``url`` if there is something to press and that is an address on the web, else alone."""
    return f'<a href="{escape(url)}">{escaped(text)}</a>' if text and url and is_address(url) else escaped(text)


def read(html: str) -> Reading:
    """What a reader sees. Raises ``MarkupError`` for anything but the few tags in ``TAGS``, closed in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if reader.open:
        raise MarkupError(f"<{reader.open[-1]}> is not closed")
    return Reading("".join(reader.text), tuple(reader.quotes))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text: list[str] = []
        self.quotes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = TAGS.get(tag, {})
        are_known = all(known.get(name) is (value is not None) for name, value in attrs)
        if tag not in TAGS or tag in self.open or not are_known:
            raise MarkupError(f"<{tag}> may not stand here")
        self.open.append(tag)
        if tag == "blockquote":
            self.quotes.append("")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise MarkupError(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if "blockquote" in self.open:
            self.quotes[-1] += data

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raise MarkupError(f"<{tag}/> may not stand here")

    def handle_comment(self, data: str) -> None:
        raise MarkupError("a comment may not stand here")

    def handle_decl(self, decl: str) -> None:
        raise MarkupError("a declaration may not stand here")

    def handle_pi(self, data: str) -> None:
        raise MarkupError("an instruction may not stand here")

    def unknown_decl(self, data: str) -> None:
        raise MarkupError("a declaration may not stand here")

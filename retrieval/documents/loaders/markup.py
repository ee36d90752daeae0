"""From HTML elements to text: paragraphs parted by blank lines, lines by line ends, cells of a row by tabs; and what
their names say of parts of it: headings, questions, items, the columns of a table.

Words are taken as they stand: what is inline (``<b>``, ``<a>``, ``<sup>``) parts nothing, what is a block always does,
but in a cell, where it is a space.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import islice

from lxml import etree, html

from retrieval.documents.columns import LONGEST_NAME, LOOKED_AT
from retrieval.documents.grid import straighten
from retrieval.documents.loaders.amid import settle
from retrieval.documents.loaders.reading import markup_of
from retrieval.documents.structure import asks
from retrieval.model import Part, Role, Span

_SPACE = re.compile(r"[ \t\r\n\f]+")  # HTML's white space: a no-break space is none
_LINE_ENDS = re.compile(r"([^\S\n]*\n\s*)")


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where an element begins or ends that is a part of a text."""

    role: Role
    level: int
    ends: bool = False


class _Break(IntEnum):
    """What parts two stretches of text; of several in a row the strongest counts."""

    CELL = 1
    LINE = 2
    BR = 3
    PARAGRAPH = 4


_WRITTEN = {_Break.CELL: "\t", _Break.LINE: "\n", _Break.BR: "\n", _Break.PARAGRAPH: "\n\n"}

# HTML's names, and those that trafilatura gives the same elements (head, list, item, lb, quote, row, cell).
# fmt: off
_TAGS = {
    _Break.CELL: ("td", "th", "cell"),
    _Break.LINE: ("caption", "dd", "dt", "item", "li", "option", "row", "tr"),
    _Break.BR: ("br", "lb"),
    _Break.PARAGRAPH: (
        "address", "article", "aside", "blockquote", "body", "center", "details", "dialog", "div", "dl", "fieldset",
        "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "list",
        "main", "nav", "ol", "p", "pre", "quote", "section", "summary", "table", "ul",
    ),
}
_UNREAD = frozenset((
    "audio", "button", "canvas", "form", "graphic", "iframe", "input", "link", "math", "meta", "nav", "noscript",
    "object", "script", "select", "style", "svg", "template", "textarea", "title", "video",
))
# fmt: on
BLOCKS = _TAGS[_Break.PARAGRAPH]
_CELLS, _ROWS, _BOLD = _TAGS[_Break.CELL], ("tr", "row"), ("b", "strong", "hi")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
QUESTION = "h6"
"""What a loader calls an element that it knows for a question: trafilatura keeps the name of a heading."""
_FEWEST_CELLS, _LONGEST_CELL, _MOST_IN_CELL = 2, 500, 200  # of a row; characters, and pieces of text, of a cell
_HAS_DIGIT = re.compile(r"\d").search
_LEAST_HEADING = 6  # the level of a line that only looks like one
_LONGEST_BOLD = 250  # characters of a bold question
_BREAKS = {tag: parting for parting, tags in _TAGS.items() for tag in tags}


def parsed(markup: str) -> html.HtmlElement | None:
    """The tree of a page or of a part of one, what is no word of it settled; None where there is nothing in it.
    Nothing is run or fetched."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        tree = html.document_fromstring(markup_of(markup).encode(), parser=parser)
    except etree.ParserError:  # an empty document
        return None
    settle(tree)
    return tree


def text_of(element: etree._Element, *, lines_count: bool = False) -> str:
    """The text of an element. ``lines_count``: line ends in it are line ends, and blank lines part paragraphs."""
    return marked_text(element, lines_count=lines_count)[0]


def marked_text(element: etree._Element, *, lines_count: bool = False) -> tuple[str, tuple[Part, ...]]:
    """The same, with what the names of elements say of its parts, in the order of their beginnings."""
    return _written(_pieces(element, lines_count))


def fragment_text(markup: str, *, lines_count: bool = False) -> str:
    """The text of a piece of HTML. Where it has no block in it, line ends count anyway."""
    tree = parsed(f"<html><body>{markup}</body></html>")
    if tree is None:
        return ""
    straighten(tree)
    return text_of(tree, lines_count=lines_count or not _has_blocks(tree))


def _has_blocks(tree: etree._Element) -> bool:
    tags = {str(node.tag) for body in tree.iter("body") for node in body.iterdescendants()}
    return any(tag in _BREAKS for tag in tags)


def _pieces(element: etree._Element, lines_count: bool) -> Iterator[str | _Break | _Mark]:
    """Stretches of text, what parts them and which parts they are of, in order, without any judgement of what is next
    to what."""
    walk = etree.iterwalk(element, events=("start", "end"))
    cell: etree._Element | None = None
    for event, node in walk:
        cell = None if node is cell else cell
        yield from _edge(event, node, in_cell=cell is not None)
        if event == "end":
            yield from _stretches(node.tail if node is not element else None, lines_count)
        elif node.tag in _UNREAD:
            walk.skip_subtree()
        else:
            cell = node if cell is None and node.tag in _CELLS and _is_of_row(node) else cell
            yield from _stretches(node.text, lines_count or node.tag == "pre")


def _edge(event: str, node: etree._Element, *, in_cell: bool) -> Iterator[str | _Break | _Mark]:
    """What stands where an element begins or ends: what parts it from others, in a cell a space; and its mark."""
    parting = _BREAKS.get(str(node.tag))
    if parting and (event == "start" or parting is not _Break.BR):
        yield " " if in_cell else parting
    if mark := _mark_of(node):
        yield replace(mark, ends=event == "end")


def _mark_of(node: etree._Element) -> _Mark | None:
    """What the name of an element, or what it holds, says of it."""
    tag = str(node.tag)
    if tag == "head":  # trafilatura's name for h1 to h6
        tag = node.get("rend") or "h2"
    if tag == QUESTION:
        return _Mark("question", _LEAST_HEADING)
    if tag in _HEADINGS:
        return _Mark("heading", _HEADINGS[tag])
    if tag in ("li", "item"):
        return _Mark("item", 0)
    if tag in _ROWS:
        return _Mark("columns", 0) if _names_columns(node) else None
    return _Mark("heading", _LEAST_HEADING) if tag in _BOLD and _is_bold_question(node) else None


def _is_bold_question(node: etree._Element) -> bool:
    """Whether bold words are a question with which their block begins."""
    block = node.getparent()
    if block is None or (block.text or "").strip() or block[0] is not node or (node.get("rend") or "#b") != "#b":
        return False
    words = _words(node).strip()
    return 0 < len(words) <= _LONGEST_BOLD and asks(words)


def _is_of_row(cell: etree._Element) -> bool:
    """Whether a cell is one of a row and short: its blocks do not part the row then. A long one is part of a page."""
    row = cell.getparent()
    if row is None or sum(other.tag in _CELLS for other in row) < _FEWEST_CELLS:
        return False
    rows = (other for other in (row.getprevious(), row.getnext()) if other is not None)
    if not any(len(other) == len(row) for other in rows):
        return False
    is_small = sum(len(text) for text in islice(cell.itertext(), _MOST_IN_CELL)) <= _LONGEST_CELL
    return is_small and next(cell.iter("table", "h1", "h2", "h3"), None) is None


def _names_columns(row: etree._Element) -> bool:
    """Whether a row names the columns of a table: it is the first, and its cells are said to be heads, or are bold, or
    are the only ones without digits."""
    cells = [cell for cell in row if cell.tag in _CELLS]
    if len(cells) < _FEWEST_CELLS or any(before.tag in _ROWS for before in row.itersiblings(preceding=True)):
        return False
    if all(cell.tag == "th" or cell.get("role") == "head" or _is_bold(cell) for cell in cells):
        return True
    below = [row for row in islice(row.itersiblings(), LOOKED_AT) if row.tag in _ROWS]
    are_short = all(len(_words(cell)) <= LONGEST_NAME for cell in cells)
    return (
        are_short and len(below) > 1 and not _HAS_DIGIT(_words(row)) and all(_HAS_DIGIT(_words(one)) for one in below)
    )


def _is_bold(cell: etree._Element) -> bool:
    words = _words(cell).strip()
    return bool(words) and any(_words(bold).strip() == words for bold in islice(cell.iter(*_BOLD), _FEWEST_CELLS))


def _words(node: etree._Element) -> str:
    return "".join(map(str, node.itertext()))


def _stretches(text: str | None, lines_count: bool) -> Iterator[str | _Break]:
    if not lines_count:
        yield _SPACE.sub(" ", text or "")
        return
    for stretch in _LINE_ENDS.split(text or ""):
        newlines = 0 if stretch.strip() else stretch.count("\n")
        yield (_SPACE.sub(" ", stretch), _Break.LINE, _Break.PARAGRAPH)[min(newlines, 2)]


@dataclass(slots=True)
class _Writing:
    """A text that is being written: of several breaks in a row the strongest, and no white space beside them."""

    parts: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    breaks: list[_Break] = field(default_factory=list)
    opened: list[tuple[_Mark, int]] = field(default_factory=list)
    marked: list[Part] = field(default_factory=list)
    ends_in_space: bool = True

    def add(self, piece: str) -> None:
        if self.breaks and piece.strip():
            self._cut_space()
            self._append(_strongest(self.breaks) if self.parts else "")
            self.breaks.clear()
            self.ends_in_space = True
        elif self.breaks:
            return
        piece = piece.lstrip(" ") if self.ends_in_space else piece
        if piece:
            self._append(piece)
            self.ends_in_space = piece.endswith(" ")

    def mark(self, mark: _Mark) -> None:
        if not mark.ends:
            self.opened.append((mark, len(self.parts)))
            return
        opened, first = self.opened.pop()
        written = range(first, len(self.parts))
        first = next((place for place in written if self.parts[place].strip()), -1)
        last = next((place for place in reversed(written) if self.parts[place].strip()), -1)
        if first >= 0:
            start = self.starts[first] + len(self.parts[first]) - len(self.parts[first].lstrip())
            end = self.starts[last] + len(self.parts[last].rstrip())
            self.marked.append(Part(opened.role, Span(start, end), opened.level))

    def _append(self, piece: str) -> None:
        self.starts.append(self.starts[-1] + len(self.parts[-1]) if self.parts else 0)
        self.parts.append(piece)

    def _cut_space(self) -> None:
        if self.parts and self.parts[-1].endswith(" "):
            self.parts[-1] = self.parts[-1][:-1]


def _written(pieces: Iterable[str | _Break | _Mark]) -> tuple[str, tuple[Part, ...]]:
    """The pieces as one text, and its parts."""
    writing = _Writing()
    for piece in pieces:
        if isinstance(piece, _Mark):
            writing.mark(piece)
        elif isinstance(piece, _Break):
            writing.breaks.append(piece)
        else:
            writing.add(piece)
    whole = "".join(writing.parts)
    text = whole.strip()
    before = len(whole) - len(whole.lstrip())
    return text, tuple(sorted(_moved(writing.marked, before, len(text)), key=lambda part: part.span.start))


def _moved(marked: Iterable[Part], before: int, length: int) -> Iterator[Part]:
    """The parts of a text that lost so many characters at its beginning."""
    for part in marked:
        start, end = max(part.span.start - before, 0), min(part.span.end - before, length)
        if start < end:
            yield Part(part.role, Span(start, end), part.level)


def _strongest(breaks: list[_Break]) -> str:
    return _WRITTEN[_Break.PARAGRAPH if breaks.count(_Break.BR) > 1 else max(breaks)]

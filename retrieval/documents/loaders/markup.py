"""From HTML elements to text: paragraphs parted by blank lines, lines by line ends, cells of a row by tabs.

Words are taken as they stand: what is inline (``<b>``, ``<a>``, ``<sup>``) parts nothing, what is a block always does.
"""

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum

from lxml import etree, html

from retrieval.documents.loaders.reading import markup_of

_SPACE = re.compile(r"[ \t\r\n\f]+")  # HTML's white space: a no-break space is none
_SPACES = re.compile(r" {2,}")
_AROUND = re.compile(r" ?([\t\n]+) ?")
_LINE_ENDS = re.compile(r"([^\S\n]*\n\s*)")


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
_BREAKS = {tag: parting for parting, tags in _TAGS.items() for tag in tags}


def parsed(markup: str) -> html.HtmlElement | None:
    """The tree of a page or of a part of one; None where there is nothing in it. Nothing is run or fetched."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        return html.document_fromstring(markup_of(markup).encode(), parser=parser)
    except etree.ParserError:  # an empty document
        return None


def text_of(element: etree._Element, *, lines_count: bool = False) -> str:
    """The text of an element. ``lines_count``: line ends in it are line ends, and blank lines part paragraphs."""
    return _written(_pieces(element, lines_count))


def fragment_text(markup: str, *, lines_count: bool = False) -> str:
    """The text of a piece of HTML. Where it has no block in it, line ends count anyway."""
    tree = parsed(f"<html><body>{markup}</body></html>")
    return "" if tree is None else text_of(tree, lines_count=lines_count or not _has_blocks(tree))


def _has_blocks(tree: etree._Element) -> bool:
    tags = {str(node.tag) for body in tree.iter("body") for node in body.iterdescendants()}
    return any(tag in _BREAKS for tag in tags)


def _pieces(element: etree._Element, lines_count: bool) -> Iterator[str | _Break]:
    """Stretches of text and what parts them, in order, without any judgement of what is next to what."""
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        parting = None if _is_alone_in_cell(node) else _BREAKS.get(str(node.tag))
        if parting and (event == "start" or parting is not _Break.BR):
            yield parting
        if event == "end":
            yield from _stretches(node.tail if node is not element else None, lines_count)
        elif node.tag in _UNREAD:
            walk.skip_subtree()
        else:
            yield from _stretches(node.text, lines_count or node.tag == "pre")


def _stretches(text: str | None, lines_count: bool) -> Iterator[str | _Break]:
    if not lines_count:
        yield _SPACE.sub(" ", text or "")
        return
    for stretch in _LINE_ENDS.split(text or ""):
        newlines = 0 if stretch.strip() else stretch.count("\n")
        yield (_SPACE.sub(" ", stretch), _Break.LINE, _Break.PARAGRAPH)[min(newlines, 2)]


def _written(pieces: Iterable[str | _Break]) -> str:
    """The pieces as one text: of several breaks in a row the strongest, and no white space beside them."""
    parts: list[str] = []
    breaks: list[_Break] = []
    for piece in pieces:
        if isinstance(piece, _Break):
            breaks.append(piece)
        elif breaks and piece.strip():
            parts += (_strongest(breaks), piece)
            breaks.clear()
        elif not breaks:
            parts.append(piece)
    return _AROUND.sub(r"\1", _SPACES.sub(" ", "".join(parts))).strip()


def _strongest(breaks: list[_Break]) -> str:
    return _WRITTEN[_Break.PARAGRAPH if breaks.count(_Break.BR) > 1 else max(breaks)]


def _is_alone_in_cell(node: etree._Element) -> bool:
    """Whether a block is all that a cell holds, as word processors write cells: it parts nothing then."""
    cell = node.getparent()
    if cell is None or cell.tag not in _TAGS[_Break.CELL] or len(cell) > 1:
        return False
    return not ((cell.text or "") + (node.tail or "")).strip()

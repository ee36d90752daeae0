"""Loads ``.odt`` and ``.ods``: the text of a document, and the rows of the sheets that are shown as they are shown.

Nothing in it runs: macros are bytes that nobody opens. Headers, footers, notes, remarks, what is hidden or struck out
and what a tracked change deleted are left out.
"""

import posixpath
from collections.abc import Iterator
from datetime import date, datetime
from zipfile import ZipFile

from lxml import etree

from retrieval.documents.grid import straighten
from retrieval.documents.loaders.amid import UNKNOWN, lowered, raised
from retrieval.documents.loaders.markup import marked_text, text_of
from retrieval.documents.loaders.office.odf_styles import Styles
from retrieval.documents.loaders.office.rows import WIDEST, Sheet, documents, spread
from retrieval.documents.loaders.packages import opened, part
from retrieval.documents.loaders.reading import bounded, heading_of, title_of
from retrieval.documents.said import author, day_written
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = {short: f"{{{_OASIS}{short}:1.0}}" for short in ("office", "text", "table", "meta", "style")}
_SPACES |= {"draw": f"{{{_OASIS}drawing:1.0}}", "dc": "{http://purl.org/dc/elements/1.1/}"}


def _named(*names: str) -> list[str]:
    return [_SPACES[short] + name for short, _, name in (name.partition(":") for name in names)]


_HTML = ("p", "p", "ul", "li", "li", "table", "tr", "td", "br", "div")
_ODF = ("text:p", "text:h", "text:list", "text:list-item", "text:list-header", "table:table", "table:table-row",
        "table:table-cell", "text:line-break", "draw:text-box")  # fmt: skip
_AS_HTML = dict(zip(_named(*_ODF), _HTML, strict=True))
_LEFT_OUT = _named(
    "text:note", "office:annotation", "text:tracked-changes", "text:ruby-text", "text:table-of-content",
    "text:alphabetical-index", "office:forms", "table:covered-table-cell", "draw:object", "draw:object-ole",
    "text:sequence-decls", "text:variable-decls", "text:user-field-decls",
)  # fmt: skip
_TABLE, _ROW, _CELL, _COVERED, _COLUMNS, _STYLE, _SHOWN, _ROWS_SPANNED, _COLUMNS_SPANNED = _named(
    "table:table", "table:table-row", "table:table-cell", "table:covered-table-cell", "table:number-columns-repeated",
    "table:style-name", "table:display", "table:number-rows-spanned", "table:number-columns-spanned",
)  # fmt: skip
_S, _TAB, _H, _P, _LIST = _named("text:s", "text:tab", "text:h", "text:p", "text:list")
_OBJECT, _HREF = f"{_SPACES['draw']}object", "{http://www.w3.org/1999/xlink}href"
_SPAN, _STYLED, _IS_HIDDEN, _SHOWN_TEXT = _named("text:span", "text:style-name", "text:is-hidden", "text:display")
_MAY_HIDE = _named("text:section", "text:hidden-text", "text:hidden-paragraph")
_WRITTEN = {"super": raised, "sub": lowered}
_GROUPS = _named("table:table-rows", "table:table-row-group", "table:table-header-columns")
_HEADS = _named("table:table-header-rows")
_COUNT, _LEVEL = _named("text:c", "text:outline-level")
_COLUMN, _VISIBILITY = _named("table:table-column", "table:visibility")
_VISIBLE = "visible"
_KIND = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"  # LibreOffice's own
_MOST_SPACES = 100  # in a row
_CONTENT, _STYLES, _META = "content.xml", "styles.xml", "meta.xml"
_CONVERTER = "Pandoc"  # gives the day of its conversion as that of the document


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The one document of a text, or those of a sheet. Raises UnreadableError."""
    with opened(content, name, "an OpenDocument file") as package:
        body = part(package, _CONTENT).find(_SPACES["office"] + "body")
        sheets = None if body is None else body.find(_SPACES["office"] + "spreadsheet")
        text = None if body is None else body.find(_SPACES["office"] + "text")
        if sheets is not None:
            yield from documents(_sheets(sheets), name)
        elif text is not None:
            yield _document(text, package, name)
        else:
            raise UnreadableError(f"{name}: an OpenDocument file, but neither a text nor a sheet", Cause.OTHER_KIND)


def _document(body: etree._Element, package: ZipFile, name: str) -> Document:
    said = _Said(package)
    styles = Styles.of(
        [*([part(package, _STYLES)] if _STYLES in package.namelist() else []), body.getroottree().getroot()]
    )
    labels = styles.labels(body)
    _leave_out_unseen(body, styles)
    for formula in [each for each in body.iter(_OBJECT) if _is_formula(each, package)]:
        formula.tag, formula.text = _SPAN, UNKNOWN
    titles = (p for p in body.iter(_P) if styles.is_title(p.get(_STYLED)))
    heading = next(filter(None, map(_words, (*titles, *body.iter(_H)))), "")
    for told, label in labels.items():
        told.text = f"{label} {told.text or ''}" if _words(told) else told.text
    page = _as_html(body)
    straighten(page)
    text, parts = marked_text(page)
    text = bounded(text, name)
    named = title_of(said.text("dc:title") or heading)
    return Document(
        id=name,
        title=named or title_of(text.partition("\n")[0]),
        text=text,
        published=said.day,
        path=name,
        heading=heading_of(text, named) if named else 0,
        author=author(said.text("meta:initial-creator", "dc:creator")),
        parts=parts,
    )


def _words(node: etree._Element) -> str:
    return " ".join("".join(map(str, node.itertext())).split())


def _leave_out_unseen(body: etree._Element, styles: Styles) -> None:
    """Takes out what styles hide, and writes raised and lowered figures as such."""
    for node in list(body.iter(_SPAN, _P, _H, *_MAY_HIDE)):
        style = node.get(_STYLED)
        if node.get(_IS_HIDDEN) == "true" or node.get(_SHOWN_TEXT) == "none" or styles.is_hidden(style):
            tail = node.tail
            node.clear()
            node.tail, node.tag = tail, _SPAN
        elif node.tag == _SPAN and (write := _WRITTEN.get(styles.position(style))):
            node.text = write(node.text or "")


def _is_formula(drawn: etree._Element, package: ZipFile) -> bool:
    """Whether an object that is drawn amid words is a formula."""
    path = posixpath.normpath(posixpath.join(drawn.get(_HREF, ""), _CONTENT))
    if drawn.find("{*}math") is not None:
        return True
    return path in package.namelist() and part(package, path).tag.endswith("}math")


def _time(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written[:19])
    except ValueError:
        return None


class _Said:
    """What a file says of itself."""

    def __init__(self, package: ZipFile) -> None:
        self._meta = part(package, _META) if _META in package.namelist() else None

    def text(self, *names: str) -> str:
        """The text under the first of the names that has one."""
        found = () if self._meta is None else (self._meta.findtext(f".//{name}") for name in _named(*names))
        return next((text.strip() for text in found if text and text.strip()), "")

    @property
    def day(self) -> date | None:
        """The day on which it was written; None of a conversion."""
        if self.text("meta:generator").startswith(_CONVERTER):
            return None
        created, changed = (_time(self.text(name)) for name in ("meta:creation-date", "dc:date"))
        return day_written(created, changed)


def _as_html(element: etree._Element) -> etree._Element:
    """An element, which is changed: its parts brought to HTML's names."""
    etree.strip_elements(element, *_LEFT_OUT, with_tail=False)
    heads = {cell for head in element.iter(*_HEADS) for cell in head.iter(_CELL)}
    etree.strip_tags(element, *_HEADS, *_GROUPS)
    for node in element.iter(etree.Element):
        if node.tag == _CELL:
            node.set("rowspan", node.get(_ROWS_SPANNED, "1"))
            node.set("colspan", node.get(_COLUMNS_SPANNED, "1"))
        if node.tag == _S:
            count = node.get(_COUNT, "1")
            node.text = " " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES)
        elif node.tag == _TAB:
            node.text = " "
        elif node.tag == _H:
            level = node.get(_LEVEL, "1")
            node.tag = f"h{min(max(int(level), 1), 6)}" if level.isdecimal() else "h1"
            continue
        is_head, is_item = node in heads, _is_item(node)
        node.tag = "th" if is_head else "span" if is_item else _AS_HTML.get(str(node.tag), "span")
    return element


def _is_item(node: etree._Element) -> bool:
    """Whether a paragraph is all that an item of a list holds, but for lists below it."""
    item = node.getparent()
    if node.tag != _P or item is None or item.tag != "li":
        return False
    return all(other is node or other.tag == _LIST for other in item)


def _sheets(body: etree._Element) -> Iterator[Sheet]:
    hidden = {
        style.get(_SPACES["style"] + "name")
        for style in body.getroottree().iter(_SPACES["style"] + "style")
        if any(each.get(_SHOWN) == "false" for each in style)
    }
    shown = [table for table in body.iterchildren(_TABLE) if table.get(_STYLE) not in hidden]
    for table in shown:
        yield Sheet(table.get(_SPACES["table"] + "name", "") if len(shown) > 1 else "", _rows(table))


def _rows(table: etree._Element) -> Iterator[list[str]]:
    """The rows of a sheet that are shown, without hidden columns."""
    rows = list(table.iter(_ROW))
    hidden = set(_hidden_columns(table))
    for row, cells in zip(rows, spread(map(_cells, rows)), strict=True):
        if row.get(_VISIBILITY, _VISIBLE) == _VISIBLE:
            yield [cell for at, cell in enumerate(cells) if at not in hidden]


def _hidden_columns(table: etree._Element) -> Iterator[int]:
    at = 0
    for column in table.iter(_COLUMN):
        count = column.get(_COLUMNS, "1")
        end = min(at + (int(count) if count.isdecimal() else 1), WIDEST)
        if column.get(_VISIBILITY, _VISIBLE) != _VISIBLE:
            yield from range(at, end)
        at = end


def _cells(row: etree._Element) -> tuple[list[str], list[tuple[int, int]]]:
    """The cells of a row, and those that span more as ``spread`` takes them. How often a row is repeated does not
    count: the same words again say nothing more."""
    cells: list[str] = []
    spanning: list[tuple[int, int]] = []
    for cell in row.iterchildren(_CELL, _COVERED):
        count, down = cell.get(_COLUMNS, "1"), cell.get(_ROWS_SPANNED, "1")
        is_empty = cell.tag == _COVERED or cell.get(_KIND) == "error"
        text = "" if is_empty else "\n".join(text_of(_as_html(p)) for p in cell.iterchildren(_P))
        if down.isdecimal() and int(down) > 1:
            spanning.append((len(cells), int(down)))
        cells += [text] * min(int(count) if count.isdecimal() else 1, WIDEST - len(cells))
    return cells, spanning

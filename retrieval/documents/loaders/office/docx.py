"""Loads ``.docx``: the paragraphs and tables of a document's body in order, with the numbers that Word writes
before them, and what its properties say.

Nothing in it runs: macros are bytes that nobody opens. Headers, footers, notes, what is hidden, struck out, or deleted
by a tracked change are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.part import PartFactory
from docx.opc.parts.coreprops import CorePropertiesPart
from docx.oxml.ns import qn
from docx.package import Package
from docx.parts.document import DocumentPart
from docx.text.paragraph import Paragraph
from lxml import etree

from retrieval.documents.grid import straighten
from retrieval.documents.loaders.amid import UNKNOWN, lowered, raised
from retrieval.documents.loaders.markup import marked_text
from retrieval.documents.loaders.office.numbering import LEVELS, Numbering, Style, integer_of, is_on, value_of
from retrieval.documents.loaders.packages import opened
from retrieval.documents.loaders.reading import bounded, heading_of, title_of
from retrieval.documents.said import author, day_written, title
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document, Part

# Word's elements by the names that HTML has for the same; what has none parts nothing.
_AS_HTML = {
    qn(name): tag
    for name, tag in (("w:p", "p"), ("w:tbl", "table"), ("w:tr", "tr"), ("w:tc", "td"), ("w:br", "br"), ("w:cr", "br"))
}
_AS_TEXT = {qn("w:tab"): " ", qn("w:noBreakHyphen"): "\N{NON-BREAKING HYPHEN}"}
_TEXT = qn("w:t")
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PLACED = {"superscript": raised, "subscript": lowered}  # how figures above and below the line are written
_IN_LINE = {_MATH + name for name in ("r", "t", "rPr", "sty", "ctrlPr", "nor", "lit", "scr", "brk", "aln")}
_BOX = qn("w:txbxContent")
_LEFT_OUT = (*map(qn, ("w:pPr", "w:rPr", "w:tcPr", "w:tblPr", "w:trPr", "w:tblGrid", "w:del", "w:moveFrom")),)
_HIDDEN = (*map(qn, ("w:vanish", "w:webHidden")),)
_STRUCK_OUT = (*map(qn, ("w:strike", "w:dstrike")),)
# a text box again, for older programs
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARAGRAPH, _RUN = qn("w:p"), qn("w:r")
_ENDS_DELETED = f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}"
_LONGEST_MARK, _LONGEST_ITEM = 6, 250  # characters of the number before an item of a list, and of the item
_LEAST_LEVEL = 5  # of headings; the next name is the questions'
_HEADING_NAME = re.compile(r"(?:heading|عنوان)\s*([1-9])|(?:title|العنوان)$", re.IGNORECASE)
_HEADING = re.compile(r"Title|Heading")

# A document with macros is read as one without: python-docx knows the content type of the latter only.
PartFactory.part_type_for["application/vnd.ms-word.document.macroEnabled.main+xml"] = DocumentPart


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The one document of a Word file; ``name`` is its id. Raises UnreadableError."""
    with opened(content, name, "a Word document"):
        package = Package.open(BytesIO(content))
        part = package.main_document_part
        if not isinstance(part, DocumentPart):
            raise UnreadableError(f"{name}: an Office file, but not a Word document", Cause.OTHER_KIND)
        said, heading = _properties(package), _heading(part)
        text, parts = _text(part)
    text = bounded(text, name)
    named = title_of((said and said.title) or heading)
    yield Document(
        id=name,
        title=named or title_of(text.partition("\n")[0]),
        text=text,
        published=said.created if said else None,
        path=name,
        heading=heading_of(text, named) if named else 0,
        author=(said and said.author) or None,
        parts=parts,
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """What the properties of a document say."""

    title: str
    author: str
    created: date | None


def _properties(package: Package) -> _Said | None:
    """None where there are none: python-docx would make up some. LibreOffice relates them to the document by a name
    of its own, so they are known by their kind."""
    part = next((part for part in package.iter_parts() if isinstance(part, CorePropertiesPart)), None)
    if part is None:
        return None
    found = part.core_properties
    day = day_written(found.created, found.modified)
    return _Said(title(found.title) or "", author(found.author) or "", day)


def _heading(part: DocumentPart) -> str:
    """The first paragraph in the style of a title or a heading; "" where none is."""
    return next((p.text for p in part.document.paragraphs if p.text.strip() and _is_heading(p)), "")


def _is_heading(paragraph: Paragraph) -> bool:
    style = paragraph.style
    return bool(style and style.name and _HEADING.match(style.name))


def _text(part: DocumentPart) -> tuple[str, tuple[Part, ...]]:
    """The text of the body and its parts, its elements brought to HTML's names."""
    # parsed again, because python-docx's own elements answer to ``text`` otherwise than lxml's
    body = _plain(part.document.element.body)
    numbering = Numbering.of(_related(part, RT.NUMBERING), _related(part, RT.STYLES))
    etree.strip_elements(body, _FALLBACK, with_tail=False)
    _join_paragraphs(body)
    names = {paragraph: _named(paragraph, numbering) for paragraph in body.iter(_PARAGRAPH)}
    bold = {run for run in body.iter(_RUN) if _is_bold(run)}
    for table in body.iter(qn("w:tbl")):
        _write_spans(table)
    heads = [cell for row in body.iter(qn("w:tr")) if _is_head(row) for cell in row.iter(qn("w:tc"))]
    _settle(body, numbering)
    etree.strip_elements(body, *_LEFT_OUT, with_tail=False)
    for box in list(body.iter(_BOX)):
        next(box.iterancestors(_PARAGRAPH)).addnext(box)  # behind the paragraph that holds it, not amid its words
    for node in body.iter(etree.Element):
        node.text = node.text if node.tag == _TEXT else _AS_TEXT.get(node.tag)
        node.tag = "b" if node in bold else _AS_HTML.get(node.tag, "span")
    for cell in heads:
        cell.tag = "th"
    for paragraph, (tag, label) in names.items():
        paragraph.tag = tag
        paragraph.text = f"{label} " if label and _holds_text(paragraph) else None
        _join_bold(paragraph)
    straighten(body)
    return marked_text(body)


def _plain(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element), etree.XMLParser(resolve_entities=False))


def _join_paragraphs(body: etree._Element) -> None:
    """Makes one of paragraphs of which a tracked change deletes the end of the first."""
    for paragraph in reversed(list(body.iter(_PARAGRAPH))):
        following, holder = paragraph.getnext(), paragraph.getparent()
        is_joined = paragraph.find(_ENDS_DELETED) is not None and following is not None and following.tag == _PARAGRAPH
        if is_joined and following is not None and holder is not None:
            paragraph.extend([node for node in following if node.tag != qn("w:pPr")])
            holder.remove(following)


def _related(part: DocumentPart, kind: str) -> etree._Element | None:
    """The root of a part to which the document has a relation of a kind; None where there is none."""
    for relation in part.rels.values():
        if relation.reltype == kind and not relation.is_external:
            return etree.fromstring(relation.target_part.blob, etree.XMLParser(resolve_entities=False))
    return None


def _named(paragraph: etree._Element, numbering: Numbering) -> tuple[str, str]:
    """What a paragraph is in HTML, by its style and its list; and the number that Word writes before it."""
    label = numbering.label(paragraph)
    style = numbering.style(paragraph)
    level = _heading_level(paragraph, style)
    if level:
        return f"h{level}", label or ""
    is_item = label is not None and len(label) <= _LONGEST_MARK and _length(paragraph) <= _LONGEST_ITEM
    return "li" if is_item else "p", label or ""


def _heading_level(paragraph: etree._Element, style: Style | None) -> int:
    """The level of a heading, from 1; 0 for a paragraph that is none."""
    properties = paragraph.find(qn("w:pPr"))
    outline = properties.find(qn("w:outlineLvl")) if properties is not None else None
    found = int(outline.get(qn("w:val"), "9")) if outline is not None else style.outline if style else None
    if found is None and style and (named := _HEADING_NAME.match(style.name)):
        found = int(named[1] or 1) - 1
    return min(found + 1, _LEAST_LEVEL) if found is not None and found < LEVELS else 0


def _is_bold(run: etree._Element) -> bool:
    return any(_is_set(run, qn(name)) for name in ("w:b", "w:bCs"))


def _is_set(run: etree._Element, name: str) -> bool:
    """Whether the properties of a run turn something on."""
    properties = run.find(qn("w:rPr"))
    mark = properties.find(name) if properties is not None else None
    return mark is not None and is_on(mark)


def _settle(body: etree._Element, numbering: Numbering) -> None:
    """Takes out what a reader does not see, or sees struck out, and writes what is no plain word as such."""
    for run in [run for run in body.iter(_RUN) if _is_unseen(run, numbering)]:
        run.clear()
    for run in body.iter(_RUN):
        write = _PLACED.get(value_of(run.find(qn("w:rPr")), "w:vertAlign") or "", str)
        for text in run.iter(_TEXT):
            text.text = write(text.text or "")
    for formula in list(body.iter(_MATH + "oMath")):
        _write_formula(formula)
    for sign in list(body.iter(qn("w:sym"))):
        _write_sign(sign)


def _is_unseen(run: etree._Element, numbering: Numbering) -> bool:
    """Whether what a run says is hidden, by itself or by a style, or struck out."""
    if any(_is_set(run, mark) for mark in _STRUCK_OUT):
        return True
    own = run.find(qn("w:rPr"))
    said = [own.find(mark) for mark in _HIDDEN] if own is not None else []
    if any(mark is not None for mark in said):
        return any(_is_set(run, mark) for mark in _HIDDEN)
    paragraph = next(run.iterancestors(_PARAGRAPH), None)
    of_paragraph = value_of(paragraph.find(qn("w:pPr")), "w:pStyle") if paragraph is not None else None
    return numbering.hides(value_of(own, "w:rStyle")) or numbering.hides(of_paragraph)


def _write_formula(formula: etree._Element) -> None:
    """Writes a formula of one line as its letters, any other as unknown."""
    own = (node.tag for node in formula.iterdescendants(etree.Element) if node.tag.startswith(_MATH))
    is_in_line = _IN_LINE.issuperset(own)
    words = "".join(text.text or "" for text in formula.iter(_MATH + "t")) if is_in_line else UNKNOWN
    for child in list(formula):
        formula.remove(child)
    etree.SubElement(formula, _TEXT).text = words


def _write_sign(sign: etree._Element) -> None:
    """Writes a sign of a font of pictures as unknown; before all words of a paragraph it is a mark of a list."""
    paragraph = next(sign.iterancestors(_PARAGRAPH), None)
    before = paragraph.iter(_TEXT, sign.tag) if paragraph is not None else iter(())
    is_first = next((node is sign for node in before if node is sign or (node.text or "").strip()), True)
    sign.tag = _TEXT
    sign.text = "" if is_first else UNKNOWN


def _write_spans(table: etree._Element) -> None:
    """Writes on the cells of a table, as HTML does, how many rows and columns they span; Word repeats a cell that goes
    on in a row below, empty."""
    above: dict[int, etree._Element] = {}
    for row in table.iterchildren(qn("w:tr")):
        at = 0
        for cell in list(row.iterchildren(qn("w:tc"))):
            properties = cell.find(qn("w:tcPr"))
            merged = properties.find(qn("w:vMerge")) if properties is not None else None
            across = integer_of(value_of(properties, "w:gridSpan"), 1)
            if merged is not None and merged.get(qn("w:val"), "continue") == "continue" and at in above:
                above[at].set("rowspan", str(int(above[at].get("rowspan", "1")) + 1))
                row.remove(cell)
            else:
                above.pop(at, None)
                if merged is not None:
                    above[at] = cell
                if across > 1:
                    cell.set("colspan", str(across))
            at += max(across, 1)


def _is_head(row: etree._Element) -> bool:
    """Whether a row is said to be repeated at the head of each page."""
    properties = row.find(qn("w:trPr"))
    return properties is not None and properties.find(qn("w:tblHeader")) is not None


def _join_bold(paragraph: etree._Element) -> None:
    """Makes one element of bold runs that follow each other: an editor parts a line wherever somebody typed."""
    for node in list(paragraph):
        before = node.getprevious()
        if node.tag == "b" and before is not None and before.tag == "b" and not (before.tail or ""):
            before.extend(list(node))
            paragraph.remove(node)


def _holds_text(paragraph: etree._Element) -> bool:
    return any(text.strip() for text in paragraph.itertext())


def _length(paragraph: etree._Element) -> int:
    return sum(len(text.text or "") for text in paragraph.iter(_TEXT))

"""Loads ``.docx``: the paragraphs and tables of a document's body in order, and what its properties say.

Nothing in it runs: macros are bytes that nobody opens. Headers, footers, notes and what a tracked change deleted
are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from docx.opc.part import PartFactory
from docx.opc.parts.coreprops import CorePropertiesPart
from docx.oxml.ns import qn
from docx.package import Package
from docx.parts.document import DocumentPart
from docx.text.paragraph import Paragraph
from lxml import etree

from retrieval.documents.loaders.markup import text_of
from retrieval.documents.loaders.reading import bounded, heading_of, title_of
from retrieval.documents.said import author, day_written, title
from retrieval.errors import UnreadableError
from retrieval.model import Document

LARGEST_UNPACKED = 100 * 2**20  # bytes of all that the file holds

# Word's elements by the names that HTML has for the same; what has none parts nothing.
_AS_HTML = {
    qn(name): tag
    for name, tag in (("w:p", "p"), ("w:tbl", "table"), ("w:tr", "tr"), ("w:tc", "td"), ("w:br", "br"), ("w:cr", "br"))
}
_AS_TEXT = {qn("w:tab"): " ", qn("w:noBreakHyphen"): "\N{NON-BREAKING HYPHEN}"}
_TEXT = qn("w:t")
_BOX = qn("w:txbxContent")
_LEFT_OUT = (
    *map(qn, ("w:pPr", "w:rPr", "w:tcPr", "w:tblPr", "w:trPr", "w:tblGrid", "w:del", "w:moveFrom")),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",  # a text box again, for older programs
)
_HEADING = re.compile(r"Title|Heading")
_OLD_WORD = b"\xd0\xcf\x11\xe0"  # OLE: .doc, and .docx behind a password

# A document with macros is read as one without: python-docx knows the content type of the latter only.
PartFactory.part_type_for["application/vnd.ms-word.document.macroEnabled.main+xml"] = DocumentPart


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The one document of a Word file; ``name`` is its id. Raises UnreadableError."""
    _check(content, name)
    try:
        package = Package.open(BytesIO(content))
        part = package.main_document_part
        if not isinstance(part, DocumentPart):
            raise UnreadableError(f"{name}: an Office file, but not a Word document")
        said, heading = _properties(package), _heading(part)
        text = _text(part)
    except UnreadableError:
        raise
    except Exception as error:  # python-docx raises whatever it stumbles over: KeyError, ValueError, lxml's own…
        raise UnreadableError(f"{name}: a damaged Word document ({type(error).__name__}); save it again") from None
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
    )


def _check(content: bytes, name: str) -> None:
    """Raises UnreadableError for what is no package, or one that would fill the memory when it is unpacked."""
    if content.startswith(_OLD_WORD):
        raise UnreadableError(f"{name}: an old .doc, or behind a password; save it as .docx without one")
    try:
        with ZipFile(BytesIO(content)) as package:
            unpacked = sum(each.file_size for each in package.infolist())
    except (BadZipFile, ValueError, NotImplementedError):
        raise UnreadableError(f"{name}: not a Word document") from None
    if unpacked > LARGEST_UNPACKED:
        raise UnreadableError(f"{name}: holds more than {LARGEST_UNPACKED // 2**20} MB when unpacked")


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


def _text(part: DocumentPart) -> str:
    """The text of the body, its elements brought to HTML's names."""
    # parsed again, because python-docx's own elements answer to ``text`` otherwise than lxml's
    body = etree.fromstring(etree.tostring(part.document.element.body), etree.XMLParser(resolve_entities=False))
    etree.strip_elements(body, *_LEFT_OUT, with_tail=False)
    for box in list(body.iter(_BOX)):
        next(box.iterancestors(qn("w:p"))).addnext(box)  # behind the paragraph that holds it, not amid its words
    for node in body.iter(etree.Element):
        node.text = node.text if node.tag == _TEXT else _AS_TEXT.get(node.tag)
        node.tag = _AS_HTML.get(node.tag, "span")
    return text_of(body)

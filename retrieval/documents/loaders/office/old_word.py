"""Loads ``.doc``, as antiword gives it: DocBook. ``retrieval.documents.apart.programs`` runs antiword."""

import re
from collections.abc import Iterator

from lxml import etree

from retrieval.documents.grid import straighten
from retrieval.documents.loaders.amid import lowered, raised
from retrieval.documents.loaders.markup import marked_text
from retrieval.documents.loaders.reading import bounded, heading_of, title_of
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document

_OLE = b"\xd0\xcf\x11\xe0"
_AS_HTML = {"para": "p", "title": "h2", "listitem": "li", "itemizedlist": "ul", "orderedlist": "ol", "row": "tr",
            "entry": "td", "informaltable": "table", "emphasis": "span"}  # fmt: skip
_RULE = re.compile(r"^\s*-{10,}")  # which antiword draws above the words of text boxes
_LEFT_OUT = ("bookinfo", "footnote", "graphic")


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The one document of a file; ``name`` is its id. Raises UnreadableError."""
    if content.startswith(_OLE):
        raise UnreadableError(
            f"{name}: an old Word file inside an archive; take it out, or save it as .docx", Cause.OLDER
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    book = etree.fromstring(content, parser)
    if book is None:
        raise UnreadableError(f"{name}: a damaged Word file; save it as .docx", Cause.DAMAGED)
    etree.strip_elements(book, *_LEFT_OUT, with_tail=False)
    for title in book.findall("title"):  # what the file says of itself, in letters that antiword does not know
        book.remove(title)
    _settle(book)
    for node in book.iter(etree.Element):
        node.tag = _AS_HTML.get(str(node.tag), node.tag if node.tag == "span" else "div")
    straighten(book)
    text, parts = marked_text(book)
    text = bounded(text, name)
    title = title_of(text.partition("\n")[0])
    yield Document(id=name, title=title, text=text, path=name, heading=heading_of(text, title), parts=parts)


def _settle(book: etree._Element) -> None:
    """Writes raised figures as such, and leaves out what is no word of a paragraph."""
    for place, write in (("superscript", raised), ("subscript", lowered)):
        for node in book.iter(place):
            node.tag, node.text = "span", write(node.text or "")
    for paragraph in list(book.iter("para")):
        paragraph.text = _RULE.sub("", paragraph.text or "")
        parent = paragraph.getparent()
        if parent is not None and parent.tag == "listitem" and len(parent) == 1:
            paragraph.tag = "span"

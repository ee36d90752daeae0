"""Loads ``.doc``, as antiword gives it: DocBook. ``retrieval.documents.apart.programs`` runs antiword."""

from collections.abc import Iterator

from lxml import etree

from retrieval.documents.grid import straighten
from retrieval.documents.loaders.markup import marked_text
from retrieval.documents.loaders.reading import bounded, heading_of, title_of
from retrieval.errors import UnreadableError
from retrieval.model import Document

_OLE = b"\xd0\xcf\x11\xe0"
_AS_HTML = {"para": "p", "title": "h2", "listitem": "li", "itemizedlist": "ul", "orderedlist": "ol", "row": "tr",
            "entry": "td", "informaltable": "table", "emphasis": "span"}  # fmt: skip
_LEFT_OUT = ("bookinfo", "footnote", "graphic")


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The one document of a file; ``name`` is its id. Raises UnreadableError."""
    if content.startswith(_OLE):
        raise UnreadableError(f"{name}: an old Word file inside an archive; take it out, or save it as .docx")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    book = etree.fromstring(content, parser)
    if book is None:
        raise UnreadableError(f"{name}: a damaged Word file; save it as .docx")
    etree.strip_elements(book, *_LEFT_OUT, with_tail=False)
    for title in book.findall("title"):  # what the file says of itself, in letters that antiword does not know
        book.remove(title)
    for paragraph in list(book.iter("para")):
        if paragraph.getparent().tag == "listitem" and len(paragraph.getparent()) == 1:
            paragraph.tag = "span"
    for node in book.iter(etree.Element):
        node.tag = _AS_HTML.get(str(node.tag), node.tag if node.tag == "span" else "div")
    straighten(book)
    text, parts = marked_text(book)
    text = bounded(text, name)
    title = title_of(text.partition("\n")[0])
    yield Document(id=name, title=title, text=text, path=name, heading=heading_of(text, title), parts=parts)

"""Loads MediaWiki's ``.xml``: a document for each article of a dump, as a reader sees its words.

Redirects, talk and other pages about articles, templates, tables, references and pictures are left out. The day of an
edit is not a publication: articles have none.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from urllib.parse import quote
from xml.etree.ElementTree import Element

import mwparserfromhell
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse
from mwparserfromhell.nodes import Heading, Node, Text
from mwparserfromhell.wikicode import Wikicode

from retrieval.documents.loaders.reading import bounded, language_of, markup_of, title_of
from retrieval.errors import UnreadableError
from retrieval.model import Document

MOST = 50_000  # articles of a file
_UNREAD = frozenset(
    {"ref", "gallery", "math", "table", "timeline", "syntaxhighlight", "source", "score", "style", "script"}
)
_OTHER_LINK = re.compile(r"\s*:?(?:file|image|category|media|ملف|صورة|تصنيف|وسائط)\s*:", re.I)
_INTERWIKI = re.compile(r"\s*[a-z-]{2,12}\s*:")
_HEADING = "\x01"  # before a heading, as often as it is deep; no text of XML holds it
_BLANK = re.compile(r"\s*\n\s*\n\s*")
_MAGIC = re.compile(r"__[A-Z]+__|__[ء-ي_]+__")


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """A document for each article, ``NAME#title``; of a file that is cut off, those before, and last what is wrong.
    Raises UnreadableError."""
    count = 0
    try:
        for document in _articles(content, name):
            count += 1
            if count > MOST:
                why = f"more than {MOST:,} articles; only those before are served; split it"
                yield UnreadableError(f"{name}: {why}")
                return
            yield document
    except DefusedXmlException:
        raise UnreadableError(f"{name}: declares entities of its own; take its DOCTYPE out") from None
    except ParseError as error:
        if not count:
            raise UnreadableError(f"{name}: not XML: {error}") from None
        why = f"cut off or damaged ({error}); only what stands before is served; save it anew"
        yield UnreadableError(f"{name}: {why}")
    if not count:
        raise UnreadableError(f"{name}: no articles in it")


def _articles(content: bytes, name: str) -> Iterator[Document]:
    """Raises ParseError, DefusedXmlException."""
    site = _Site()
    for _, element in iterparse(BytesIO(markup_of(content.decode("utf-8", "replace")).encode())):
        kind = _kind(element)
        if kind == "siteinfo":
            site = _Site(element)
        elif kind == "page":
            document = _document(element, site, name)
            element.clear()
            if document:
                yield document


class _Site:
    """What a dump says of its wiki: its language, and where its articles are found."""

    def __init__(self, element: Element | None = None) -> None:
        base = _said(element, "base") if element is not None else ""
        self.articles = base.rpartition("/")[0] + "/" if base.startswith(("https://", "http://")) else ""
        host = base.partition("://")[2].partition(".")[0]
        self.language = language_of(host)

    def address(self, title: str) -> str | None:
        """Where a reader finds an article."""
        return self.articles + quote(title.replace(" ", "_"), safe="/():,") if self.articles else None


def _document(page: Element, site: _Site, name: str) -> Document | None:
    """None for what is no article."""
    title = _said(page, "title")
    if _said(page, "ns") not in ("0", "") or not title or any(_kind(child) == "redirect" for child in page):
        return None
    revisions = [child for child in page if _kind(child) == "revision"]
    text = _plain(_said(revisions[-1], "text")) if revisions else ""
    if not text.strip():
        return None
    return Document(
        id=f"{name}#{title}",
        title=title_of(title),
        text=bounded(text, f"{name}#{title}"),
        url=site.address(title),
        path=name,
        language=site.language,
    )


def _plain(source: str) -> str:
    """The words of an article without its markup: headings and paragraphs parted by blank lines."""
    code = mwparserfromhell.parse(_MAGIC.sub("", source), skip_style_tags=False)
    _leave(code)
    text = code.strip_code(normalize=True, collapse=True, keep_template_params=False)
    lines = (re.sub(r"^[*#:;]+\s*", "", line).strip() for line in str(text).splitlines())
    return "\n\n".join(_with_text(_BLANK.split(re.sub(r"[ \t]{2,}", " ", "\n".join(lines)).strip())))


def _leave(code: Wikicode) -> None:
    """Leaves, of what is parsed, what a reader reads; each heading becomes a paragraph with its marks before it."""
    code.nodes = [_marked(node) for node in code.nodes if not _is_unread(node)]
    for node in code.nodes:
        for child in node.__children__():
            _leave(child)


def _marked(node: Node) -> Node:
    if not isinstance(node, Heading):
        return node
    return Text(f"\n\n{_HEADING * node.level}{node.title.strip_code().strip()}\n\n")


def _with_text(paragraphs: list[str]) -> Iterator[str]:
    """The paragraphs without the headings below which nothing is left."""
    for paragraph, following in pairwise([*paragraphs, _HEADING]):
        level = paragraph.count(_HEADING)
        if not level or not 0 < following.count(_HEADING) <= level:
            yield paragraph.strip(_HEADING)


def _is_unread(node: Node) -> bool:
    if isinstance(node, mwparserfromhell.nodes.Tag):
        return str(node.tag).strip().lower() in _UNREAD
    if isinstance(node, mwparserfromhell.nodes.Wikilink):
        return bool(_OTHER_LINK.match(str(node.title)) or _INTERWIKI.match(str(node.title)))
    return isinstance(node, mwparserfromhell.nodes.Template | mwparserfromhell.nodes.Comment)


def _said(element: Element, name: str) -> str:
    return next(((child.text or "").strip() for child in element if _kind(child) == name), "")


def _kind(element: Element) -> str:
    return element.tag.rpartition("}")[2]

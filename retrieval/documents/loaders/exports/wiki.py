"""Loads MediaWiki's ``.xml``: a document for each article of a dump, as a reader sees its words.

Redirects, talk and other pages about articles, tables, references and pictures are left out, and templates that stand
by themselves. One amid a text is what a reader sees of it, where that is known, else an unknown sign (U+FFFD): its
sentence is never quoted. The day of an edit is not a publication: articles have none.
"""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from urllib.parse import quote
from xml.etree.ElementTree import Element

import mwparserfromhell
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse
from mwparserfromhell.nodes import Heading, Node, Tag, Template, Text, Wikilink
from mwparserfromhell.wikicode import Wikicode

from retrieval.arabic.tables import table
from retrieval.documents.loaders.amid import UNKNOWN, lowered, raised
from retrieval.documents.loaders.reading import bounded, language_of, markup_of, title_of
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document

MOST = 50_000  # articles of a file
_UNREAD = frozenset(
    {
        "ref",
        "gallery",
        "math",
        "table",
        "timeline",
        "syntaxhighlight",
        "source",
        "score",
        "style",
        "script",
        "s",
        "strike",
        "del",
    }
)
_OTHER_LINK = re.compile(r"\s*:?(?:file|image|category|media|ملف|صورة|تصنيف|وسائط)\s*:", re.I)
_INTERWIKI = re.compile(r"\s*[a-z-]{2,12}\s*:")
_HEADING = "\x01"  # before a heading, as often as it is deep; no text of XML holds it
_WORD = re.compile(r"\w")
_BLANK = re.compile(r"\s*\n\s*\n\s*")
_TEMPLATES = table("wiki")
_SILENT = tuple(name.lower() for name in _TEMPLATES["silent"])
_IN_BRACKETS = re.compile(rf"[ \t]*\([\s،,؛;:]*(?:{UNKNOWN}[\s،,؛;:]*)+\)")  # which hold nothing else
_FIGURES = re.compile(r"[\d.,٫٬]*\d")
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
                yield UnreadableError(f"{name}: {why}", Cause.TOO_MUCH)
                return
            yield document
    except DefusedXmlException:
        raise UnreadableError(f"{name}: declares entities of its own; take its DOCTYPE out", Cause.DAMAGED) from None
    except ParseError as error:
        if not count:
            raise UnreadableError(f"{name}: not XML: {error}", Cause.DAMAGED) from None
        why = f"cut off or damaged ({error}); only what stands before is served; save it anew"
        yield UnreadableError(f"{name}: {why}", Cause.DAMAGED)
    if not count:
        raise UnreadableError(f"{name}: no articles in it", Cause.EMPTY)


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
    text = _plain(_said(revisions[-1], "text"), title) if revisions else ""
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


def _plain(source: str, title: str) -> str:
    """The words of an article without its markup: headings and paragraphs parted by blank lines."""
    code = mwparserfromhell.parse(_MAGIC.sub("", source), skip_style_tags=False)
    _leave(code, title)
    text = code.strip_code(normalize=True, collapse=True, keep_template_params=False)
    text = _IN_BRACKETS.sub("", str(text))
    lines = (re.sub(r"^[*#:;]+\s*", "", line).strip() for line in text.splitlines())
    return "\n\n".join(_with_text(_BLANK.split(re.sub(r"[ \t]{2,}", " ", "\n".join(lines)).strip())))


def _leave(code: Wikicode, title: str, *, is_amid: bool = False) -> None:
    """Leaves, of what is parsed, what a reader reads; each heading becomes a paragraph with its marks before it."""
    nodes = list(code.nodes)
    told = (_told(node, title, is_amid=is_amid or _is_amid(nodes, at)) for at, node in enumerate(nodes))
    code.nodes = [node for node in told if node is not None]
    for node in code.nodes:
        for child in node.__children__():
            _leave(child, title, is_amid=True)


def _told(node: Node, title: str, *, is_amid: bool) -> Node | None:
    """What a reader sees of a node; None where that is nothing."""
    if isinstance(node, Heading):
        return Text(f"\n\n{_HEADING * node.level}{node.title.strip_code().strip()}\n\n")
    if is_amid and isinstance(node, Template):
        return Text(_seen(node, title))
    if isinstance(node, Tag) and (seen := _seen_of_tag(node, is_amid=is_amid)) is not None:
        return Text(seen)
    return None if _is_unread(node) else node


def _seen_of_tag(tag: Tag, *, is_amid: bool) -> str | None:
    """What a reader sees of an element that is no plain words; None of others."""
    name = str(tag.tag).strip().lower()
    if name in ("sup", "sub"):
        return (raised if name == "sup" else lowered)(str(tag.contents.strip_code()))
    return "\n" if name == "br" else UNKNOWN if name == "math" and is_amid else None


def _is_amid(nodes: Sequence[Node], at: int) -> bool:
    """Whether a node stands in a line with words."""
    before, after = str(nodes[at - 1]) if at else "", str(nodes[at + 1]) if at + 1 < len(nodes) else ""
    is_line_before = not isinstance(nodes[at - 1], Template) if at else False
    return bool((is_line_before and _WORD.search(before.rpartition("\n")[2])) or _WORD.search(after.partition("\n")[0]))


def _seen(template: Template, title: str) -> str:
    """What a reader sees of a template amid a text, in an article of a title."""
    name = " ".join(str(template.name).replace("_", " ").split()).lower()
    if name.startswith(_SILENT):
        return ""
    if name in _TEMPLATES["themselves"] and not template.params:
        return name
    function, _, given = name.partition(":")
    if function in _TEMPLATES["titles"] and not given:
        return title
    if function in _TEMPLATES["numbers"] and _FIGURES.fullmatch(given.strip()):
        return given.strip()  # the page groups its digits
    language = _TEMPLATES["languages"].get(name)
    fields = ["1"] if language else _TEMPLATES["texts"].get(name, ())
    words = next((words for field in fields if (words := _field(template, field))), "")
    if not words:
        return UNKNOWN
    return f"{language}: {words}" if language else words


def _field(template: Template, name: str) -> str:
    return str(template.get(name).value.strip_code()).strip() if template.has(name, ignore_empty=True) else ""


def _with_text(paragraphs: list[str]) -> Iterator[str]:
    """The paragraphs without the headings below which nothing is left."""
    for paragraph, following in pairwise([*paragraphs, _HEADING]):
        level = paragraph.count(_HEADING)
        if not level or not 0 < following.count(_HEADING) <= level:
            yield paragraph.strip(_HEADING)


def _is_unread(node: Node) -> bool:
    if isinstance(node, Tag):
        return str(node.tag).strip().lower() in _UNREAD
    if isinstance(node, Wikilink):
        return bool(_OTHER_LINK.match(str(node.title)) or _INTERWIKI.match(str(node.title)))
    return isinstance(node, Template | mwparserfromhell.nodes.Comment)


def _said(element: Element, name: str) -> str:
    return next(((child.text or "").strip() for child in element if _kind(child) == name), "")


def _kind(element: Element) -> str:
    return element.tag.rpartition("}")[2]

"""Loads ``.html``: the article of a page, without its menus, comments and notices, and what the page says of itself."""

import logging
import re
from collections import Counter
from collections.abc import Iterator
from configparser import ConfigParser
from copy import deepcopy
from datetime import date

from lxml import html
from trafilatura import bare_extraction
from trafilatura.metadata import extract_metadata
from trafilatura.settings import DEFAULT_CONFIG
from trafilatura.settings import Document as Extracted

from retrieval.documents.furniture import is_prose
from retrieval.documents.loaders.markup import BLOCKS, parsed, text_of
from retrieval.documents.loaders.reading import (
    bounded,
    day_of,
    decoded,
    first_words,
    heading_of,
    language_of,
    title_of,
    web_address,
)
from retrieval.errors import UnreadableError
from retrieval.model import Document

_CHARSET = re.compile(rb"<meta[^>]+?charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]+?encoding\s*=\s*[\"']([\w-]+)", re.I)
_LINE = re.compile(r"[^\n]+")
_HEAD = 4096  # bytes in which a page names its encoding
_DATES = {"extensive_search": False, "original_date": True}  # the page's own, no guess from its text
_STATING_TAGS = ("time", "abbr", "script", "link", "meta")
_STATING_KEYS = ("class", "id", "itemprop", "property")
_STATING = re.compile(r"date|time|publish|posted", re.I)
_TERMS = ("dt", "dd")  # trafilatura glues them to each other
_MARGINS = ("header", "footer", "aside")
_HOLDERS = (*BLOCKS, "li", "td")
_FEWEST = 2  # lines of prose say where an article is
_MOST = 0.9  # of an article's lines of prose stand in its own element, whatever else the page holds

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it cannot read is said in our own words
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The one document of a page; ``name`` is its id. Raises UnreadableError."""
    tree = parsed(decoded(content, name, _charset(content)))
    if tree is None:
        raise UnreadableError(f"{name}: the page is empty")
    said = extract_metadata(deepcopy(tree))
    text = bounded(_article(tree), name)
    title = title_of(said.title or first_words(text))
    yield Document(
        id=name,
        title=title,
        text=text,
        url=web_address(said.url),
        published=_published(tree),
        path=name,
        heading=heading_of(text, title),
        author=said.author,
        language=language_of(tree.get("lang")),
    )


def _charset(content: bytes) -> str | None:
    found = _CHARSET.search(content[:_HEAD])
    return (found[1] or found[2]).decode() if found else None


def _published(tree: html.HtmlElement) -> date | None:
    """The day that the page states of itself. All other text is taken out first: where a page states none, the
    search for one goes on to the days that its text speaks of."""
    bare = deepcopy(tree)
    for node in bare.iter():
        node.tail = None
        if not (node.tag in _STATING_TAGS or any(_STATING.search(node.get(key, "")) for key in _STATING_KEYS)):
            node.text = None
    return day_of(extract_metadata(bare, date_config=_DATES).date)


def _article(tree: html.HtmlElement) -> str:
    """The text of the article; of the whole page without its margins, where trafilatura finds none or breaks words."""
    for term in tree.iter(*_TERMS):
        term.tag = "p"
    _unwrap_page_form(tree)
    _enclose_loose_text(tree)
    found = bare_extraction(deepcopy(tree), include_comments=False, config=_config())
    article = text_of(found.body) if isinstance(found, Extracted) and found.body is not None else ""
    if article and set(article.split()) <= set(text_of(tree).split()):
        return _ended(article, tree)
    for margin in list(tree.iter(*_MARGINS)):
        margin.drop_tree()
    return text_of(tree)


def _unwrap_page_form(tree: html.HtmlElement) -> None:
    """Takes away a form around most of a page: ASP.NET puts one there, and what is in a form is not read."""
    for form in list(tree.iter("form")):
        if len(form.text_content()) > len(tree.text_content()) / 2:
            form.drop_tag()


def _enclose_loose_text(tree: html.HtmlElement) -> None:
    """Makes paragraphs of the text that follows a block, as Blogger writes it below a picture: trafilatura drops it
    together with a block that is empty."""
    for block in [node for node in tree.iterdescendants(*BLOCKS) if (node.tail or "").strip()]:
        loose = _paragraph_after(block)
        while (following := loose.getnext()) is not None and following.tag not in BLOCKS:
            if following.tag == "br" and _ends_in_break(loose):
                loose = _paragraph_after(following)
            else:
                loose.append(following)


def _paragraph_after(node: html.HtmlElement) -> html.HtmlElement:
    """A new paragraph that takes the loose text after an element."""
    paragraph = html.Element("p")
    paragraph.text, node.tail = node.tail, None
    node.addnext(paragraph)
    return paragraph


def _ends_in_break(element: html.HtmlElement) -> bool:
    return len(element) > 0 and element[-1].tag == "br" and not (element[-1].tail or "").strip()


def _ended(article: str, tree: html.HtmlElement) -> str:
    """An article without what follows its own element: comments, polls and rights, whatever these are called."""
    own = set(text_of(_own_element(article, tree)).splitlines())
    ends = [line.end() for line in _LINE.finditer(article) if line.group() in own]
    return article[: ends[-1]] if ends else article


def _own_element(article: str, tree: html.HtmlElement) -> html.HtmlElement:
    """The smallest element that holds nearly all lines of prose of an article; the page, where it has one or none."""
    prose = set(filter(is_prose, article.splitlines()))
    held: Counter[html.HtmlElement] = Counter()
    for block in _innermost_blocks(tree):
        lines = len(prose & set(text_of(block).splitlines()))
        if lines:
            held.update(dict.fromkeys((block, *block.iterancestors()), lines))
    if held[tree] < _FEWEST:
        return tree
    holders = (node for node, lines in held.items() if lines >= _MOST * held[tree])
    return max(holders, key=lambda node: sum(1 for _ in node.iterancestors()))


def _innermost_blocks(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    return (node for node in tree.iter(*_HOLDERS) if next(node.iterdescendants(*_HOLDERS), None) is None)


def _config() -> ConfigParser:
    """Without the last resort for short pages, which takes all of a page, its menus too, and breaks words at tags."""
    config = deepcopy(DEFAULT_CONFIG)
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "0"
    return config

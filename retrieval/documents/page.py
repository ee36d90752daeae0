"""Loads ``.html``: the article of a page, without its menus, comments and notices, and what the page says of itself."""

import logging
import re
from collections.abc import Iterator
from configparser import ConfigParser
from copy import deepcopy
from datetime import date

from lxml import html
from trafilatura import bare_extraction
from trafilatura.metadata import extract_metadata
from trafilatura.settings import DEFAULT_CONFIG
from trafilatura.settings import Document as Extracted

from retrieval.documents.markup import parsed, text_of
from retrieval.documents.reading import (
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
_HEAD = 4096  # bytes in which a page names its encoding
_DATES = {"extensive_search": False, "original_date": True}  # the page's own, no guess from its text
_STATING_TAGS = ("time", "abbr", "script", "link", "meta")
_STATING_KEYS = ("class", "id", "itemprop", "property")
_STATING = re.compile(r"date|time|publish|posted", re.I)
_TERMS = ("dt", "dd")  # trafilatura glues them to each other
_MARGINS = ("header", "footer", "aside")

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
    found = bare_extraction(deepcopy(tree), include_comments=False, config=_config())
    article = text_of(found.body) if isinstance(found, Extracted) and found.body is not None else ""
    if article and set(article.split()) <= set(text_of(tree).split()):
        return article
    for margin in list(tree.iter(*_MARGINS)):
        margin.drop_tree()
    return text_of(tree)


def _config() -> ConfigParser:
    """Without the last resort for short pages, which takes all of a page, its menus too, and breaks words at tags."""
    config = deepcopy(DEFAULT_CONFIG)
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "0"
    return config

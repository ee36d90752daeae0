"""Loads ``.html``: the article of a page, without its menus, comments and notices, and what the page says of itself."""

import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from configparser import ConfigParser
from copy import deepcopy
from datetime import date, datetime
from html import unescape

from lxml import html
from trafilatura import bare_extraction
from trafilatura.metadata import extract_metadata
from trafilatura.settings import DEFAULT_CONFIG
from trafilatura.settings import Document as Extracted

from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.documents.days import day_of
from retrieval.documents.furniture import bodies, is_prose
from retrieval.documents.loaders.markup import BLOCKS, marked_text, parsed, text_of
from retrieval.documents.loaders.preparing import (
    prepare,
    stated_questions,
    with_questions,
    without_credits,
    without_furniture,
)
from retrieval.documents.loaders.reading import (
    bounded,
    decoded,
    first_words,
    heading_of,
    language_of,
    title_of,
    web_address,
)
from retrieval.documents.said import author, day_written
from retrieval.documents.said import title as told_title
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document, Part

_CHARSET = re.compile(rb"<meta[^>]+?charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]+?encoding\s*=\s*[\"']([\w-]+)", re.I)
_LINE = re.compile(r"[^\n]+")
_HEAD = 4096  # bytes in which a page names its encoding
_DATES = {"extensive_search": False, "original_date": True}  # the page's own, no guess from its text
_STATING_TAGS = ("time", "abbr", "script", "link", "meta")
_MADE = ("created", "changed", "creation-date", "Creation-Date")
_STATING_KEYS = ("class", "id", "itemprop", "property")
_STATING = re.compile(r"date|time|publish|posted", re.I)
_LONGEST_DAY, _LONGEST_TITLE = 80, 300  # characters
_TELLS_DAY = re.compile(rf"(?:{'|'.join(map(fold_text, table('furniture')['published']))})\b")
_TITLE_PARTS = re.compile(r"\s+[-–—|»«:•·]\s+|\s*[|»]\s*")
_TITLED = ("h1", "h2", "h3", "h4", "span", "div", "td", "p", "b", "strong", "font", "a")
_TELLS = re.compile(r"[.!؟?؛:»][»\")\]]*\s*$|\t")  # a line that is a sentence or a row
_HOLDERS = (*BLOCKS, "li", "td")
_OF_LISTS = ("ul", "ol", "dl", "li")  # no article is one: others stand around it
_FEWEST = 2  # lines of prose say where an article is
MOST_LOST = 0.25  # of the words of what an article is of
_MOST = 0.9  # of an article's lines of prose stand in its own element, whatever else the page holds

Text = tuple[str, tuple[Part, ...]]

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it cannot read is said in our own words
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The one document of a page; ``name`` is its id. Raises UnreadableError."""
    tree = parsed(decoded(content, name, _charset(content)))
    if tree is None:
        raise UnreadableError(f"{name}: the page is empty", Cause.EMPTY)
    said = extract_metadata(deepcopy(tree))
    shown = [" ".join(node.text_content().split()) for node in tree.iter("h1", "title")]
    asked = stated_questions(tree)
    text, parts = with_questions(*_article(tree), asked)
    text = bounded(text, name)
    named = told_title(_named(tree, _as_seen(said.title, shown))) if said.title else None
    title = title_of(named) if named else first_words(text.partition("\n")[0] if said.title else text)
    yield Document(
        id=name,
        title=title,
        text=text,
        url=web_address(said.url),
        published=_published(tree),
        path=name,
        heading=heading_of(text, title),
        author=author(said.author or ""),
        language=language_of(tree.get("lang")),
        parts=parts,
    )


def _charset(content: bytes) -> str | None:
    found = _CHARSET.search(content[:_HEAD])
    return (found[1] or found[2]).decode() if found else None


def _as_seen(title: str, shown: Iterable[str]) -> str:
    """A title as the page shows it: trafilatura decodes its entities a second time."""
    return next((words for words in shown if words != title and unescape(words) == title), title)


def _named(tree: html.HtmlElement, title: str) -> str:
    """The title of a page; where that is a part of what its window is called, and another part stands on the page as a
    line of its own, that: «site - article», as older sites have it."""
    parts = [part for node in tree.iter("title") for part in _TITLE_PARTS.split(" ".join(node.text_content().split()))]
    if title not in parts or len(parts) < _FEWEST:
        return title
    lines = {" ".join(words.split()) for node in tree.iter(*_TITLED) if (words := node.text_content()[:_LONGEST_TITLE])}
    return title if title in lines else max((part for part in parts if part in lines), key=len, default=title)


def _published(tree: html.HtmlElement) -> date | None:
    """The day that the page states of itself. All other text is taken out first: where a page states none, the
    search for one goes on to the days that its text speaks of."""
    bare = deepcopy(tree)
    for node in [node for node in bare.iter("meta") if node.get("name") in _MADE]:
        node.drop_tree()  # when a program wrote the file
    for node in bare.iter():
        node.tail = None
        if not (node.tag in _STATING_TAGS or any(_STATING.search(node.get(key, "")) for key in _STATING_KEYS)):
            node.text = None
    return day_of(extract_metadata(bare, date_config=_DATES).date) or _day_shown(tree) or _day_written(tree)


def _day_written(tree: html.HtmlElement) -> date | None:
    """The day on which somebody began the page in a program of an office, where that is no conversion's."""
    said = {node.get("name"): node.get("content", "")[:_LONGEST_DAY] for node in tree.iter("meta")}
    try:
        created, changed = (datetime.fromisoformat(said[key]).replace(tzinfo=None) for key in _MADE[:2])
    except (KeyError, ValueError):
        return None
    return day_written(created, changed)


def _day_shown(tree: html.HtmlElement) -> date | None:
    """The day in a short line that a page names for it, or that says so itself: «نشر في: ١٥/٥/٢٠٢٤»."""
    for node in tree.iter("div", "span", "p", "li", "td", "small", "strong", "time", "em", "i", "b", "a"):
        words = " ".join(node.text_content()[:_LONGEST_DAY].split())
        named = any(_STATING.search(node.get(key, "")) for key in _STATING_KEYS)
        tells = words and len(words) < _LONGEST_DAY and (named or _TELLS_DAY.match(fold_text(words)))
        if tells and (day := day_of(words)):
            return day
    return None


def _article(tree: html.HtmlElement) -> Text:
    """The article; the page without its margins, where trafilatura finds none, breaks words or leaves out too much."""
    prepare(tree)
    found = bare_extraction(without_credits(tree), include_comments=False, include_formatting=True, config=_config())
    if isinstance(found, Extracted) and found.body is not None:
        article, parts = marked_text(found.body)
        if article and set(article.split()) <= set(text_of(tree).split()):
            own = _own_element(article, tree)
            ended = _ended(article, parts, own)
            whole = marked_text(without_furniture(own))
            return whole if _is_lost(ended, *whole) else (ended, _within(parts, len(ended)))
    return marked_text(without_furniture(tree))


def _within(parts: Iterable[Part], end: int) -> tuple[Part, ...]:
    return tuple(part for part in parts if part.span.end <= end)


def _is_lost(article: str, whole: str, parts: Sequence[Part]) -> bool:
    """Whether too much of the element that an article is of is not in it: any of its questions or, of the words of its
    sentences, rows and headings, those of the page's furniture aside, more than ``MOST_LOST``."""
    held = {line.strip() for line in article.splitlines()}
    if any(part.span.of(whole) not in article for part in parts if part.role == "question"):
        return True
    heads = {part.span.of(whole) for part in parts if part.role == "heading"}
    lines = [line.strip() for span in bodies(Document("", "", whole)) for line in span.of(whole).splitlines()]
    telling = [line for line in lines if _TELLS.search(line) or line in heads]
    lost = sum(len(line.split()) for line in telling if line not in held)
    return lost > MOST_LOST * sum(len(line.split()) for line in telling)


def _ended(article: str, parts: Sequence[Part], element: html.HtmlElement) -> str:
    """An article without what follows its own element: comments, polls and rights, whatever these are called. Tables
    next to it, with their headings, are of it."""
    own = set(text_of(element).splitlines())
    heads = {part.span.start for part in parts if part.role == "heading"}
    end, is_next = 0, False
    for line in _LINE.finditer(article):
        is_own = line.group() in own
        if is_own or (is_next and "\t" in line.group()):
            end = line.end()
        is_next = is_own or (is_next and (end == line.end() or line.start() in heads))
    return article[:end] if end else article


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
    own = max(holders, key=lambda node: sum(1 for _ in node.iterancestors()))
    return next((node for node in (own, *own.iterancestors()) if node.tag not in _OF_LISTS), tree)


def _innermost_blocks(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    return (node for node in tree.iter(*_HOLDERS) if next(node.iterdescendants(*_HOLDERS), None) is None)


def _config() -> ConfigParser:
    """Without the last resort for short pages, which takes all of a page, its menus too, and breaks words at tags."""
    config = deepcopy(DEFAULT_CONFIG)
    config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "0"
    return config

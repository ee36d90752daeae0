"""Loads ``.md`` and ``.markdown``: what a reader is shown of it, without its markup, and what its front matter says.

Front matter stands before the text, as site builders write it: YAML between ``---``, TOML between ``+++``, or an
object of JSON. Line ends within a paragraph stay, and so do the numbers of a list.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from retrieval.documents.loaders.markup import fragment_text
from retrieval.documents.loaders.reading import bounded, day_of, decoded, heading_of, title_of, web_address
from retrieval.errors import UnreadableError
from retrieval.model import Document

_FRONT = re.compile(
    r"\s*(?:---[^\S\n]*\n(?P<yaml>.*?)^(?:---|\.\.\.)|\+\+\+[^\S\n]*\n(?P<toml>.*?)^\+\+\+)[^\S\n]*$\n?", re.S | re.M
)
_KEY = re.compile(r"^[^\W\d][\w-]*\s*:", re.M)
_LONGEST_FRONT = 20_000  # characters
_SHORTCODE = re.compile(r"\{\{[<%].*?[>%]\}\}|\{%.*?%\}", re.S)  # of Hugo and Jekyll
_TITLES = ("title", "العنوان")
_DAYS = ("date", "published", "publishDate", "pubDate", "created", "التاريخ")
_ADDRESSES = ("url", "canonical_url", "canonicalURL", "canonical", "permalink", "link", "source")
_AUTHORS = ("author", "authors", "الكاتب")

_MARKDOWN = MarkdownIt("commonmark", {"breaks": True}).enable(["table", "strikethrough"]).use(footnote_plugin)
_MARKDOWN.add_render_rule("footnote_anchor", lambda *_: "")  # an arrow back to the text


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The one document of a text; ``name`` is its id. Raises UnreadableError."""
    source = "\n".join(decoded(content, name).splitlines()).lstrip("\n")
    said, body = _front(source)
    text = bounded(_text(body), name)
    named = title_of(_first(said, _TITLES))
    title = named or title_of(text.partition("\n")[0])
    yield Document(
        id=name,
        title=title,
        text=text,
        url=next(filter(None, (web_address(said.get(key)) for key in _ADDRESSES)), None),
        published=next(filter(None, (_day(said.get(key)) for key in _DAYS)), None),
        path=name,
        heading=heading_of(text, title),
        author=_first(said, _AUTHORS) or None,
    )


def _front(source: str) -> tuple[dict[str, Any], str]:
    """What the front matter says, and the text behind it. What only looks like one is text."""
    if source.startswith("{"):
        return _object(source)
    found = _FRONT.match(source, 0, _LONGEST_FRONT)
    if not found or not (found["toml"] or _KEY.search(found["yaml"] or "")):
        return {}, source
    try:
        said = tomllib.loads(found["toml"]) if found["toml"] else yaml.safe_load(found["yaml"])
    except (ValueError, yaml.YAMLError, RecursionError):
        said = {
            key: value.strip().strip("\"'") for key, value in re.findall(r"^([\w-]+):(.*)$", found["yaml"] or "", re.M)
        }
    return said if isinstance(said, dict) else {}, source[found.end() :]


def _object(source: str) -> tuple[dict[str, Any], str]:
    try:
        said, end = json.JSONDecoder().raw_decode(source[:_LONGEST_FRONT])
    except (ValueError, RecursionError):
        return {}, source
    return said, source[end:]


def _first(said: dict[str, Any], keys: Iterable[str]) -> str:
    """The first text under one of the keys; of a list, its first."""
    for key in keys:
        value = said.get(key)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else day_of(value)


def _text(body: str) -> str:
    tokens = _MARKDOWN.parse(_SHORTCODE.sub("", body))
    _write_numbers(tokens)
    return fragment_text(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _write_numbers(tokens: list[Token]) -> None:
    """Puts the number that an item of a list has in the source at the beginning of its words."""
    number = ""
    for token in tokens:
        if token.type == "list_item_open":
            number = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "inline" and number and token.children is not None:
            token.children.insert(0, Token("text", "", 0, content=number))
            number = ""

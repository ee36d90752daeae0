"""Loads ``.md`` and ``.markdown``: what a reader sees, without markup, and what its front matter says of it.

Lines that an author ended are lines: within a paragraph a line end counts where the line is short or ends a sentence,
and is a space where it only wraps the text. What site generators add (shortcodes, attributes) is left out.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from retrieval.documents.days import day_of
from retrieval.documents.grid import straighten
from retrieval.documents.loaders.amid import UNKNOWN, lowered, raised
from retrieval.documents.loaders.markup import marked_text, parsed
from retrieval.documents.loaders.reading import (
    bounded,
    decoded,
    heading_of,
    language_of,
    lines_of,
    title_of,
    web_address,
)
from retrieval.errors import UnreadableError
from retrieval.model import Document, Part

LONGEST_FRONT = 65_536  # characters of front matter
WRAPPED = 45  # characters from which a line may only wrap the text
_FRONT = re.compile(
    r"\s*(?:(---|\+\+\+)[^\S\n]*\r?\n(.*?)\r?\n\1[^\S\n]*(?:\r?\n|$)"
    r"|(\{\s*\"[^\n]*?\}|\{\r?\n.*?\r?\n\})\s*\n)",
    re.S,
)
_KEY = re.compile(r"([A-Za-z_][\w -]{0,30}):(?:\s+(.*))?$")
_GENERATED = re.compile(
    r"\{\{[<%].{0,500}?[>%]\}\}"  # Hugo
    r"|\{%.{0,500}?%\}"  # Jekyll, Zola
    r"|^[^\S\n]*:::+[^\n]*$|^[^\S\n]*\[\[?_?TOC_?\]?\][^\S\n]*$"
    r"|(?<=^>)[^\S\n]*\[![A-Za-z]+\][^\n]*$"  # GitHub's notes
    r"|(?<=\S)[^\S\n]*\{[#.:][^}\n]{0,100}\}[^\S\n]*$",
    re.M | re.S,
)
_FORMULA = re.compile(r"\$\$[^$]{1,500}\$\$|\$[^$\n]{0,200}\\[a-zA-Z]+[^$\n]{0,200}\$")  # with a command of TeX
_PLACED = re.compile(r"(?<=\w)([\^~])(\d{1,3})\1(?!\1)")
_WIKI = re.compile(r"!?\[\[(?:[^\[\]|\n]{1,200}\|)?([^\[\]|\n]{1,200})\]\]")
_LINE_ENDS = (".", "!", "؟", "?", ":", "؛", "…", "»", "،")
_DAYS = ("date", "published", "publishdate", "pubdate", "created", "date_published")
_ADDRESSES = ("url", "permalink", "link", "canonical", "canonicalurl", "canonical_url", "source")


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The one document of a text in Markdown; ``name`` is its id. Raises UnreadableError."""
    whole = lines_of(decoded(content, name))
    front, body = _parted(whole)
    text, parts = _text(body)
    text = bounded(text, name)
    title = title_of(str(front.get("title") or "")) or title_of(text.partition("\n")[0])
    yield Document(
        id=name,
        title=title,
        text=text,
        url=next(filter(None, (web_address(front.get(key)) for key in _ADDRESSES)), None),
        published=next(filter(None, (day_of(front.get(key)) for key in _DAYS)), None),
        path=name,
        heading=heading_of(text, title),
        author=_author(front.get("author") or front.get("authors")),
        language=language_of(str(front.get("lang") or front.get("language") or "")),
        parts=parts,
    )


def _parted(text: str) -> tuple[dict[str, Any], str]:
    """What the front matter says, its keys in small letters, and the text below it; nothing where there is none."""
    found = _FRONT.match(text[: LONGEST_FRONT * 2])
    if not found or found.end() > LONGEST_FRONT:
        return {}, text
    said = _read(found[1] or "{", found[2] or found[3])
    return ({str(key).lower(): value for key, value in said.items()}, text[found.end() :]) if said else ({}, text)


def _read(fence: str, lines: str) -> dict[str, Any]:
    """Front matter in YAML, TOML or JSON. YAML that breaks its rules, as a title with a colon does, is read a line
    at a time."""
    try:
        said = _READS[fence](lines)
    except (ValueError, yaml.YAMLError, RecursionError):
        said = {found[1]: (found[2] or "").strip("\"' ") for line in lines.splitlines() if (found := _KEY.match(line))}
    return said if isinstance(said, dict) else {}


def _yaml(lines: str) -> object:
    if re.search(r"^[^#\n]*[:-]\s*[&*]\w", lines, re.M):  # aliases, by which few lines grow to many
        raise ValueError("aliases")
    return yaml.safe_load(lines)


_READS: dict[str, Callable[[str], object]] = {"---": _yaml, "+++": tomllib.loads, "{": json.loads}


def _author(value: object) -> str | None:
    """The name of an author, or of several, as front matter gives them."""
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, list):
        return "، ".join(filter(None, map(_author, value))) or None
    return title_of(value) or None if isinstance(value, str) else None


def _text(body: str) -> tuple[str, tuple[Part, ...]]:
    tokens = _MARKDOWN.parse(_settled(_WIKI.sub(r"\1", _GENERATED.sub("", body))))
    _write_numbers(tokens)
    markup = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    tree = parsed(f"<html><body>{markup}</body></html>")
    if tree is None:
        return "", ()
    straighten(tree)
    return marked_text(tree)


def _settled(body: str) -> str:
    """A text with raised and lowered figures written as such, and formulas as unknown."""
    body = _FORMULA.sub(UNKNOWN, body)
    return _PLACED.sub(lambda found: raised(found[2]) if found[1] == "^" else lowered(found[2]), body)


def _write_numbers(tokens: Sequence[Token]) -> None:
    """Puts the number that an item of a list has in the source before its words."""
    number = ""
    for token in tokens:
        if token.type == "list_item_open":
            number = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "inline" and number and token.children is not None:
            token.children.insert(0, Token("text", "", 0, content=number))
            number = ""


def _softbreak(_self: RendererHTML, tokens: Sequence[Token], place: int, _options: object, _env: object) -> str:
    """A line end within a paragraph."""
    before: list[str] = []
    for token in reversed(tokens[:place]):
        if token.type in ("softbreak", "hardbreak"):
            break
        before.append(token.content)
    line = "".join(reversed(before)).rstrip()
    return "<br>\n" if len(line) < WRAPPED or line.endswith(_LINE_ENDS) else "\n"


_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(deflist_plugin).use(footnote_plugin)
_MARKDOWN.add_render_rule("softbreak", _softbreak)

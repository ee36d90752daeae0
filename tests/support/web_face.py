"""The web face, served on a port of this machine, as tests ask it."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from bot.settings import Settings
from bot.web.app import build_application
from bot.web.intake.serves import Serves
from bot.web.server import serving

SETTINGS = Settings(corpus=Path("corpus"), data=Path("data"), questions_per_minute=100_000)


@dataclass(frozen=True, slots=True)
class Got:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def html(self) -> str:
        return self.body.decode("utf-8")

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def seen(self) -> "Seen":
        """What a reader sees of a page."""
        return Seen.of(self.html)


class Face:
    """A site at ``url``."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str, headers: Mapping[str, str] | None = None, **values: object) -> Got:
        """A page at a path, with the values in its address."""
        query = "?" + urlencode(values) if values else ""
        return self.send(urllib.request.Request(self.url + path + query, headers=dict(headers or {})))

    def post(self, path: str, headers: Mapping[str, str] | None = None, **fields: str) -> Got:
        """What a form of these fields gives."""
        return self.send(urllib.request.Request(self.url + path, urlencode(fields).encode(), dict(headers or {})))

    def post_json(self, path: str, sent: object, headers: Mapping[str, str] | None = None) -> Got:
        """What a program is given."""
        return self.send(urllib.request.Request(self.url + path, json.dumps(sent).encode(), dict(headers or {})))

    def document(self, document_id: str, **values: object) -> Got:
        """A document by the JSON interface."""
        return self.get(f"/api/documents/{quote(document_id, safe='')}", **values)

    def send(self, request: urllib.request.Request) -> Got:
        """What a request gives."""
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return Got(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Got(error.code, dict(error.headers), error.read())


class Seen(HTMLParser):
    """A page read as a browser would: its text, its links, and the texts of some of its parts."""

    PARTS = ("blockquote", "mark", "h1", "title", "p", "li", "summary", "button")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.links, self.tags = "", list[str](), list[tuple[str, dict[str, str | None]]]()
        self.parts: dict[str, list[str]] = {part: [] for part in self.PARTS}
        self._open: list[str] = []

    @classmethod
    def of(cls, html: str) -> "Seen":
        seen = cls()
        seen.feed(html)
        seen.close()
        return seen

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append((tag, values))
        if tag in self.PARTS:
            self._open.append(tag)
            self.parts[tag].append("")
        self.links += [values["href"]] if tag == "a" and values.get("href") else []  # type: ignore[list-item]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        self.text += data
        for part in set(self._open):
            self.parts[part][-1] += data


@contextmanager
def face_of(library: Serves, **settings: Any) -> Iterator[Face]:
    """A site that serves ``library``, with these settings."""
    chosen = replace(SETTINGS, **settings)
    with serving(("127.0.0.1", 0), lambda: build_application(chosen, library), chosen.web_proxies) as url:
        yield Face(url)

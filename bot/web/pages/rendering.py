"""Values come in, and a page goes out: templates in which every value is escaped, and the files that pages need."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from urllib.parse import urlsplit

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.phrases import Phrases, phrases
from bot.showing.cards import shortened
from bot.sources.addresses import MARK, is_address

ENGLISH = "/en"
"""What the addresses of pages in English begin with."""
TITLE, HOST = 200, 80
"""UTF-16 units of a title, and of the name of a site."""
_KINDS = {"style.css": "text/css", "icon.svg": "image/svg+xml"}
TELEGRAM = "https://web.telegram.org"
"""The only site that may show pages within its own: Telegram in a browser, where a button opens them there."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that pages need, and its kind."""

    content: bytes
    kind: str
    digest: str


class Rendering:
    """Makes pages. ``is_public``: readers reach them at an address that the operator has named; ``name``: what they are
    called, by itself as the bot is."""

    def __init__(self, *, is_public: bool, name: str = "") -> None:
        self.files = MappingProxyType({name: _file(name, kind) for name, kind in _KINDS.items()})
        self._headers = _headers(frames=TELEGRAM if is_public else "'none'")
        self._environment = Environment(
            loader=PackageLoader("bot.web.pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["titled"] = lambda title: shortened(title, TITLE)
        self._environment.globals |= {
            "style": f"/static/style.css?v={self.files['style.css'].digest}",
            "icon": f"/static/icon.svg?v={self.files['icon.svg'].digest}",
            "mark": MARK,
            "name": name,
        }

    def html(self, template: str, says: Phrases, path: str, **values: object) -> str:
        """A page. ``path``: its address without the language, for the link to the same in another."""
        base = "" if says.direction == "rtl" else ENGLISH
        other = ENGLISH + path if not base else path
        named = {"says": says, "web": says.web, "base": base, "other": other, "path": path}
        return self._environment.get_template(template).render(named | values)

    def harden(self, response: web.StreamResponse) -> None:
        """Add the headers that keep a page to itself."""
        for name, value in self._headers.items():
            response.headers.setdefault(name, value)
        response.headers["Server"] = "iqtibas"  # aiohttp names itself and its version


def page(html: str, status: int = 200, headers: Mapping[str, str] = MappingProxyType({})) -> web.Response:
    """A page as it is sent. Half a character, which a document may hold, cannot be sent and becomes a mark."""
    body = html.encode("utf-8", "replace")
    return web.Response(body=body, status=status, content_type="text/html", charset="utf-8", headers=headers)


def says_of(request: web.Request) -> Phrases:
    """The phrases in the language of a page."""
    return phrases("en" if is_english(request.path) else "ar")


def is_english(path: str) -> bool:
    """Whether an address is one of a page in English."""
    return path == ENGLISH or path.startswith(f"{ENGLISH}/")


def host_of(url: str | None) -> str:
    """The site of an address on the web, for a reader; empty where it is none, so that no page leads there."""
    host = urlsplit(url).hostname if url and is_address(url) else None
    return shortened((host or "").removeprefix("www."), HOST)


def _headers(frames: str) -> dict[str, str]:
    policy = {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": frames,
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    # the older header knows no list of sites: it can only say no
    return headers if frames == TELEGRAM else headers | {"X-Frame-Options": "DENY"}


def _file(name: str, kind: str) -> File:
    content = files("bot.web.pages").joinpath("static", name).read_bytes()
    return File(content, kind, sha256(content).hexdigest()[:12])

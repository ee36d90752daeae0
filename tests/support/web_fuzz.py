"""Random requests to the web face: hostile ids, stretches, texts, forms and JSON. None may be a failure."""

import json
import random
import urllib.request
from urllib.parse import quote, urlencode

from web_face import Face, Got

PIECES = (
    *("متى افتتح السوق", "درعا", "؟", "شكرا", "المزيد", "السياق", "٣", "😀", "\u202e", "\ufffe", "\0", "\r\nX-A: b"),
    *("../", "/etc/passwd", "a.txt", "..%2f", "-1", "99999999999999999999", "NaN", "null", "x" * 3000, "%s%n", "$(id)"),
    *("<script>", "'\"", "{{7*7}}", "{% raw %}", "&amp;"),
)
PATHS = (
    "/",
    "/en/",
    "/read",
    "/sources",
    "/verify",
    "/page.png",
    "/static/style.css",
    "/api/documents",
    "/api/ask",
    "/r/",
)
NAMES = (
    "question",
    "previous",
    "document",
    "start",
    "end",
    "version",
    "leaf",
    "page",
    "title",
    "text",
    "count",
    "k",
    "x",
)
METHODS = ("GET", "POST", "HEAD", "PUT", "OPTIONS")
PRIVATE = ("Traceback", "/root", "root:x:", 'File "', "/tmp/")  # noqa: S108


def fuzzed(face: Face, chance: random.Random, times: int) -> None:
    """Send so many. Raises AssertionError where one fails, or is told what is private."""
    for _ in range(times):
        request = chance.choice((_page, _form, _json, _document))(face.url, chance)
        got = face.send(request)
        told = f"{request.get_method()} {request.full_url[:300]} {str(request.data)[:300]}: {got.status}"
        assert got.status < 500, told
        _check(got, told)


def _check(got: Got, told: str) -> None:
    body = got.body.decode("utf-8", "replace")
    assert not [words for words in PRIVATE if words in body and words not in "".join(PIECES)], told
    if got.headers.get("Content-Type", "").startswith("text/html"):
        tags = got.seen.tags
        assert not {"script", "iframe", "object", "svg"} & {tag for tag, _ in tags}, told
        assert not [name for _, values in tags for name in values if name.startswith("on")], told


def _page(url: str, chance: random.Random) -> urllib.request.Request:
    path = chance.choice(PATHS) if chance.random() < 0.8 else "/" + quote(_text(chance), safe="/%")
    query = urlencode(_values(chance), errors="replace")
    return urllib.request.Request(f"{url}{path}?{query}"[:7000], method=chance.choice(METHODS))


def _form(url: str, chance: random.Random) -> urllib.request.Request:
    path = chance.choice(("/", "/verify", "/en/", "/en/verify"))
    body = urlencode(_values(chance), errors="replace").encode()
    if chance.random() < 0.2:
        body = chance.randbytes(200)
    return urllib.request.Request(url + path, body, method="POST")


def _json(url: str, chance: random.Random) -> urllib.request.Request:
    path = chance.choice(("/api/ask", "/api/verify"))

    def value() -> object:
        return chance.choice((_text(chance), chance.randint(-9, 99), None, [], {}, True, 1e9))

    body = json.dumps({name: value() for name in chance.sample(NAMES, 3)} | {"question": value(), "text": value()})
    if chance.random() < 0.2:
        body = chance.choice((body[:-1], "[" * 5000, '"\\ud800"', body + body, ""))
    return urllib.request.Request(url + path, body.encode("utf-8", "replace"), method="POST")


def _document(url: str, chance: random.Random) -> urllib.request.Request:
    query = urlencode(_values(chance), errors="replace")
    return urllib.request.Request(f"{url}/api/documents/{quote(_text(chance), safe='')}?{query}"[:7000])


def _values(chance: random.Random) -> dict[str, str]:
    values = {name: _text(chance) for name in chance.sample(NAMES, chance.randint(0, 5))}
    if chance.random() < 0.5:
        values |= {"document": "a.txt", "start": str(chance.randint(-2, 80)), "end": str(chance.randint(-2, 120))}
    return values


def _text(chance: random.Random) -> str:
    return " ".join(chance.choices(PIECES, k=chance.randint(1, 4)))[:3500]

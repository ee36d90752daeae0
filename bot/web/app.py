"""The composition root: settings and a library in, the web application out."""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.conversation.tally import Tally
from bot.figures import ERRORS, REQUESTS
from bot.phrases import Phrases, phrases
from bot.settings import Settings
from bot.web.handlers.asking import Asking
from bot.web.handlers.checking import Checking
from bot.web.handlers.citing import Citing
from bot.web.handlers.interface import DESCRIPTION, ROOT, Interface
from bot.web.handlers.listing import Listing
from bot.web.handlers.reading import Reading
from bot.web.intake.desk import Desk
from bot.web.intake.refusals import RefusedError, not_found
from bot.web.intake.requests import LARGEST
from bot.web.intake.serves import Serves
from bot.web.intake.visitors import Visitors
from bot.web.pages.rendering import ENGLISH, Rendering, page, says_of
from bot.web.server import serving

log = logging.getLogger(__name__)

FOR_LONG = "public, max-age=31536000, immutable"
"""Of files whose address changes with what is in them."""
ROBOTS = f"User-agent: *\nDisallow: /*?question=\nDisallow: /page.png\nDisallow: {ROOT}/\n"
_STATUSES = {404: "not_found", 405: "not_found", 413: "too_large"}

Route = tuple[str, str, Handler]


def build_application(settings: Settings, library: Serves) -> web.Application:
    """The application that serves ``library``, the common one, and nothing of chats."""
    desk, tally = Desk(), Tally(settings.log_text)
    rendering = Rendering(is_public=settings.web_address is not None, name=settings.name)
    token = settings.web_token
    visitors = Visitors(settings.questions_per_minute, settings.web_proxies, token)
    asking = Asking(library, desk, rendering, visitors, settings.voice, tally)
    reading = Reading(library, desk, rendering, visitors)
    checking = Checking(library, desk, rendering, visitors)
    citing = Citing(library, desk, rendering)
    listing = Listing(library, desk, rendering, visitors)
    interface = Interface(library, desk, visitors, tally, settings.web_address or "", settings.name)
    pages: list[Route] = [
        ("GET", "/", asking.show),
        ("POST", "/", asking.answer),
        ("GET", "/read", reading.show),
        ("GET", "/sources", listing.show),
        ("GET", "/r/{reference:.+}", citing.show),
        ("GET", "/verify", checking.show),
        ("POST", "/verify", checking.check),
    ]
    others: list[Route] = [
        ("GET", ENGLISH, asking.show),
        ("GET", "/page.png", reading.show_picture),
        ("GET", "/static/{name}", partial(_file, rendering)),
        ("GET", "/robots.txt", _robots),
        *interface.routes(),
    ]
    middlewares = [_told(rendering), _counted(visitors)]
    application = web.Application(middlewares=middlewares, client_max_size=LARGEST)
    for method, path, handler in [*pages, *((method, ENGLISH + path, do) for method, path, do in pages), *others]:
        (application.router.add_get if method == "GET" else application.router.add_post)(path, handler)  # HEAD with GET
    application.on_response_prepare.append(partial(_harden, rendering))
    application.on_cleanup.append(partial(_close, desk))
    return application


@contextmanager
def beside(settings: Settings, library: Serves) -> Iterator[None]:
    """Meanwhile the pages are served where the settings have it, if they do. Raises ListeningError."""
    if settings.web is None:
        yield
        return
    with serving(settings.web, lambda: build_application(settings, library), settings.web_proxies) as where:
        log.info("pages are served at %s", where)
        yield


def _told(rendering: Rendering) -> Middleware:
    """What goes wrong is told kindly, in the form that was asked for; what is ours is a line in the log, without a word
    of who asked."""

    @web.middleware
    async def told(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except RefusedError as error:
            response = _refusal(rendering, request, error)
        except web.HTTPException as error:
            response = _refusal(rendering, request, RefusedError(error.status, _STATUSES.get(error.status, "bad")))
            if allowed := error.headers.get("Allow"):
                response.headers["Allow"] = allowed
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a panic of a library among them
            ERRORS.inc()
            # of an error's own text nothing: it may hold what somebody asked
            trace = _places(error)
            log.error("a page failed: %s at %s", type(error).__name__, trace)
            response = _refusal(rendering, request, RefusedError(500, "failed"))
        REQUESTS.labels(_kind(request), str(response.status)).inc()
        return response

    return told


def _counted(visitors: Visitors) -> Middleware:
    """Requests are counted, and those of the JSON interface have its token."""

    @web.middleware
    async def counted(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith("/static/"):
            visitors.count_page(request)
        if request.path.startswith(f"{ROOT}/") and request.path != DESCRIPTION:
            visitors.check_token(request)
        return await handler(request)

    return counted


def _refusal(rendering: Rendering, request: web.Request, error: RefusedError) -> web.Response:
    headers = _headers(error)
    if request.path.startswith(f"{ROOT}/"):
        why = _why(error, phrases("en"))
        return web.json_response({"error": why}, status=error.status, headers=headers)
    says = says_of(request)
    html = rendering.html("refused.html", says, "/", why=_why(error, says), status=error.status)
    return page(html, error.status, headers)


def _why(error: RefusedError, says: Phrases) -> str:
    values = {name: says.figure(value) if isinstance(value, int) else value for name, value in error.values.items()}
    wait = says.counted("seconds", error.wait) if error.wait else ""
    why = says.web[error.why]
    return why.format(wait=wait, **values)


def _headers(error: RefusedError) -> Mapping[str, str]:
    headers = {"Retry-After": str(error.wait)} if error.wait else {}
    return headers | ({"WWW-Authenticate": "Bearer"} if error.status == 401 else {})


def _kind(request: web.Request) -> str:
    """What was asked for, of a few kinds: the route, without what stood in the address."""
    resource = request.match_info.route.resource
    return (resource.canonical.removeprefix(ENGLISH) or "/") if resource else "other"


def _places(error: BaseException) -> str:
    """Where an error arose, innermost last, as files and lines."""
    places, trace = [], error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " ".join(places[-8:])


async def _file(rendering: Rendering, request: web.Request) -> web.Response:
    found = rendering.files.get(request.match_info["name"])
    if found is None:
        raise not_found()
    return web.Response(body=found.content, content_type=found.kind, headers={"Cache-Control": FOR_LONG})


async def _robots(_: web.Request) -> web.Response:
    return web.Response(text=ROBOTS)


async def _harden(rendering: Rendering, _: web.Request, response: web.StreamResponse) -> None:
    rendering.harden(response)


async def _close(desk: Desk, _: web.Application) -> None:
    desk.close()

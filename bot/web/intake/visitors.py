"""Who asks, by their address, and how much of them is answered in a minute. Nothing is kept but counts, in memory."""

import hmac
from ipaddress import IPv6Address

from aiohttp import web

from bot.conversation.limits import Allowance
from bot.proxies import sender
from bot.values import Networks
from bot.web.intake.refusals import RefusedError

PAGES = 12
"""How many times as many pages as questions a reader may open in a minute."""
OURS = 64
"""Bits of an address of IPv6 that belong to one reader: who has one has all that begin so."""


class Visitors:
    """Counts on one thread. ``questions``: how many of one address are answered in a minute; ``proxies``: networks of
    those whose word on who asks is believed. ``token``: what the JSON interface asks for, if anything; who has it is
    not limited."""

    def __init__(self, questions: int, proxies: Networks, token: str | None = None) -> None:
        self._questions, self._pages = Allowance(questions), Allowance(questions * PAGES)
        self._proxies, self._token = proxies, token

    def count_page(self, request: web.Request) -> None:
        """Count a request. Raises RefusedError where they are too many."""
        self._take(self._pages, request)

    def count_question(self, request: web.Request) -> None:
        """Count a question, or another thing that costs as much. Raises RefusedError where they are too many."""
        self._take(self._questions, request)

    def check_token(self, request: web.Request) -> None:
        """Raises RefusedError where a token is asked for and the request has another, or none."""
        if self._token and not self._has_token(request):
            raise RefusedError(401, "no_token")

    def _take(self, allowance: Allowance, request: web.Request) -> None:
        if self._token and self._has_token(request):
            return
        who = reader_of(request, self._proxies)
        if not allowance.take(who):
            raise RefusedError(429, "too_many", wait=allowance.wait(who))

    def _has_token(self, request: web.Request) -> bool:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        told, wanted = given.strip().encode("utf-8", "replace"), (self._token or "").encode()
        return scheme.lower() == "bearer" and hmac.compare_digest(told, wanted)


def reader_of(request: web.Request, proxies: Networks) -> str:
    """By what a reader is counted: their address; of IPv6 its first half."""
    address = sender(request.remote, request.headers.getall("X-Forwarded-For", []), proxies)
    if isinstance(address, IPv6Address):
        return str(IPv6Address(int(address) >> OURS << OURS))
    return str(address or "nobody knows")

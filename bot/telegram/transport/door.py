"""Who may give the bot an update: by the address that it comes from, and by the secret that stands with it."""

import hmac
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TypeAlias

from bot.settings import Webhook
from bot.values import Networks

Address: TypeAlias = IPv4Address | IPv6Address


class Door:
    """Asked of each connection and of each request of one."""

    def __init__(self, webhook: Webhook) -> None:
        self._secret = webhook.secret.encode()
        self._allowed, self._proxies = webhook.allowed, webhook.proxies

    def is_known(self, peer: str | None) -> bool:
        """Whether who connects may have anything to say: a proxy, or who gives updates itself."""
        address = _address(peer)
        return _is_in(address, self._proxies) or _is_in(address, self._allowed)

    def is_allowed(self, peer: str | None, forwarded: Iterable[str]) -> bool:
        """Whether a request comes from where updates come. ``forwarded``: its headers X-Forwarded-For.

        They are read from their end, for as long as it was a proxy that wrote: what stands before, anybody may have
        written.
        """
        hops = [hop.strip() for header in forwarded for hop in header.split(",")]
        address = _address(peer)
        while hops and _is_in(address, self._proxies):
            address = _address(hops.pop())
        return _is_in(address, self._allowed)

    def opens(self, secret: str | None) -> bool:
        """Whether it is the secret; how long that takes tells nobody how much of it was right."""
        return hmac.compare_digest((secret or "").encode("utf-8", "replace"), self._secret)


def _address(text: str | None) -> Address | None:
    """An address; of one of IPv4 within IPv6, that one."""
    try:
        address = ip_address(text or "")
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_in(address: Address | None, networks: Networks) -> bool:
    return address is not None and any(address in network for network in networks)

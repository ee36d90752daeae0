"""Proxies on the way out, as the environment names them, and on the way in, whose word on who asks may be believed."""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TypeAlias
from urllib.parse import urlsplit

from bot.values import Networks

Address: TypeAlias = IPv4Address | IPv6Address
SCHEMES = ("http", "https", "socks4", "socks5", "socks5h")


def proxy_of(environ: Mapping[str, str], url: str) -> str | None:
    """The address of the proxy to the server at ``url``, or None: ``https_proxy``, ``http_proxy`` by the scheme, else
    ``all_proxy``, in small letters or capitals, but for hosts that ``no_proxy`` names."""
    wanted = {name.lower(): value for name, value in sorted(environ.items()) if name.lower().endswith("_proxy")}
    proxy = wanted.get(f"{urlsplit(url).scheme}_proxy") or wanted.get("all_proxy")
    if not proxy:
        return None
    from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # typeshed: on some systems only

    if proxy_bypass_environment(urlsplit(url).netloc.rpartition("@")[2], {"no": wanted.get("no_proxy", "")}):
        return None
    scheme, separator, rest = proxy.partition("://")
    return f"{scheme.lower()}://{rest}" if separator else f"http://{proxy}"


def sender(peer: str | None, forwarded: Iterable[str], proxies: Networks) -> Address | None:
    """Whose a request is that came from ``peer``; None where that is no address. ``forwarded``: its headers
    X-Forwarded-For.

    They are read from their end, for as long as it was a proxy that wrote: what stands before, anybody may have
    written.
    """
    hops = [hop.strip() for header in forwarded for hop in header.split(",")]
    address = address_of(peer)
    while hops and is_in(address, proxies):
        address = address_of(hops.pop())
    return address


def address_of(text: str | None) -> Address | None:
    """An address; of one of IPv4 within IPv6, that one."""
    try:
        address = ip_address(text or "")
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_in(address: Address | None, networks: Networks) -> bool:
    """Whether an address is of one of some networks."""
    return address is not None and any(address in network for network in networks)

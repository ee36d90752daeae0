"""By which proxy a server is reached: what the environment says, in one place for whoever connects or tells of it."""

from collections.abc import Mapping
from urllib.parse import urlsplit

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

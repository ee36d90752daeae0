"""Who may give the bot an update: by the address that it comes from, and by the secret that stands with it."""

import hmac
from collections.abc import Iterable

from bot.proxies import address_of, is_in, sender
from bot.settings import Webhook


class Door:
    """Asked of each connection and of each request of one."""

    def __init__(self, webhook: Webhook) -> None:
        self._secret = webhook.secret.encode()
        self._allowed, self._proxies = webhook.allowed, webhook.proxies

    def is_known(self, peer: str | None) -> bool:
        """Whether who connects may have anything to say: a proxy, or who gives updates itself."""
        address = address_of(peer)
        return is_in(address, self._proxies) or is_in(address, self._allowed)

    def is_allowed(self, peer: str | None, forwarded: Iterable[str]) -> bool:
        """Whether a request comes from where updates come. ``forwarded``: its headers X-Forwarded-For."""
        return is_in(sender(peer, forwarded, self._proxies), self._allowed)

    def opens(self, secret: str | None) -> bool:
        """Whether it is the secret; how long that takes tells nobody how much of it was right."""
        return hmac.compare_digest((secret or "").encode("utf-8", "replace"), self._secret)

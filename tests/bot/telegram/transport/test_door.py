"""The door of the webhook: which addresses may give updates, who is believed in that, and with which secret."""

from dataclasses import replace

import pytest

from bot.settings import Webhook
from bot.telegram.transport.door import Door
from bot.values import networks

WEBHOOK = Webhook("https://bot.example.org/", ("127.0.0.1", 8080), "a-secret-of-some-length")
TELEGRAM, STRANGER, PROXY = "149.154.167.220", "203.0.113.7", "127.0.0.1"
BEHIND_TWO = replace(WEBHOOK, proxies=networks("127.0.0.1, 10.0.0.0/8"))
ITSELF = replace(WEBHOOK, proxies=())


@pytest.mark.parametrize(
    ("webhook", "peer", "forwarded", "allowed"),
    [
        (WEBHOOK, PROXY, [TELEGRAM], True),
        (WEBHOOK, PROXY, ["91.108.4.0"], True),
        (WEBHOOK, PROXY, ["91.108.8.0"], False),
        (WEBHOOK, PROXY, [STRANGER], False),
        (WEBHOOK, PROXY, [], False),
        (WEBHOOK, PROXY, ["unknown"], False),
        (WEBHOOK, PROXY, [""], False),
        (WEBHOOK, PROXY, [f"{TELEGRAM}, {STRANGER}"], False),  # the first the stranger wrote
        (WEBHOOK, PROXY, [TELEGRAM, STRANGER], False),
        (WEBHOOK, PROXY, [f"{STRANGER}, {TELEGRAM}"], True),
        (WEBHOOK, STRANGER, [TELEGRAM], False),  # who is no proxy is not believed
        (WEBHOOK, TELEGRAM, [STRANGER], True),
        (WEBHOOK, f"::ffff:{TELEGRAM}", [], True),
        (WEBHOOK, None, [TELEGRAM], False),
        (BEHIND_TWO, PROXY, [f"{TELEGRAM}, 10.1.2.3"], True),
        (BEHIND_TWO, PROXY, [f"{TELEGRAM}, {STRANGER}, 10.1.2.3"], False),
        (BEHIND_TWO, PROXY, ["10.1.2.3"], False),
        (ITSELF, PROXY, [TELEGRAM], False),
        (ITSELF, TELEGRAM, [], True),
        (replace(ITSELF, allowed=networks("::/0, 0.0.0.0/0")), STRANGER, [], True),
    ],
)
def test_an_update_comes_from_where_updates_come(
    webhook: Webhook, peer: str | None, forwarded: list[str], allowed: bool
) -> None:
    assert Door(webhook).is_allowed(peer, forwarded) is allowed


@pytest.mark.parametrize(
    ("peer", "known"), [(PROXY, True), ("::1", True), (TELEGRAM, True), (STRANGER, False), (None, False)]
)
def test_a_connection_is_a_proxy_s_or_telegram_s(peer: str | None, known: bool) -> None:
    assert Door(WEBHOOK).is_known(peer) is known


@pytest.mark.parametrize("secret", [None, "", "a-secret-of-some-lengt", "a-secret-of-some-length ", "\udc80", "سر"])
def test_only_the_secret_opens(secret: str | None) -> None:
    assert not Door(WEBHOOK).opens(secret)
    assert Door(WEBHOOK).opens(WEBHOOK.secret)

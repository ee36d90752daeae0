"""That Telegram gives updates at the webhook's address: it is told of it, and looked after."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_telegram import FakeTelegram, refusal
from webhooks import CERTIFICATE, KEY, KINDS, SECRET, SETTINGS, Trial, run

from bot.store.database import Database
from bot.telegram.transport import webhook as module
from bot.telegram.transport.webhook import WebhookError


def test_telegram_is_told_the_address_with_the_secret_and_drops_nothing(database: Database) -> None:
    async def scenario(trial: Trial) -> None: ...

    (told,) = [call.given for call in run(database, scenario).calls if call.method == "setWebhook"]
    assert told["url"] == "https://bot.example.org/"
    assert told["secret_token"] == SECRET
    assert told["allowed_updates"] == list(KINDS)
    assert not told.get("drop_pending_updates")
    assert "certificate" not in told


def info(**more: Any) -> tuple[int, dict[str, Any]]:
    known = {"url": "https://bot.example.org/", "has_custom_certificate": False, "pending_update_count": 0}
    return 200, {"ok": True, "result": known | more}


async def until(holds: Callable[[], object]) -> None:
    async def wait() -> None:
        while not holds():
            await asyncio.sleep(0.01)

    await asyncio.wait_for(wait(), 60)


def test_a_webhook_that_somebody_else_took_is_said_and_set_again(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY", 0.01)
    same = info(url="https://BOT.example.org:443")
    telegram = FakeTelegram({"getWebhookInfo": [info(url=""), *[info(), same] * 10_000]})

    async def scenario(trial: Trial) -> None:
        await until(lambda: trial.telegram.methods().count("setWebhook") == 2)
        await until(lambda: trial.telegram.methods().count("getWebhookInfo") > 3)

    run(database, scenario, telegram=telegram)
    assert telegram.methods().count("setWebhook") == 2
    assert sum("another instance uses this token" in record.getMessage() for record in caplog.records) == 1


def test_what_telegram_could_not_give_is_said_once(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY", 0.01)
    failed = info(last_error_date=1000, last_error_message="SSL error: certificate verify failed")
    telegram = FakeTelegram({"getWebhookInfo": [failed] * 10_000})

    async def scenario(trial: Trial) -> None:
        await until(lambda: trial.telegram.methods().count("getWebhookInfo") > 3)

    run(database, scenario, telegram=telegram)
    (said,) = [record.getMessage() for record in caplog.records]
    assert "could not give updates here: SSL error" in said


def test_an_outage_is_said_at_its_start_and_end_and_a_withdrawn_token_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY", 0.01)
    outage = [refusal(502, "Bad Gateway")] * 3
    telegram = FakeTelegram({"getWebhookInfo": [*outage, info(), refusal(401, "Unauthorized"), *[info()] * 10_000]})

    async def scenario(trial: Trial) -> None:
        await until(lambda: not trial.watch.is_reached)
        await until(lambda: trial.watch.is_reached)
        await asyncio.wait_for(trial.watch.token_refused.wait(), 60)

    run(database, scenario, telegram=telegram)
    assert sum("no updates from Telegram" in record.getMessage() for record in caplog.records) == 1
    assert sum("updates from Telegram again" in record.getMessage() for record in caplog.records) == 1


def test_an_address_that_telegram_does_not_take_is_a_line(database: Database) -> None:
    async def scenario(trial: Trial) -> None: ...

    telegram = FakeTelegram({"setWebhook": [refusal(400, "Bad Request: bad webhook: IP address is reserved")]})
    with pytest.raises(WebhookError, match=r"IQTIBAS_WEBHOOK: .*reserved"):
        run(database, scenario, telegram=telegram)


def test_a_port_that_is_taken_is_a_line(database: Database) -> None:
    async def scenario(trial: Trial) -> None: ...

    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        where = ("127.0.0.1", taken.getsockname()[1])
        with pytest.raises(WebhookError, match=r"IQTIBAS_WEBHOOK_LISTEN: .*name another port"):
            run(database, scenario, replace(SETTINGS, listen=where))


def test_with_a_certificate_of_its_own_it_speaks_tls_and_telegram_is_sent_the_certificate(database: Database) -> None:
    async def scenario(trial: Trial) -> None:
        assert await trial.give() == 200

    telegram = run(database, scenario, replace(SETTINGS, certificate=CERTIFICATE, key=KEY))
    (told,) = [call.given for call in telegram.calls if call.method == "setWebhook"]
    assert told["certificate"] == CERTIFICATE.read_bytes()


@pytest.mark.parametrize("kind", ["missing", "no certificate", "another key", "with its key"])
def test_a_certificate_that_is_of_no_use_is_a_line(database: Database, tmp_path: Path, kind: str) -> None:
    async def scenario(trial: Trial) -> None: ...

    own = tmp_path / "own.pem"
    if kind == "no certificate":
        own.write_text("x")
    if kind == "another key":
        own.write_bytes(CERTIFICATE.read_bytes())
    if kind == "with its key":
        own.write_bytes(CERTIFICATE.read_bytes() + KEY.read_bytes())
    key = own if kind == "another key" else KEY
    with pytest.raises(WebhookError, match="IQTIBAS_WEBHOOK_CERTIFICATE") as raised:
        run(database, scenario, replace(SETTINGS, certificate=own, key=key))
    assert "\n" not in str(raised.value)

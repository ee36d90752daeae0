"""The settings of the webhook: an address at which Telegram gives updates, its secret, and who is let in."""

from pathlib import Path

import pytest
from mistakes import mistakes_of

from bot.settings import FILE, in_force, load

TOKEN = "123456:secret-half"  # noqa: S105
HOOK = {"IQTIBAS_WEBHOOK": "https://bot.example.org/telegram", "TELEGRAM_BOT_TOKEN": TOKEN}


def test_without_its_address_there_is_no_webhook_and_with_it_the_rest_has_defaults(tmp_path: Path) -> None:
    assert load({"IQTIBAS_WEBHOOK_LISTEN": "127.0.0.1:1"}, tmp_path).webhook is None
    webhook = load(HOOK, tmp_path).webhook
    assert webhook
    assert (webhook.url, webhook.listen) == (HOOK["IQTIBAS_WEBHOOK"], ("127.0.0.1", 8080))
    assert list(map(str, webhook.allowed)) == ["149.154.160.0/20", "91.108.4.0/22"]
    assert list(map(str, webhook.proxies)) == ["127.0.0.0/8", "::1/128"]


def test_by_itself_the_secret_is_made_of_the_token_and_shows_nowhere(tmp_path: Path) -> None:
    settings = load(HOOK, tmp_path)
    other = load(HOOK | {"TELEGRAM_BOT_TOKEN": f"{TOKEN}x"}, tmp_path)
    assert settings.webhook
    assert other.webhook
    assert len(settings.webhook.secret) == 64
    assert settings.webhook.secret == load(HOOK, tmp_path).webhook.secret != other.webhook.secret  # type: ignore[union-attr]
    assert settings.webhook.secret in settings.secrets
    assert settings.webhook.secret not in repr(settings) + repr(settings.webhook)
    own = load(HOOK | {"IQTIBAS_WEBHOOK_SECRET": "own-secret_of-letters"}, tmp_path)
    assert own.webhook
    assert own.webhook.secret == "own-secret_of-letters"  # noqa: S105
    assert "own-secret" not in repr(own)
    assert "own-secret" not in repr(in_force(HOOK | {"IQTIBAS_WEBHOOK_SECRET": "own-secret_of-letters"}, tmp_path))


@pytest.mark.parametrize("value", ["short", "x" * 257, "has a space in its middle", "letters-سر-and-more-letters"])
def test_what_telegram_takes_for_no_secret_is_a_mistake_and_not_repeated(tmp_path: Path, value: str) -> None:
    (mistake,) = mistakes_of(HOOK | {"IQTIBAS_WEBHOOK_SECRET": value}, tmp_path)
    assert mistake.startswith("IQTIBAS_WEBHOOK_SECRET: ")
    assert value not in mistake


@pytest.mark.parametrize(
    "value",
    [
        "bot.example.org",
        "ftp://bot.example.org/",
        "https://",
        "https://bot.example.org:port/",
        "https://me:pw9x@bot.example.org/",
        "https://bot.example.org/#x",
        "https://بوت.example.org/",
        "http://bot.example.org/",
        "https://bot.example.org:8080/",
    ],
)
def test_an_address_at_which_telegram_gives_nothing_is_a_mistake(tmp_path: Path, value: str) -> None:
    (mistake,) = mistakes_of(HOOK | {"IQTIBAS_WEBHOOK": value}, tmp_path)
    assert mistake.startswith("IQTIBAS_WEBHOOK: ")
    assert "pw9x" not in mistake


def test_a_server_of_ones_own_gives_updates_at_any_address(tmp_path: Path) -> None:
    own = {"TELEGRAM_API_URL": "http://127.0.0.1:8081", "IQTIBAS_WEBHOOK": "http://127.0.0.1:9/x"}
    webhook = load(HOOK | own, tmp_path).webhook
    assert webhook
    assert webhook.url == "http://127.0.0.1:9/x"


def test_networks_are_addresses_or_networks_with_commas_or_a_list(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('iqtibas_webhook_proxies = ["10.0.0.0/8", "fd00::/8"]\n', "utf-8")
    webhook = load(HOOK | {"IQTIBAS_WEBHOOK_ALLOWED": "127.0.0.1 , 10.1.2.3/24"}, tmp_path).webhook
    assert webhook
    assert list(map(str, webhook.allowed)) == ["127.0.0.1/32", "10.1.2.0/24"]
    assert list(map(str, webhook.proxies)) == ["10.0.0.0/8", "fd00::/8"]
    for wrong in ("anywhere", "10.0.0.0/33", "10.0.0.1,", ",".join(["10.0.0.1"] * 65)):
        assert mistakes_of(HOOK | {"IQTIBAS_WEBHOOK_ALLOWED": wrong}, tmp_path)[0].startswith(
            "IQTIBAS_WEBHOOK_ALLOWED: "
        )


@pytest.mark.parametrize("name", ["IQTIBAS_WEBHOOK_CERTIFICATE", "IQTIBAS_WEBHOOK_KEY"])
def test_a_certificate_and_its_key_go_together(tmp_path: Path, name: str) -> None:
    (mistake,) = mistakes_of(HOOK | {name: "x.pem"}, tmp_path)
    assert "set both" in mistake

"""Where there are pages on the web, buttons lead to them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_telegram import message
from handling import SETTINGS, in_group
from pressing import FILE_QUOTE, QUOTES, Chat, Long, buttons, changed

from bot.sources.addresses import page_of
from retrieval import Reference

SITE = "https://quotes.example.org"


def on_the_web(tmp_path: Path, chat: int = 7, **settings: Any) -> Chat:
    """A chat of a bot whose pages readers reach; its answer has a source with an address and one without."""
    talking = Chat(tmp_path, Long((QUOTES[0], FILE_QUOTE), shown=2), chat)
    talking.settings = replace(SETTINGS, **({"web_address": SITE} | settings))
    return talking


def web_apps(given: dict[str, Any]) -> dict[str, str]:
    """The pages that buttons open within Telegram, by what stands on them."""
    rows = given["reply_markup"]["inline_keyboard"]
    return {button["text"]: button["web_app"]["url"] for row in rows for button in row if "web_app" in button}


def sources_on_the_web(talking: Chat) -> dict[str, Any]:
    update = in_group(1, "/ask متى؟") if talking.chat < 0 else message(1, text="متى؟")
    (sent,) = talking.handle(update).sent()
    return changed(talking.press(buttons(sent)["المصدر"]))


def test_a_source_without_an_address_leads_to_its_page_on_the_web(tmp_path: Path) -> None:
    (sent,) = on_the_web(tmp_path).ask("متى؟")
    page = (SITE + page_of(FILE_QUOTE)).replace("&", "&amp;")
    assert f'<a href="{page}">عنوان آخر</a>' in sent["text"]
    assert sent["text"].count(SITE) == 1
    assert 'href="https://www.example.org/a#' in sent["text"]
    (sent,) = Chat(tmp_path / "bare", Long((FILE_QUOTE,), shown=1)).ask("متى؟")
    assert "<a " not in sent["text"]


def test_a_button_in_private_opens_the_page_within_telegram(tmp_path: Path) -> None:
    pages = web_apps(sources_on_the_web(on_the_web(tmp_path)))
    assert pages == {
        "اقرأ الوثيقة [1]": SITE + page_of(QUOTES[0]),
        "اقرأ الوثيقة [2]": SITE + page_of(FILE_QUOTE),
    }


def test_references_lead_to_their_pages_where_there_are_some(tmp_path: Path) -> None:
    def card(talking: Chat) -> str:
        shown = sources_on_the_web(talking)
        return str(changed(talking.press(buttons(shown)["إشارة دائمة"]))["text"])

    names = [str(Reference.of(quote.document, quote.span)) for quote in (QUOTES[0], FILE_QUOTE)]
    lines = card(on_the_web(tmp_path)).splitlines()
    for line, name in zip(lines[1:3], names, strict=True):
        assert f"<code>{name}</code>" in line
        assert f'<a href="{SITE}/r/{name}">' in line
    assert "<a " not in card(on_the_web(tmp_path / "bare", web_address=None))


@pytest.mark.parametrize(("chat", "site"), [(-5, SITE), (7, "http://10.0.0.1:8090"), (7, None)])
def test_in_groups_or_without_https_there_is_no_such_button(tmp_path: Path, chat: int, site: str | None) -> None:
    shown = sources_on_the_web(on_the_web(tmp_path, chat, web_address=site))
    assert web_apps(shown) == {}
    assert (f"{site}/read" in shown["text"]) == (site is not None)

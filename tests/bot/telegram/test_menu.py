"""The menu of commands and the descriptions, as Telegram is told them."""

import asyncio
import logging
from typing import Any

import pytest
from fake_telegram import TOKEN, FakeTelegram, refusal
from telegram.ext import ExtBot

from bot.phrases import phrases
from bot.settings import Voice
from bot.telegram.menu import register

ADMIN = 77


def _registered(telegram: FakeTelegram, *admins: int) -> FakeTelegram:
    async def scenario() -> None:
        async with ExtBot(TOKEN, request=telegram, get_updates_request=telegram) as bot:
            await register(bot, admins, Voice())

    asyncio.run(scenario())
    return telegram


def _menus(telegram: FakeTelegram) -> dict[tuple[str, str | None], list[str]]:
    """The names of commands by scope and language."""
    found: dict[tuple[str, str | None], list[str]] = {}
    for call in telegram.calls:
        if call.method == "setMyCommands":
            given: dict[str, Any] = call.given
            found[given["scope"]["type"], given.get("language_code")] = [c["command"] for c in given["commands"]]
    return found


@pytest.mark.parametrize("code", [None, "ar", "en"])
def test_each_kind_of_chat_has_its_commands_in_each_language(code: str | None) -> None:
    menus = _menus(_registered(FakeTelegram(), ADMIN))
    assert {"start", "help", "about", "new", "sources"} <= set(menus["all_private_chats", code])
    assert "ask" in menus["all_group_chats", code]
    assert "status" not in menus["all_private_chats", code] + menus["all_group_chats", code]
    assert menus["chat", code] == [*menus["all_private_chats", code], "status", "reload", "drop", "gaps"]


def test_an_admins_menu_is_for_the_admins_own_chat() -> None:
    telegram = _registered(FakeTelegram(), ADMIN)
    chats = {call.given["scope"].get("chat_id") for call in telegram.calls if call.method == "setMyCommands"}
    assert chats == {None, ADMIN}


@pytest.mark.parametrize("method", ["setMyDescription", "setMyShortDescription"])
def test_the_descriptions_are_registered_in_each_language(method: str) -> None:
    calls = [call.given for call in _registered(FakeTelegram()).calls if call.method == method]
    assert {given.get("language_code") for given in calls} == {None, "ar", "en"}


@pytest.mark.parametrize("code", ["ar", "en"])
def test_what_is_registered_keeps_to_telegrams_lengths(code: str) -> None:
    says = phrases(code)
    assert len(says.description) <= 512
    assert len(says.short_description) <= 120
    for commands in (says.commands, says.group_commands, says.admin_commands):
        assert all(0 < len(name) <= 32 and 0 < len(told) <= 256 for name, told in commands.items())


def test_what_telegram_does_not_take_is_one_line_and_the_rest_is_registered(caplog: pytest.LogCaptureFixture) -> None:
    refused = [refusal(400, "Bad Request: chat not found")] * 2
    telegram = _registered(FakeTelegram({"setMyCommands": refused}), ADMIN)
    (record,) = [record for record in caplog.records if record.name == "bot.telegram.menu"]
    assert record.levelno == logging.WARNING
    assert "2 of 15" in record.getMessage()
    assert telegram.methods().count("setMyCommands") == 9

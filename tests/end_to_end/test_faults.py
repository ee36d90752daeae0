"""Each thing that can go wrong between the bot and Telegram, at each kind of call that it makes.

What somebody waits for comes, once, or twice where the rule on delivery allows it; the bot lives on; and the log has
no trace for what a network does.
"""

import json
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from bot_process import BotProcess, serving
from emulator import Call, TelegramServer
from emulator_buttons import buttons, press
from emulator_files import send
from emulator_groups import person

pytestmark = pytest.mark.soak

QUESTION = "متى كان من المقرر أن تنطلق مباحثات أستانا؟"
ANSWER = "الخامس عشر من فبراير"
NOT_TAKEN: dict[str, dict[str, Any]] = {
    "told to wait": {"status": 429, "retry_after": 1},
    "500": {"status": 500},
    "502 of a proxy": {"status": 502, "body": "<html><h1>502 Bad Gateway</h1></html>"},
    "dropped before": {"drop": True},
}
MAYBE_TAKEN: dict[str, dict[str, Any]] = {
    "dropped after": {"drop": True, "taken": True},
    "not JSON": {"body": "<html>OK</html>", "taken": True},
    "no reply for long": {"stall": 25},
}
REFUSED: dict[str, dict[str, Any]] = {"403": {"status": 403}, "409": {"status": 409}, "400": {"status": 400}}
SLOW: dict[str, dict[str, Any]] = {"slow": {"delay": 3}}
ALL = NOT_TAKEN | MAYBE_TAKEN | REFUSED | SLOW
people, queries = count(8001), count(50_001)


@pytest.fixture(scope="module")
def bot(server: TelegramServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    with serving(server, tmp_path_factory.mktemp("bot"), IQTIBAS_QUESTIONS_PER_MINUTE="999") as running:
        yield running


@pytest.fixture
def user(bot: BotProcess) -> Iterator[int]:
    bot.forget_log()
    yield next(people)
    assert bot.running


def troubles(bot: BotProcess) -> list[str]:
    """The lines of the log that tell of trouble."""
    signs = ("WARNING", "ERROR", "not delivered")
    return [line for line in bot.log.splitlines() if any(sign in line for sign in signs)]


def ask(server: TelegramServer, user: int) -> None:
    server.say(user, QUESTION)


def alive(server: TelegramServer, bot: BotProcess) -> None:
    """Somebody else is answered."""
    other = next(people)
    ask(server, other)
    (answer,) = server.wait_for("sendMessage", chat_id=other)
    assert ANSWER in answer.message.text


@pytest.mark.parametrize("fault", ALL)
def test_an_answer(server: TelegramServer, bot: BotProcess, user: int, fault: str) -> None:
    server.fail("sendMessage", chat_id=user, **ALL[fault])
    ask(server, user)
    if fault == "no reply for long":
        bot.wait_for_log("may double")
    if fault in REFUSED:
        bot.wait_for_log("not delivered" if fault == "403" else "failed")
        alive(server, bot)
        answers = server.taken("sendMessage", user)
        assert all(ANSWER not in answer.message.text for answer in answers)
    else:
        answers = server.wait_for("sendMessage", chat_id=user)
        alive(server, bot)
        answers = server.taken("sendMessage", user)
        assert all(ANSWER in answer.message.text for answer in answers)
        assert len(answers) <= (2 if fault in MAYBE_TAKEN else 1)
    assert len(troubles(bot)) == (0 if fault == "slow" else 1), troubles(bot)


def shown(server: TelegramServer, user: int) -> Call:
    """An answer with its buttons."""
    ask(server, user)
    (answer,) = server.wait_for("sendMessage", chat_id=user)
    return answer


@pytest.mark.parametrize("fault", ALL)
def test_the_answer_to_a_press(server: TelegramServer, bot: BotProcess, user: int, fault: str) -> None:
    answer = shown(server, user)
    server.fail("answerCallbackQuery", **ALL[fault])
    told = {"id": str(next(queries)), "from": person(user), "chat_instance": "1", "data": buttons(answer)["السياق"]}
    assert answer.response
    server.tell("callback_query", told | {"message": answer.response["result"]})
    (context,) = server.wait_for("editMessageText", chat_id=user)
    assert ANSWER in context.message.text  # be it that the press could not be answered
    alive(server, bot)
    assert "Traceback" not in bot.log


@pytest.mark.parametrize("fault", [*NOT_TAKEN, *MAYBE_TAKEN, *SLOW])
def test_a_list_that_changes(server: TelegramServer, bot: BotProcess, user: int, fault: str) -> None:
    for name in ("a.txt", "b.txt"):
        send(server, user, name, f"عنوان {name}\n\nنزل المطر أمس على القرية {name}.".encode())
    server.wait_for("sendMessage", 2, chat_id=user)
    server.say(user, "/mydocs")
    listed = server.wait_for("sendMessage", 3, chat_id=user)[-1]
    server.fail("editMessageText", chat_id=user, **ALL[fault])
    press(server, listed, buttons(listed)["احذف 1"], user=user)
    changed = server.wait_for("editMessageText", chat_id=user)[-1]
    assert "ملف واحد" in changed.message.text
    assert "Traceback" not in bot.log


@pytest.mark.parametrize("fault", [*NOT_TAKEN, *SLOW, "dropped after", "not JSON"])
def test_a_file_that_is_fetched(server: TelegramServer, bot: BotProcess, user: int, fault: str) -> None:
    server.fail("getFile", **ALL[fault])
    send(server, user, "a.txt", "عنوان\n\nنزل المطر أمس على القرية.".encode())
    (told,) = server.wait_for("sendMessage", chat_id=user)
    assert "a.txt" in told.message.text
    assert "Traceback" not in bot.log


@pytest.mark.parametrize("fault", ALL)
def test_an_inline_query(server: TelegramServer, bot: BotProcess, user: int, fault: str) -> None:
    server.fail("answerInlineQuery", **ALL[fault])
    for at in range(2):
        server.tell("inline_query", {"id": str(next(queries)), "from": person(user), "query": QUESTION, "offset": ""})
        before = server.arrivals("answerInlineQuery")
        server.wait_for_arrival("answerInlineQuery", before + (at == 0))
    server.wait_for("answerInlineQuery")
    alive(server, bot)
    assert "Traceback" not in bot.log


@pytest.mark.parametrize("fault", [*NOT_TAKEN, *MAYBE_TAKEN, *SLOW])
def test_the_menu_at_the_start(tmp_path: Path, fault: str) -> None:
    asking: Callable[[TelegramServer], list[Call]] = lambda server: server.wait_for("sendMessage")  # noqa: E731
    with TelegramServer() as server:
        server.fail("setMyCommands", times=3, **ALL[fault])
        with BotProcess(server.url, server.token, tmp_path) as bot:
            ask(server, 1)
            (answer,) = asking(server)
            assert ANSWER in answer.message.text
            assert "Traceback" not in bot.log
            assert json.dumps(answer.fields["reply_parameters"])
            bot.stop()

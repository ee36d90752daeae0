"""Running: the start without a network, the end by signal or by a refused token, outages and conflicts."""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from fake_telegram import TOKEN, FakeTelegram, message, refusal
from handling import in_group
from telegram.error import NetworkError

from bot.phrases import phrases
from bot.settings import Settings
from bot.store.database import Database
from bot.store.inbox import Inbox, Sent
from bot.telegram import running
from bot.telegram.app import ALLOWED_UPDATES
from bot.telegram.transport.journal import MOST_STARTS
from retrieval.model import Answer

SETTINGS = Settings(corpus=Path("corpus"), data=Path("data"), token=TOKEN)
PATIENCE = 60.0  # seconds; where the end waits for the network, it waits for longer
CONFLICT = refusal(409, "Conflict: terminated by other getUpdates request")


@pytest.fixture(autouse=True)
def _a_state_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class Shelf:
    """A library that refuses, after telling the process once to stop where ``stop`` is set."""

    def __init__(self, stop: bool = True) -> None:
        self._stop = stop
        self.previous: list[str | None] = []
        self.lacks_scans = False
        self.unread, self.lacks_vectors, self.engine = "", False, "memory"
        self.documents: list[object] = [object()]
        self.problems, self.passages = (), 2
        self.version = None  # as where no examples are to be made

    def forget_answers(self) -> None: ...

    def ask(self, question: str, *, previous: str | None = None, **_: object) -> Answer:
        self.previous.append(previous)
        if self._stop:
            self._stop = False  # a second signal would end it at once
            os.kill(os.getpid(), signal.SIGTERM)
        return Answer(question, question)


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {
        name: logger.level for name, logger in root.manager.loggerDict.items() if isinstance(logger, logging.Logger)
    }
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in root.manager.loggerDict:
        logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))


def _run(telegram: FakeTelegram, shelf: Shelf | None = None, **more: float) -> int:
    return running.run(SETTINGS, shelf or Shelf(), request=telegram, **more)


@pytest.mark.parametrize(
    ("unread", "said"), [("", "reader=on"), ("the reader is switched off", "reader=off (the reader is switched off)")]
)
def test_the_start_says_whether_the_reader_runs(unread: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    telegram, shelf = FakeTelegram(), Shelf()
    telegram.updates.append(message(1, text="متى؟"))
    shelf.unread = unread
    assert _run(telegram, shelf) == running.DONE
    log = capsys.readouterr().err
    assert f"serving as @iqtibas_bot, {said} version=" in log
    held = f"engine=memory documents=1 passages=2 not_read=0 corpus={Path.cwd() / 'corpus'} state={Path.cwd() / 'data'}"
    assert held in log


def test_a_signal_ends_it_after_what_it_began() -> None:
    telegram = FakeTelegram()
    telegram.updates.append(message(1, text="متى؟"))
    assert _run(telegram) == running.DONE
    assert len(telegram.sent()) == 1
    polls = [call.given for call in telegram.calls if call.method == "getUpdates"]
    assert polls[-1]["offset"] == 2  # Telegram is told before or after the answer, as it happens


def test_it_polls_for_what_it_handles_and_drops_nothing() -> None:
    telegram = FakeTelegram()
    telegram.updates.append(message(1, text="متى؟"))
    _run(telegram)
    polls = [call.given for call in telegram.calls if call.method == "getUpdates"]
    assert polls[0]["allowed_updates"] == list(ALLOWED_UPDATES)
    (webhook,) = [call.given for call in telegram.calls if call.method == "deleteWebhook"]
    assert not webhook.get("drop_pending_updates")


def test_the_menu_of_commands_is_set_and_its_failure_does_not_matter() -> None:
    telegram = FakeTelegram({"setMyCommands": [refusal(400, "Bad Request: no")]})
    telegram.updates.append(message(1, text="متى؟"))
    assert _run(telegram) == running.DONE
    telegram.outcomes.clear()
    telegram.calls.clear()
    telegram.updates.append(message(2, text="متى؟"))
    _run(telegram)
    assert "setMyCommands" in telegram.methods()


@pytest.mark.parametrize("status", [401, 404])
def test_a_token_refused_at_the_start_ends_it_with_one_line_without_the_token(
    status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    telegram = FakeTelegram({"getMe": [refusal(status, "Unauthorized")] * 3})
    assert _run(telegram) == running.FAILED
    (line,) = capsys.readouterr().err.splitlines()
    assert "TELEGRAM_BOT_TOKEN" in line
    assert "very-secret-half" not in line


@pytest.mark.parametrize("status", [401, 404])
def test_a_token_refused_while_polling_ends_it(status: int, capsys: pytest.CaptureFixture[str]) -> None:
    telegram = FakeTelegram({"getUpdates": [(200, {"ok": True, "result": []}), refusal(status, "Not Found")]})
    assert _run(telegram) == running.FAILED
    log = capsys.readouterr().err
    assert sum("does not know this token" in line for line in log.splitlines()) == 1
    assert "very-secret-half" not in log
    assert "Traceback" not in log


WEBHOOK = replace(SETTINGS, webhook_url="https://bot.example.org/", webhook_listen=("127.0.0.1", 0))


def test_a_webhook_is_set_and_said_in_the_log_and_no_poll_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    class Stopping(FakeTelegram):
        async def do_request(self, url: str, *given: Any, **more: Any) -> tuple[int, bytes]:
            if url.endswith("setWebhook"):
                asyncio.get_running_loop().call_later(0.1, os.kill, os.getpid(), signal.SIGTERM)
            return await super().do_request(url, *given, **more)

    telegram = Stopping()
    assert running.run(WEBHOOK, Shelf(), request=telegram) == running.DONE
    assert "webhook=bot.example.org listen=127.0.0.1:0 " in capsys.readouterr().err
    assert "setWebhook" in telegram.methods()
    assert {"getUpdates", "deleteWebhook"}.isdisjoint(telegram.methods())


def test_a_webhook_that_telegram_does_not_take_ends_it_with_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    telegram = FakeTelegram({"setWebhook": [refusal(400, "Bad Request: bad webhook: IP address is reserved")]})
    assert running.run(WEBHOOK, Shelf(), request=telegram) == running.FAILED
    (line,) = capsys.readouterr().err.splitlines()
    assert "IQTIBAS_WEBHOOK: Telegram does not take this address" in line


def test_a_webhook_is_set_when_telegram_can_be_reached_again(capsys: pytest.CaptureFixture[str]) -> None:
    class Stopping(FakeTelegram):
        async def do_request(self, url: str, *given: Any, **more: Any) -> tuple[int, bytes]:
            if self.methods().count("setWebhook") == 3:
                asyncio.get_running_loop().call_later(0.1, os.kill, os.getpid(), signal.SIGTERM)
            return await super().do_request(url, *given, **more)

    telegram = Stopping({"setWebhook": [_unreachable() for _ in range(3)]})
    assert running.run(WEBHOOK, Shelf(), request=telegram) == running.DONE
    log = capsys.readouterr().err
    assert log.count("cannot be reached") == 1
    assert "serving as" in log


def test_polls_that_are_refused_for_long_end_it(capsys: pytest.CaptureFixture[str]) -> None:
    telegram = FakeTelegram({"getUpdates": [refusal(403, "Forbidden")] * 100})
    assert _run(telegram, deaf_after=0.2) == running.FAILED
    assert "no poll for updates worked" in capsys.readouterr().err


def _unreachable() -> NetworkError:
    error = NetworkError("nothing there")
    error.__cause__ = aiohttp.ConnectionTimeoutError("nothing there")
    return error


def test_without_a_network_it_waits_and_says_so_once(capsys: pytest.CaptureFixture[str]) -> None:
    # the delivery tries a call that is no message once more by itself
    telegram = FakeTelegram({"getMe": [_unreachable() for _ in range(4)]})
    telegram.updates.append(message(1, text="متى؟"))
    assert _run(telegram) == running.DONE
    log = capsys.readouterr().err
    assert sum("cannot be reached" in line for line in log.splitlines()) == 1
    assert "getMe" not in log


def test_an_outage_does_not_end_it_and_is_logged_at_its_start_and_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    telegram = FakeTelegram({"getUpdates": [_unreachable(), refusal(502, "Bad Gateway")]})
    telegram.updates.append(message(1, text="متى؟"))
    assert _run(telegram, deaf_after=1.9) == running.DONE
    log = capsys.readouterr().err.splitlines()
    assert sum("no updates from Telegram (ConnectionTimeoutError)" in line for line in log) == 1
    assert sum("updates from Telegram again" in line for line in log) == 1
    assert not any("Traceback" in line for line in log)


def test_another_instance_with_the_token_is_named_and_it_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    telegram = FakeTelegram({"getUpdates": [CONFLICT, CONFLICT]})
    telegram.updates.append(message(1, text="متى؟"))
    assert _run(telegram) == running.DONE
    log = capsys.readouterr().err.splitlines()
    assert sum("another instance uses this token" in line for line in log) == 1


def test_it_can_be_stopped_while_it_waits_for_the_network() -> None:
    class Stopping(FakeTelegram):
        async def do_request(self, url: str, *given: Any, **more: Any) -> tuple[int, bytes]:
            if not self.calls:
                asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGINT)
            return await super().do_request(url, *given, **more)

    assert _run(Stopping({"getMe": [_unreachable() for _ in range(100)]})) == running.DONE


def test_a_stop_during_an_outage_waits_for_seconds_and_leaves_the_question_to_the_next_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "FINISH", 0.3)
    telegram = FakeTelegram({"sendMessage": [_unreachable() for _ in range(100)]})
    telegram.updates.append(message(1, text="متى؟"))
    began = time.monotonic()
    assert _run(telegram) == running.DONE
    assert time.monotonic() - began < PATIENCE
    again = FakeTelegram()
    again.updates.append(message(2, chat=8, text="متى؟"))
    assert _run(again) == running.DONE
    assert sorted(given["reply_parameters"]["message_id"] for given in again.sent()) == [1, 2]


def test_a_stop_waits_for_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "FINISH", 0.3)
    done = threading.Event()

    class Slow(Shelf):
        def ask(self, question: str, **more: Any) -> Answer:
            answer = super().ask(question, **more)
            done.wait(PATIENCE)
            return answer

    telegram = FakeTelegram()
    telegram.updates.append(message(1, text="متى؟"))
    began = time.monotonic()
    try:
        assert _run(telegram, Slow()) == running.DONE
        assert time.monotonic() - began < PATIENCE / 2
    finally:
        done.set()
    again = FakeTelegram()
    assert _run(again, Shelf()) == running.DONE
    assert [given["reply_parameters"]["message_id"] for given in again.sent()] == [1]


def test_two_signals_at_once_are_one(capsys: pytest.CaptureFixture[str]) -> None:
    class Impatient(Shelf):
        def ask(self, question: str, **more: Any) -> Answer:
            answer = super().ask(question, **more)
            os.kill(os.getpid(), signal.SIGINT)
            return answer

    telegram = FakeTelegram()
    telegram.updates.append(message(1, text="متى؟"))
    assert _run(telegram, Impatient()) == running.DONE
    assert len(telegram.sent()) == 1
    assert capsys.readouterr().err.count("stopping;") == 1


def test_a_poll_that_hangs_does_not_hold_up_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "HANG_UP", 0.1)

    class Hanging(FakeTelegram):
        async def do_request(self, url: str, *given: Any, **more: Any) -> tuple[int, bytes]:
            if url.endswith("getUpdates") and not self.updates:
                await asyncio.sleep(10 * PATIENCE)
            return await super().do_request(url, *given, **more)

    telegram = Hanging()
    telegram.updates.append(message(1, text="متى؟"))
    began = time.monotonic()
    assert _run(telegram) == running.DONE
    assert time.monotonic() - began < PATIENCE


def test_a_chat_goes_on_where_it_was_before_the_bot_was_started_again() -> None:
    previous = []
    for number, question in enumerate(("كم؟", "ومتى؟"), 1):
        telegram, shelf = FakeTelegram(), Shelf()
        telegram.updates.append(message(number, text=question))
        _run(telegram, shelf)
        previous += shelf.previous
    assert previous == [None, "كم؟"]


def test_an_update_that_comes_again_is_not_handled_again() -> None:
    for updates in ([1], [1, 2]):
        telegram = FakeTelegram()
        telegram.updates.extend(message(number, chat=number, text="متى؟") for number in updates)
        _run(telegram)
    assert [given["reply_parameters"]["message_id"] for given in telegram.sent()] == [2]


def test_what_was_twice_on_its_way_when_the_bot_was_ended_is_not_sent_again_and_its_sender_is_told() -> None:
    with closing(Database(SETTINGS.data)) as database:
        inbox = Inbox(database)
        inbox.keep([message(1, text="كم؟"), message(2, chat=8, text="متى؟")])
        inbox.note(1, 1, Sent(2))
        inbox.note(1, 2, Sent(2))  # and so was the word on it
    telegram = FakeTelegram()
    assert _run(telegram) == running.DONE
    told = {given["reply_parameters"]["message_id"]: given["text"] for given in telegram.sent()}
    assert told[1] == phrases("ar").perhaps_answered
    assert told[2] != told[1]
    with closing(Database(SETTINGS.data)) as database:
        assert Inbox(database).left() == []


def test_who_sent_what_too_many_processes_died_over_is_told_once_and_the_others_are_answered(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with closing(Database(SETTINGS.data)) as database:
        inbox = Inbox(database)
        updates = [
            *(message(1, text="كم؟"), message(2, chat=8, text="متى؟"), message(3, chat=9, text="أين؟")),
            *(in_group(4, "كلام"), message(5, chat=-6, kind="group", migrate_to_chat_id=-1006)),
        ]
        inbox.keep(updates)
        deaths = {1: MOST_STARTS, 3: MOST_STARTS + 1, 4: MOST_STARTS, 5: MOST_STARTS}  # over the third telling, too
        for number, times in deaths.items():
            for _ in range(times):
                inbox.begin(number)
    telegram, shelf = FakeTelegram(), Shelf()
    assert _run(telegram, shelf) == running.DONE
    told = {given["reply_parameters"]["message_id"]: given["text"] for given in telegram.sent()}
    assert told[1] == phrases("ar").given_up
    assert told.keys() == {1, 2}
    assert shelf.previous == [None]
    log = capsys.readouterr().err
    assert log.count("given up after") == 3
    assert "update 3: dropped after" in log
    with closing(Database(SETTINGS.data)) as database:
        assert Inbox(database).left() == []


def test_the_words_of_a_poll_s_answer_never_reach_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    telegram = FakeTelegram({"getUpdates": [(200, {"ok": True, "result": ["سرسري"]})]})
    telegram.updates.append(message(1, text="متى؟"))
    assert _run(telegram) == running.DONE
    assert len(telegram.sent()) == 1
    log = capsys.readouterr().err
    assert log.count("the answer cannot be read") == 1
    assert "سرسري" not in log


def test_a_state_folder_that_cannot_be_used_ends_it_with_a_line_that_names_the_mend(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("data").write_text("no folder")
    assert _run(FakeTelegram()) == running.FAILED
    (line,) = capsys.readouterr().err.splitlines()
    assert "IQTIBAS_DATA" in line


def test_without_a_token_it_says_what_to_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert running.run(replace(SETTINGS, token=None), Shelf()) == running.WRONG_USE
    assert "TELEGRAM_BOT_TOKEN" in capsys.readouterr().err


# The watch by itself

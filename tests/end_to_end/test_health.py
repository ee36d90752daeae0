"""How the running bot is watched: by HTTP, by its heartbeat, by systemd's socket; and that its figures are true."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from bot_process import BotProcess
from emulator import PATIENCE, TelegramServer
from places import ROOT
from prometheus_client.parser import text_string_to_metric_families

pytestmark = pytest.mark.xdist_group("bot process")

QUESTION, CHAT = "متى كان من المقرر أن تنطلق مباحثات أستانا؟", 2001


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        return int(listening.getsockname()[1])


def got(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def figures(port: int) -> dict[tuple[str, ...], float]:
    """Each sample by its name and the values of its labels."""
    families = text_string_to_metric_families(got(port, "/metrics")[1])
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value for family in families for sample in family.samples
    }


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def health(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environ = os.environ | {"IQTIBAS_DATA": str(home / "data"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", "health", *arguments]
    return subprocess.run(command, cwd=home, env=environ, capture_output=True, text=True, timeout=PATIENCE)


def test_it_is_watched_by_http_by_a_file_and_by_systemd_and_its_figures_are_true(tmp_path: Path) -> None:
    port, address = free_port(), tmp_path / "notify"
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("أخبار البلدة\n\nافتتح العمدة السوق سنة 1911 بعد ترميم طويل.\n", "utf-8")
    assert health(tmp_path).returncode == 1
    with TelegramServer() as server, closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as notify:
        notify.bind(str(address))
        notify.settimeout(PATIENCE)
        settings = {
            "IQTIBAS_METRICS": f"127.0.0.1:{port}",
            "IQTIBAS_CORPUS": str(corpus),
            "IQTIBAS_LOG": "json",
            "IQTIBAS_LOG_LEVEL": "debug",
            "NOTIFY_SOCKET": str(address),
            "WATCHDOG_USEC": "600000",
        }
        with BotProcess(server.url, server.token, tmp_path, settings=settings) as bot:
            server.wait_for_arrival("getUpdates")
            assert notify.recv(100) == b"READY=1"
            until(lambda: got(port, "/readyz") == (200, "ok\n"))
            assert got(port, "/healthz") == (200, "ok\n")
            assert got(port, "/nowhere")[0] == 404
            until(lambda: health(tmp_path, "--ready").returncode == 0)
            server.fail("sendMessage", times=1, status=429, retry_after=1)
            server.say(CHAT, "متى افتتح السوق؟")
            server.wait_for("sendMessage")
            server.say(CHAT, "ما هي عاصمة فرنسا؟")
            server.wait_for("sendMessage", 2)
            bot.settle()
            found = figures(port)
            assert found["iqtibas_questions_total", "found", "private"] == 1
            assert found["iqtibas_questions_total", "private", "refused"] == 1
            assert found["iqtibas_sends_total", "sent"] == 2
            assert found["iqtibas_limited_total",] == 1
            assert found["iqtibas_polls_total", "good"] >= 2
            assert found["iqtibas_documents",] == 1
            assert found["iqtibas_waiting_updates",] == 0
            for stage in ("waiting", "answering", "sending"):
                assert found["iqtibas_stage_seconds_count", stage] >= 2
            (corpus / "b.txt").write_text("أخبار الميناء\n\nافتتح الوزير الميناء سنة 1950.\n", "utf-8")
            os.utime(corpus / "b.txt", (1, 1))
            os.kill(bot._process.pid, signal.SIGHUP)
            until(lambda: figures(port)["iqtibas_documents",] == 2)
            bot.wait_for_log("SIGHUP")
            said = b""
            while b"WATCHDOG=1" not in said:
                said = notify.recv(100)
            bot.stop()
            while said != b"STOPPING=1":
                said = notify.recv(100)
            lines = [json.loads(line) for line in bot.log.splitlines()]
            sends = [line["update"] for line in lines if line["message"].startswith("send method=sendMessage")]
            questions = [line["update"] for line in lines if line["message"].startswith("question ")]
            assert sends == questions != []
            assert not bot.leaks(server)
    assert health(tmp_path).returncode == 1


def test_a_loop_that_hangs_is_told_of_and_an_outage_is_not_ready(tmp_path: Path) -> None:
    port = free_port()
    hangs = (
        "import time; from bot.operation import health; health.STALE = 1.0; health.BEAT = 0.2; "
        "from bot.telegram.handlers.questions import Questions; "
        "Questions._read = lambda *_: time.sleep(9999); from bot.terminal.cli import main; main()"
    )
    settings = {"IQTIBAS_METRICS": f"127.0.0.1:{port}"}
    command = (sys.executable, "-c", hangs, "bot")
    with (
        TelegramServer() as server,
        BotProcess(server.url, server.token, tmp_path, settings=settings, command=command) as bot,
    ):
        server.wait_for_arrival("getUpdates")
        until(lambda: got(port, "/readyz")[0] == 200)
        outage = server.fail("getUpdates", times=1000, status=500)
        until(lambda: got(port, "/readyz")[0] == 503)
        assert got(port, "/healthz")[0] == 200
        outage.times = 0
        until(lambda: got(port, "/readyz")[0] == 200)
        server.say(CHAT, QUESTION)
        until(lambda: got(port, "/healthz")[0] == 503)
        bot.kill()


def test_a_port_that_is_taken_is_a_line(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        with BotProcess("http://127.0.0.1:1", "1:a", tmp_path, settings={"IQTIBAS_METRICS": where}) as bot:
            assert bot.wait() == 1
            (line,) = bot.log.splitlines()
    assert "IQTIBAS_METRICS" in line

"""The first steps on any terminal: colours, encodings, Ctrl-C, completion; each by a process."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from emulator import PATIENCE
from places import ROOT

from bot.terminal.cli import main

QUESTION = "أين تقع درعا؟"
START = (sys.executable, "-m", "bot")
HERE = ("from bot.__main__ import main", "print('here', flush=True)", "main()")
"""The same, said when it begins: on a busy machine Python itself may take a second until then, and has its own say."""
NOWHERE = {"TELEGRAM_BOT_TOKEN": "123456:AbC-dEf", "TELEGRAM_API_URL": "http://127.0.0.1:9"}
"""The settings of a bot that reaches nobody."""


def environment(home: Path, **more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("IQTIBAS_", "TELEGRAM_"))}
    own = {"PYTHONPATH": str(ROOT), "IQTIBAS_DATA": str(home / "data"), "IQTIBAS_READER": "off"}
    return inherited | own | more


@pytest.mark.parametrize(
    ("more", "coloured"), [({"TERM": "xterm"}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_colours_are_left_out_where_that_is_wanted(tmp_path: Path, more: dict[str, str], coloured: bool) -> None:
    pty = pytest.importorskip("pty")
    reading, terminal = pty.openpty()
    wanted = environment(tmp_path, **{"TERM": "xterm", "NO_COLOR": ""} | more)
    try:
        subprocess.run([*START, "doctor"], cwd=tmp_path, env=wanted, stdout=terminal, check=True)
        assert (b"\x1b[" in os.read(reading, 100_000)) is coloured
    finally:
        os.close(terminal)
        os.close(reading)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "latin-1"])
@pytest.mark.parametrize("arguments", [["ask", QUESTION], ["--help"], ["chat"]])
def test_arabic_passes_a_pipe_of_another_encoding(tmp_path: Path, encoding: str, arguments: list[str]) -> None:
    done = subprocess.run(
        [*START, *arguments],
        cwd=tmp_path,
        env=environment(tmp_path, PYTHONIOENCODING=encoding),
        input=QUESTION.encode(),
        capture_output=True,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "أستانا" in done.stdout.decode() or "درعا" in done.stdout.decode()


def said_by(home: Path, *lines: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """What a process says that runs these lines of Python."""
    return subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        cwd=home,
        env=environment(home, **settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def test_a_ctrl_c_that_is_lost_where_nothing_can_be_raised_ends_the_bot_all_the_same(tmp_path: Path) -> None:
    done = said_by(
        tmp_path,
        "import contextlib, signal, sys",
        "from bot import interrupting",
        "from bot.__main__ import main",
        "interrupting.remember()",
        "with contextlib.suppress(KeyboardInterrupt):",
        "    signal.raise_signal(signal.SIGINT)",
        "sys.argv[1:] = ['bot']",
        "main()",
        **NOWHERE,
    )
    assert done.returncode == 0
    assert "stopping" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_ctrl_c_that_comes_in_a_destructor_is_raised_after_it_without_a_trace(tmp_path: Path) -> None:
    done = said_by(
        tmp_path,
        "import signal, time",
        "from bot import interrupting",
        "class Ends:",
        "    def __del__(self): signal.raise_signal(signal.SIGINT)",
        "interrupting.remember()",
        "try:",
        "    Ends()",
        "    time.sleep(60)",
        "except KeyboardInterrupt:",
        "    print('interrupted')",
    )
    assert (done.stdout, done.stderr) == ("interrupted\n", "")


def interrupted(moment: float, home: Path, *command: str, **settings: str) -> tuple[int, str]:
    """The exit status of a command that gets Ctrl-C some seconds after its start, and what it says, without a trace."""
    with subprocess.Popen(
        [sys.executable, "-c", "\n".join(HERE), *command],
        cwd=home,
        env=environment(home, **settings),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stdout
        process.stdout.readline()
        time.sleep(moment)
        os.killpg(process.pid, signal.SIGINT)
        try:
            _, errors = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert b"Traceback" not in errors, errors.decode()
    return process.returncode, errors.decode()


@pytest.mark.parametrize("moment", [0.2, 0.4, 0.8, 1.6])
def test_ctrl_c_ends_the_bot_without_a_trace_at_any_moment(tmp_path: Path, moment: float) -> None:
    status, _ = interrupted(moment, tmp_path, "bot", **NOWHERE)
    assert status in (0, 1, -signal.SIGINT)  # 0 where it served already, and stopped as it was told


@pytest.mark.parametrize("moment", [0.15, 0.3, 0.6, 1.2, 2.5])
def test_ctrl_c_ends_an_index_in_a_word_at_any_moment(tmp_path: Path, moment: float) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(1500):
        page = f"<html><title>{number}</title><p>افتتح العمدة رقم {number} السوق بعد ترميم طويل.</p></html>"
        (corpus / f"{number}.html").write_text(page, "utf-8")
    status, errors = interrupted(moment, tmp_path, "index", "--corpus", str(corpus))
    assert status in (1, -signal.SIGINT)  # the latter before Python itself listens
    assert errors.strip() in ("Aborted!", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_complete_commands(tmp_path: Path, shell: str) -> None:
    iqtibas = Path(sys.executable).parent / "iqtibas"
    more = {"_IQTIBAS_COMPLETE": f"{shell}_source"}
    told = subprocess.run([iqtibas], env=environment(tmp_path, **more), capture_output=True, text=True)
    assert f"_IQTIBAS_COMPLETE={shell}_complete" in told.stdout
    more = {
        "_IQTIBAS_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": "iqtibas doc",
        "COMP_CWORD": "doc" if shell == "fish" else "1",
    }
    told = subprocess.run([iqtibas], env=environment(tmp_path, **more), capture_output=True, text=True)
    assert "doctor" in told.stdout


@pytest.mark.parametrize(
    "command", ["backup", "restore", "cite", "gaps", "health", "doctor", "ask", "sources", "index"]
)
@pytest.mark.parametrize("where", ["IQTIBAS_DATA", "IQTIBAS_CORPUS", "IQTIBAS_CONFIG", "TELEGRAM_BOT_TOKEN_FILE"])
def test_a_path_that_cannot_be_used_is_a_line_and_no_trace(tmp_path: Path, command: str, where: str) -> None:
    arguments = {"cite": ["b3okd6yz5l2nq4xa-120-231"], "ask": ["متى؟"]}.get(command, [])
    own = {"IQTIBAS_DATA": str(tmp_path / "data"), "IQTIBAS_GAPS": "on", "IQTIBAS_READER": "off"}
    given = own | {where: str(tmp_path / ("x" * 300))}
    if command in ("backup", "restore"):
        arguments = [str(tmp_path / ("y" * 300))]
    done = CliRunner().invoke(main, [command, *arguments], env=given)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert "Traceback" not in done.output


def test_a_copy_into_a_folder_that_cannot_be_made_is_a_line(tmp_path: Path) -> None:
    named = str(tmp_path / ("y" * 300))
    done = CliRunner().invoke(main, ["backup", named], env={"IQTIBAS_DATA": str(tmp_path)})
    assert done.exit_code == 1
    assert done.output.splitlines() == [f"Error: {named}: File name too long; make it usable, or name another"]

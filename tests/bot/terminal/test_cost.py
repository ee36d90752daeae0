"""What a command costs before it does anything: time of the processor, whoever else is busy, and what it imports."""

import json
import os
import subprocess
import sys

import pytest

MOST = 0.15  # seconds of the processor, the system's work for it included
TRIES = 5
HEAVY = {"numpy", "lxml", "tantivy"}
TELEGRAM = {"telegram", "aiohttp", "httpx", "uvloop"}
LOADED = """
import json, sys
from bot.terminal.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
"""


def _cost(*arguments: str) -> float:
    process = subprocess.Popen([sys.executable, "-m", "bot", *arguments], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_utime + used.ru_stime


def _loaded(*arguments: str) -> set[str]:
    """The packages that a command has loaded when it is done."""
    done = subprocess.run([sys.executable, "-c", LOADED, *arguments], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_the_help_costs_little() -> None:
    assert min(_cost("--help") for _ in range(TRIES)) <= MOST


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["bot", "--help"], ["doctor", "--help"]])
def test_the_help_loads_nothing_heavy(arguments: list[str]) -> None:
    loaded = _loaded(*arguments)
    assert "click" in loaded
    assert loaded & (HEAVY | TELEGRAM) == set()


def test_a_question_in_the_terminal_loads_no_telegram() -> None:
    loaded = _loaded("ask", "أين تقع درعا؟")
    assert "numpy" in loaded
    assert loaded & TELEGRAM == set()

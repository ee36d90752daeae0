"""Every command in the two READMEs is run, and shows what they say; ``make test`` and the benchmarks are not run. Every
file and folder that the documents name is there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.terminal.cli import main

ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"^```(console|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)
NOT_RUN = ("make test", "make bench")
REFUSED = 3
_PATH = re.compile(r"`((?:bot|retrieval|tests|benchmarks|corpus)/[\w./-]*)`|\]\((?!http)([\w./-]+)\)")
_QUESTIONS = (
    ("how the words to search for are chosen", "retrieval/question/parsed.py"),
    ("how a Word file is read", "retrieval/documents/loaders/office/docx.py"),
    ("how a message is sent again after Telegram's 429", "bot/telegram/transport/delivery.py"),
    ("how a refusal is worded", "bot/phrases/ar.toml"),
)


def _commands(readme: str) -> list[tuple[str, str]]:
    """The commands of a README, each with the output that stands below it (empty where none is shown)."""
    found = []
    for kind, block in _BLOCK.findall((ROOT / readme).read_text("utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE) if kind == "console" else block.splitlines():
            command, _, output = part.partition("\n")
            if command and not command.startswith(NOT_RUN):
                found.append((command, output))
    return found


COMMANDS = [*_commands("README.md"), *_commands("README.ar.md")]


@pytest.mark.parametrize(("command", "output"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_a_command_of_the_readme_works_and_shows_what_is_said(command: str, output: str, tmp_path: Path) -> None:
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("TELEGRAM", "IQTIBAS"))}
    environ["PATH"] = f"{Path(sys.executable).parent}:{environ['PATH']}"
    environ["IQTIBAS_DATA"] = str(tmp_path)
    if "iqtibas eval" in command:  # a hundred questions, of which only the form of the answer is held here
        environ["IQTIBAS_READER"] = "off"
    done = subprocess.run(
        command, shell=True, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=600, input="أين تقع درعا؟\n"
    )
    assert done.returncode in {0, REFUSED}, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout.startswith(output)
    assert done.stdout.strip()


def test_the_readme_names_commands_at_all() -> None:
    assert len(COMMANDS) >= 10


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_stands_in_the_readme(name: str) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"iqtibas {name}" in readme or f"make {name}" in readme or f"`{name}`" in readme
    assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0


def _paths(document: str) -> list[str]:
    return [backticked or linked for backticked, linked in _PATH.findall((ROOT / document).read_text("utf-8"))]


@pytest.mark.parametrize("document", ["README.md", "README.ar.md", "CONTRIBUTING.md"])
def test_what_a_document_names_is_there(document: str) -> None:
    assert len(_paths(document)) >= 5
    assert [path for path in _paths(document) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize(("question", "path"), _QUESTIONS)
def test_a_stranger_is_told_where_to_look(question: str, path: str) -> None:
    (row,) = [
        line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith(f"| {question} ")
    ]
    assert f"`{path}`" in row

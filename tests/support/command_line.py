"""The command ``iqtibas``, run on the shipped documents or on an article."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from click.testing import CliRunner, Result

from bot.terminal.cli import main

FOUND, REFUSED = "أين تقع درعا؟", "ما هي عاصمة فرنسا؟"
"""A question that the shipped documents answer, and one that they do not."""
QUOTE = "وتقع درعا على مقربة من الحدود السورية مع الاردن واسرائيل,"
ARTICLE = "أخبار البلدة\n\nافتتح العمدة السوق سنة 1911 بعد ترميم طويل.\n"
ANSWER_KEYS = {
    *("kind", "question", "searched", "found", "unreachable", "confidence", "differ"),
    *(
        "quotes",
        "found_words",
        "missing_words",
        "unsaid_words",
        "nearest",
        "period",
        "newest_first",
        "meant",
        "news",
        "note",
    ),
}


def iqtibas(*arguments: str | Path, text: str | bytes | None = None) -> Result:
    """What the command says in this process; no mistake ends in a trace."""
    result = CliRunner().invoke(main, [str(a) for a in arguments], input=text)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def process(
    *arguments: str | bytes, text: bytes = b"", stdout: int = subprocess.PIPE
) -> "subprocess.CompletedProcess[bytes]":
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments], input=text, stdout=stdout, stderr=subprocess.PIPE, timeout=600
    )


def article(folder: Path) -> Path:
    """A corpus of the article alone, in a folder."""
    path = folder / "corpus"
    path.mkdir()
    (path / "a.txt").write_text(ARTICLE, "utf-8")
    return path


def batch(lines: Sequence[str]) -> list[dict[str, object]]:
    """What ``ask --batch`` answers to lines."""
    result = iqtibas("ask", "--batch", "-", text="\n".join(lines))
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]

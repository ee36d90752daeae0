"""``iqtibas doctor``: what is well and what is not."""

from pathlib import Path

import pytest
from command_line import article, iqtibas

pytestmark = pytest.mark.usefixtures("empty_folder")


def test_doctor_finds_all_well_with_the_shipped_corpus() -> None:
    result = iqtibas("doctor")
    assert result.exit_code == 0
    assert {line[0] for line in result.stdout.splitlines()} == {"✓", "–"}


def test_doctor_names_a_file_that_cannot_be_read_and_is_content(tmp_path: Path) -> None:
    corpus = article(tmp_path)
    (corpus / "b.txt").write_bytes(b"")
    result = iqtibas("doctor", "--corpus", corpus)
    assert result.exit_code == 0
    assert "– corpus: b.txt: the file is empty" in result.stdout


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("IQTIBAS_CORPUS", "missing", "✗ corpus: no corpus at"),
        ("IQTIBAS_DATA", "file", "✗ state: "),
        ("IQTIBAS_ENGINE", "quantum", "✗ settings: IQTIBAS_ENGINE"),
        ("IQTIBAS_MIN_CONFIDENCE", "2", "✗ settings: IQTIBAS_MIN_CONFIDENCE"),
        ("TELEGRAM_BOT_TOKEN", "none", "✗ settings: TELEGRAM_BOT_TOKEN"),
    ],
)
def test_doctor_says_what_is_bad_with_status_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, line: str
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(name, value)
    result = iqtibas("doctor")
    assert result.exit_code == 1
    assert line in result.stdout


def test_doctor_says_that_telegram_does_not_answer_without_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:SECRET-of-the-bot")
    result = iqtibas("doctor")
    assert result.exit_code == 1
    assert "✗ token: Telegram at http://127.0.0.1:1 does not answer" in result.stdout
    assert "SECRET" not in result.output

"""The reader in the terminal: vectors made and left out, what doctor says of it, and that all goes on without it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from command_line import iqtibas
from places import ROOT

from retrieval.reader import encoder
from retrieval.reader.encoder import Floats, Networks

ARTICLE = "أخبار البلدة\n\nافتتح العمدة السوق سنة 1911 بعد ترميم طويل. وحضر الحفل أهل البلدة.\n"
ASKED, ANSWER = "متى افتتح السوق؟", "سنة 1911"
WITHOUT = """
import sys
sys.modules["onnxruntime"] = None
from bot.terminal.cli import main
main(sys.argv[1:])
"""


@pytest.fixture(autouse=True)
def corpus(empty_folder: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A corpus beside an empty working folder without settings."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(ARTICLE, "utf-8")
    monkeypatch.setenv("IQTIBAS_CORPUS", str(tmp_path / "corpus"))
    return tmp_path / "corpus"


@pytest.fixture
def damaged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The weights of the reader have a byte too many."""
    shutil.copytree(encoder._WEIGHTS, tmp_path / "weights")
    with (tmp_path / "weights" / "reader.onnx").open("ab") as file:
        file.write(b"\0")
    monkeypatch.setattr(encoder, "Networks", partial(Networks, weights=tmp_path / "weights"))
    encoder._networks.cache_clear()


def without(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """A process in which onnxruntime cannot be imported."""
    command = [sys.executable, "-c", WITHOUT, *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300)


def kept() -> list[Path]:
    """The files of vectors in the state folder."""
    return sorted(Path("iqtibas-data").rglob("*.vectors"))


def reader_of_doctor() -> tuple[int, str]:
    result = iqtibas("doctor")
    (line,) = [line for line in result.stdout.splitlines() if line[2:].startswith("reader: ")]
    return result.exit_code, line


def test_an_answer_writes_nothing_into_the_folder() -> None:
    assert iqtibas("ask", "--json", ASKED).exit_code == 0
    assert list(Path().iterdir()) == []


def test_each_quote_has_its_probability_and_the_first_is_shown() -> None:
    quotes = json.loads(iqtibas("ask", "--json", ASKED).stdout)["quotes"]
    assert quotes[0]["shown"] is True
    assert all(0 < quote["probability"] <= 1 for quote in quotes)


def test_the_index_has_vectors_which_doctor_counts() -> None:
    result = iqtibas("index")
    assert (result.exit_code, result.stdout) == (0, "1 documents, 1 passages, with vectors\n")
    (path,) = kept()
    status, line = reader_of_doctor()
    size = path.stat().st_size / 2**20
    assert status == 0, iqtibas("doctor").stdout
    assert line == f"✓ reader: runs, cores for a question: 1; passages with vectors: 1 of 1, {size:.1f} MB on disk"


def test_vectors_that_are_made_are_not_made_again(monkeypatch: pytest.MonkeyPatch, corpus: Path) -> None:
    encoded: list[str] = []
    whole = Networks.passage

    def noting(self: Networks, title: str, sentences: Sequence[str]) -> Floats:
        encoded.append(" ".join(sentences))
        return whole(self, title, sentences)

    monkeypatch.setattr(Networks, "passage", noting)
    iqtibas("index", "--threads", "2")
    iqtibas("index")
    assert ["السوق" in one for one in encoded] == [True]
    (corpus / "b.txt").write_text(ARTICLE.replace("السوق", "الميناء"), "utf-8")
    iqtibas("index")
    assert ["السوق" in one for one in encoded] == [True, False]


@pytest.mark.parametrize("arguments", [["--no-vectors"], ["--verify"]])
def test_vectors_can_be_left_out_of_the_index_and_verifying_makes_none(arguments: list[str]) -> None:
    result = iqtibas("index", *arguments)
    assert result.exit_code == 0
    assert "with vectors" not in result.stdout
    assert kept() == []
    assert "passages with vectors: 0 of 1, 0.0 MB on disk" in reader_of_doctor()[1]


@pytest.mark.parametrize("threads", ["0", "65", "all"])
def test_threads_are_a_number_from_1_to_64(threads: str) -> None:
    assert iqtibas("index", "--threads", threads).exit_code == 2


def test_vectors_that_cannot_be_kept_are_one_line_and_status_1() -> None:
    iqtibas("index", "--no-vectors")
    (folder,) = Path("iqtibas-data/index").iterdir()
    folder.with_name(f"{folder.name}.vectors").mkdir()
    result = iqtibas("index")
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert "vectors cannot be kept" in line


def test_doctor_changes_nothing() -> None:
    assert "runs" in reader_of_doctor()[1]
    assert list(Path().iterdir()) == []


def test_switched_off_words_answer_and_doctor_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IQTIBAS_READER", "off")
    assert reader_of_doctor() == (0, "– reader: the reader is switched off: words rank alone")
    asked = iqtibas("ask", ASKED)
    assert (asked.exit_code, asked.stderr) == (0, "")
    assert ANSWER in asked.stdout
    assert iqtibas("index").stdout == "1 documents, 1 passages\n"
    assert kept() == []


@pytest.mark.usefixtures("damaged")
def test_damaged_weights_are_one_line_and_words_answer() -> None:
    said = "the reader's reader.onnx is damaged; install iqtibas again"
    asked = iqtibas("ask", ASKED)
    assert (asked.exit_code, asked.stderr) == (0, f"iqtibas: words rank alone: {said}\n")
    assert ANSWER in asked.stdout
    assert reader_of_doctor() == (1, f"✗ reader: {said}: words rank alone")


def test_where_onnxruntime_cannot_be_imported_everything_works_by_words() -> None:
    asked = without("ask", ASKED)
    assert asked.returncode == 0
    assert ANSWER in asked.stdout
    (line,) = asked.stderr.splitlines()
    assert line.startswith("iqtibas: words rank alone: onnxruntime cannot be loaded (")
    built = without("index")
    assert (built.returncode, built.stdout) == (0, "1 documents, 1 passages\n")
    assert ANSWER in without("ask", "--json", ASKED).stdout  # from the index on disk
    looked = without("doctor")
    assert looked.returncode == 1
    (told,) = [line for line in looked.stdout.splitlines() if "reader: " in line]
    assert told.startswith("✗ reader: onnxruntime cannot be loaded (")
    assert "Traceback" not in asked.stderr + built.stderr + looked.stderr


def test_switched_off_onnxruntime_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IQTIBAS_READER", "off")
    asked = without("ask", ASKED)
    assert (asked.returncode, asked.stderr) == (0, "")


def test_what_runs_the_networks_puts_nothing_into_the_home_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ORT_"))}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "--json", ASKED],
        env=environ | {"HOME": str(home), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["quotes"][0]["probability"]
    assert list(home.iterdir()) == []

"""``iqtibas cite``: what a reference from ``ask --json`` shows after edits, and what ``--purge`` deletes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.terminal.cli import main

QUESTION = "كم كلف بناء الجسر الجديد؟"
TEXT = "خبر الجسر\n\nقالت البلدية إن بناء الجسر الجديد كلف خمسة ملايين دينار.\n\nوحضر الافتتاح عدد من سكان الحي.\n"
EDITS = ("خمسة ملايين", "ستة ملايين", "سبعة ملايين", "ثمانية ملايين")
Run = Callable[..., Result]


@pytest.fixture(params=["memory", "disk"])
def run(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, with a corpus of one file, and a state folder that is there."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "IQTIBAS_CORPUS": "corpus",
        "IQTIBAS_DATA": "state",
        "IQTIBAS_READER": "off",
        "IQTIBAS_ENGINE": request.param,
        "IQTIBAS_MIN_CONFIDENCE": "0",
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "state").mkdir()
    (tmp_path / "corpus" / "other.txt").write_text("خبر آخر\n\nزرعت البلدية أشجارا في الحديقة.\n", "utf-8")
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


def write(text: str) -> None:
    Path("corpus/bridge.txt").write_text(text, "utf-8")


def asked(run: Run) -> dict[str, Any]:
    """The first quote of the answer."""
    found: dict[str, Any] = json.loads(run("ask", "--json", QUESTION).stdout)["quotes"][0]
    return found


def cited(run: Run, reference: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("cite", "--json", reference).stdout)
    return found


def size(folder: str) -> int:
    return sum(path.stat().st_size for path in Path(folder).glob("versions*"))


def test_each_edit_s_reference_shows_its_words_after_further_edits_and_after_the_file_is_deleted(run: Run) -> None:
    references = []
    for edit in EDITS:
        write(TEXT.replace(EDITS[0], edit))
        quote = asked(run)
        assert edit in quote["text"]
        references.append(quote["reference"])
    told = cited(run, references[0])
    assert (told["kind"], told["then"]["text"]) == ("changed", asked(run)["text"].replace(EDITS[3], EDITS[0]))
    assert [(change["then"], change["now"]) for change in told["changes"]] == [("خمسة", "ثمانية")]
    Path("corpus/bridge.txt").unlink()
    for edit, reference in zip(EDITS, references, strict=True):
        told = cited(run, reference)
        assert (told["reference"], told["kind"], told["now"]) == (reference, "withdrawn", None)
        assert edit in told["then"]["text"]
        assert told["until"]


def test_in_words_both_wordings_stand_with_what_differs(run: Run) -> None:
    write(TEXT)
    reference = asked(run)["reference"]
    told = run("cite", reference)
    assert told.exit_code == 0
    assert told.stdout.startswith("لم يتغيّر هذا النص")
    write(TEXT.replace(EDITS[0], EDITS[1]))
    told = run("cite", reference)
    assert told.exit_code == 3
    for words in ("خمسة ملايين دينار", "ستة ملايين دينار", "كان «خمسة»، وصار «ستة»."):
        assert words in told.stdout


def test_what_nobody_knows_is_said_kindly(run: Run) -> None:
    told = run("cite", "b3okd6yz5l2nq4xa-120-231")
    assert (told.exit_code, told.stdout.startswith("لا أعرف هذه الإشارة.")) == (3, True)
    assert cited(run, "كلام")["kind"] == "unknown"


def test_purging_takes_the_words_and_says_how_many_versions(run: Run) -> None:
    write(TEXT)
    reference = asked(run)["reference"]
    told = run("cite", "--purge", reference)
    assert (told.exit_code, "bridge.txt: still in the corpus; take it out there" in told.stderr) == (1, True)
    write(TEXT.replace(EDITS[0], EDITS[1]))
    assert run("cite", "--purge", reference).stdout.startswith("1 version deleted for good")
    assert cited(run, reference)["then"] is None
    assert run("cite", reference).stdout.startswith("سُحب هذا النص من مصادري")
    assert run("cite", "--purge", reference).exit_code == 3


def test_where_none_are_to_be_kept_none_are(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write(TEXT.replace(EDITS[0], EDITS[3]))
    asked(run)
    monkeypatch.setenv("IQTIBAS_VERSIONS_DAYS", "0")
    write(TEXT)
    reference = asked(run)["reference"]
    assert cited(run, reference)["kind"] == "unchanged"
    write(TEXT.replace(EDITS[0], EDITS[1]))
    assert cited(run, reference)["kind"] == "unknown"
    assert not size("state")


def test_another_corpus_keeps_its_versions_beside_its_own_index(run: Run) -> None:
    write(TEXT)
    asked(run)
    before = size("state")
    Path("elsewhere").mkdir()
    Path("elsewhere/bridge.txt").write_text(TEXT.replace(EDITS[0], EDITS[2]), "utf-8")
    quote = json.loads(run("ask", "--json", "--corpus", "elsewhere", QUESTION).stdout)["quotes"][0]
    assert size("state") == before
    assert cited(run, quote["reference"])["kind"] == "unknown"

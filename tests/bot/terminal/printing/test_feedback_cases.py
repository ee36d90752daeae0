"""``iqtibas feedback``: opinions as cases for ``iqtibas eval``, and for a person to read."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.store.database import NAME, Database
from bot.store.feedback import Feedback, Opinion, Quoted
from bot.terminal.cli import main
from bot.terminal.printing.feedback_cases import cases
from retrieval.evaluation import read_cases

WORDS = Quoted("a.txt", "كلف ترميم الجسر\nمليوني دينار.", "مليوني دينار")
GOOD = Opinion("abc", 6007, 6008, True, "كم كلف ترميم الجسر؟", "كم كلف ترميم الجسر؟", None, (WORDS,), 1_000_000.0)
BAD = replace(GOOD, user=6009, is_good=False, previous="أين الجسر؟", since=1_000_001.0)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state folder that the settings name, which is not there yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IQTIBAS_DATA", str(tmp_path / "state"))
    return tmp_path / "state"


def feedback(*options: str) -> Result:
    return CliRunner().invoke(main, ["feedback", *options])


def keep(folder: Path, *opinions: Opinion) -> None:
    database = Database(folder)
    for opinion in opinions:
        Feedback(database).keep(opinion)
    database.close()


def test_what_was_good_holds_the_marked_words_and_what_was_bad_is_to_be_looked_at() -> None:
    assert list(cases([GOOD, BAD])) == [
        {"id": "abc-1", "question": GOOD.question, "document": "a.txt", "answers": ["مليوني دينار"]},
        {
            "id": "abc-2",
            "question": GOOD.question,
            "previous": "أين الجسر؟",
            "document": "a.txt",
            "answerable": True,
            "rejected": [WORDS.text],
            "review": True,
        },
    ]


@pytest.mark.parametrize(
    ("quotes", "answers"),
    [
        ((replace(WORDS, marked=None),), (WORDS.text,)),
        ((WORDS, replace(WORDS, marked="دينار")), ("مليوني دينار", "دينار")),
        ((replace(WORDS, marked="ـ"),), ()),
        ((), ()),
    ],
)
def test_eval_reads_every_case(quotes: tuple[Quoted, ...], answers: tuple[str, ...], tmp_path: Path) -> None:
    opinions = [replace(GOOD, quotes=quotes), replace(BAD, quotes=quotes)]
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(f"{json.dumps(case)}\n" for case in cases(opinions)), "utf-8")
    good, bad = read_cases(path)
    assert (good.answers, good.answerable) == (answers, True)
    assert (bad.answers, bad.answerable, bad.previous) == ((), True, "أين الجسر؟")


def test_the_command_lists_them_for_a_person(folder: Path) -> None:
    keep(folder, BAD, GOOD)
    result = feedback()
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0].startswith("1970-01-1")
    assert lines[0].endswith(" 👍 كم كلف ترميم الجسر؟")
    assert lines[1] == "    «كلف ترميم الجسر مليوني دينار.» a.txt"
    assert "👎" in lines[2]


def test_the_command_prints_cases_and_names_nobody(folder: Path) -> None:
    keep(folder, GOOD, BAD)
    output = feedback("--json").stdout
    assert [json.loads(line)["id"] for line in output.splitlines()] == ["abc-1", "abc-2"]
    assert not any(str(user) in output for user in (6007, 6008, 6009))


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_where_there_are_none_that_is_said_apart(folder: Path, options: tuple[str, ...]) -> None:
    result = feedback(*options)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nobody has pressed" in result.stderr
    assert not folder.exists()


def test_a_state_that_cannot_be_read_is_one_line(folder: Path) -> None:
    folder.mkdir()
    (folder / NAME).write_text("no database, but longer than its header would be; " * 9)
    result = feedback()
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert len(result.stderr.splitlines()) == 1

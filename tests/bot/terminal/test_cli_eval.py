"""``iqtibas eval``: the table, JSON, the misses, the plot, and what is wrong use."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.terminal.cli import main
from bot.terminal.printing import eval_plot
from retrieval.errors import IqtibasError
from retrieval.evaluation import Point

ARTICLE = "أخبار البلدة\n\nافتتح العمدة السوق صباح الأحد. كلف ترميم الجسر مليوني دينار.\n"
Row = dict[str, str | None]
RIGHT: Row = {"id": "right", "question": "كم كلف ترميم الجسر؟", "quote": "مليوني دينار"}
WRONG: Row = {"id": "wrong", "question": "متى افتتح العمدة السوق؟", "quote": "مساء الاثنين", "document": "other.txt"}
REFUSE: Row = {"id": "refuse", "question": "ما هي عاصمة فرنسا؟", "quote": None}
POINTS = (Point(0.9, 0.5, 0.0), Point(0.5, 1.0, 0.5))


def run(folder: Path, *options: str, rows: tuple[Row, ...] = (RIGHT, WRONG, REFUSE)) -> Result:
    (folder / "town.txt").write_text(ARTICLE, "utf-8")
    questions = folder / "questions.json"  # no ending of a document
    questions.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return CliRunner().invoke(main, ["eval", "--corpus", str(folder / "town.txt"), str(questions), *options])


def test_the_table_is_aligned_and_without_colours_off_a_terminal(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0].split()[:2] == ["n", "3"]
    assert lines[1].split()[:2] == ["quote@1", "0.500"]
    assert "para@1" not in result.stdout  # these questions name no paragraph
    assert "\x1b" not in result.stdout
    assert len({line.index(line.split(maxsplit=2)[2]) for line in lines}) == 1


def test_json_holds_the_figures_and_the_points(tmp_path: Path) -> None:
    found = json.loads(run(tmp_path, "--json").stdout)
    assert (found["n"], found["quote@1"], found["para@1"], found["verbatim"]) == (3, 0.5, None, 1)
    assert (found["answered_unanswerable"], found["auroc"]) == (0, 1)
    assert found["risk_coverage"][-1][1:] == [0.6667, 0.5]
    assert "misses" not in found


def test_misses_show_what_was_expected_and_what_came(tmp_path: Path) -> None:
    shown = run(tmp_path, "--misses").stdout
    assert "✗ wrong: متى افتتح العمدة السوق؟\n  expected: مساء الاثنين — other.txt\n" in shown
    assert "«افتتح العمدة السوق صباح الأحد.» — town.txt\n" in shown
    assert "✗ right" not in shown
    (miss,) = json.loads(run(tmp_path, "--misses", "--json").stdout)["misses"]
    assert (miss["id"], miss["expected"], miss["got"]) == ("wrong", "مساء الاثنين", "افتتح العمدة السوق صباح الأحد.")


def test_a_refusal_that_misses_is_shown_as_one(tmp_path: Path) -> None:
    unknown: Row = {"id": "u", "question": "ما هي عاصمة فرنسا؟", "quote": "باريس"}
    unwanted: Row = {"id": "w", "question": "كم كلف ترميم الجسر؟", "quote": None}
    shown = run(tmp_path, "--misses", rows=(unknown, unwanted)).stdout
    assert "  expected: باريس\n  got (0.00): (refused)\n" in shown
    assert "  expected: (refused)\n  got" in shown


def test_a_set_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    result = run(tmp_path, rows=({"question": "كم؟"},))
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert "line 1: nothing of the answer" in result.stderr


@pytest.mark.parametrize("arguments", [[], ["nowhere.jsonl"], [__file__, "--plot", "plot.pdf"]])
def test_wrong_use_ends_with_two(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, ["eval", *arguments]).exit_code == 2


def test_without_the_extra_the_plot_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eval_plot, "find_spec", lambda name: None)
    result = run(tmp_path, "--plot", str(tmp_path / "plot.svg"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert 'pip install "iqtibas[plots]"' in result.stderr


@pytest.mark.skipif(not find_spec("matplotlib"), reason="the extra plots is not installed")
@pytest.mark.parametrize(("ending", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_the_plot_is_drawn(ending: str, begins: bytes, tmp_path: Path) -> None:
    result = run(tmp_path, "--plot", str(tmp_path / f"plot.{ending}"))
    assert result.exit_code == 0
    assert (tmp_path / f"plot.{ending}").read_bytes().startswith(begins)


@pytest.mark.skipif(not find_spec("matplotlib"), reason="the extra plots is not installed")
def test_a_plot_that_cannot_be_is_said_in_one_line(tmp_path: Path) -> None:
    draw = eval_plot.risk_coverage()
    with pytest.raises(IqtibasError, match="nothing to plot"):
        draw((), tmp_path / "plot.svg")
    with pytest.raises(IqtibasError, match="cannot write the plot"):
        draw(POINTS, tmp_path / "nowhere" / "plot.svg")

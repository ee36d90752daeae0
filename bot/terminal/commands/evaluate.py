"""``iqtibas eval``: an operator's own questions, counted."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.terminal.commands.options import corpus_option, engine_option, index_option, library_of

if TYPE_CHECKING:
    from retrieval import Library
    from retrieval.evaluation import Case, Outcome, Point


@click.command("eval")
@click.argument("questions", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@corpus_option
@engine_option
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")
@click.option("--misses", is_flag=True, help="Show each wrong answer: what was expected, what came.")
@click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.svg|png",
    help="Draw how many of the answers are wrong as fewer questions are answered.",
)
def evaluate(
    questions: Path,
    corpus: Path | None,
    engine: str | None,
    index: Path | None,
    as_json: bool,
    misses: bool,
    plot: Path | None,
) -> None:
    """Ask a file of QUESTIONS with known answers; count how many are answered rightly.

    \b
    QUESTIONS are JSON lines, or a file in the form of SQuAD:
      {"question": "…", "quote": "words that the right quote holds"}
      {"question": "…", "quote": null}      it must refuse

    \b
    Examples:
      iqtibas eval questions.jsonl
      iqtibas eval --corpus articles/ --misses questions.jsonl
    """
    from bot.terminal.printing import eval_table
    from bot.terminal.printing.plain import json_line
    from retrieval.evaluation import figures, read_cases

    draw = _plotter(plot)
    outcomes = _outcomes(library_of(corpus, engine, index), read_cases(questions))
    found = figures(outcomes)
    if as_json:
        click.echo(json_line(eval_table.figures_json(found, outcomes if misses else None)))
    else:
        click.echo(eval_table.shown(found, outcomes if misses else ()))
    if draw and plot:
        draw(found.risk_coverage, plot)


def _outcomes(library: "Library", cases: Sequence["Case"]) -> list["Outcome"]:
    """What came of each case, with a progress bar where a person watches."""
    from retrieval.evaluation import evaluate as outcomes_of

    outcomes = outcomes_of(library.ask, cases, {document.id: document.text for document in library.documents})
    if not sys.stderr.isatty():
        return list(outcomes)
    with click.progressbar(outcomes, length=len(cases), label="asking", file=sys.stderr) as bar:
        return list(bar)


def _plotter(path: Path | None) -> Callable[[Sequence["Point"], Path], None] | None:
    """What draws the plot, asked for before the work starts, so that what it needs is missed at once."""
    if path is None:
        return None
    if path.suffix not in {".svg", ".png"}:
        raise click.UsageError("--plot takes a name that ends in .svg or .png")
    from bot.terminal.printing.eval_plot import risk_coverage

    return risk_coverage()

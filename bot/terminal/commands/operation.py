"""``iqtibas feedback`` and ``iqtibas doctor``: for who runs the bot."""

import os
import sys
from pathlib import Path

import click

from bot.terminal.commands.options import corpus_option, settings_in_force


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print them as cases for iqtibas eval, a line of JSON each.")
def feedback(as_json: bool) -> None:
    """List what people thought of the bot's answers (👍 and 👎), the oldest first.

    \b
    With --json, 👍 gives a case whose answers are the words that were marked in its quotes; any of them counts
    as right. 👎 gives one that says nothing of a right answer, with "rejected" quotes and "review": look at it,
    and add "quote": "…", or null where it should refuse. No case says who thought so.

    \b
    Examples:
      iqtibas feedback
      iqtibas feedback --json > cases.jsonl && iqtibas eval cases.jsonl
    """
    from bot.store.feedback import stored
    from bot.terminal.printing.feedback_cases import cases, shown
    from bot.terminal.printing.plain import json_line

    opinions = stored(settings_in_force().data)
    lines = map(json_line, cases(opinions)) if as_json else shown(opinions)
    for line in lines:
        click.echo(line)
    if not opinions:
        click.echo("Nobody has pressed 👍 or 👎 yet.", err=True)


@click.command()
@corpus_option
def doctor(corpus: Path | None) -> None:
    """Check settings, corpus, state folder and token; say what to mend."""
    from bot.operation.doctor import examine
    from bot.telegram.token import asked

    signs = {
        "good": click.style("✓", fg="green"),
        "note": click.style("–", fg="yellow"),
        "bad": click.style("✗", fg="red"),
    }
    bad = False
    for finding in examine(os.environ, Path.cwd(), corpus, asked):
        click.echo(f"{signs[finding.state]} {finding.subject}: {finding.says}")
        bad |= finding.state == "bad"
    sys.exit(1 if bad else 0)

"""``iqtibas feedback`` and ``iqtibas doctor``: for who runs the bot."""

import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from bot.terminal.commands.options import config_option, corpus_option, settings_in_force


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
@click.option("--json", "as_json", is_flag=True, help="Print what was found as one JSON object.")
def doctor(corpus: Path | None, as_json: bool) -> None:
    """Look at settings, corpus, index, state, machine, proxy and token; say what to mend. It changes nothing.

    \b
    Exit status: 0 where nothing is bad, else 1.
    """
    from bot.operation.doctor import examine
    from bot.telegram.token import asked
    from bot.terminal.printing.plain import json_line, one_line

    signs = {
        "good": click.style("✓", fg="green"),
        "note": click.style("–", fg="yellow"),
        "bad": click.style("✗", fg="red"),
    }
    findings = []
    for finding in examine(os.environ, Path.cwd(), corpus, asked, config_option()):
        findings.append(finding)
        if not as_json:
            click.echo(f"{signs[finding.state]} {finding.subject}: {one_line(finding.says)}")
    is_bad = any(finding.state == "bad" for finding in findings)
    if as_json:
        click.echo(json_line({"good": not is_bad, "findings": [asdict(finding) for finding in findings]}))
    sys.exit(1 if is_bad else 0)

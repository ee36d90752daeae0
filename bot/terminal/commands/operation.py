"""``iqtibas feedback``, ``gaps``, ``doctor``, ``settings``, ``health``, ``backup``, ``restore``: for who runs it."""

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.terminal.commands.options import config_option, corpus_option, said, settings_in_force, working_folder

if TYPE_CHECKING:
    from bot.operation.backup import Manifest


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
    from bot.store.shared.opening import stored
    from bot.terminal.printing.feedback_cases import cases, shown
    from bot.terminal.printing.plain import json_line

    settings = settings_in_force()
    opinions = stored(settings.data, settings.database)
    lines = map(json_line, cases(opinions)) if as_json else shown(opinions)
    for line in lines:
        click.echo(line)
    if not opinions:
        click.echo("Nobody has pressed 👍 or 👎 yet.", err=True)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print them as one JSON object.")
def gaps(as_json: bool) -> None:
    """List what three people or more asked and found no answer to, or marked 👎: alike questions together, no names.

    \b
    Refused questions are kept only where IQTIBAS_GAPS=on, for 90 days; /privacy tells people so, and /forgetme
    deletes theirs. Admins may also send the bot /gaps.

    \b
    Examples:
      iqtibas gaps
      iqtibas gaps --json
    """
    from bot.operation.gaps import gaps as found
    from bot.operation.gaps import gaps_json
    from bot.phrases import phrases
    from bot.showing.missed import gaps_lines
    from bot.store.shared.opening import unanswered
    from bot.terminal.printing.plain import json_line, plain

    settings = settings_in_force()
    if not settings.gaps:
        raise click.UsageError("refused questions are not kept; IQTIBAS_GAPS=on has the bot keep them, and tell people")
    told = found(*unanswered(settings.data, settings.database))
    if as_json:
        click.echo(json_line(gaps_json(told)))
        return
    for line in gaps_lines(told, phrases("ar"), len(told.found)):
        click.echo(plain(line))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print them as one JSON object.")
@click.option("--sample", is_flag=True, help="Print a file of settings to begin with.")
def settings(as_json: bool, sample: bool) -> None:
    """Print the settings that are in force, and whence each comes: environment, file or default. No secret is shown.

    \b
    Examples:
      iqtibas settings
      iqtibas settings --sample > iqtibas.toml
    """
    from bot import settings as known
    from bot.terminal.printing.plain import json_line, one_line

    if sample:
        click.echo(known.sample(), nl=False)
        return
    read, rows = known.in_force(os.environ, working_folder(), config_option())
    if as_json:
        click.echo(json_line({row.name: {"value": row.value, "whence": row.whence} for row in rows}))
        return
    for row in rows:
        value = "" if row.value is None else json_line(row.value)
        click.echo(one_line(f"{row.name} = {value}  ({row.whence})"))
    said(read)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Copy what the bot keeps into DIR, a new folder: its state, the files of chats, and the texts of the corpus that
    changed or went. It may run meanwhile.

    Indexes and vectors are left out: they are made again. What people have deleted later, by /forgetme too, stays in
    a copy from before: keep copies no longer than you tell people. A copy of what a server keeps (IQTIBAS_DATABASE) has
    the same form and may be put back into a folder; pg_dump copies a server as well.

    \b
    Examples:
      iqtibas backup /backups/$(date +%F)
    """
    from bot.operation.backup import back_up

    settings = settings_in_force()
    click.echo(_told_of(back_up(settings.data, folder, settings.database)))


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def restore(folder: Path) -> None:
    """Put the copy in DIR back into IQTIBAS_DATA, or the server of IQTIBAS_DATABASE, where nothing is kept and no bot
    runs. All of it is checked first.

    Who was forgotten since the copy was made is in it again.

    \b
    Examples:
      IQTIBAS_DATA=new-folder iqtibas restore /backups/2026-11-30
    """
    from bot.operation.backup import restore as restored

    settings = settings_in_force()
    click.echo(_told_of(restored(folder, settings.data, settings.database)))


def _told_of(manifest: "Manifest") -> str:
    size = sum(one.size for one in manifest.files.values()) / 2**20
    made = f"made {manifest.made} by Iqtibas {manifest.program}, state of version {manifest.state}"
    return f"{len(manifest.files)} files, {size:.1f} MB, {made}; who is forgotten later stays in this copy"


@click.command()
@click.option("--ready", is_flag=True, help="Only a bot that reaches Telegram is well.")
def health(ready: bool) -> None:
    """Say whether a bot serves from the state folder, by the file that it touches every few seconds.

    \b
    Exit status: 0 it lives, 1 it does not.
    """
    from bot.operation.health import pulse

    data = settings_in_force().data
    found = pulse(data)
    if found is None or not found.is_alive:
        told = "no bot serves from it" if found is None else f"the bot has not moved for {found.age:.0f} s"
        click.echo(f"{data}: {told}")
        sys.exit(1)
    click.echo(
        f"{data}: process {found.pid} lives and {'serves' if found.is_ready else 'waits for Telegram, or for its turn'}"
    )
    sys.exit(0 if found.is_ready or not ready else 1)


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
    for finding in examine(os.environ, working_folder(), corpus, asked, config_option()):
        findings.append(finding)
        if not as_json:
            click.echo(f"{signs[finding.state]} {finding.subject}: {one_line(finding.says)}")
    is_bad = any(finding.state == "bad" for finding in findings)
    if as_json:
        click.echo(json_line({"good": not is_bad, "findings": [asdict(finding) for finding in findings]}))
    sys.exit(1 if is_bad else 0)

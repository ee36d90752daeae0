"""``iqtibas verify``: whether a text is quoted word for word."""

import sys
from pathlib import Path

import click

from bot.terminal.commands.options import corpus_option, engine_option, index_option, library_of, visual_option

OTHERWISE = 3


@click.command()
@click.argument("text")
@corpus_option
@engine_option
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print what was found as one JSON object.")
@visual_option
def verify(text: str, corpus: Path | None, engine: str | None, index: Path | None, as_json: bool, visual: bool) -> None:
    """Say whether TEXT is quoted from the documents word for word; «-» reads it from standard input.

    Each sentence is exact, the same but for spelling (marks and punctuation among it), altered, pieced together from
    several places, or absent.

    \b
    Exit status: 0 all of it exact or but for spelling, 3 anything else of it, 2 wrong use.

    \b
    Examples:
      iqtibas verify "وتقع درعا على مقربة من الحدود السورية"
      iqtibas verify --json - < speech.txt
    """
    from bot.phrases import phrases
    from bot.showing.answer_json import verdict_json
    from bot.showing.verdicts import parts
    from bot.terminal.printing import answers
    from bot.terminal.printing.plain import json_line
    from retrieval import LONGEST_TEXT

    told = _read(LONGEST_TEXT) if text == "-" else text
    if not any(map(str.isalnum, told)):
        raise click.UsageError("the text has no words")
    if len(told) > LONGEST_TEXT:
        raise click.UsageError(f"the text is longer than {LONGEST_TEXT:,} characters; give it in parts")
    verdict = library_of(corpus, engine, index, reader=False).verify(told)
    if as_json:
        click.echo(json_line(verdict_json(verdict)))
    else:
        click.echo(answers.in_parts(parts(verdict, phrases("ar")), answers.visual() if visual else None))
    sys.exit(0 if verdict.stands else OTHERWISE)


def _read(most: int) -> str:
    """Standard input, or as much of it as tells that it is too long."""
    return sys.stdin.buffer.read(4 * most + 4).decode("utf-8", "replace").strip("\ufeff \t\r\n")

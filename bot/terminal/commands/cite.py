"""``iqtibas cite``: what a permanent reference shows, then and now."""

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.terminal.commands.options import corpus_option, engine_option, index_option, library_of, visual_option

if TYPE_CHECKING:
    from retrieval import Library

OTHERWISE = 3


@click.command()
@click.argument("reference")
@corpus_option
@engine_option
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print what it shows as one JSON object.")
@click.option("--purge", is_flag=True, help="Delete for good the words of the version that it names.")
@visual_option
def cite(
    reference: str,
    corpus: Path | None,
    engine: str | None,
    index: Path | None,
    as_json: bool,
    purge: bool,
    visual: bool,
) -> None:
    """Show what stood where REFERENCE points, and what stands there now: unchanged, changed, or withdrawn.

    Each quote has its reference, in --json and under «إشارة دائمة» in the chat. Texts of the corpus that changed or
    went are kept in the state folder for IQTIBAS_VERSIONS_DAYS days.

    --purge is for who runs the bot: of that version, in all documents that had its text, no word stays, and the
    references to it say that it was withdrawn. What still stands in the corpus is to be taken out there first. Copies
    that were made before keep it.

    \b
    Exit status: 0 unchanged or purged, 3 anything else of it, 2 wrong use.

    \b
    Examples:
      iqtibas cite b3okd6yz5l2nq4xa-120-231
      iqtibas cite --json b3okd6yz5l2nq4xa-120-231
      iqtibas cite --purge b3okd6yz5l2nq4xa-120-231
    """
    if purge and as_json:
        raise click.UsageError("--purge tells in words what it did; leave --json out")
    with closing(library_of(corpus, engine, index, reader=False)) as library:
        done = _purged(library, reference) if purge else _shown(library, reference, as_json=as_json, visual=visual)
    sys.exit(done)


def _shown(library: "Library", reference: str, *, as_json: bool, visual: bool) -> int:
    from bot.phrases import phrases
    from bot.showing.answer_json import cited_json
    from bot.showing.citations import parts
    from bot.terminal.printing import answers
    from bot.terminal.printing.plain import json_line

    cited = library.references.resolve(reference)
    if as_json:
        click.echo(json_line(cited_json(cited, reference)))
    else:
        click.echo(answers.in_parts(parts(cited, phrases("ar")), answers.visual() if visual else None))
    return 0 if cited and cited.kind == "unchanged" else OTHERWISE


def _purged(library: "Library", reference: str) -> int:
    count = library.references.purge(reference)
    if not count:
        click.echo("no version is kept that this reference names, so nothing was deleted", err=True)
        return OTHERWISE
    versions = "1 version" if count == 1 else f"{count} versions"
    click.echo(f"{versions} deleted for good; copies made by iqtibas backup before keep the words")
    return 0

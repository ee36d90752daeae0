"""``iqtibas index`` and ``iqtibas sources``: what the corpus is made of, and its index on disk."""

import os
import sys
from contextlib import closing
from pathlib import Path

import click

from bot.terminal.commands.options import corpus_option, index_option, library_of, settings_in_force

MOST_THREADS = 64


@click.command("index")
@corpus_option
@index_option
@click.option("--engine", type=click.Choice(["disk", "cluster"]), help="Where passages are kept; else IQTIBAS_ENGINE.")
@click.option("--verify", is_flag=True, help="Check all of it: each text, and each document's passages.")
@click.option("--prune", is_flag=True, help="Build nothing: delete the indexes that are needed no more.")
@click.option("--no-vectors", is_flag=True, help="Leave out the vectors, from which the reader ranks; words find.")
@click.option("--threads", type=click.IntRange(1, MOST_THREADS), help="Cores that make the vectors; all by itself.")
def build_index(
    corpus: Path | None,
    index: Path | None,
    engine: str | None,
    verify: bool,
    prune: bool,
    no_vectors: bool,
    threads: int | None,
) -> None:
    """Build the index, on disk or in a cluster, or bring it up to date: only what changed is read. Then make its
    sentences' vectors.

    Interrupted, it goes on when run again. The bot and the other commands use an index that is there, and keep it up to
    date; the bot makes vectors too, in the background. --verify makes none. An index of another version of Iqtibas
    answers until the new one beside it is whole, and is kept for going back: --prune deletes it, and those of corpora
    that are gone, in all of IQTIBAS_DATA or in the DIR of --index alone.

    \b
    Examples:
      iqtibas index --corpus articles/
      iqtibas index --corpus articles/ --verify
      iqtibas index --engine cluster
      iqtibas index --prune
    """
    if prune:
        from retrieval import prune as pruned

        if corpus or verify:
            raise click.UsageError("--prune goes with --index alone")
        settings = settings_in_force()
        return click.echo("\n".join(pruned(settings.data, index, settings.at_cluster)) or "nothing to delete")
    from bot.sources.opening import Bar

    reads = not (verify or no_vectors)
    kept = engine or ("cluster" if settings_in_force().engine == "cluster" else "disk")
    with closing(library_of(corpus, kept, index, renew=True, reader=reads)) as library, Bar() as bar:
        wrong = list(library.faults()) if verify else []
        for line in wrong:
            click.echo(f"{click.style('✗', fg='red')} {line}")
        library.make_vectors(bar, threads=threads or os.cpu_count() or 1)
        more = ", verified" if verify else ", with vectors" if not library.unread else ""
        click.echo(f"{len(library.documents):,} documents, {library.passages:,} passages{more}")
    if wrong:
        again = "Run this again; where that does not help, delete the folder of the index: it is made anew."
        click.echo(again, err=True)
    sys.exit(1 if wrong else 0)


@click.command()
@corpus_option
@click.option("--json", "as_json", is_flag=True, help="Print them as one JSON object.")
def sources(corpus: Path | None, as_json: bool) -> None:
    """List the documents of the corpus: day of publication, characters, name, title; and what could not be read.

    \b
    Examples:
      iqtibas sources
      iqtibas sources --corpus articles/ --json
    """
    from bot.sources.opening import opened
    from bot.terminal.printing.listing import sources_json, sources_text
    from bot.terminal.printing.plain import json_line

    library = opened(settings_in_force(), corpus=corpus, reader=False)
    click.echo(json_line(sources_json(library)) if as_json else "\n".join(sources_text(library)))

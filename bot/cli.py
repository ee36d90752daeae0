"""The command ``iqtibas``. What a command needs is imported when it runs, so that ``ask`` starts at once.

Exit status: 0 done (``ask``: found), 2 wrong use, 3 ``ask`` refused, 1 anything else that failed.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from retrieval.errors import IqtibasError

if TYPE_CHECKING:
    from bot.settings import Settings
    from retrieval import Answer, Library
    from retrieval.evaluation import Case, Outcome, Point

REFUSED = 3
EXAMPLE = "متى كان من المقرر أن تنطلق مباحثات أستانا؟"
FAREWELLS = {"خروج", "exit", "quit"}


class _Commands(click.Group):
    """Shows an error that a person can mend as one line, without a stack trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except IqtibasError as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="iqtibas")
def main() -> None:
    """Answers questions in Arabic by quoting documents, word for word.

    \b
    Examples:
      iqtibas ask "متى كان من المقرر أن تنطلق مباحثات أستانا؟"
      iqtibas ask --corpus my-articles/ --json "من هو المدير؟"
      iqtibas chat                  ask in the terminal
      iqtibas bot                   answer in Telegram (TELEGRAM_BOT_TOKEN)
      iqtibas eval questions.jsonl  how well it answers them
      iqtibas index --corpus big/   keep a large corpus indexed on disk
      iqtibas feedback              what people thought of the bot's answers
      iqtibas doctor                check settings, corpus and token

    Settings come from the environment, then from iqtibas.toml in this folder: TELEGRAM_BOT_TOKEN,
    TELEGRAM_API_URL, IQTIBAS_CORPUS, IQTIBAS_DATA, IQTIBAS_ENGINE, IQTIBAS_MIN_CONFIDENCE; and for the
    bot IQTIBAS_ADMINS, IQTIBAS_ALLOWED, IQTIBAS_QUESTIONS_PER_MINUTE, IQTIBAS_LOG_TEXT,
    IQTIBAS_FLOOD_CONTROL, IQTIBAS_FILES_PER_CHAT, IQTIBAS_MEGABYTES_PER_CHAT (see iqtibas bot --help).
    """


corpus_option = click.option(
    "--corpus", type=click.Path(path_type=Path), metavar="PATH", help="A folder of documents, or one file."
)
engine_option = click.option(
    "--engine", type=click.Choice(["auto", "memory", "disk"]), help="The index engine; auto chooses by size."
)
index_option = click.option(
    "--index", type=click.Path(path_type=Path), metavar="DIR", help="Where the index on disk is; else in IQTIBAS_DATA."
)
visual_option = click.option(
    "--visual", is_flag=True, help="Order right-to-left lines here, for a terminal that does not."
)


@main.command()
@click.argument("question", required=False)
@corpus_option
@engine_option
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one JSON object.")
@click.option("--batch", type=click.File("rb"), metavar="FILE|-", help="Answer JSON lines, in order.")
@visual_option
def ask(
    question: str | None,
    corpus: Path | None,
    engine: str | None,
    index: Path | None,
    as_json: bool,
    batch: Iterable[bytes] | None,
    visual: bool,
) -> None:
    """Answer one QUESTION, or many with --batch.

    \b
    Exit status: 0 found, 3 refused, 2 wrong use, 1 anything else.
    A line of --batch is {"id": …, "question": "…"}; each gets a line of JSON. It may have "previous", the
    question asked before, on which it leans («ومتى؟»).

    \b
    Examples:
      iqtibas ask "أين تقع درعا؟"
      iqtibas ask --json "أين تقع درعا؟"
      iqtibas ask --corpus articles/ --batch questions.jsonl > answers.jsonl
    """
    if (batch is None) == (question is None):
        raise click.UsageError("give one question in quotation marks, or --batch")
    if batch is not None:
        from bot.batch import answers

        for line in answers(batch, _library(corpus, engine, index)):
            click.echo(line)
        return
    if not (question or "").strip():
        raise click.UsageError("the question is empty")
    answer = _answer(_library(corpus, engine, index), question or "", as_json=as_json, visual=visual)
    sys.exit(0 if answer.found else REFUSED)


@main.command()
@corpus_option
@engine_option
@index_option
@visual_option
def chat(corpus: Path | None, engine: str | None, index: Path | None, visual: bool) -> None:
    """Ask in the terminal, question after question; an empty line, Ctrl-D or «خروج» ends it.

    A question may lean on the one before: «ومتى؟», «وكم عددهم؟». Where standard input is no terminal, each of its
    lines is a question.
    """
    _converse(_library(corpus, engine, index), visual=visual)


@main.command()
def bot() -> None:
    """Run the Telegram bot with the token in TELEGRAM_BOT_TOKEN, until Ctrl-C or SIGTERM.

    \b
    Further settings, in the environment or in iqtibas.toml:
      IQTIBAS_ADMINS=123,456          ids of users who may send /status and /reload
      IQTIBAS_ALLOWED=123,-100987     ids of users and chats that may ask; empty: everybody
      IQTIBAS_QUESTIONS_PER_MINUTE=20 how many questions of one user are answered
      IQTIBAS_LOG_TEXT=1              write the questions into the log, where else no words stand
      IQTIBAS_FILES_PER_CHAT=20       how many files a chat may give, 40 at most
      IQTIBAS_MEGABYTES_PER_CHAT=50   and how large they may be together
      IQTIBAS_FLOOD_CONTROL=0         send without a pace, to a Bot API server of your own that sets no limits

    Who is not allowed is told their id in private, to give to whoever runs the bot. The log goes to
    standard error, a line an event, with the id of the update that it is about.
    """
    sys.exit(_serve(_settings()))


@main.command()
def run() -> None:
    """The main job: the Telegram bot where there is a token, else a conversation in the terminal."""
    settings = _settings()
    if settings.token:
        sys.exit(_serve(settings))
    library = _library()
    if sys.stdin.isatty():
        click.echo(f"{click.style('؟', fg='cyan')} {EXAMPLE}")
        _answer(library, EXAMPLE)
        click.echo("\nNo TELEGRAM_BOT_TOKEN is set (@BotFather gives one), so ask here. An empty line ends it.\n")
    _converse(library)


@main.command("eval")
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
    from bot import eval_table
    from retrieval.evaluation import figures, read_cases

    draw = _plotter(plot)
    outcomes = _outcomes(_library(corpus, engine, index), read_cases(questions))
    found = figures(outcomes)
    if as_json:
        click.echo(json.dumps(eval_table.figures_json(found, outcomes if misses else None), ensure_ascii=False))
    else:
        click.echo(eval_table.shown(found, outcomes if misses else ()))
    if draw and plot:
        draw(found.risk_coverage, plot)


@main.command("index")
@corpus_option
@index_option
@click.option("--verify", is_flag=True, help="Check all of it: each text, and each document's passages.")
@click.option("--prune", is_flag=True, help="Build nothing: delete the indexes that are needed no more.")
def build_index(corpus: Path | None, index: Path | None, verify: bool, prune: bool) -> None:
    """Build the index on disk, or bring it up to date: only what changed is read.

    Interrupted, it goes on when run again. The bot and the other commands use an index that is there, and keep it up to
    date. One of another version of Iqtibas answers until the new one beside it is whole, and is kept for going back:
    --prune deletes it, and those of corpora that are gone, in all of IQTIBAS_DATA or in the DIR of --index alone.

    \b
    Examples:
      iqtibas index --corpus articles/
      iqtibas index --corpus articles/ --verify
      iqtibas index --prune
    """
    if prune:
        from retrieval import prune as pruned

        if corpus or verify:
            raise click.UsageError("--prune goes with --index alone")
        return click.echo("\n".join(pruned(_settings().data, index)) or "nothing to delete")
    library = _library(corpus, "disk", index, renew=True)
    wrong = list(library.verify()) if verify else []
    for line in wrong:
        click.echo(f"{click.style('✗', fg='red')} {line}")
    click.echo(f"{len(library.documents):,} documents, {library.passages:,} passages{', verified' if verify else ''}")
    if wrong:
        click.echo("Delete the folder of the index and run this again: it is made anew.", err=True)
    sys.exit(1 if wrong else 0)


@main.command()
@corpus_option
@click.option("--json", "as_json", is_flag=True, help="Print them as one JSON object.")
def sources(corpus: Path | None, as_json: bool) -> None:
    """List the documents of the corpus: day of publication, characters, name, title; and what could not be read.

    \b
    Examples:
      iqtibas sources
      iqtibas sources --corpus articles/ --json
    """
    from bot.opening import opened
    from bot.sources import sources_json, sources_text

    library = opened(_settings(), corpus=corpus)
    click.echo(json.dumps(sources_json(library), ensure_ascii=False) if as_json else "\n".join(sources_text(library)))


@main.command()
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
    from bot.feedback_cases import cases, shown
    from bot.store.feedback import stored

    opinions = stored(_settings().data)
    lines = (json.dumps(case, ensure_ascii=False) for case in cases(opinions)) if as_json else shown(opinions)
    for line in lines:
        click.echo(line)
    if not opinions:
        click.echo("Nobody has pressed 👍 or 👎 yet.", err=True)


@main.command()
@corpus_option
def doctor(corpus: Path | None) -> None:
    """Check settings, corpus, state folder and token; say what to mend."""
    from bot.doctor import examine

    signs = {
        "good": click.style("✓", fg="green"),
        "note": click.style("–", fg="yellow"),
        "bad": click.style("✗", fg="red"),
    }
    bad = False
    for finding in examine(os.environ, Path.cwd(), corpus):
        click.echo(f"{signs[finding.state]} {finding.subject}: {finding.says}")
        bad |= finding.state == "bad"
    sys.exit(1 if bad else 0)


def _settings() -> "Settings":
    from bot.settings import load

    return load(os.environ, Path.cwd())


def _library(
    corpus: Path | None = None, engine: str | None = None, index: Path | None = None, *, renew: bool = False
) -> "Library":
    """The library that options and settings name; what in it cannot be read is said on standard error."""
    from bot.opening import opened

    library = opened(_settings(), corpus=corpus, engine=engine, index=index, renew=renew)
    for problem in library.problems:
        click.echo(f"iqtibas: not read: {problem.reason}", err=True)
    return library


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
    from bot.eval_plot import risk_coverage

    return risk_coverage()


def _serve(settings: "Settings") -> int:
    if settings.token is None:
        raise IqtibasError("no TELEGRAM_BOT_TOKEN: get one from @BotFather, then export TELEGRAM_BOT_TOKEN=…")
    from bot.live import following
    from bot.polling import run as poll
    from bot.store.alone import alone_in

    with alone_in(settings.data):
        library = _library()
        with following(library, settings.corpus):
            return poll(settings, library)


def _answer(
    library: "Library", question: str, *, previous: str | None = None, as_json: bool = False, visual: bool = False
) -> "Answer":
    """Prints the answer to a question. ``previous``: what was searched for before it."""
    answer = library.ask(question, previous=previous)
    if as_json:
        from bot.answer_json import answer_json

        click.echo(json.dumps(answer_json(answer), ensure_ascii=False))
    else:
        from bot import terminal

        click.echo(terminal.shown(answer, terminal.visual() if visual else None))
    return answer


def _converse(library: "Library", *, visual: bool = False) -> None:
    """Answers question after question, each with the one before it at hand."""
    previous = None
    for question in _typed() if sys.stdin.isatty() else map(str.strip, sys.stdin):
        if question:
            previous = _answer(library, question, previous=previous, visual=visual).searched
            click.echo()


def _typed() -> Iterable[str]:
    """What a person types, a line each, until an empty line, a farewell or the end."""
    import readline  # noqa: F401  # arrow keys and history in input()

    while True:
        try:
            line = input("؟ ").strip()
        except (EOFError, KeyboardInterrupt):
            click.echo()
            return
        if not line or line in FAREWELLS:
            return
        yield line

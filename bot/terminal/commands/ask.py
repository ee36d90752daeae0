"""``iqtibas ask`` and ``iqtibas chat``: one question, or a conversation."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from bot.terminal.commands.options import (
    corpus_option,
    engine_option,
    index_option,
    library_of,
    settings_in_force,
    visual_option,
)

if TYPE_CHECKING:
    from bot.conversation.reading import Reading
    from bot.showing.saying import Said
    from retrieval import Library
    from retrieval.model import Answer

REFUSED = 3
FAREWELLS = {"خروج", "exit", "quit"}


@click.command()
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
    batch: BinaryIO | None,
    visual: bool,
) -> None:
    """Answer one QUESTION, or many with --batch.

    \b
    Exit status: 0 found or talked to, 3 refused, 2 wrong use, 1 anything else.
    A line of --batch is {"id": …, "question": "…"}; each line gets one of JSON, with "error" where it is no
    question. It may have "previous", the question asked before, on which it leans («ومتى؟»).

    \b
    Examples:
      iqtibas ask "أين تقع درعا؟"
      iqtibas ask --json "أين تقع درعا؟"
      iqtibas ask --corpus articles/ --batch questions.jsonl > answers.jsonl
    """
    if (batch is None) == (question is None):
        raise click.UsageError("give one question in quotation marks, or --batch")
    if batch is not None:
        from bot.terminal.printing.batch import answers

        for line in answers(batch, library_of(corpus, engine, index)):
            click.echo(line)
        return
    if not (question or "").strip():
        raise click.UsageError("the question is empty")
    _load_ahead()
    from bot.conversation.reading import read

    message = read(question or "")
    if not talked(message, None, as_json=as_json, visual=visual):
        answer, is_talk = answered(library_of(corpus, engine, index), message, as_json=as_json, visual=visual)
        sys.exit(0 if answer.found or is_talk else REFUSED)


@click.command()
@corpus_option
@engine_option
@index_option
@visual_option
def chat(corpus: Path | None, engine: str | None, index: Path | None, visual: bool) -> None:
    """Ask in the terminal, question after question; an empty line, Ctrl-D or «خروج» ends it.

    A question may lean on the one before: «ومتى؟», «وكم عددهم؟». «المزيد» shows further quotes of the last answer,
    where there are any, «المصدر» where it stands, «السياق» what stands around it. Where standard input is no
    terminal, each of its lines is a message. A message may ask up to three questions.
    """
    converse(library_of(corpus, engine, index), visual=visual)


def _load_ahead() -> None:
    """Begins to load the networks, beside the imports that come before they are asked: these take as long."""
    settings = settings_in_force()
    if settings.reader:
        from retrieval import load_ahead

        load_ahead(settings.threads)


def answered(
    library: "Library", message: "Reading", *, previous: str | None = None, as_json: bool = False, visual: bool = False
) -> "tuple[Answer, bool]":
    """Prints the answer to a message that is one question, or what is said where it names nothing; whether that was it.

    ``previous``: what was searched for before it."""
    from bot.phrases import phrases
    from bot.showing.saying import said_of_none

    answer = library.ask(message.question, previous=previous)
    if said := said_of_none(answer, message, phrases("ar")):
        _print_said(said, message.text, as_json=as_json, visual=visual)
        return answer, True
    if as_json:
        from bot.showing.answer_json import answer_json
        from bot.terminal.printing.plain import json_line

        click.echo(json_line(answer_json(answer) | {"question": message.text}))
    else:
        from bot.terminal.printing import answers

        click.echo(answers.shown(answer, answers.visual() if visual else None))
    return answer, False


def talked(message: "Reading", last: "Answer | None", *, as_json: bool = False, visual: bool = False) -> bool:
    """Prints what is said to a message that is no question to the sources; whether it is none."""
    from bot.phrases import phrases
    from bot.showing.saying import said_to

    said = said_to(message, last, phrases("ar"))
    if said:
        _print_said(said, message.text, as_json=as_json, visual=visual)
    return said is not None


def _print_said(said: "Said", text: str, *, as_json: bool, visual: bool) -> None:
    from bot.showing.answer_json import said_json
    from bot.terminal.printing import answers
    from bot.terminal.printing.plain import json_line

    if as_json:
        click.echo(json_line(said_json(said, text)))
    else:
        click.echo(answers.ordered(said.reply.splitlines(), answers.visual() if visual else None))


def converse(library: "Library", *, visual: bool = False) -> None:
    """Answers message after message, each question with the one before it at hand."""
    from bot.conversation.reading import read
    from bot.conversation.talk import AFRESH

    last: Answer | None = None
    for text in _typed() if sys.stdin.isatty() else map(str.strip, sys.stdin):
        message = read(text)
        if last and last.found and message.intent == "more":
            last = _further(last, visual=visual)
        elif text and not talked(message, last, visual=visual):
            last = _all_answered(library, message, last, visual=visual)
        elif message.intent == AFRESH:
            last = None
        if text:
            click.echo()


def _all_answered(library: "Library", message: "Reading", last: "Answer | None", *, visual: bool) -> "Answer | None":
    """Prints the answers to the questions of a message, of which each may lean on the one before; gives the last."""
    from bot.phrases import phrases

    asks = message.asks
    previous = asks.about or (last.searched if last else None)
    for place, question in enumerate(message.each()):
        if place:
            click.echo()
        last, _ = answered(library, question, previous=previous, visual=visual)
        previous = last.searched
    if asks.left:
        click.echo(f"\n{phrases('ar').three_at_most}")
    return last


def _further(answer: "Answer", *, visual: bool) -> "Answer":
    """Prints the quotes of an answer that were not shown at once; what is left then is none."""
    from bot.phrases import phrases
    from bot.terminal.printing import answers
    from retrieval.model import Answer

    # what was said of all quotes on top of the first ones is not said again
    left = Answer(answer.searched, answer.searched, answer.quotes[answer.shown :], shown=len(answer.quotes))
    shape = answers.visual() if visual else None
    click.echo(answers.shown(left, shape) if left.found else phrases("ar").no_more)
    return Answer(answer.searched, answer.searched, answer.quotes, shown=len(answer.quotes))


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

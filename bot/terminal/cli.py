"""The command ``iqtibas``.

Exit status: 0 done (``ask``: found; ``verify``: it stands; ``cite``: unchanged), 2 wrong use, 3 ``ask`` refused, or
what ``verify`` or ``cite`` was given does not stand, 1 anything else that failed.
"""

import os
from pathlib import Path
from typing import Any

import click

from bot.terminal.commands import ask, cite, corpus, evaluate, operation, serve, verify, web
from retrieval.errors import IqtibasError


class _Commands(click.Group):
    """Shows an error that a person can mend as one line, without a stack trace. What is made is for its owner alone."""

    def invoke(self, ctx: click.Context) -> Any:
        if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
            ctx.color = False
        before = os.umask(0o077)
        try:
            return super().invoke(ctx)
        except IqtibasError as error:
            from bot.terminal.printing.plain import one_line  # here, or the help would pay for it

            raise click.ClickException(one_line(str(error))) from None
        except OSError as error:  # a path that nobody looked at before: the same for whoever has to mend it
            if not isinstance(error.filename, str | bytes):
                raise
            from bot.terminal.printing.plain import one_line

            told = f"{os.fsdecode(error.filename)}: {error.strerror}; make it usable, or name another"
            raise click.ClickException(one_line(told)) from None
        finally:
            os.umask(before)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="iqtibas")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="IQTIBAS_CONFIG",
    metavar="PATH",
    help="The file of settings; else iqtibas.toml in this folder.",
)
def main(config: Path | None) -> None:
    """Answers questions in Arabic by quoting documents, word for word.

    \b
    Examples:
      iqtibas ask "متى كان من المقرر أن تنطلق مباحثات أستانا؟"
      iqtibas ask --corpus my-articles/ --json "من هو المدير؟"
      iqtibas chat                  ask in the terminal
      iqtibas verify "…"            whether a text is quoted word for word
      iqtibas cite REFERENCE        what stood there, and what stands there now
      iqtibas bot                   answer in Telegram (TELEGRAM_BOT_TOKEN)
      iqtibas web                   answer on the web
      iqtibas eval questions.jsonl  how well it answers them
      iqtibas index --corpus big/   keep a large corpus indexed on disk
      iqtibas feedback              what people thought of the bot's answers
      iqtibas gaps                  what several people asked in vain
      iqtibas doctor                look at settings, corpus, state and token
      iqtibas settings              what is in force, and whence
      iqtibas backup copy/          copy what the bot keeps

    Settings come from the environment, then from iqtibas.toml in this folder or the file of --config: iqtibas
    settings --sample prints them all, with what each is for.
    """


for command in (
    ask.ask,
    ask.chat,
    verify.verify,
    cite.cite,
    serve.bot,
    serve.run,
    web.web,
    evaluate.evaluate,
    corpus.build_index,
    corpus.sources,
    operation.feedback,
    operation.gaps,
    operation.doctor,
    operation.settings,
    operation.health,
    operation.backup,
    operation.restore,
):
    main.add_command(command)

"""The command ``iqtibas``.

Exit status: 0 done (``ask``: found), 2 wrong use, 3 ``ask`` refused, 1 anything else that failed.
"""

import os
from pathlib import Path
from typing import Any

import click

from bot.terminal.commands import ask, corpus, evaluate, operation, serve
from retrieval.errors import IqtibasError


class _Commands(click.Group):
    """Shows an error that a person can mend as one line, without a stack trace. What is made is for its owner alone."""

    def invoke(self, ctx: click.Context) -> Any:
        before = os.umask(0o077)
        try:
            return super().invoke(ctx)
        except IqtibasError as error:
            from bot.terminal.printing.plain import one_line  # here, or the help would pay for it

            raise click.ClickException(one_line(str(error))) from None
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
      iqtibas bot                   answer in Telegram (TELEGRAM_BOT_TOKEN)
      iqtibas eval questions.jsonl  how well it answers them
      iqtibas index --corpus big/   keep a large corpus indexed on disk
      iqtibas feedback              what people thought of the bot's answers
      iqtibas doctor                check settings, corpus and token

    Settings come from the environment, then from iqtibas.toml in this folder: TELEGRAM_BOT_TOKEN,
    TELEGRAM_API_URL, IQTIBAS_CORPUS, IQTIBAS_DATA, IQTIBAS_ENGINE, IQTIBAS_MIN_CONFIDENCE, IQTIBAS_READER
    (on or off: whether the networks rank too), IQTIBAS_THREADS (cores for one question, 1 to 64); and for
    the bot IQTIBAS_ADMINS, IQTIBAS_ALLOWED, IQTIBAS_QUESTIONS_PER_MINUTE, IQTIBAS_LOG_TEXT,
    IQTIBAS_FLOOD_CONTROL, IQTIBAS_FILES_PER_CHAT, IQTIBAS_MEGABYTES_PER_CHAT (see iqtibas bot --help).
    """


for command in (
    ask.ask,
    ask.chat,
    serve.bot,
    serve.run,
    evaluate.evaluate,
    corpus.build_index,
    corpus.sources,
    operation.feedback,
    operation.doctor,
    operation.settings,
    operation.health,
    operation.backup,
    operation.restore,
):
    main.add_command(command)

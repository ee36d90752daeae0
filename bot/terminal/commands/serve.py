"""``iqtibas bot`` and ``iqtibas run``: the Telegram bot, and the main job, which is that where there is a token."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bot.terminal.commands.ask import answered, converse
from bot.terminal.commands.options import begin_log, library_of, said, settings_in_force
from retrieval.errors import IqtibasError

if TYPE_CHECKING:
    from bot.settings import Settings

log = logging.getLogger(__name__)

LEAVING = 0.1
"""Seconds that the end of the process waits for each thread."""


@click.command()
def bot() -> None:
    """Run the Telegram bot with the token in TELEGRAM_BOT_TOKEN, until Ctrl-C or SIGTERM.

    \b
    Further settings, in the environment or in iqtibas.toml:
      IQTIBAS_ADMINS=123,456          ids of users who may send /status and /reload
      IQTIBAS_ALLOWED=123,-100987     ids of users and chats that may ask; empty: everybody
      IQTIBAS_QUESTIONS_PER_MINUTE=20 how many questions of one user are answered
      IQTIBAS_LOG_TEXT=on             write the questions into the log, where else no words stand
      IQTIBAS_NAME=…                  what the bot calls itself, 64 characters at most
      IQTIBAS_WELCOME=…               what /start says, 1,000 characters at most
      IQTIBAS_EXAMPLES=…|…            up to 3 questions that your sources answer
      IQTIBAS_CONTACT=…               whom readers may write to
      IQTIBAS_CLOSING=…               a line below each answer, 200 characters at most
      IQTIBAS_DISCUSSIONS=on          answer questions in comments on a channel's posts, in its group
      IQTIBAS_FILES_PER_CHAT=20       how many files a chat may give, 40 at most
      IQTIBAS_MEGABYTES_PER_CHAT=50   and how large they may be together
      IQTIBAS_WEBHOOK=https://…       have Telegram give updates there; else the bot asks for them
      IQTIBAS_METRICS=127.0.0.1:9108  tell /healthz, /readyz and /metrics there
      IQTIBAS_LOG=json                the log as an object a line; IQTIBAS_LOG_LEVEL=debug: with each send
      IQTIBAS_GAPS=on                 keep refused questions for 90 days, for iqtibas gaps and /gaps
      IQTIBAS_VERSIONS_DAYS=1825      for how many days texts of the corpus are kept that changed or went
      IQTIBAS_WEB=127.0.0.1:8090      pages to ask, read and verify there; iqtibas web --help has more
      IQTIBAS_DATABASE=postgresql://… keep the state on a server that several bots share; one of them serves.
                                      With IQTIBAS_ENGINE=cluster the texts too; one of them reads the files
      IQTIBAS_FLOOD_CONTROL=off       send without a pace, to a Bot API server of your own that sets no limits

    SIGHUP has the corpus looked at again. Who is not allowed is told their id in private, to give to whoever runs
    the bot. The log goes to standard error, a line an event, with the id of the update that it is about.
    """
    sys.exit(_serve(settings_in_force()))


@click.command()
def run() -> None:
    """The main job: the Telegram bot where there is a token, else a conversation in the terminal."""
    settings = settings_in_force()
    if settings.token:
        sys.exit(_serve(settings))
    said(settings)
    library = library_of(settings=settings)
    if sys.stdin.isatty():
        from bot.conversation.reading import read

        for question in settings.examples[:1]:
            click.echo(f"{click.style('؟', fg='cyan')} {question}")
            answered(library, read(question))
            click.echo()
        click.echo("No TELEGRAM_BOT_TOKEN is set (@BotFather gives one), so ask here. An empty line ends it.\n")
    converse(library)


def _serve(settings: "Settings") -> int:
    if settings.token is None:
        raise IqtibasError("no TELEGRAM_BOT_TOKEN: get one from @BotFather, then export TELEGRAM_BOT_TOKEN=…")
    from bot.operation.endpoint import endpoint
    from bot.operation.health import Health
    from bot.operation.machine import one_heap
    from bot.sources.live import following
    from bot.store.alone import alone_in
    from bot.store.folders import close_all
    from bot.telegram.running import run as serve
    from bot.web.app import beside as web_beside

    begin_log(settings)
    one_heap()
    health = Health(settings.data, os.environ.get("NOTIFY_SOCKET"), _watchdog(os.environ))
    with alone_in(settings.data), endpoint(settings.metrics, health):
        close_all(settings.data)  # what an older version made
        library = library_of(settings=settings, scans_later=True)
        with following(library, settings.corpus) as look, _reloading(look), web_beside(settings, library):
            status = serve(settings, library, health=health)
    _leave_threads(status)
    return status


def _watchdog(environ: Mapping[str, str]) -> float | None:
    """The seconds within which systemd wants a sign of this process."""
    microseconds = environ.get("WATCHDOG_USEC", "")
    is_ours = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    return int(microseconds) / 1e6 if microseconds.isascii() and microseconds.isdigit() and is_ours else None


@contextmanager
def _reloading(look: Callable[[], None]) -> Iterator[None]:
    """Meanwhile SIGHUP has the corpus looked at again, where there is such a signal. On a terminal it ends the process,
    as it does others: there it says that the terminal is gone."""

    def reload(*_: object) -> None:
        log.info("told by SIGHUP to look at the corpus again")
        look()

    if not hasattr(signal, "SIGHUP") or sys.stdin.isatty():
        yield
        return
    before = signal.signal(signal.SIGHUP, reload)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def _leave_threads(status: int) -> None:
    """End the process at once where a thread is still at work: what it does is for nobody any more."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(LEAVING)
    if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.current_thread()):
        logging.shutdown()
        sys.stdout.flush()
        os._exit(status)

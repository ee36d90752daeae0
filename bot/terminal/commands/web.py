"""``iqtibas web``: the pages and the JSON interface, without Telegram."""

import signal
import threading
from pathlib import Path

import click

from bot.terminal.commands.options import (
    begin_log,
    corpus_option,
    engine_option,
    index_option,
    library_of,
    settings_in_force,
)

NEAR = ("127.0.0.1", 8090)


@click.command()
@corpus_option
@engine_option
@index_option
@click.option("--listen", metavar="HOST:PORT", help="Where to serve them; by itself IQTIBAS_WEB, else 127.0.0.1:8090.")
def web(corpus: Path | None, engine: str | None, index: Path | None, listen: str | None) -> None:
    """Serve the documents on the web: pages to ask, read and verify, and a JSON interface, until Ctrl-C or SIGTERM.

    Only this machine reaches them unless another host is named. Before readers come to them from elsewhere, put a
    proxy with a certificate before them.

    \b
    Further settings, in the environment or in iqtibas.toml:
      IQTIBAS_WEB=127.0.0.1:8090        the same beside the bot (iqtibas bot)
      IQTIBAS_WEB_ADDRESS=https://…     where readers reach them; cards in Telegram then lead there
      IQTIBAS_WEB_TOKEN=…               what /api asks for (Authorization: Bearer …); else it is open
      IQTIBAS_WEB_PROXIES=10.0.0.0/8    whose word on who asks is believed; by itself this machine's
      IQTIBAS_QUESTIONS_PER_MINUTE=20   how many questions of one address are answered

    \b
    Examples:
      iqtibas web
      iqtibas web --corpus articles/ --listen 127.0.0.1:9000
      curl -d '{"question": "أين تقع درعا؟"}' http://127.0.0.1:8090/api/ask
    """
    from dataclasses import replace

    from bot import values
    from bot.operation.machine import one_heap
    from bot.sources.live import following
    from bot.sources.making import making_for
    from bot.store.alone import alone_in
    from bot.web.app import beside

    settings = settings_in_force()
    try:
        address = values.web(listen) if listen else settings.web or NEAR
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--listen") from None
    settings = replace(settings, web=address, corpus=corpus or settings.corpus)
    begin_log(settings)
    one_heap()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with alone_in(settings.data):
        library = library_of(engine=engine, index=index, settings=settings, scans_later=True)
        with following(library, settings.corpus), beside(settings, library), making_for(library):
            stop.wait()

"""Runs the bot by long polling until it is told to stop, or until its token is refused."""

import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import closing, suppress
from typing import Any

from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.request import BaseRequest

from bot import logs
from bot.settings import Settings, SettingsError
from bot.store.database import Database, StoreError
from bot.telegram.app import ALLOWED_UPDATES, Application, Serves, build_application
from bot.telegram.transport.intake import Intake
from bot.telegram.transport.journal import Journal
from bot.telegram.transport.order import EachUpdateOnce
from bot.telegram.transport.watch import Watch

log = logging.getLogger(__name__)

DONE, FAILED, WRONG_USE = 0, 1, 2
"""The exit statuses."""
LONGEST_WAIT = 60.0
"""Seconds between two tries to reach Telegram at the start, at most."""
FINISH = 5.0
"""Seconds that a stop waits for what is under way; the rest is handled at the next start."""
HANG_UP = 2.0
"""Seconds that a stop waits for the last poll, which during an outage would take half a minute."""
DEAF_AFTER = 300.0
"""Seconds without a sign of polling after which the process ends, for whatever started it to start it again."""


def run(
    settings: Settings, library: Serves, *, request: BaseRequest | None = None, deaf_after: float = DEAF_AFTER
) -> int:
    """Serve until SIGINT or SIGTERM, and return the exit status: 0, 1 where it cannot go on, 2 without a token.

    The first signal gives it some seconds to finish what it began; the second ends it at once. What is left is
    handled when it runs again.
    """
    logs.set_up(settings.token)
    try:
        with closing(Database(settings.data)) as database, _runner() as runner:
            return runner.run(_serve(settings, library, request, deaf_after, database))
    except SettingsError as error:
        log.error("%s", error)
        return WRONG_USE
    except StoreError as error:
        log.error("%s", error)
        return FAILED
    except (asyncio.CancelledError, KeyboardInterrupt):
        log.warning("stopped at once; what was under way is handled when the bot runs again")
        return FAILED


def _runner() -> asyncio.Runner:
    """What runs the event loop: uvloop's, where there is one, costs a tenth less."""
    if sys.platform == "win32":
        return asyncio.Runner()
    import uvloop

    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


async def _serve(
    settings: Settings, library: Serves, request: BaseRequest | None, deaf_after: float, database: Database
) -> int:
    watch, journal = Watch(), Journal(database, ALLOWED_UPDATES)
    intake = Intake(settings.questions_per_minute)
    application = build_application(settings, library, request, watch, journal, intake)
    reader = f"off ({library.unread})" if library.unread else "on"
    stop = _on_signals()
    try:
        # The first of these to end ends all: told to stop, or unable to go on.
        await _first(stop.wait(), _poll(application, journal, intake, watch, deaf_after, reader))
    except InvalidToken:
        log.error("%s does not know this token: check TELEGRAM_BOT_TOKEN (and TELEGRAM_API_URL)", settings.api_url)
        return FAILED
    except DeafError as error:
        log.error("%s", error)
        return FAILED
    finally:
        await _stop(application)
        await journal.close()
    log.info("stopped")
    return DONE


class DeafError(Exception):
    """The process lives, but no update reaches it any more."""


async def _poll(
    application: Application, journal: Journal, intake: Intake, watch: Watch, deaf_after: float, reader: str
) -> None:
    """Start, then watch for as long as updates come. Raises ``InvalidToken`` or ``DeafError``; never returns."""
    await _until_reached(application.initialize)
    if application.post_init:
        await application.post_init(application)
    await application.start()

    def read(sent: dict[str, Any]) -> Update:
        update = Update.de_json(sent, application.bot)
        intake.hold(sent)
        return update

    for update in journal.left(read):
        await application.update_queue.put(update)
    assert application.updater  # noqa: S101  (for the type checker: the builder makes one)
    await application.updater.start_polling(
        bootstrap_retries=-1,
        allowed_updates=ALLOWED_UPDATES,
        drop_pending_updates=False,
        error_callback=_note,
    )
    log.info("serving as @%s, reader=%s", application.bot.username, reader)
    watch.begin()
    await _watch(watch, deaf_after)


async def _watch(watch: Watch, deaf_after: float) -> None:
    while watch.silence < deaf_after:
        with suppress(TimeoutError):
            await asyncio.wait_for(watch.token_refused.wait(), min(deaf_after / 4, 10.0))
            raise InvalidToken
    raise DeafError(f"no poll for updates worked for {watch.silence:.0f} s; start the bot again")


async def _until_reached(action: Callable[[], Awaitable[None]]) -> None:
    """Do ``action``, again and again with growing waits while Telegram cannot be reached."""
    wait, said = 1.0, False
    while True:
        try:
            await action()
        except InvalidToken:
            raise
        except TelegramError as error:
            if not said:
                log.warning("Telegram cannot be reached (%s); waiting until it can", str(error)[:120])
                said = True
        else:
            return
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT)


def _note(error: TelegramError) -> None:
    """The watch has said what the operator needs to know of a failed poll."""
    log.debug("a poll failed: %r", error)


def _on_signals() -> asyncio.Event:
    """An event that the first SIGINT or SIGTERM sets; the second cancels the task that called this."""
    stop, loop, serving = asyncio.Event(), asyncio.get_running_loop(), asyncio.current_task()

    def signalled() -> None:
        if stop.is_set() and serving:
            serving.cancel()
        else:
            log.info("stopping; finishing what is under way")
            stop.set()

    # not on Windows, nor in a thread, where Ctrl-C or the caller ends it
    with suppress(NotImplementedError, RuntimeError, ValueError):
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, signalled)
    return stop


async def _first(*awaitables: Awaitable[object]) -> None:
    """Wait for the first to end, cancel the others, and raise what it raised."""
    tasks = [asyncio.ensure_future(awaitable) for awaitable in awaitables]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def _stop(application: Application) -> None:
    """Stop asking for updates, finish those that came if that is soon done, and close the connections."""
    if application.updater and application.updater.running:
        await _at_most(HANG_UP, application.updater.stop())
    if application.running:
        await _at_most(FINISH, application.update_queue.join())
        if isinstance(application.update_processor, EachUpdateOnce):
            application.update_processor.leave()
        await application.stop()
    await application.shutdown()
    await application.bot.shutdown()  # what never got as far as the application's own shutdown has connections too
    if application.post_shutdown:
        await application.post_shutdown(application)


async def _at_most(seconds: float, work: Coroutine[Any, Any, None]) -> None:
    """Await ``work``, but not for longer; whether it failed is no matter any more."""
    task = asyncio.create_task(work)
    await asyncio.wait({task}, timeout=seconds)
    while not task.done():  # once is not enough: python-telegram-bot's updater takes a cancellation for its poll's
        task.cancel()
        await asyncio.wait({task}, timeout=0.1)
    await asyncio.gather(task, return_exceptions=True)

"""Runs the bot until it is told to stop, or until its token is refused."""

import asyncio
import logging
import math
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from importlib.metadata import version
from typing import Any

from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.request import BaseRequest

from bot import figures, logs
from bot.conversation.threads import Threads
from bot.interrupting import was_interrupted
from bot.operation.health import Health
from bot.settings import Settings, SettingsError
from bot.store.database import DisplacedError, Keeps, StoreError
from bot.store.minding import minder
from bot.store.shared.opening import opened
from bot.store.threads import StoredThreads
from bot.telegram.app import ALLOWED_UPDATES, Application, Serves, build_application
from bot.telegram.standing_by import has_turn
from bot.telegram.transport.handling import at_end
from bot.telegram.transport.intake import Intake
from bot.telegram.transport.journal import Journal
from bot.telegram.transport.order import EachUpdateOnce
from bot.telegram.transport.receiving import Polling, Receiving
from bot.telegram.transport.watch import Watch
from bot.telegram.transport.webhook import GivenUpdates, WebhookError
from bot.values import without_password

log = logging.getLogger(__name__)

DONE, FAILED, WRONG_USE = 0, 1, 2
"""The exit statuses."""
LONGEST_WAIT = 60.0
"""Seconds between two tries to reach Telegram at the start, at most."""
FINISH = 5.0
"""Seconds that a stop waits for what is under way; the rest is handled at the next start."""
HANG_UP = 2.0
"""Seconds that a stop waits for the last poll, which during an outage would take half a minute."""
CLOSING = 1.0
"""Seconds that a stop then waits for each thing that is closed, whatever its threads do."""
SECOND_AFTER = 1.0
"""Seconds after the first signal from which another is a second: a terminal and a supervisor may each send one."""
DEAF_AFTER = 300.0
"""Seconds without a sign of polling after which the process ends, for whatever started it to start it again."""


def run(
    settings: Settings,
    library: Serves,
    *,
    request: BaseRequest | None = None,
    deaf_after: float = DEAF_AFTER,
    health: Health | None = None,
) -> int:
    """Serve until SIGINT or SIGTERM, and return the exit status: 0, 1 where it cannot go on, 2 without a token.

    The first signal gives it some seconds to finish what it began; the second ends it at once. What is left is
    handled when it runs again. ``health`` is told that it lives.
    """
    logs.set_up(settings.token, form=settings.log, level=settings.log_level, secrets=settings.secrets)
    health = health or Health(settings.data)
    try:
        with closing(opened(settings.data, settings.database)) as database, _runner() as runner:
            try:
                while (status := runner.run(_serve(settings, library, request, deaf_after, database, health))) is None:
                    log.warning("%s: another process serves now; what this one began is handled there", database.name)
            except database.errors as error:
                raise StoreError(f"{database.name}: {database.trouble(error)}") from None
            return status
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
    settings: Settings,
    library: Serves,
    request: BaseRequest | None,
    deaf_after: float,
    database: Keeps,
    health: Health,
) -> int | None:
    """Serve when it is this process's turn; the exit status, or None where another process took over."""
    asyncio.get_running_loop().set_default_executor(_Hasty(thread_name_prefix="apart"))
    stop = _on_signals()
    if not await has_turn(database, settings.data / "files", stop, health):
        return DONE
    watch, journal = Watch(), Journal(database, ALLOWED_UPDATES)
    threads, intake = Threads(StoredThreads(database), at_end), Intake(settings.questions_per_minute)
    application = build_application(settings, library, request, watch, journal, threads, intake)
    receiving = _receiving(settings, application, journal, intake, watch)
    served = _served(settings, library, receiving)
    figures.reading(
        waiting=lambda: intake.waiting,
        dropped=lambda: intake.dropped,
        silence=lambda: watch.silence,
        documents=lambda: len(library.documents),
        passages=lambda: library.passages,
        not_read=lambda: len(library.problems),
    )
    try:
        # The first of these to end ends all: told to stop, or unable to go on.
        serving = _receive(application, receiving, journal, intake, watch, deaf_after, served)
        beats = health.beat(lambda: receiving.goes_on and watch.is_reached)
        await _first(stop.wait(), serving, minder(database, threads.drop_old).run(), beats)
    except InvalidToken:
        address = without_password(settings.api_url)
        log.error("%s does not know this token: check TELEGRAM_BOT_TOKEN (and TELEGRAM_API_URL)", address)
        return FAILED
    except (DeafError, WebhookError) as error:
        log.error("%s", error)
        return FAILED
    except DisplacedError:
        return None
    finally:
        await _stop(application, receiving)
        await _at_most(CLOSING, journal.close())
    log.info("stopped")
    return DONE


def _receiving(
    settings: Settings, application: Application, journal: Journal, intake: Intake, watch: Watch
) -> Receiving:
    """The way by which updates come that the settings want."""
    if settings.webhook is None:
        assert application.updater  # noqa: S101  (for the type checker: the builder makes one)
        return Polling(application.updater, ALLOWED_UPDATES)
    take = application.update_queue.put
    return GivenUpdates(settings.webhook, application.bot, ALLOWED_UPDATES, take, watch, journal, intake)


def _served(settings: Settings, library: Serves, receiving: Receiving) -> str:
    """What the bot serves, for the line of the log with which it begins to."""
    reader = f"off ({library.unread})" if library.unread else "on"
    held = f"documents={len(library.documents)} passages={library.passages} not_read={len(library.problems)}"
    places = f"corpus={settings.corpus.absolute()} state={settings.data.absolute()}"
    return f"reader={reader} {receiving.told}version={version('iqtibas')} engine={library.engine} {held} {places}"


class _Hasty(ThreadPoolExecutor):
    """Threads that an end does not wait for: what they do is done again, or was for nobody any more."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Begin nothing any more."""
        super().shutdown(wait=False, cancel_futures=True)


class DeafError(Exception):
    """The process lives, but no update reaches it any more."""


async def _receive(
    application: Application,
    receiving: Receiving,
    journal: Journal,
    intake: Intake,
    watch: Watch,
    deaf_after: float,
    served: str,
) -> None:
    """Start, then watch for as long as updates come. Raises ``InvalidToken``, ``WebhookError`` or ``DeafError``; never
    returns."""
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
    await _until_reached(receiving.begin)
    log.info("serving as @%s, %s", application.bot.username, served)
    watch.begin()
    await _watch(watch, deaf_after, receiving.sign)


async def _watch(watch: Watch, deaf_after: float, sign: str) -> None:
    while watch.silence < deaf_after:
        with suppress(TimeoutError):
            await asyncio.wait_for(watch.token_refused.wait(), min(deaf_after / 4, 10.0))
            raise InvalidToken
    raise DeafError(f"no {sign} worked for {watch.silence:.0f} s; start the bot again")


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


def _on_signals() -> asyncio.Event:
    """An event that the first SIGINT or SIGTERM sets; the second cancels the task that called this."""
    stop, loop, serving = asyncio.Event(), asyncio.get_running_loop(), asyncio.current_task()
    since = math.inf

    def signalled() -> None:
        nonlocal since
        if not stop.is_set():
            since = time.monotonic()
            log.info("stopping; finishing what is under way")
            stop.set()
        elif serving and time.monotonic() - since >= SECOND_AFTER:
            serving.cancel()

    # not on Windows, nor in a thread, where Ctrl-C or the caller ends it
    with suppress(NotImplementedError, RuntimeError, ValueError):
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, signalled)
    if was_interrupted():  # at a moment from which nothing could be raised
        signalled()
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


async def _stop(application: Application, receiving: Receiving) -> None:
    """Take no updates any more, finish those that came if that is soon done, and close the connections."""
    ends = time.monotonic() + FINISH
    await _at_most(HANG_UP, receiving.end())
    if application.running:
        await _at_most(ends - time.monotonic(), application.update_queue.join())
        if isinstance(application.update_processor, EachUpdateOnce):
            application.update_processor.leave()
        await _at_most(CLOSING, application.stop())
    await _at_most(CLOSING, application.shutdown())
    # what never got as far as the application's own shutdown has connections too
    await _at_most(CLOSING, application.bot.shutdown())
    if application.post_shutdown:
        await _at_most(CLOSING, application.post_shutdown(application))


async def _at_most(seconds: float, work: Coroutine[Any, Any, None]) -> None:
    """Await ``work``, but not for longer; whether it failed is no matter any more."""
    task = asyncio.create_task(work)
    await asyncio.wait({task}, timeout=seconds)
    while not task.done():  # once is not enough: python-telegram-bot's updater takes a cancellation for its poll's
        task.cancel()
        await asyncio.wait({task}, timeout=0.1)
    await asyncio.gather(task, return_exceptions=True)

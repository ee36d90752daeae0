"""How far the reading of one file is: a loader tells it, and who waits for the file hears of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[int, int], None]
"""What is told: how many parts of a file, such as its pages, are read, and of how many."""


def _nobody(_done: int, _total: int) -> None: ...


_listener: ContextVar[Listener] = ContextVar("listener", default=_nobody)


def tell(done: int, total: int) -> None:
    """Tells whoever listens that so many parts of the file at hand are read."""
    _listener.get()(done, total)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Within it, a listener hears what is told."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)

"""Ctrl-C before anybody listens for it.

Python raises KeyboardInterrupt wherever the program is; where nothing can be raised from there (a destructor, a module
of C that is being imported), it is lost, and the program would go on. So it is remembered, too.
"""

import signal
from types import FrameType

_seen: list[int] = []


def remember() -> None:
    """From now on remember Ctrl-C, and raise KeyboardInterrupt at it as before; where it is ignored, as in a job in the
    background, it stays so. For the main thread."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupted)


def was_interrupted() -> bool:
    """Whether there was a Ctrl-C since it is remembered."""
    return bool(_seen)


def _interrupted(number: int, frame: FrameType | None) -> None:
    _seen.append(number)
    signal.default_int_handler(number, frame)

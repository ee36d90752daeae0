"""Ctrl-C before anybody listens for it.

Python raises KeyboardInterrupt wherever the program is; where nothing can be raised from there (a destructor, a module
of C that is being imported), it is lost, and the program would go on. So it is remembered, too, and raised again soon
where Python says that it was lost.
"""

import signal
import sys
import threading
from _thread import interrupt_main
from types import FrameType

_SOON = 0.02  # seconds: by then the main thread has left what nothing can be raised from

_seen: list[int] = []


def remember() -> None:
    """From now on remember Ctrl-C, and raise KeyboardInterrupt at it as before; where it is ignored, as in a job in the
    background, it stays so. For the main thread."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupted)
        sys.unraisablehook = _lost


def was_interrupted() -> bool:
    """Whether there was a Ctrl-C since it is remembered."""
    return bool(_seen)


def _interrupted(number: int, frame: FrameType | None) -> None:
    _seen.append(number)
    signal.default_int_handler(number, frame)


def _lost(what: "sys.UnraisableHookArgs") -> None:
    if issubclass(what.exc_type, KeyboardInterrupt):
        again = threading.Timer(_SOON, _again)
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(what)


def _again() -> None:
    if signal.getsignal(signal.SIGINT) is _interrupted:  # else whoever listens now asks whether there was one
        interrupt_main()

"""What the process costs the machine it runs on, as far as the system says, and that it costs less."""

import ctypes
import os
import sys
from pathlib import Path

_MOST_HEAPS = -8  # M_ARENA_MAX, in GNU's malloc.h


def one_heap() -> bool:
    """Has all threads allocate from one heap, where the C library is GNU's; whether it is. By itself each has one of
    its own, where what a question took stays: 380 MB instead of 310 with many people asking."""
    try:
        return bool(ctypes.CDLL(None).mallopt(_MOST_HEAPS, 1))
    except (AttributeError, OSError, TypeError):  # musl, macOS, Windows
        return False


def memory() -> int | None:
    """Bytes of memory that the process holds; the most that it ever held where only that is known."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return _most_memory()
    return pages * os.sysconf("SC_PAGESIZE")


def free_memory() -> int | None:
    """Bytes of memory that processes may still have, within the bound of a container, where the system says so."""
    free = _said(Path("/proc/meminfo"), "MemAvailable:")
    most, held = (_number(Path("/sys/fs/cgroup") / name) for name in ("memory.max", "memory.current"))
    bound = None if most is None or held is None else max(0, most - held)
    return min((each for each in (free, bound) if each is not None), default=None)


def load() -> float | None:
    """Processes that ran or waited to run on the machine, over the last minute."""
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):  # not on Windows
        return None


def _said(path: Path, name: str) -> int | None:
    """The bytes that a line of a file of the system's gives in kilobytes."""
    try:
        lines = path.read_text("ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))
    except (OSError, ValueError, StopIteration, IndexError):
        return None


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text("ascii"))
    except (OSError, ValueError):  # "max": no bound
        return None


def _most_memory() -> int | None:
    try:
        import resource
    except ImportError:  # not on Windows
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024

"""What the process costs the machine it runs on, as far as the system says."""

import os
import sys
from pathlib import Path


def memory() -> int | None:
    """Bytes of memory that the process holds; the most that it ever held where only that is known."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return _most_memory()
    return pages * os.sysconf("SC_PAGESIZE")


def load() -> float | None:
    """Processes that ran or waited to run on the machine, over the last minute."""
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):  # not on Windows
        return None


def _most_memory() -> int | None:
    try:
        import resource
    except ImportError:  # not on Windows
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024

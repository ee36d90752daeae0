"""The command ``iqtibas``, which ``python -m bot`` is, too: from the first moment Ctrl-C ends it in a word.

What it prints is UTF-8 where the system would have it in something that has no Arabic letters, as a pipe of Windows.
"""

import sys
from io import TextIOWrapper

from bot import interrupting


def main() -> None:
    """Run it with the arguments of the process."""
    try:
        interrupting.remember()
        for stream in (sys.stdin, sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper) and not stream.encoding.lower().startswith("utf"):
                stream.reconfigure(encoding="utf-8", errors="replace")
        from bot.terminal.cli import main as commands

        commands()
    except KeyboardInterrupt:  # before the commands are there to say so
        sys.stderr.write("Aborted!\n")
        sys.exit(1)


if __name__ == "__main__":
    main()

"""``python -m bot`` is the command ``iqtibas``."""

from bot.terminal.cli import main

main()

"""``python -m bot`` is the command ``iqtibas``."""

from bot.cli import main

main()

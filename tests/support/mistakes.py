"""What is said of settings that cannot be used."""

from pathlib import Path

import pytest

from bot.settings import SettingsError, load


def mistakes_of(environ: dict[str, str], folder: Path) -> list[str]:
    """The mistakes in an environment, a line each, with the file that lies in a folder."""
    with pytest.raises(SettingsError) as caught:
        load(environ, folder)
    return str(caught.value).splitlines()

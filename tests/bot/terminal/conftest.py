import os
from pathlib import Path

import pytest


@pytest.fixture
def empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings: neither in the environment nor in the working folder."""
    for name in list(os.environ):
        if name.startswith(("IQTIBAS_", "TELEGRAM_", "NO_COLOR", "FORCE_COLOR")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

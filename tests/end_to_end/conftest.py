"""The server that plays Telegram for the bot's process, one for the tests of a file."""

from collections.abc import Iterator

import pytest
from emulator import TelegramServer


@pytest.fixture(scope="module")
def server() -> Iterator[TelegramServer]:
    with TelegramServer() as running:
        yield running

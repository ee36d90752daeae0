"""What holds for all tests."""

import signal


def pytest_configure() -> None:
    """A job in the background of a script ignores Ctrl-C, and so would the processes that tests start and stop."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)

"""What is made of the polls' outcomes: silence, refusals and conflicts."""

import pytest

from bot.telegram.transport.watch import Watch


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_silence_counts_from_the_last_sign_of_polling() -> None:
    clock = Clock()
    watch = Watch(clock)
    for status, grows in ((200, False), (409, False), (500, False), (403, True), (400, True), (301, True)):
        watch.begin()
        clock.now += 10
        watch.answered(status, b"{}")
        assert (watch.silence > 0) is grows, status


def test_a_wait_that_telegram_asks_for_is_not_silence() -> None:
    clock = Clock()
    watch = Watch(clock)
    watch.answered(429, b'{"parameters": {"retry_after": 400}}')
    clock.now = 400
    assert watch.silence == 0
    watch.answered(429, b"not JSON")
    assert watch.silence == 0


@pytest.mark.parametrize("status", [401, 404])
def test_a_refused_token_is_known_at_once(status: int) -> None:
    watch = Watch()
    watch.answered(status, b"")
    assert watch.token_refused.is_set()


def test_a_conflict_is_said_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    watch = Watch(clock)
    for second in range(0, 150, 10):
        clock.now = second
        watch.answered(409, b"")
    assert len(caplog.records) == 3

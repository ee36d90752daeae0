"""How many questions a user may ask in a while, and who may ask at all."""

from bot.conversation.access import Access
from bot.conversation.limits import Allowance


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_so_many_in_a_while_and_again_after_it() -> None:
    clock = Clock()
    allowance = Allowance(2, 60, clock=clock)
    assert [allowance.take(7) for _ in range(4)] == [True, True, False, False]
    clock.now += 59.9
    assert not allowance.take(7)
    clock.now += 0.2
    assert allowance.take(7)


def test_one_user_takes_nothing_from_another() -> None:
    allowance = Allowance(1)
    assert [allowance.take(user) for user in (1, 2, 1)] == [True, True, False]


def test_it_is_told_once_in_a_while() -> None:
    clock = Clock()
    allowance = Allowance(0, 60, clock=clock)
    told = []
    for _ in range(3):
        allowance.take(7)
        told.append(allowance.should_tell(7))
    assert told == [True, False, False]
    clock.now += 61
    allowance.take(7)
    assert allowance.should_tell(7)
    assert not allowance.should_tell(8)


def test_the_wait_is_what_is_left_of_the_while_and_never_nothing() -> None:
    clock = Clock()
    allowance = Allowance(0, 60, clock=clock)
    allowance.take(7)
    clock.now += 18.5
    assert allowance.wait(7) == 42
    clock.now += 41.5
    assert allowance.wait(7) == 1


def test_as_many_users_are_remembered_as_were_said() -> None:
    allowance = Allowance(5, users=3)
    for user in range(100):
        allowance.take(user)
    assert len(allowance) == 3


def test_users_are_forgotten_when_their_while_is_over() -> None:
    clock = Clock()
    allowance = Allowance(5, 60, clock=clock)
    for user in range(10):
        allowance.take(user)
    clock.now += 61
    allowance.take(3)
    assert len(allowance) == 1


def _access(allowed: set[int], was: dict[int, int] | None = None) -> Access:
    return Access(frozenset({1}), frozenset(allowed), (was or {}).get)


def test_nobody_listed_lets_everybody_in() -> None:
    assert _access(set()).allows(5, None)


def test_a_user_or_a_chat_that_is_listed_comes_in_and_so_does_an_admin() -> None:
    access = _access({2, -9})
    assert [access.allows(*ids) for ids in [(2, 2), (2, -3), (5, -9), (1, 1), (5, 5), (5, -3), (None, None)]] == (
        [True] * 4 + [False] * 3
    )


def test_a_group_that_was_listed_comes_in_under_its_new_id() -> None:
    assert _access({-9}, {-1009: -9}).allows(5, -1009)
    assert not _access({-9}, {-1009: -8}).allows(5, -1009)

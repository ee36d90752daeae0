"""What a chat is about: remembered for a while, and no longer."""

from handling import searched

from bot.conversation.threads import Threads
from bot.store.people import UNKNOWN
from bot.store.threads import Turn


def test_a_thread_is_forgotten_when_it_is_old() -> None:
    now = [0.0]
    threads = Threads(kept=10, clock=lambda: now[0])
    threads.keep(Turn(1, "كم؟"))
    now[0] = 9.0
    threads.keep(Turn(2, "متى؟"))
    assert searched(threads, 1) == "كم؟"
    now[0] = 11.0
    assert (searched(threads, 1), searched(threads, 2), len(threads)) == (None, "متى؟", 1)


def test_a_thread_is_kept_no_longer_where_the_clock_was_set_back() -> None:
    now = [2e9]
    threads = Threads(kept=10, clock=lambda: now[0])
    threads.keep(Turn(1, "كم؟"))
    now[0] -= 1e9
    threads.drop_old()
    assert searched(threads, 1) == "كم؟"
    now[0] += 10
    threads.drop_old()
    assert len(threads) == 0


def test_who_is_forgotten_leaves_no_turn_that_holds_words_of_theirs() -> None:
    threads = Threads()
    turns = {
        "theirs": Turn(-1, "كم؟", person=7),
        "their chat's": Turn(7, "كم؟", person=9),
        "another's, on theirs": Turn(-1, "ومن؟", person=8, message=1, people=frozenset({7, 8})),
        "nobody knows whose": Turn(-1, "ومن؟", person=8, message=2, people=frozenset({UNKNOWN})),
        "another's": Turn(-1, "متى؟", person=8, message=3, people=frozenset({8, 77})),
    }
    for turn in turns.values():
        threads.keep(turn)
    threads.forget_person(7)
    assert (len(threads), searched(threads, -1, user=8)) == (1, "متى؟")


def test_so_many_threads_are_remembered_and_the_latest_of_them() -> None:
    threads = Threads(most=2)
    for chat in (1, 2, 1, 3):
        threads.keep(Turn(chat, f"سؤال {chat}"))
    assert [searched(threads, chat) for chat in (1, 2, 3)] == ["سؤال 1", None, "سؤال 3"]
    assert len(threads) == 2

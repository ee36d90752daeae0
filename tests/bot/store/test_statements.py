"""What is known of chats, files, threads and refused questions, on a file and on a server."""

from bot.store.chats import ADMIN, GONE, MEMBER, Chats
from bot.store.database import Keeps
from bot.store.feedback import MOST_OF_ONE, Refusals, Refused
from bot.store.files import Files
from bot.store.inbox import Inbox
from bot.store.threads import StoredThreads, Turn

GROUP, NEW, FAR = -5, -1005, 2**52
"""Ids of a chat before and after it moved, and of a person: ids may have 52 bits."""


def test_a_group_moves_with_all_that_is_kept_of_it(database: Keeps) -> None:
    chats, threads = Chats(database), StoredThreads(database)
    chats.note(GROUP, "group", MEMBER)
    chats.note(GROUP, "group", ADMIN)
    old, new, alone = Turn(GROUP, "قديم", message=1, since=1.0), Turn(NEW, "جديد", message=1), Turn(NEW, "آخر")
    for turn in (old, new, alone):
        threads.keep(turn)
    for _ in range(2):  # Telegram says so more than once
        chats.move(GROUP, NEW)
    assert (chats.standing(GROUP), chats.standing(NEW), chats.was(NEW), chats.groups()) == (None, ADMIN, GROUP, 1)
    assert {turn.searched for turn in threads.load(-1.0)} == {"قديم", "آخر"}
    files = Files(database)
    assert files.moving() == [(GROUP, NEW)]
    files.move(GROUP, NEW)
    assert files.moving() == []
    chats.note(NEW, "supergroup", GONE)
    assert chats.groups() == 0


def test_files_have_numbers_that_no_file_had_before(database: Keeps) -> None:
    files = Files(database)
    assert files.last() == 0
    first, second = (files.add(GROUP, FAR, "اسم", f"{n}.txt", b"bytes", "abc") for n in range(2))
    assert files.of(GROUP) == files.given_by(FAR) == [first, second]
    files.remove(second)
    assert files.last() == second.id
    assert files.add(GROUP, FAR, "اسم\0", "x", b"", "").id > second.id
    assert files.chats() == {GROUP}


def test_a_turn_takes_the_place_of_one_of_the_same_message(database: Keeps) -> None:
    threads = StoredThreads(database)
    first = Turn(FAR, "متى؟", person=FAR, message=3, since=5.5, people=frozenset({FAR}))
    second = Turn(FAR, "متى\ud83d؟", person=FAR, message=3, since=6.5, cards=(7, 8), answer="abc", previous="من؟")
    threads.keep(first)
    assert threads.load(0.0) == [first]
    threads.keep(second)
    (found,) = threads.load(0.0)
    assert (found.searched, found.cards, found.previous, found.since) == ("متى?؟", (7, 8), "من؟", 6.5)
    threads.forget(second.key)
    assert threads.load(0.0) == []


def test_refused_questions_are_bounded_for_each_person(database: Keeps) -> None:
    refusals = Refusals(database, is_on=True)
    for number in range(MOST_OF_ONE + 2):
        refusals.keep(Refused(1, f"سؤال {number}"))
    refusals.keep(Refused(2, "سؤال"))
    assert [refused.question for refused in refusals][:1] == ["سؤال 2"]
    assert len(list(refusals)) == MOST_OF_ONE + 1
    assert list(Refusals(database, is_on=False)) == []


def test_who_asks_to_be_forgotten_is_noted_at_what_waits_of_theirs(database: Keeps) -> None:
    inbox = Inbox(database)
    inbox.keep([{"update_id": n, "message": {"from": {"id": person}}} for n, person in enumerate((7, 8, 77, 7))])
    assert inbox.forget_after(7, but=0) == [3]
    assert {left.update["update_id"]: left.forgets for left in inbox.left()}[3] == {7}

"""The store of answers that have buttons, and of what people think of them."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.store import held
from bot.store.answers import Answers, Place, Shown
from bot.store.chats import Chats
from bot.store.database import NAME, Database, Keeps, StoreError
from bot.store.feedback import Feedback, Opinion, Quoted, quoted
from bot.store.shared.opening import stored
from retrieval.model import Document, Quote, Source, Span

DOCUMENT = Document("a.txt", "عنوان", "وصلت القافلة مساء. ثم رحلت صباحا.")
QUOTE = Quote(DOCUMENT, Span(0, 18), (Span(13, 17), Span(0, 4)), paragraph=2)
PLACE = Place.of(QUOTE)
SHOWN = Shown(
    *(-5, 7, "متى وصلت؟", "متى وصلت القافلة؟", "من وصل؟", (PLACE, replace(PLACE, shelf="own")), 1, True),
    opening="بحثتُ عن: متى وصلت القافلة؟",
    before="abcdefghijk_",
    nearest=(replace(PLACE, heading=(0, 3), also=(("b.txt", "عنوان"),)),),
    meant="متى رحلت؟",
)
OPINION = Opinion("abc", 7, 8, True, "متى؟", "متى؟", None, (Quoted("a.txt", "مساء الأحد", "الأحد"),), 5.0)


def test_an_answer_is_found_again_as_it_was_after_a_restart(open_state: Callable[[], Keeps]) -> None:
    Answers(open_state()).keep(SHOWN)
    assert Answers(open_state()).get(SHOWN.id, -5) == SHOWN


def test_an_answer_that_is_kept_again_is_the_same(database: Keeps) -> None:
    for _ in range(2):  # the word that it was written may be lost
        Answers(database).keep(SHOWN)
    assert database.rows("SELECT count(*) FROM answers") == [(1,)]


def test_an_answer_of_an_earlier_version_has_the_one_place_that_it_marked(database: Keeps) -> None:
    Answers(database).keep(SHOWN)
    old = json.dumps([["a.txt", 0, 18, DOCUMENT.digest, 2, [13, 17], "own"], ["a.txt", 0, 18, "", 2, None, ""]])
    database.run("UPDATE answers SET places = ?", (old,))
    found = Answers(database).get(SHOWN.id, -5)
    assert found
    assert [place.marks for place in found.places] == [((13, 17),), ()]


def test_another_chat_does_not_find_it(database: Keeps) -> None:
    answers = Answers(database)
    answers.keep(SHOWN)
    assert answers.get(SHOWN.id, 5) is None
    assert answers.get("abcdefghijk_", -5) is None


def test_its_words_are_not_stored(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as database:
        Answers(database).keep(SHOWN)
    assert "القافلة مساء".encode() not in (tmp_path / NAME).read_bytes()


def test_half_of_a_surrogate_pair_is_no_obstacle(database: Keeps) -> None:
    answers = Answers(database)
    answers.keep(replace(SHOWN, question="متى\ud83d؟", places=(replace(PLACE, document="\udc00"),)))
    found = answers.get(SHOWN.id, -5)
    assert found
    assert found.question == "متى?؟"


def test_old_answers_and_those_beyond_the_number_are_forgotten(database: Keeps) -> None:
    now = 1000.0
    answers = Answers(database, most=2, kept=100.0, clock=lambda: now)
    kept = [replace(SHOWN, id=name, since=now + number) for number, name in enumerate("abc")]
    for one in kept:
        answers.keep(one)
    answers.sweep()
    assert [answers.get(name, -5) for name in "abc"] == [None, *kept[1:]]
    now = 1101.5
    assert [answers.get(name, -5) for name in "abc"] == [None, None, kept[2]]
    answers.keep(replace(SHOWN, id="d", since=now))
    answers.sweep()
    assert database.rows("SELECT id FROM answers") == [("c",), ("d",)]


def test_an_answer_moves_with_its_chat_and_is_forgotten_with_its_asker(database: Keeps) -> None:
    answers = Answers(database)
    answers.keep(SHOWN)
    Chats(database).move(-5, -1005)
    assert answers.get(SHOWN.id, -5) is None
    assert answers.get(SHOWN.id, -1005) == replace(SHOWN, chat=-1005)
    held.forget(database, 8)
    assert answers.get(SHOWN.id, -1005)
    held.forget(database, 7)
    assert answers.get(SHOWN.id, -1005) is None


def test_what_was_given_is_not_offered_again(database: Keeps) -> None:
    answers = Answers(database)
    answers.keep(SHOWN)
    answers.exhaust(SHOWN.id)
    assert answers.get(SHOWN.id, -5) == SHOWN.exhausted() != SHOWN


def test_a_place_gives_its_quote_again_while_the_text_is_the_same() -> None:
    assert PLACE.quote(DOCUMENT) == QUOTE
    whole = replace(QUOTE, heading=Span(0, 3), also=(Source("b.txt", "عنوان"),))
    assert Place.of(whole).quote(DOCUMENT) == whole
    assert PLACE.quote(replace(DOCUMENT, title="غيره")) is not None
    assert PLACE.quote(None) is None
    changed = Document("a.txt", "عنوان", f"{DOCUMENT.text} ")
    assert PLACE.quote(changed) is None


@pytest.mark.parametrize(
    ("other", "meet"),
    [
        ({}, True),
        ({"start": 17, "end": 20}, True),
        ({"start": 18, "end": 20}, False),
        ({"document": "b.txt"}, False),
        ({"shelf": "own"}, False),
        ({"digest": "of another text"}, False),
    ],
)
def test_quotes_meet_where_they_share_words_of_one_text(other: dict[str, object], meet: bool) -> None:
    assert PLACE.meets(Place(**{name: getattr(PLACE, name) for name in Place.__slots__} | other)) == meet


def test_of_a_quote_its_words_and_those_that_answer_best_are_kept() -> None:
    assert quoted(QUOTE) == Quoted("a.txt", "وصلت القافلة مساء.", "مساء")
    assert quoted(replace(QUOTE, highlights=())).marked is None


def test_an_opinion_is_changed_by_the_same_person_and_not_by_another(database: Keeps) -> None:
    feedback = Feedback(database)
    for one in (OPINION, replace(OPINION, user=9, since=6.0), replace(OPINION, is_good=False, since=7.0)):
        feedback.keep(one)
    assert list(feedback) == [replace(OPINION, user=9, since=6.0), replace(OPINION, is_good=False, since=7.0)]


def test_who_is_forgotten_leaves_neither_opinions_nor_those_of_others_on_what_they_asked(database: Keeps) -> None:
    feedback = Feedback(database)
    others = replace(OPINION, answer="other", user=1, asker=2)
    for one in (OPINION, replace(OPINION, answer="b", user=1, asker=7), others):
        feedback.keep(one)
    held.forget(database, 7)
    assert list(feedback) == [others]


def test_the_opinions_of_a_folder_are_read_and_no_folder_is_made(tmp_path: Path) -> None:
    assert stored(tmp_path / "none") == []
    assert not (tmp_path / "none").exists()
    with closing(Database(tmp_path)) as database:
        Feedback(database).keep(OPINION)
    assert stored(tmp_path) == [OPINION]
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / NAME).write_text("no database at all, but longer than a header" * 9)
    with pytest.raises(StoreError):
        stored(tmp_path / "broken")

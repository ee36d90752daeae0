"""What people think of answers, by 👍 and 👎: kept with what it is about, and no word of a chat's own shelf."""

from pathlib import Path

import pytest
from pressing import FILE, LINES, Chat, buttons, changed, quote, said

from bot.phrases import phrases
from bot.store.answers import Answers, Place, Shown
from bot.store.database import Database
from bot.store.feedback import Opinion, Quoted
from bot.store.shared.opening import stored

ARABIC, ENGLISH = phrases("ar"), phrases("en")


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


def test_opinions_are_stored_with_question_and_quotes_and_changed_by_pressing_again(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    assert said(chat.press(buttons(answer)["👍"])) == ARABIC.thanks_good
    assert said(chat.press(buttons(answer)["👎"], language="en")) == ENGLISH.thanks_bad
    chat.press(buttons(answer)["👍"], user=8)
    mine, other = sorted(stored(chat.data), key=lambda opinion: opinion.user)
    assert (mine.user, mine.is_good, other.user, other.is_good) == (7, False, 8, True)
    words = tuple(Quoted("a.txt", LINES[number - 1], "الجملة") for number in (30, 2, 50))
    assert mine == Opinion(mine.answer, 7, 7, False, "متى؟", "متى؟", None, words, mine.since, frozenset({7}))


def test_an_opinion_of_further_quotes_is_of_those(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    second = changed(chat.press(buttons(answer)["المزيد"]))
    chat.press(buttons(second)["👍"])
    (opinion,) = stored(chat.data)
    assert [words.text for words in opinion.quotes] == [FILE.text, LINES[6], LINES[8]]


def test_of_a_shelf_of_the_chats_own_no_words_are_kept_and_the_common_library_does_not_give_them(chat: Chat) -> None:
    places = (Place.of(quote(30), "own"), Place.of(quote(2)))
    shown = Shown(7, 7, "متى؟", "متى؟", None, places)
    database = Database(chat.data)
    Answers(database).keep(shown)
    database.close()
    chat.press(f"a:1:{shown.id}:g")
    (opinion,) = stored(chat.data)
    assert [words.text for words in opinion.quotes] == [LINES[1]]
    assert chat.press(f"a:1:{shown.id}:c").texts() == [ARABIC.source_changed]

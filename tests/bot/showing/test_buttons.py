"""The buttons under an answer: which there are, and what their data mean."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.phrases import phrases
from bot.showing.buttons import Press, Verb, pressed, under_answer, under_page
from bot.store.answers import MOST_QUOTES, Place, Shown

ARABIC, ENGLISH = phrases("ar"), phrases("en")
PLACE = Place("a.txt", 0, 5, "digest", 1)
ONE = Shown(7, 7, "متى؟", "متى؟", places=(PLACE,))
REFUSED = Shown(7, 7, "متى؟", "متى؟")
ANSWER = "abcdefghijk_"
TURNS = [Verb.TURN, Verb.OPEN]
OTHERS = [verb for verb in Verb if verb not in (*TURNS, Verb.PICTURE)]

presses = st.builds(Press, st.from_regex(r"[A-Za-z0-9_-]{12}", fullmatch=True), st.sampled_from(OTHERS)) | st.builds(
    Press,
    st.from_regex(r"[A-Za-z0-9_-]{12}", fullmatch=True),
    st.sampled_from(TURNS),
    st.integers(0, 99),
    st.none() | st.integers(0, 999_999),
)
presses |= st.builds(
    Press, st.from_regex(r"[A-Za-z0-9_-]{12}", fullmatch=True), st.just(Verb.PICTURE), st.integers(0, 99)
)


def _texts(shown: Shown) -> list[list[str]]:
    return [[button.text for button in row] for row in under_answer(shown, ENGLISH)]


@given(presses)
def test_what_a_button_says_is_what_is_understood_and_fits(press: Press) -> None:
    assert pressed(press.data) == press
    assert len(press.data.encode()) <= 64


@given(st.text(max_size=80) | st.from_regex(r"a:1:[\w-]{12}:[a-z0-9:]{0,12}"))
def test_any_other_data_mean_nothing_or_just_what_they_say(data: str) -> None:
    press = pressed(data)
    assert press is None or press.data == data


@pytest.mark.parametrize(
    "data",
    [
        *(None, "", "a:", "a:2:abcdefghijk_:c", "a:1:abcdefghijk_", "a:1:abcdefghijk:c", "a:1:abcdefghijk_:x"),
        *("a:1:abcdefghijk_:t", "a:1:abcdefghijk_:t:", "a:1:abcdefghijk_:t:100", "a:1:abcdefghijk_:t:-1"),
        *(
            "a:1:abcdefghijk_:t:١",
            "a:1:abcdefghijk_:t:01",
            "a:1:abcdefghijk_:c:1",
            "a:1:abcdefghijk_:c\n",
            "a:1:أبتثجحخدذرزس:c",
        ),
        *(
            "a:1:abcdefghijk_:i",
            "a:1:abcdefghijk_:i:1:2",
            "a:1:abcdefghijk_:t:1:1234567",
            "a:1:abcdefghijk_:t:1:1:1",
            " a:1:abcdefghijk_:c",
        ),
    ],
)
def test_forged_data_mean_nothing(data: str | None) -> None:
    assert pressed(data) is None


def test_the_buttons_are_those_that_have_something_to_give() -> None:
    opinions = ["👍", "👎"]
    assert _texts(ONE) == [["Context", "Source"], opinions]
    assert _texts(replace(ONE, has_more=True)) == [["Context", "More", "Source"], opinions]
    assert _texts(replace(ONE, previous="كم؟")) == [["Context", "Source"], opinions, [ENGLISH.button_plain]]


def test_under_a_refusal_nothing_stands_but_the_question_plain_where_it_leaned() -> None:
    assert _texts(REFUSED) == []
    assert _texts(replace(REFUSED, previous="كم؟")) == [[ENGLISH.button_plain]]


def test_further_quotes_are_not_asked_for_without_end() -> None:
    shown = replace(ONE, places=(PLACE,) * 3, has_more=True)
    cards = 1
    while shown.has_more:
        shown = shown.followed((PLACE,) * 3, has_more=True)
        cards += 1
    assert len(shown.places) == MOST_QUOTES
    assert cards == 4
    assert not Press(shown.id, Verb.MORE).fits(shown)


def test_the_question_plain_stands_under_its_first_card_only() -> None:
    leaning = replace(ONE, previous="كم؟", places=(PLACE,) * 3)
    assert not Press(ANSWER, Verb.PLAIN).fits(leaning.followed([PLACE], has_more=False))


@pytest.mark.parametrize(
    ("page", "turns"),
    [(0, [("Next ▶", 1)]), (1, [("◀ Previous", 0), ("Next ▶", 2)]), (2, [("◀ Previous", 1)])],
)
def test_a_page_leads_to_those_beside_it(page: int, turns: list[tuple[str, int]]) -> None:
    row, back = under_page(ONE, 0, page, 3, ENGLISH)
    found = [(button.text, pressed(button.data)) for button in row]
    assert found == [(text, Press(ONE.id, Verb.TURN, 0, number)) for text, number in turns]
    assert [pressed(button.data) for button in back] == [Press(ONE.id, Verb.HOME)]


def test_a_page_leads_to_the_other_quotes_of_its_card() -> None:
    shown = replace(ONE, places=(PLACE,) * 5, first=3)
    assert [[button.text for button in row] for row in under_page(shown, 3, 0, 1, ENGLISH)] == [["[5]"], ["Back"]]
    assert [[button.text for button in row] for row in under_page(ONE, 0, 0, 1, ENGLISH)] == [["Back"]]


@pytest.mark.parametrize(
    ("press", "fits"),
    [
        (Press(ANSWER, Verb.TURN, 2), False),
        (Press(ANSWER, Verb.TURN, 3), True),
        (Press(ANSWER, Verb.TURN, 4), False),
        (Press(ANSWER, Verb.CONTEXT), True),
        (Press(ANSWER, Verb.MORE), False),
        (Press(ANSWER, Verb.PLAIN), False),
    ],
)
def test_a_press_for_what_the_answer_has_not_does_not_fit(press: Press, fits: bool) -> None:
    assert press.fits(replace(ONE, places=(PLACE,) * 4, first=3)) == fits


@pytest.mark.parametrize("verb", Verb)
def test_nothing_but_the_way_back_fits_a_refusal_that_leads_nowhere(verb: Verb) -> None:
    assert Press(ANSWER, verb, 0 if verb in TURNS else None).fits(REFUSED) == (verb is Verb.HOME)


def test_a_refusal_leads_to_what_may_have_been_meant_and_to_the_nearest_documents() -> None:
    leading = replace(REFUSED, nearest=(PLACE, PLACE), meant="متى رحلت؟")
    rows = under_answer(leading, ENGLISH, {0: "عنوان", 1: "ع" * 100})
    assert [[pressed(button.data) for button in row] for row in rows] == [
        [Press(leading.id, Verb.MEANT)],
        [Press(leading.id, Verb.OPEN, 0)],
        [Press(leading.id, Verb.OPEN, 1)],
    ]
    assert len(rows[2][0].text) == 60
    assert not Press(leading.id, Verb.OPEN, 2).fits(leading)


@pytest.mark.parametrize("says", [ARABIC, ENGLISH])
def test_what_an_alert_says_fits_into_one(says: object) -> None:
    for name in ("button_too_old", "answer_too_old", "thanks_good", "thanks_bad"):
        assert 0 < len(getattr(says, name)) <= 200

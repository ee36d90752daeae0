"""What the bot says, in each language alike, in good order and in agreement."""

import re
import tomllib
import unicodedata
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import bot.phrases
from bot.phrases import phrases, plural_category
from retrieval.errors import Cause

FOLDER = Path(bot.phrases.__file__).parent
FILES = sorted(FOLDER.glob("*.toml"))
ARABIC = phrases("ar")


def _placeholders(table: dict[str, Any], at: str = "") -> dict[str, set[str]]:
    """Each key's path, with the names that stand in braces in its text."""
    found = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= _placeholders(value, f"{at}{key}.")
        else:
            found[at + key] = {name for _, name, _, _ in Formatter().parse(str(value)) if name}
    return found


@pytest.mark.parametrize("cause", Cause)
def test_a_person_is_told_of_every_cause(cause: Cause) -> None:
    for language in ("ar", "en"):
        assert phrases(language).documents[cause].format(name="a", kinds=".txt")


def test_there_are_two_languages() -> None:
    assert [path.stem for path in FILES] == ["ar", "en"]


def test_all_languages_have_the_same_keys_and_placeholders() -> None:
    arabic, english = (_placeholders(tomllib.loads(path.read_text("utf-8"))) for path in FILES)
    # a counted noun may have its number in the word itself: «حرفان»
    for found in (arabic, english):
        for key in found:
            if key.startswith("nouns."):
                found[key] -= {"number"}
    assert arabic == english
    assert arabic["searched"] == {"text"}


@pytest.mark.parametrize(
    ("code", "direction"),
    [
        ("en", "ltr"),
        ("en-GB", "ltr"),
        ("EN", "ltr"),
        ("ar", "rtl"),
        ("fr", "rtl"),
        (None, "rtl"),
        ("", "rtl"),
    ],
)
def test_english_for_english_users_else_arabic(code: str | None, direction: str) -> None:
    assert phrases(code).direction == direction


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "لا حروف"),
        (1, "حرف واحد"),
        (2, "حرفان"),
        (3, "3 أحرف"),
        (10, "10 أحرف"),
        (11, "11 حرفا"),
        (99, "99 حرفا"),
        (100, "100 حرف"),
        (102, "102 حرف"),
        (103, "103 أحرف"),
        (111, "111 حرفا"),
        (500, "500 حرف"),
    ],
)
def test_arabic_nouns_agree_with_their_number(number: int, said: str) -> None:
    assert ARABIC.counted("characters", number) == said


@pytest.mark.parametrize(("number", "said"), [(1, "one character"), (2, "2 characters"), (500, "500 characters")])
def test_english_nouns_agree_with_their_number(number: int, said: str) -> None:
    assert phrases("en").counted("characters", number) == said


@pytest.mark.parametrize(
    ("seconds", "arabic", "english"),
    [
        (0, "لا ثوان", "no seconds"),
        (59.9, "59 ثانية", "59 seconds"),
        (3600, "ساعة واحدة", "one hour"),
        (2 * 3600 + 61, "ساعتان، دقيقة واحدة", "2 hours, one minute"),
        (3 * 24 * 3600 + 59, "3 أيام", "3 days"),
        (11 * 24 * 3600 + 5 * 3600, "11 يوما، 5 ساعات", "11 days, 5 hours"),
    ],
)
def test_a_length_of_time_is_said_in_its_two_largest_units(seconds: float, arabic: str, english: str) -> None:
    assert ARABIC.duration(seconds) == arabic
    assert phrases("en").duration(seconds) == english


@pytest.mark.parametrize(
    ("texts", "figure"),
    [
        ((), "1234.50"),
        (("كلام بلا رقم",), "1234.50"),
        (("قتل 13 شخصا",), "1234.50"),
        (("قتل ١٣ شخصا",), "١٢٣٤٫٥٠"),
        (("كلام", "سنة ٢٠١٥", "سنة 2016"), "١٢٣٤٫٥٠"),
        (("سنة 2016", "سنة ٢٠١٥"), "1234.50"),
    ],
)
def test_figures_are_written_as_those_in_the_texts_beside_them(texts: tuple[str, ...], figure: str) -> None:
    assert ARABIC.beside(*texts).figure(1234.5, 2) == figure
    assert phrases("en").beside(*texts).figure(1234.5, 2) == "1234.50"
    assert ARABIC.beside("١").beside(*texts).figure(1234.5, 2) == figure


def test_what_stands_on_a_button_is_short() -> None:
    for says in (ARABIC, phrases("en")):
        assert all(len(text) <= 48 for text in (says.inline_hint, says.inline_none, says.page_before, says.page_after))
        assert all(len(text) <= 12 for text in (says.button_context, says.button_more, says.button_source))
        assert len(says.button_plain) <= 30


@pytest.mark.parametrize("noun", ARABIC.nouns)
def test_every_noun_has_every_category(noun: str) -> None:
    assert set(ARABIC.nouns[noun]) == set(phrases("en").nouns[noun]) == set(ARABIC.nouns["characters"])


def test_every_number_has_a_category() -> None:
    assert {plural_category(number) for number in range(1000)} == set(ARABIC.nouns["characters"])


def test_months_are_twelve_and_dates_name_them() -> None:
    assert len(ARABIC.months) == len(phrases("en").months) == 12
    assert ARABIC.day(date(2017, 2, 15)) == "15 فبراير 2017"
    assert phrases("en").day(date(2017, 2, 15)) == "15 February 2017"


@pytest.mark.parametrize(
    "name",
    [
        *("start", "help", "about", "new", "refusal", "nearest", "differ", "three_at_most", "not_text", "error"),
        *("description", "short_description", "how_to_ask", "greeting", "too_many", "not_allowed", "sources"),
        *("inline_hint", "inline_none", "button_too_old", "status", "reloaded", "reload_failed", "reload_under_way"),
        *("also", "part", "file", "address", "author", "no_more", "source_changed", "answer_too_old"),
        *("thanks_good", "thanks_bad", "button_context", "button_more", "button_source", "button_plain"),
    ],
)
def test_every_arabic_line_opens_with_an_arabic_letter(name: str) -> None:
    lines = [line for line in getattr(ARABIC, name).splitlines() if line]
    assert lines
    assert all(unicodedata.bidirectional(line[0]) == "AL" for line in lines)


def test_latin_in_an_arabic_phrase_is_isolated() -> None:
    for name in ("start", "help", "about", "how_to_ask", "greeting", "not_allowed"):
        outside, depth = [], 0
        for letter in re.sub(r"\{(mention|bot)\}", "", getattr(ARABIC, name)):
            depth += {"\u2068": 1, "\u2069": -1}.get(letter, 0)
            if depth == 0 and unicodedata.bidirectional(letter) == "L":
                outside.append(letter)
        assert not outside
        assert depth == 0


def test_the_key_phrases_stand() -> None:
    assert "لا أجد جوابا" in ARABIC.refusal
    assert "حدث خطأ" in ARABIC.error
    assert ARABIC.found.startswith("وجدتُ ")
    assert ARABIC.missing_there.startswith("ولم أجد فيه: ")
    assert ARABIC.missing.startswith("لم أجد: ")
    assert ARABIC.nearest == "أقرب العناوين:"
    assert ARABIC.searched.startswith("بحثتُ عن: ")
    assert "أستانا" not in "".join((ARABIC.start, ARABIC.help, ARABIC.description))


def test_only_what_runs_the_other_way_is_isolated() -> None:
    assert ARABIC.isolated("ويندوز 10") == "ويندوز 10"
    assert ARABIC.isolated("Windows 10") == "\u2068Windows 10\u2069"
    assert phrases("en").isolated("Windows 10") == "Windows 10"
    assert phrases("en").isolated("ويندوز 10") == "\u2068ويندوز 10\u2069"


def test_a_line_that_does_not_open_with_arabic_gets_one_mark() -> None:
    assert ARABIC.line("• عنوان") == "\u200f• عنوان"
    assert ARABIC.line("عنوان") == "عنوان"
    assert phrases("en").line("• عنوان") == "• عنوان"

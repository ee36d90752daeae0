"""What strangers send costs time by its length, whatever it is made of: eight times as much, some eight times it."""

import time
from collections.abc import Callable
from datetime import date
from itertools import product

import pytest

from retrieval import analyze
from retrieval.arabic.periods import asks_newest, period_of
from retrieval.index.vocabulary import Vocabulary, WordCounts
from retrieval.model import Document, Span
from retrieval.question.dating import without_days
from retrieval.question.following import followed
from retrieval.question.latin import arabized
from retrieval.question.mending import mended
from retrieval.question.parsed import parse
from retrieval.segmentation import passages, sentences

TIMES, MOST = 8, 24.0
"""How much longer the second text is, and how many times as long it may take; what is quadratic takes 64 times."""
LEAST = 0.002  # seconds of the processor: less than that is not told from nothing

COUNTS = WordCounts()
COUNTS.add("تسلمت وزارة الخارجية تقرير الوزير عن الخارجية والوزارة في مارس وفبراير بعد أيام")
VOCABULARY = COUNTS.vocabulary()

WORKS: dict[str, tuple[Callable[[str], object], int]] = {
    "analyze": (analyze, 16_000),
    "parse": (parse, 6_000),
    "mended": (lambda text: mended(text, VOCABULARY), 1_000),
    "followed": (lambda text: followed(text, "متى تنطلق المباحثات؟"), 6_000),
    "period": (lambda text: period_of(text, date(2024, 5, 1)), 16_000),
    "newest": (asks_newest, 16_000),
    "without days": (lambda text: _without_days(f"في 2015 {text}"), 1_000),
    "arabized": (lambda text: arabized(text, VOCABULARY), 2_000),
    "sentences": (lambda text: sentences(text, Span(0, len(text))), 16_000),
    "passages": (lambda text: passages("a", text, Span(0, len(text))), 16_000),
    "vocabulary": (lambda text: _vocabulary(text).glued(), 16_000),
}
UNITS = [
    "مارس ",
    "أيار ",
    "أي ",
    "قل لي، ",
    "اسمه إيه؟ ",
    "ما شروط ",
    "خمسة وعشرون ",
    "السلام عليكم، ",
    "وزارةالخارجية",
    "؟ ",
    "« ",
    "م",
    "3adad ",
    "a",
]


def _without_days(text: str) -> object:
    today = date(2024, 5, 1)
    period = period_of(text, today)
    assert period
    return without_days(parse(text), period, today)


def _vocabulary(text: str) -> Vocabulary:
    counts = WordCounts()
    counts.add(text)
    return counts.vocabulary()


def _seconds(work: Callable[[str], object], text: str) -> float:
    """The least of the processor's time that it takes, of three times."""
    taken = []
    for _ in range(3):
        begin = time.process_time()
        work(text)
        taken.append(time.process_time() - begin)
    return max(LEAST, min(taken))


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("name", WORKS)
def test_a_longer_text_takes_longer_by_its_length(name: str, unit: str) -> None:
    work, size = WORKS[name]
    short = unit * (size // len(unit))
    assert _seconds(work, short * TIMES) <= MOST * _seconds(work, short)


def test_forty_words_of_latin_letters_that_are_read_in_many_ways_are_read_at_once() -> None:
    words = [f"aeioushkhaeiuoaei{chr(97 + at % 26)}" for at in range(38)]
    begin = time.process_time()
    arabized(" ".join(["kam", "3adad", *words]), VOCABULARY)
    assert time.process_time() - begin < 1.0  # some 0.08 s; three where readings are begun that are not ended


def test_of_a_question_of_nothing_but_slips_a_few_are_guessed_at() -> None:
    words = {"".join(w): 1 for w in product("ابتجدرسعفقكلمنهوي", repeat=4)}
    large = Vocabulary(words, held_stems=lambda _: ())
    asked = [f"ظ{a}ظ{b}ظ" for a, b in product("ابتجدرسعفقكلمنهوي", repeat=2)]
    mended(asked[0], large)
    begin = time.process_time()
    mended(" ".join(asked), large)
    assert time.process_time() - begin < 1.0


def test_a_word_without_end_is_no_more_than_so_many_words() -> None:
    begin = time.process_time()
    word = "وزارةالخارجية" * 15_000
    analyze(word)
    _vocabulary(word).glued()
    document = Document("a", "عنوان", word)
    passages(document.id, document.text, Span(0, len(word)))
    assert time.process_time() - begin < 5


def test_a_word_of_a_language_is_not_cut() -> None:
    longest = "أفاستسقيناكموهما"
    assert analyze(longest) == analyze(f" {longest} ")
    assert len(analyze("م" * 100)) == 1

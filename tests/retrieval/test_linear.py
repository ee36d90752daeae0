"""What strangers send costs time by its length, whatever it is made of: eight times as much, some eight times it."""

import time
from collections.abc import Callable
from datetime import date

import pytest

from retrieval import analyze
from retrieval.arabic.periods import asks_newest, period_of
from retrieval.index.vocabulary import Vocabulary, WordCounts
from retrieval.model import Document, Span
from retrieval.question.following import followed
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
]


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

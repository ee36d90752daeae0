"""Finding: which of the passages that share a term with a question, or are near to it in meaning, are read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from retrieval.corpus.memory import read
from retrieval.corpus.snapshot import Corpus
from retrieval.finding.search import FIRST, LEAST, MANY, NEAR
from retrieval.index import Index, Query
from retrieval.index.vectors import Floats
from retrieval.model import Hit, Passage, Period, Span
from retrieval.question.parsed import parse

DOME = "بنى قبة الصخرة في القدس الخليفة عبد الملك بن مروان."
QUESTION = "من بنى قبة الصخرة في القدس؟"


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    (tmp_path / "dome.txt").write_text(f"القبة\n\n{DOME}\n", "utf-8")
    for number in range(12):
        (tmp_path / f"{number}.txt").write_text(f"خبر {number}\n\nوصل الوفد إلى القدس صباح اليوم {number}.\n", "utf-8")
    for number in range(30):
        (tmp_path / f"other{number}.txt").write_text(f"آخر {number}\n\nهطل المطر على الساحل مساء {number}.\n", "utf-8")
    return read(tmp_path)


def test_few_of_the_passages_far_below_the_best_are_read(corpus: Corpus) -> None:
    found = corpus.search(parse(QUESTION))
    assert found[0].document.id == "dome.txt"
    assert len(found) == FIRST
    assert all(passage.hit.score < LEAST * found[0].hit.score for passage in found[1:])


def test_passages_that_score_alike_are_all_read(corpus: Corpus) -> None:
    assert len(corpus.search(parse("متى وصل الوفد إلى القدس؟"))) == 12


def test_where_nothing_scores_above_zero_all_are_read(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"{number}.txt").write_text(f"القدس\n\nوصل الوفد إلى القدس. {number}\n", "utf-8")
    found = read(tmp_path).search(parse("القدس"))
    assert found[0].hit.score <= 0
    assert len(found) == 8


@dataclass
class Vectors:
    """Passages that are said to be near, nearest first, and of each text, by its first word, its sentences' vectors."""

    nearest: list[Passage] = field(default_factory=list)
    rows: dict[str, Floats] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)

    def question(self, text: str) -> Floats:
        self.asked.append(text)
        return np.array([1, 0], dtype=np.float32)

    def near(self, _question: Floats, k: int) -> list[Passage]:
        return self.nearest[:k]

    def of(self, passages: Sequence[tuple[str, str]]) -> list[Floats | None]:
        self.told += passages
        return [self.rows.get(text.split()[0]) for _, text in passages]


def passages(corpus: Corpus) -> dict[str, Passage]:
    """The passage of each document."""
    return {document.id: passage for document, passage in corpus.passages()}


def test_passages_near_in_meaning_join_those_that_words_found_and_come_after_them(corpus: Corpus) -> None:
    held = passages(corpus)
    by_words = corpus.search(parse(QUESTION))
    near = Vectors([held["other7.txt"], held["dome.txt"], held["other3.txt"]])
    found = replace(corpus, vectors=near).search(parse(QUESTION))
    assert [own.hit for own in found[: len(by_words)]] == [own.hit for own in by_words]
    assert [own.document.id for own in found[len(by_words) :]] == ["other7.txt", "other3.txt"]
    assert {own.hit.score for own in found[len(by_words) :]} == {0.0}
    assert near.asked == [QUESTION]


def test_as_many_join_as_are_wanted_at_most(corpus: Corpus) -> None:
    near = Vectors([passage for name, passage in passages(corpus).items() if name.startswith("other")])
    found = replace(corpus, vectors=near).search(parse(QUESTION))
    assert len(found) == FIRST + NEAR


def test_where_words_find_nothing_what_is_near_is_found(corpus: Corpus) -> None:
    near = Vectors([passages(corpus)["dome.txt"]])
    (found,) = replace(corpus, vectors=near).search(parse("زرافة"))
    assert found.document.id == "dome.txt"


def test_a_question_without_a_subject_is_compared_with_nothing(corpus: Corpus) -> None:
    near = Vectors([passages(corpus)["dome.txt"]])
    assert replace(corpus, vectors=near).search(parse("من هي؟")) == []
    assert near.asked == []


@pytest.mark.parametrize(
    "gone",
    [
        Passage("gone.txt", Span(0, 10), "any"),
        Passage("dome.txt", Span(8, 20), "of another text"),
        Passage("dome.txt", Span(80_000, 90_000), "of a longer text"),
    ],
)
def test_what_is_near_and_gone_or_another_text_by_now_is_not_found(corpus: Corpus, gone: Passage) -> None:
    near = Vectors([gone])
    assert replace(corpus, vectors=near).search(parse("زرافة")) == []


def test_what_is_near_is_of_the_days_that_are_asked_for(tmp_path: Path) -> None:
    for day in (1, 2):
        (tmp_path / f"{day}.txt").write_text(f"خبر {day}\n\nهطل المطر على الساحل مساء {day}.\n", "utf-8")
        (tmp_path / f"{day}.txt.toml").write_text(f"published = 2020-01-0{day}\n", "utf-8")
    (tmp_path / "3.txt").write_text("خبر 3\n\nهطل المطر على الجبل.\n", "utf-8")
    corpus = read(tmp_path)
    near = Vectors(list(passages(corpus).values()))
    second = Period(date(2020, 1, 2), date(2020, 1, 3))
    found = replace(corpus, vectors=near).search(parse("زرافة"), second)
    assert [own.document.id for own in found] == ["2.txt"]


def test_how_near_each_sentence_is_is_told_where_it_is_known(corpus: Corpus) -> None:
    held = passages(corpus)
    near = Vectors([held["other7.txt"]], {"هطل": np.array([[0.5, 0.1], [0.25, 0]], dtype=np.float32)})
    found = replace(corpus, vectors=near).search(parse(QUESTION))
    assert found[-1].nearness == (0.5, 0.25)
    assert {own.nearness for own in found[:-1]} == {None}
    assert near.told == [(own.document.title, own.text) for own in found]


def test_without_vectors_nothing_is_compared(corpus: Corpus) -> None:
    assert {own.nearness for own in corpus.search(parse(QUESTION))} == {None}


@dataclass
class Counted:
    """An index that says it holds so many passages, and remembers how many choices each search offered, and how often
    it was asked for frequencies."""

    index: Index
    size: int
    choices: list[int] = field(default_factory=list)
    asked: int = 0

    def __len__(self) -> int:
        return self.size

    def search(self, query: Query, k: int) -> list[Hit]:
        self.choices.append(len(query.choices))
        return self.index.search(query, k)

    def frequencies(self, name: str, terms: Iterable[str]) -> dict[str, int]:
        self.asked += 1
        return self.index.frequencies(name, terms)


@pytest.mark.parametrize(("size", "choices"), [(15, [0]), (16, [3]), (MANY, [3]), (MANY + 1, [0])])
def test_other_words_are_looked_for_beside_a_question_s_own_where_passages_are_neither_few_nor_very_many(
    corpus: Corpus, size: int, choices: list[int]
) -> None:
    index = Counted(corpus.index, size)
    replace(corpus, index=index).search(parse("متى وصل الوفد إلى القدس صباحا؟"))
    assert index.choices == choices


def test_a_question_asks_for_all_frequencies_together(corpus: Corpus) -> None:
    index = Counted(corpus.index, MANY)
    asked = parse("متى وصل الوفد الرسمي إلى القدس صباح اليوم الماضي؟")
    replace(corpus, index=index).search(asked)
    assert (len(index.choices), index.asked) == (1, 1)
    replace(corpus, index=index).weights(asked)
    assert index.asked == 2


def test_among_very_many_passages_other_words_find_what_the_question_s_own_do_not(corpus: Corpus) -> None:
    index = Counted(corpus.index, MANY + 1)
    found = replace(corpus, index=index).search(parse("الغيث"))
    assert index.choices == [0, 1]
    assert {one.document.id.startswith("other") for one in found} == {True}

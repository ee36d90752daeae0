"""The first user's article: its questions are answered by the right sentence, other questions are refused."""

import json
from functools import cache
from hashlib import sha256

import pytest
from _pytest.mark.structures import ParameterSet
from places import DATA, ROOT

from retrieval import Library

ARTICLE = ROOT / "corpus" / "astana-talks.txt"
DIGEST = "a8c6648fe7fb8457d1dc616c7a8de360f1a734d81c420088cf06330218ccd0c7"


def rows(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


QUESTIONS, REFUSALS = rows("seed_questions.jsonl"), rows("seed_refusals.jsonl")


REFUSED = {
    "seed-03": "the sentence comes first, at half of what is asked: it leads the crossing to Jordan in other words",
    "seed-07": "the sentence comes first, but the reader does not see that «برعاية روسيا» says who sponsors",
    "seed-21": "the sentence comes first, but it says when they intervened, and the reader does not take that as why",
}


BESIDE_THE_GUIDE = {"refuse-03": "that no questions are kept, «لحفظ الخصوصية», is taken for half an answer on privacy"}
# As sure as is asked for on some processors, by their rounding, and on others not.
ON_THE_EDGE = {"seed-03", "refuse-03"}


def known(rows: list[dict[str, str]], gaps: dict[str, str]) -> list[ParameterSet]:
    """Rows as cases; those that are known gaps fail, strictly where that is so on all processors, with the reason."""
    return [
        pytest.param(
            row,
            id=row["id"],
            marks=pytest.mark.xfail(reason=gaps[row["id"]], strict=row["id"] not in ON_THE_EDGE)
            if row["id"] in gaps
            else (),
        )
        for row in rows
    ]


@cache
def library() -> Library:
    return Library.open(ARTICLE)


def test_the_article_is_kept_byte_for_byte() -> None:
    assert sha256(ARTICLE.read_bytes()).hexdigest() == DIGEST


def test_there_are_questions_and_refusals_at_all() -> None:
    assert (len(QUESTIONS), len(REFUSALS)) == (25, 16)


@pytest.mark.parametrize("row", known(QUESTIONS, REFUSED))
def test_a_question_is_answered_by_the_right_sentence_first(row: dict[str, str]) -> None:
    quotes = library().ask(row["question"]).quotes
    assert quotes
    assert row["quote"] in quotes[0].text


@pytest.mark.parametrize("question", ["من قصف درعا؟", "مين قصف درعا؟", "من الذي قصف مدينة درعا؟"])
def test_who_did_it_may_be_told_without_a_name(question: str) -> None:
    assert "المقاتلات الروسية قد قصفت" in library().ask(question).quotes[0].text


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row["id"])
def test_what_the_article_does_not_say_is_refused(row: dict[str, str]) -> None:
    assert [quote.text for quote in library().ask(row["question"]).quotes] == []


@pytest.mark.parametrize("row", known(REFUSALS, BESIDE_THE_GUIDE))
def test_the_shipped_corpus_refuses_it_too(row: dict[str, str]) -> None:
    assert not shipped().ask(row["question"]).found


@pytest.mark.parametrize("row", known(QUESTIONS, REFUSED))
def test_the_shipped_corpus_gives_the_same_first_quote(row: dict[str, str]) -> None:
    quotes = shipped().ask(row["question"]).quotes
    assert quotes
    assert row["quote"] in quotes[0].text


@cache
def shipped() -> Library:
    return Library.open(ARTICLE.parent)

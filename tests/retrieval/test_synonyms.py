"""Questions that share no word with their answer: only what words mean can find it."""

import json
from functools import cache

import pytest
from places import DATA

from retrieval import Library
from retrieval.arabic import analyze
from retrieval.question.parsed import parse

DOCUMENTS = sorted(path.name for path in (DATA / "synonyms").glob("*.txt"))
QUESTIONS = [json.loads(line) for line in (DATA / "synonyms.jsonl").read_text("utf-8").splitlines()]

IN_THREE = 0.5


@cache
def missed() -> tuple[str, ...]:
    """The questions whose quote is not among the first three, of all documents together."""
    library = Library.open(DATA / "synonyms", min_confidence=0.0)
    return tuple(
        row["id"]
        for row in QUESTIONS
        if not any(row["quote"] in quote.text for quote in library.ask(row["question"], k=3).quotes)
    )


def test_there_are_three_questions_a_document_and_each_quote_stands_in_it_once() -> None:
    assert len(DOCUMENTS) == 10
    assert sorted(row["document"] for row in QUESTIONS) == sorted(DOCUMENTS * 3)
    assert len({row["id"] for row in QUESTIONS}) == len(QUESTIONS)
    for row in QUESTIONS:
        assert (DATA / "synonyms" / row["document"]).read_text("utf-8").count(row["quote"]) == 1


def test_no_question_shares_a_stem_with_the_sentence_that_answers() -> None:
    for row in QUESTIONS:
        text = (DATA / "synonyms" / row["document"]).read_text("utf-8")
        start = text.index(row["quote"])
        before, after = text[:start], text[start:]
        sentence = before[max(map(before.rfind, ".\n؟")) + 1 :] + after[: after.find(".")]
        assert {term.stem for term in parse(row["question"]).terms}.isdisjoint(analyze(sentence)), row["id"]


@pytest.mark.xfail(strict=True, reason="4 of 30: vectors of single words from a small model tell synonyms too rarely")
def test_half_of_the_answers_are_among_the_quotes() -> None:
    assert len(missed()) <= (1 - IN_THREE) * len(QUESTIONS), missed()

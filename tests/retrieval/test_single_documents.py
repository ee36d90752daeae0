"""Twenty documents, each a library alone: it answers its own questions, and refuses those of the others and most of
those on its own matter that it does not answer."""

import json
from functools import cache
from pathlib import Path

import pytest
from places import DATA

from retrieval import Answer, Library

DOCUMENTS = sorted(path.name for path in (DATA / "single").glob("*.txt"))
QUESTIONS = [json.loads(line) for line in (DATA / "single_questions.jsonl").read_text("utf-8").splitlines()]

ANSWERED = 0.82
REFUSED = 0.9
# Just below what was measured: .84 of all, which is all of what is answered. Before there was a reader .95 were
# answered, and one in eight of them wrongly: a wrong quote costs a reader more than a refusal. At a threshold of .47,
# .87 were answered rightly; but then, in a corpus of thousands of passages, one question in nine was answered whose
# document is not there.
RIGHT_FIRST = 0.82
RIGHT_IN_THREE = 0.82
RIGHT_OF_ANSWERED = 0.95
# Of those whose paragraph is gone; below what was measured: .70. It was .58 before the confidence learned from such.
REFUSED_WITHOUT = 0.64


@cache
def library(name: str) -> Library:
    return Library.open(DATA / "single" / name)


@cache
def own_answers() -> list[tuple[str, Answer]]:
    """The right quote of each question, and the answer of its own document."""
    return [(q["quote"], library(q["document"]).ask(q["question"])) for q in QUESTIONS]


def test_every_document_has_questions_whose_quotes_it_holds() -> None:
    assert len(DOCUMENTS) == 20
    assert {question["document"] for question in QUESTIONS} == set(DOCUMENTS)
    for question in QUESTIONS:
        assert question["quote"] in (DATA / "single" / question["document"]).read_bytes().decode("utf-8")


def test_a_document_answers_its_own_questions() -> None:
    assert sum(answer.found for _, answer in own_answers()) >= ANSWERED * len(QUESTIONS)


def test_the_right_sentence_comes_first() -> None:
    right = sum(answer.found and quote in answer.quotes[0].text for quote, answer in own_answers())
    assert right >= RIGHT_FIRST * len(QUESTIONS)


def test_what_is_answered_is_answered_rightly() -> None:
    answered = [quote in answer.quotes[0].text for quote, answer in own_answers() if answer.found]
    assert sum(answered) >= RIGHT_OF_ANSWERED * len(answered)


def test_the_right_sentence_is_among_the_quotes() -> None:
    right = sum(any(quote in q.text for q in answer.quotes) for quote, answer in own_answers())
    assert right >= RIGHT_IN_THREE * len(QUESTIONS)


def test_a_document_without_the_paragraph_that_answers_mostly_refuses(tmp_path: Path) -> None:
    some = QUESTIONS[::2]
    for question in some:
        lines = (DATA / "single" / question["document"]).read_bytes().decode("utf-8").split("\n")
        left = "\n".join(line for line in lines if question["quote"] not in line)
        (tmp_path / f"{question['id']}.txt").write_text(left, "utf-8")
    refused = [not Library.open(tmp_path / f"{q['id']}.txt").ask(q["question"]).found for q in some]
    assert sum(refused) >= REFUSED_WITHOUT * len(some)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_refuses_the_questions_of_the_others(name: str) -> None:
    others = [q["question"] for q in QUESTIONS if q["document"] != name]
    assert sum(not library(name).ask(question).found for question in others) >= REFUSED * len(others)

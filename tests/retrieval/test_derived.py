"""Questions with a verb where the text has its noun, and the other way about; by words alone."""

import json
from functools import cache

import pytest
from places import DATA, ROOT

from retrieval import Library

QUESTIONS = [json.loads(line) for line in (DATA / "derived.jsonl").read_text("utf-8").splitlines()]
RIGHT = 24
ARTICLE = ROOT / "corpus" / "astana-talks.txt"


@cache
def library() -> Library:
    return Library.open(DATA / "derived", reader=False)


@cache
def article() -> Library:
    return Library.open(ARTICLE, reader=False)


def test_there_are_three_questions_a_document_and_each_quote_stands_in_it_once() -> None:
    assert len(QUESTIONS) == 30
    for row in QUESTIONS:
        assert (DATA / "derived" / row["document"]).read_text("utf-8").count(row["quote"]) == 1


def test_most_are_answered_by_the_right_sentence_first() -> None:
    answers = [(row["quote"], library().ask(row["question"]).quotes) for row in QUESTIONS]
    right = [quote for quote, quotes in answers if quotes and quote in quotes[0].text]
    assert len(right) >= RIGHT, {row["quote"] for row in QUESTIONS} - set(right)


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("متى تأجلت المباحثات؟", "تأجيل مباحثات الأستانة"),
        ("من قصف درعا؟", "قصفت مواقع للمعارضة في مدينة درعا"),
        ("كم ضربة جوية شنها الطيران الروسي؟", "نفذت ثلاثين غارة جوية تقريبا"),
    ],
)
def test_the_shipped_article_answers_by_words_alone(question: str, quote: str) -> None:
    quotes = article().ask(question).quotes
    assert quotes
    assert quote in quotes[0].text

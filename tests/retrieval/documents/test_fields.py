"""Fields of records are known by the names that people give them."""

import json
from datetime import date

import pytest

from retrieval import Document
from retrieval.documents.fields import columns_of, fields_of
from retrieval.documents.loaders import jsonl
from retrieval.documents.loaders.exports import records
from retrieval.documents.loaders.office import delimited


@pytest.mark.parametrize(
    "record",
    [
        {"headline": "ع", "content": "ن"},
        {"العنوان": "ع", "النص": "ن"},
        {"Title": "ع", "articleBody": "ن"},
        {"title": "ع", "text": "", "body": "ن", "n": 3},
    ],
)
def test_a_title_and_a_text_are_known_by_other_names(record: dict[str, object]) -> None:
    found = fields_of(record)
    assert (found["title"], found["text"]) == ("ع", "ن")


@pytest.mark.parametrize(
    ("heads", "columns"),
    [
        (["م", "نص الاستفسار", "الإجابة المعتمدة"], {"question": 1, "answer": 2}),
        (["س", "ج"], {"question": 0, "answer": 1}),
        (["الرقم", "السؤال الشائع", "الرد على الاستفسار", "القسم"], {"question": 1, "answer": 2}),
        (["السؤال", "الخيار أ", "الإجابة الصحيحة"], {}),  # an examination
    ],
)
def test_the_columns_of_a_sheet_are_known_by_their_heads(heads: list[str], columns: dict[str, int]) -> None:
    assert columns_of(heads) == columns


@pytest.mark.parametrize(
    ("line", "title", "text"),
    [
        ({"سؤال": "متى؟", "جواب": "غدا."}, "متى؟", "غدا."),
        ({"prompt": "متى؟", "completion": "غدا."}, "متى؟", "غدا."),
        ({"q": "متى؟", "a": "غدا.", "title": "مواعيد"}, "متى؟", "غدا."),
        ({"title": "ورش", "text": ["الأولى غدا.", "والثانية بعده."]}, "ورش", "الأولى غدا.\n\nوالثانية بعده."),
    ],
)
def test_a_line_is_a_document_by_whatever_names(line: dict[str, object], title: str, text: str) -> None:
    (found,) = jsonl.load(json.dumps(line).encode(), "a.jsonl")
    assert isinstance(found, Document)
    assert (found.title, found.text) == (title, text)


@pytest.mark.parametrize(
    "told",
    [
        {"data": {"items": [{"سؤال": "متى تفتح؟", "جواب": "في الثامنة."}]}, "count": 1},
        {"متى تفتح؟": "في الثامنة."},
    ],
)
def test_a_list_is_found_deeper_and_questions_are_told_by_their_marks(told: dict[str, object]) -> None:
    (found,) = records.load(json.dumps(told).encode(), "a.json")
    assert isinstance(found, Document)
    assert (found.title, found.text) == ("متى تفتح؟", "في الثامنة.")


def test_a_sheet_of_articles_is_a_document_a_row() -> None:
    source = "id,title,content,date,link\n1,جسر,افتتح الجسر.,12/5/2024,https://example.org/1\n2,سوق,,13/5/2024,\n"
    (found,) = delimited.load(source.encode(), "a.csv")
    assert isinstance(found, Document)
    assert (found.id, found.title, found.text) == ("a.csv#2", "جسر", "افتتح الجسر.")
    assert (found.url, found.published) == ("https://example.org/1", date(2024, 5, 12))

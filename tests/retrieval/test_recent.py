"""What was answered lately is remembered without the documents that were quoted."""

import gc
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from retrieval import Answer, Document, Library, Quote, Source, Span
from retrieval.ranking.ranker import Ranked
from retrieval.recent import Recent, Remembered


def test_the_one_that_nobody_wanted_for_longest_goes_first() -> None:
    recent: Recent[int] = Recent(2)
    recent.keep("أ", 1, 0)
    recent.keep("ب", 2, 0)
    assert recent.get("أ") == 1
    recent.keep("ج", 3, 0)
    assert [recent.get(key) for key in "أبج"] == [1, None, 3]


def test_what_is_let_go_is_gone() -> None:
    recent: Recent[int] = Recent(2)
    recent.keep("أ", 1, 0)
    recent.clear()
    assert recent.get("أ") is None


def test_what_was_in_the_making_when_all_was_let_go_is_not_kept() -> None:
    recent: Recent[int] = Recent(2)
    since = recent.cleared
    recent.clear()
    recent.keep("أ", 1, since)
    assert recent.get("أ") is None


def test_what_is_being_answered_while_all_is_to_be_forgotten_is_not_remembered(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("خبر\n\nكلف ترميم الجسر مليوني دينار.\n", "utf-8")
    library = Library.open(tmp_path, min_confidence=0.1, reader=False)
    rank = library._answering._ranker.rank

    class Interrupted:
        least = 0.1

        def rank(self, *told: Any) -> Ranked:
            library.forget_answers()
            return rank(*told)

    library._answering._ranker = Interrupted()
    assert library.ask("كم كلف ترميم الجسر؟").found
    assert not library._answering._recent._values
    library.close()


def test_an_answer_is_told_again_as_it_was_with_the_documents_of_now() -> None:
    document = Document("a", "عنوان", "افتتح الجسر سنة 1911.")
    also = (Source("b", "عنوان آخر"),)
    quote = Quote(
        document, Span(0, 11), (Span(6, 11),), score=2.5, paragraph=3, also=also, probability=0.7, heading=Span(0, 5)
    )
    default = Quote(document, quote.span)
    assert all(getattr(quote, field.name) != getattr(default, field.name) for field in fields(Quote)[2:])  # none unset
    answer = Answer("متى؟", "متى؟", (quote,), confidence=0.7, shown=1)
    remembered = Remembered.of(answer)
    assert (
        remembered.told(lambda name, digest: document if (name, digest) == ("a", document.digest) else None) == answer
    )
    assert remembered.told(lambda *_: None) is None


@pytest.mark.parametrize("engine", ["memory", "disk"])
def test_remembered_answers_keep_no_document_alive(tmp_path: Path, engine: str) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("خبر\n\nكلف ترميم الجسر مليوني دينار.\n", "utf-8")
    library = Library.open(
        tmp_path / "corpus", engine=engine, index=tmp_path / "index", min_confidence=0.1, reader=False
    )
    assert library.ask("كم كلف ترميم الجسر؟").found
    assert len(library._answering._recent._values) == 1
    held, seen = [library._answering._recent._values], set[int]()
    while held:  # all that is reached from what is remembered
        one = held.pop()
        if id(one) not in seen and not isinstance(one, type):
            seen.add(id(one))
            assert not isinstance(one, Document)
            held += gc.get_referents(one)
    library.close()

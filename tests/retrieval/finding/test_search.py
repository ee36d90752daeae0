"""Finding: which of the passages that share a term with a question are read."""

from pathlib import Path

import pytest

from retrieval.corpus.memory import read
from retrieval.corpus.snapshot import Corpus
from retrieval.finding.search import FIRST, LEAST
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

"""A guide whose paragraphs do not name what they are about: their headings do. They lend their words to what stands
under them, where that is found and where it is read, and are no answers themselves."""

import json
import re
from pathlib import Path

import pytest
from places import DATA

from retrieval import Library

GUIDE = (DATA / "headings" / "guide.md").read_text("utf-8")
ASKED = [json.loads(line) for line in (DATA / "headings" / "questions.jsonl").read_text("utf-8").splitlines()]
HALVES = re.sub(r"(?m)^((?:[^.#\n]+\. ){2}[^.\n]+\.) ", r"\1\n\n", GUIDE)  # what is not the first under its heading
LEAST = 15  # of 24; 5 and 3 where headings lent nothing


@pytest.mark.parametrize("text", [GUIDE, HALVES], ids=["whole", "in halves"])
def test_what_stands_under_a_heading_is_found_and_read_by_its_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "guide.md").write_text(text, "utf-8")
    library = Library.open(tmp_path, engine="memory")
    answers = [library.ask(one["question"]) for one in ASKED]
    headings = re.findall(r"(?m)^#+ (.+)$", text)
    assert not any(quote.text in headings for answer in answers for quote in answer.quotes)
    right = sum(a.found and one["holds"] in a.quotes[0].text for a, one in zip(answers, ASKED, strict=True))
    assert right >= LEAST


def test_a_heading_stands_in_one_passage_with_what_it_heads_and_not_with_what_is_before_it(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text(GUIDE, "utf-8")
    (found,) = Library.open(tmp_path, engine="memory").ask("كم مساحة حديقة النعناع؟").quotes[:1]
    assert found.text.startswith("مساحتها أربعة عشر دونما")
    assert found.heading is not None
    assert found.heading.of(found.document.text) == "حديقة النعناع"

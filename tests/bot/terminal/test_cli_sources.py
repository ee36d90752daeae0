"""``iqtibas sources``, and what is said of sources that cannot be read."""

import json
from pathlib import Path
from unicodedata import category

import pytest
from command_line import ARTICLE, FOUND, article, iqtibas

from bot.phrases import phrases
from bot.terminal.commands import ask
from retrieval import Library

pytestmark = pytest.mark.usefixtures("empty_folder")


def test_sources_lists_documents_days_sizes_and_problems(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, "utf-8")
    (tmp_path / "a.txt.toml").write_text("published = 2017-02-15\n", "utf-8")
    (tmp_path / "b.txt").write_text("", "utf-8")
    found = json.loads(iqtibas("sources", "--corpus", tmp_path, "--json").stdout)
    (document,) = found["documents"]
    assert document["document"] == "a.txt"
    assert document["title"] == "أخبار البلدة"
    assert document["published"] == "2017-02-15"
    assert document["characters"] == len(ARTICLE)
    assert [reason.startswith("b.txt: ") for reason in found["problems"]] == [True]
    shown = iqtibas("sources", "--corpus", tmp_path).stdout.splitlines()
    assert shown[0].split() == ["2017-02-15", str(len(ARTICLE)), "a.txt", "أخبار", "البلدة"]
    assert shown[1] == f"1 documents, {len(ARTICLE)} characters, 1 not read"
    assert shown[2:] == [f"not read: {found['problems'][0]}"]


STEERING = "\x1b]0;title\x07\x1b[2J\x1b[8m\x9b31m\x85\x7f\b\r"


def test_nothing_of_texts_and_titles_steers_a_terminal(tmp_path: Path) -> None:
    text = f"افتتح العمدة{STEERING} السوق سنة 1911 بعد ترميم{STEERING} طويل."
    row = {
        "id": f"a{STEERING}",
        "title": f"أخبار{STEERING} البلدة",
        "text": text,
        "url": f"https://example.org/{STEERING}",
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(row), "utf-8")
    (tmp_path / "b.txt").write_text(f"خبر{STEERING}\n\nأغلق السوق القديم{STEERING} يوم الأحد.\n", "utf-8")
    (tmp_path / "cases.jsonl").write_text(
        json.dumps({"id": STEERING, "question": f"متى افتتح السوق؟{STEERING}", "quote": f"كلا{STEERING}"}), "utf-8"
    )
    here = ("--corpus", tmp_path)
    shown = [
        iqtibas("ask", *here, "متى افتتح العمدة السوق؟").stdout,
        iqtibas("ask", *here, f"من زار القمر{STEERING} أمس؟").stdout,
        iqtibas("chat", *here, text=f"متى افتتح{STEERING} السوق؟\n").stdout,
        iqtibas("sources", *here).stdout,
        iqtibas("eval", *here, "--misses", tmp_path / "cases.jsonl").stdout,
        iqtibas("ask", "--corpus", tmp_path / f"none{STEERING}", FOUND).stderr,
        iqtibas("ask", *here, "--json", "متى افتتح العمدة السوق؟").stdout,
        iqtibas("sources", *here, "--json").stdout,
    ]
    assert "«افتتح العمدة" in shown[0]
    assert all(shown)
    for text in shown:
        assert not [c for c in text if category(c) == "Cc" and c != "\n"]
    quote = json.loads(shown[-2])["quotes"][0]
    assert quote["text"] in row["text"]
    assert STEERING in quote["text"]  # in JSON it is escaped, and word for word


def test_hundreds_of_articles_without_text_are_one_line(tmp_path: Path) -> None:
    corpus = article(tmp_path)
    (corpus / "export.jsonl").write_text("\n".join(['{"text": ""}'] * 354), "utf-8")
    (line,) = iqtibas("ask", "--corpus", corpus, "متى افتتح السوق؟").stderr.splitlines()
    assert "export.jsonl: line 1" in line
    assert "353 more" in line


def test_sources_that_cannot_be_reached_are_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = article(tmp_path)
    asked = "متى افتتح العمدة السوق؟"

    def opened(*_: object, **__: object) -> Library:
        library = Library.open(corpus, reader=False)
        corpus.rename(tmp_path / "away")
        return library

    monkeypatch.setattr(ask, "library_of", opened)
    result = iqtibas("ask", asked)
    assert (result.exit_code, result.stdout.strip()) == (3, phrases("ar").unreachable)
    (tmp_path / "away").rename(corpus)
    told = json.loads(iqtibas("ask", "--json", asked).stdout)
    assert (told["found"], told["unreachable"]) == (False, True)

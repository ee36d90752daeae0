"""The catalogue: what of a folder becomes documents, and how what does not is named."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from retrieval.documents.kept.catalogue import Catalogue
from retrieval.documents.loaders import jsonl as jsonl_loader
from retrieval.documents.loaders import reading
from retrieval.errors import CorpusError, UnreadableError

GOOD = "عنوان\n\nنص المقال هنا.\n"


def corpus(folder: Path, **files: str | bytes) -> Catalogue:
    """A catalogue of files; in their names ``__`` stands for a full stop."""
    for name, content in files.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Catalogue(folder)


def lines(*documents: object) -> str:
    return "\n".join(json.dumps(d, ensure_ascii=False) for d in documents)


def reasons(catalogue: Catalogue) -> list[str]:
    return [problem.reason for problem in catalogue.problems]


@pytest.mark.parametrize("ending", ["txt", "text", "TXT"])
def test_a_text_is_a_document_whose_first_line_is_the_title(tmp_path: Path, ending: str) -> None:
    catalogue = corpus(tmp_path, **{f"a__{ending}": GOOD})
    (document,) = catalogue.documents.values()
    assert (document.id, document.title, document.text) == (f"a.{ending}", "عنوان", GOOD)
    assert document.text[: document.heading] == "عنوان"
    assert catalogue.problems == []


def test_a_document_is_given_in_the_version_that_is_asked_for_or_not_at_all(tmp_path: Path) -> None:
    catalogue = corpus(tmp_path, a__txt=GOOD)
    (document,) = catalogue.documents.values()
    assert catalogue.get("a.txt") is catalogue.get("a.txt", document.digest) is document
    assert catalogue.get("a.txt", "of another text") is None
    assert catalogue.get("b.txt") is catalogue.get("b.txt", document.digest) is None


def test_the_marks_of_a_markdown_heading_are_not_in_the_title(tmp_path: Path) -> None:
    document = corpus(tmp_path, a__md="## عنوان\n\nنص\n").documents["a.md"]
    assert document.title == "عنوان"
    assert document.text[: document.heading] == "عنوان"


def test_a_text_of_one_line_is_title_and_body(tmp_path: Path) -> None:
    document = corpus(tmp_path, a__txt="سطر واحد فقط.").documents["a.txt"]
    assert (document.title, document.heading) == ("سطر واحد فقط.", 0)


def test_a_title_that_is_long_is_cut_at_a_word(tmp_path: Path) -> None:
    title = corpus(tmp_path, a__txt="كلمة " * 100 + "\n\nنص").documents["a.txt"].title
    assert len(title) <= 201
    assert title.endswith("كلمة…")


def test_documents_stand_in_the_order_of_their_paths_with_ids_relative_to_the_corpus(tmp_path: Path) -> None:
    (tmp_path / "z").mkdir()
    (tmp_path / "z" / "b.txt").write_text(GOOD, "utf-8")
    assert list(corpus(tmp_path, c__txt=GOOD, a__md=GOOD).documents) == ["a.md", "c.txt", "z/b.txt"]


def test_a_single_file_is_a_corpus(tmp_path: Path) -> None:
    corpus(tmp_path, a__txt=GOOD, b__txt=GOOD)
    assert list(Catalogue(tmp_path / "a.txt").documents) == ["a.txt"]


@pytest.mark.parametrize("name", ["README.md", "readme.txt", "README", "README.ar.md", ".hidden.txt", ".DS_Store"])
def test_readmes_and_hidden_files_are_no_documents_and_no_problems(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(GOOD, "utf-8")
    catalogue = corpus(tmp_path, a__txt=GOOD)
    assert list(catalogue.documents) == ["a.txt"]
    assert catalogue.problems == []


def test_hidden_folders_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "b.txt").write_text(GOOD, "utf-8")
    assert list(corpus(tmp_path, a__txt=GOOD).documents) == ["a.txt"]


def test_a_folder_named_like_a_text_is_walked_into(tmp_path: Path) -> None:
    (tmp_path / "x.txt").mkdir()
    (tmp_path / "x.txt" / "b.txt").write_text(GOOD, "utf-8")
    catalogue = Catalogue(tmp_path)
    assert list(catalogue.documents) == ["x.txt/b.txt"]
    assert catalogue.problems == []


def test_no_folder_is_no_corpus(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no corpus at"):
        Catalogue(tmp_path / "missing")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (GOOD.encode()[:-3], "bad.txt: not UTF-8, UTF-16, Windows-1256 or ISO-8859-6; save it as UTF-8"),
        ("نص\0نص".encode(), "bad.txt: not a text: it holds zero bytes"),
        (b"", "bad.txt: the file is empty"),
        (b" \n\t\n", "bad.txt: the file is empty"),
        (b"\xef\xbb\xbf", "bad.txt: the file is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_served(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    catalogue = corpus(tmp_path, bad__txt=content, good__txt=GOOD)
    assert list(catalogue.documents) == ["good.txt"]
    (found,) = reasons(catalogue)
    assert found.startswith(reason)
    assert "\n" not in found


def test_a_kind_of_file_that_is_not_read_is_named(tmp_path: Path) -> None:
    (found,) = reasons(corpus(tmp_path, a__txt=GOOD, photo__png=b"\x89PNG"))
    assert found.startswith("photo.png: not a kind of file that is read")


def test_a_link_to_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "b.txt").symlink_to(tmp_path / "gone")
    assert reasons(corpus(tmp_path, a__txt=GOOD)) == ["b.txt: No such file or directory"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "b.txt")
    os.mkfifo(tmp_path / "c.txt.toml")
    found = reasons(corpus(tmp_path, a__txt=GOOD, c__txt=GOOD))
    assert found == ["b.txt: not a regular file", "c.txt.toml: not a regular file"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_in_the_place_of_what_was_read_keeps_nobody_waiting(tmp_path: Path) -> None:
    held = {"a__txt": GOOD, "b__jsonl": lines({"id": "b", "text": GOOD}), "c__html": f"<p>{GOOD}</p>"}
    catalogue = corpus(tmp_path, **held)
    assert list(catalogue.documents) == ["a.txt", "b", "c.html"]
    for path, document in zip(sorted(tmp_path.iterdir()), catalogue.documents, strict=True):
        path.unlink()
        os.mkfifo(path)
        with pytest.raises(UnreadableError, match="not a regular file"):
            catalogue.stored(document)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("b__txt", "طويل " * 40, "b.txt: larger than 0 kB; split it"),
        ("b__jsonl", lines({"text": "طويل " * 40}), "b.jsonl: line 1 is longer than 0 MB"),
    ],
)
def test_a_file_beyond_the_bound_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str, reason: str
) -> None:
    monkeypatch.setattr(reading, "LARGEST", 64)
    monkeypatch.setattr(jsonl_loader, "LONGEST", 64)
    catalogue = corpus(tmp_path, **{"a__txt": GOOD, name: content})
    assert reasons(catalogue) == [reason]
    assert list(catalogue.documents) == ["a.txt"]


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    assert corpus(tmp_path, a__txt=b"\xef\xbb\xbf" + GOOD.encode()).documents["a.txt"].text == GOOD


def test_line_ends_of_windows_are_kept_and_not_in_the_title(tmp_path: Path) -> None:
    text = GOOD.replace("\n", "\r\n")
    document = corpus(tmp_path, a__txt=text).documents["a.txt"]
    assert (document.text, document.title) == (text, "عنوان")


def test_notes_beside_a_text_give_title_url_and_day(tmp_path: Path) -> None:
    notes = 'title = "عنوان آخر"\nurl = "https://example.org/a"\npublished = 2017-02-15\n'
    document = corpus(tmp_path, a__txt=GOOD, a__txt__toml=notes).documents["a.txt"]
    assert (document.title, document.url) == ("عنوان آخر", "https://example.org/a")
    assert document.published == date(2017, 2, 15)


def test_a_time_beside_a_text_gives_its_day(tmp_path: Path) -> None:
    document = corpus(tmp_path, a__txt=GOOD, a__txt__toml="published = 2017-02-15T10:30:00Z").documents["a.txt"]
    assert document.published is not None
    assert document.published.isoformat() == "2017-02-15"


@pytest.mark.parametrize(
    ("notes", "reason"),
    [
        ("title = ", "not readable as TOML"),
        ('author = "سمير"', "unknown key 'author'; it may hold title, url and published"),
        ('published = "2017-02-15"', "published must be a date, as in published = 2017-02-15"),
        ("title = 3", 'title must be a str, as in title = "…"'),
        ("url = true", "url must be a str"),
        (b'title = "\xff"', "not readable as TOML"),
        ("title = " + "[" * 9999, "not readable as TOML"),
        ("#" * 2**20, "larger than 16 kB"),
    ],
)
def test_a_mistake_in_the_notes_is_named_with_its_mend(tmp_path: Path, notes: str | bytes, reason: str) -> None:
    catalogue = corpus(tmp_path, a__txt=GOOD, a__txt__toml=notes, b__txt=GOOD)
    assert list(catalogue.documents) == ["b.txt"]
    (found,) = reasons(catalogue)
    assert found.startswith("a.txt.toml: ")
    assert reason in found


def test_each_line_of_jsonl_is_a_document(tmp_path: Path) -> None:
    full = {"id": "x", "title": "عنوان", "text": "نص\r\nآخر", "url": "https://example.org", "published": "2020-01-31"}
    found = corpus(tmp_path, a__jsonl=lines(full, {"text": "بلا اسم"})).documents
    assert list(found) == ["x", "a.jsonl#2"]
    document = found["x"]
    assert (document.title, document.text, document.heading) == ("عنوان", "نص\r\nآخر", 0)
    assert (document.url, document.published) == ("https://example.org", date(2020, 1, 31))


def test_a_missing_title_is_the_first_words_of_the_text(tmp_path: Path) -> None:
    texts = [{"id": "short", "text": "نص قصير"}, {"id": "long", "title": " ", "text": "كلمة " * 30}]
    found = corpus(tmp_path, a__jsonl=lines(*texts)).documents
    assert found["short"].title == "نص قصير"
    assert found["long"].title == " ".join(["كلمة"] * 12) + "…"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "نص"', "not JSON"),
        ("نص", "not JSON"),
        ("[1, 2]", "not an object like"),
        ('{"id": "b"}', 'no "text", or an empty one'),
        ('{"text": "  "}', 'no "text", or an empty one'),
        ('{"text": 5}', 'no "text", or an empty one'),
        ('{"text": "نص", "id": 1' + "0" * 5000 + "}", "a number in it is too long"),
        ("[" * 200_000, "nested too deep"),
        ('{"text": "نص \\ud800"}', "half a character"),
        (b'{"text": "\xff"}', "not UTF-8"),
    ],
)
def test_a_broken_line_is_named_by_its_number_and_the_rest_is_served(
    tmp_path: Path, line: str | bytes, reason: str
) -> None:
    bad = line if isinstance(line, bytes) else line.encode()
    good = lines({"id": "one", "text": "نص"}).encode(), lines({"id": "three", "text": "نص"}).encode()
    catalogue = corpus(tmp_path, a__jsonl=b"\n".join([good[0], bad, good[1]]))
    assert list(catalogue.documents) == ["one", "three"]
    (found,) = reasons(catalogue)
    assert found.startswith("a.jsonl: line 2: ")
    assert reason in found


def test_blank_lines_of_jsonl_are_counted_and_passed_over(tmp_path: Path) -> None:
    catalogue = corpus(tmp_path, a__jsonl="\n\n" + lines({"text": "نص"}) + "\n\nx\n")
    assert list(catalogue.documents) == ["a.jsonl#3"]
    assert reasons(catalogue)[0].startswith("a.jsonl: line 5:")


def test_of_two_documents_with_one_id_the_first_is_served_and_the_other_named(tmp_path: Path) -> None:
    first, second = {"id": "x", "text": "الأول"}, {"id": "x", "text": "الثاني"}
    catalogue = corpus(tmp_path, a__jsonl=lines(first), b__jsonl=lines(second))
    assert catalogue.documents["x"].text == "الأول"
    assert reasons(catalogue) == ["b.jsonl: its id 'x' is already taken by one in a.jsonl; give it another"]


@pytest.mark.parametrize("document_id", ["a.txt", "x", "y"])
def test_a_document_read_again_is_the_one_that_was_read(tmp_path: Path, document_id: str) -> None:
    catalogue = corpus(tmp_path, a__txt=GOOD, b__jsonl=lines({"id": "x", "text": "نص"}, {"id": "y", "text": "آخر"}))
    assert catalogue.stored(document_id).digest == catalogue.documents[document_id].digest


@pytest.mark.parametrize("document_id", ["a.txt", "x"])
def test_a_document_that_is_gone_cannot_be_read_again(tmp_path: Path, document_id: str) -> None:
    catalogue = corpus(tmp_path, a__txt=GOOD, b__jsonl=lines({"id": "x", "text": "نص"}))
    (tmp_path / "a.txt").unlink()
    (tmp_path / "b.jsonl").unlink()
    with pytest.raises(UnreadableError):
        catalogue.stored(document_id)


def test_a_document_of_another_version_is_not_there(tmp_path: Path) -> None:
    catalogue = corpus(tmp_path, a__txt=GOOD)
    document = catalogue.get("a.txt")
    assert document
    assert catalogue.get("a.txt", document.digest) is document
    assert catalogue.get("a.txt", "0" * 64) is None


def test_a_file_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    before = corpus(tmp_path, a__txt=GOOD, b__txt=GOOD, c__jsonl=lines({"id": "x", "text": "نص"}), d__txt="")
    (tmp_path / "b.txt").write_text(GOOD + "وزيادة.", "utf-8")
    (tmp_path / "c.jsonl").unlink()
    after = Catalogue(tmp_path, before)
    assert list(after.documents) == ["a.txt", "b.txt"]
    assert after.documents["a.txt"] is before.documents["a.txt"]
    assert after.documents["b.txt"].text.endswith("وزيادة.")
    assert reasons(after) == ["d.txt: the file is empty"]


def test_notes_that_change_beside_a_text_are_read_again(tmp_path: Path) -> None:
    before = corpus(tmp_path, a__txt=GOOD)
    (tmp_path / "a.txt.toml").write_text("published = 2017-02-15\n", "utf-8")
    assert Catalogue(tmp_path, before).documents["a.txt"].published == date(2017, 2, 15)

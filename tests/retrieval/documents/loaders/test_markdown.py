"""Markdown: what a reader is shown of it, and what its front matter says."""

from datetime import date
from pathlib import Path

import pytest

from retrieval import Document
from retrieval.documents.kept.catalogue import Catalogue
from retrieval.documents.loaders import markdown
from retrieval.documents.loaders.formats import module_of


def only(source: str) -> Document:
    (found,) = markdown.load(source.encode(), "a.md")
    assert isinstance(found, Document)
    return found


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("قال **المدير** إن *العمل* بدأ.", "قال المدير إن العمل بدأ."),
        ("[الموقع](https://a.example) مفتوح", "الموقع مفتوح"),
        ("![صورة](a.png)\n\nنص", "نص"),
        ("# عنوان #\n\nنص", "عنوان\n\nنص"),
        ("عنوان\n===\n\nنص", "عنوان\n\nنص"),
        ("سطر\nآخر", "سطر\nآخر"),
        ("- أول\n- ثان", "أول\nثان"),
        ("1. أول\n2. ثان", "1. أول\n2. ثان"),
        ("3) أول\n\n   تابع\n\n4) ثان", "3) أول\n\nتابع\n\n4) ثان"),
        ("> قال: نعم.", "قال: نعم."),
        ("| أ | ب |\n|---|---|\n| 1 | 2 |", "أ\tب\n1\t2"),
        ("نص[^1].\n\n[^1]: حاشية.", "نص[1].\n\nحاشية."),
        ("~~خطأ~~ صواب", "خطأ صواب"),
        ("`شيفرة`", "شيفرة"),
        ("الثمن 5\\*3 و a_b_c", "الثمن 5*3 و a_b_c"),
        ("قبل {{< youtube x >}} بعد {% include a %} و{{% note %}}", "قبل بعد و"),
        ("<div>نص <b>غليظ</b></div><script>x</script>", "نص غليظ"),
        ("<!-- سر -->\n\nنص", "نص"),
        ("نص &amp; آخر", "نص & آخر"),
        ("أول\r\n\r\n*ثان*\r\n", "أول\n\nثان"),
    ],
)
def test_a_text_is_shown_without_its_markup(source: str, text: str) -> None:
    assert only(source).text == text


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: عنوان المقال\ndate: 2021-02-03\nurl: https://a.example/x\nauthor: ليلى\n---\n",
        '---\ntitle: "عنوان المقال"\ndate: 2021-02-03T09:00:00+03:00\ncanonical_url: "https://a.example/x"\n'
        "authors: [ليلى, هند]\n---\n",
        '+++\ntitle = "عنوان المقال"\ndate = 2021-02-03\nurl = "https://a.example/x"\nauthor = "ليلى"\n+++\n',
        '{"title": "عنوان المقال", "date": "2021-02-03", "permalink": "https://a.example/x", "author": "ليلى"}\n',
        "\n---\ntitle: عنوان المقال\ndate: '2021-02-03'\nlink: https://a.example/x\nauthor: ليلى\nbad: [\n---\n",
    ],
    ids=["yaml", "yaml with time", "toml", "json", "damaged yaml"],
)
def test_front_matter_says_title_day_address_and_author(front: str) -> None:
    found = only(f"{front}\nنص *المقال*.")
    assert (found.title, found.published, found.url) == ("عنوان المقال", date(2021, 2, 3), "https://a.example/x")
    assert (found.author, found.text, found.heading) == ("ليلى", "نص المقال.", 0)


def test_a_heading_that_is_the_title_is_not_quoted() -> None:
    found = only("---\ntitle: عنوان\n---\n# عنوان\n\nنص")
    assert found.text[: found.heading] == "عنوان"


@pytest.mark.parametrize(
    "source", ["---\n\nنص بين خطين\n\n---\n\nآخر", "***\n\nنص بين خطين\n\nآخر", "{نص بين خطين}\n\nآخر"]
)
def test_what_only_looks_like_front_matter_is_text(source: str) -> None:
    assert "نص بين خطين" in only(source).text


def test_an_address_that_leads_within_a_site_is_none() -> None:
    assert only("---\ntitle: أ\nurl: /posts/1\n---\n*نص*").url is None


@pytest.mark.parametrize(
    ("source", "module"), [("عنوان\n\nنص فقط.\n", "text"), ("عنوان\n\n**نص**", "markdown"), ("1. نص", "markdown")]
)
def test_markdown_without_markup_is_read_as_the_text_that_it_is(source: str, module: str) -> None:
    assert module_of("a.md", source.encode()) == module


def test_markup_that_begins_late_in_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("عنوان\n\n" + "كلمة " * 5000 + "\n\n**آخر**", "utf-8")
    assert Catalogue(tmp_path).documents["a.md"].text.endswith("\n\nآخر")


def test_notes_beside_markdown_say_more_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.markdown").write_text("# عنوان\n\n*نص*", "utf-8")
    notes = tmp_path / "a.markdown.toml"
    notes.write_text('url = "https://a.example"\npublished = 2020-01-02\n', "utf-8")
    found = Catalogue(tmp_path).documents["a.markdown"]
    assert (found.title, found.url, found.published) == ("عنوان", "https://a.example", date(2020, 1, 2))
    before = Catalogue(tmp_path)
    notes.write_text('title = "غيره"\n', "utf-8")
    assert Catalogue(tmp_path, before).documents["a.markdown"].title == "غيره"

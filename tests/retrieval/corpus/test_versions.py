"""What an index says it is, and that its numbers are raised when what is indexed changes.

``data/indexed.json`` holds what is indexed of some words and texts, and how it is laid out on the disk. After a number
was raised, or a package of the language took another version, this writes it anew:

    PYTHONPATH=tests/support python tests/retrieval/corpus/test_versions.py
"""

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from places import DATA, ROOT

from retrieval.arabic.analysis import content_words, grams, lemma, stem
from retrieval.arabic.tables import table
from retrieval.corpus import versions
from retrieval.corpus.analysts import analysed
from retrieval.corpus.standing import OnDisk
from retrieval.corpus.stored import StoredCorpus
from retrieval.corpus.versions import Said, current, said_in, say
from retrieval.documents.apart.reader import Limits, Reader
from retrieval.documents.furniture import repeated_lines
from retrieval.documents.kept.catalogue import Catalogue
from retrieval.documents.kept.files import Loaded, load
from retrieval.documents.kept.files import files as list_files
from retrieval.index import Entry
from retrieval.model import Document

GOLDEN = DATA / "indexed.json"
AGAIN = "PYTHONPATH=tests/support python tests/retrieval/corpus/test_versions.py"
RAISED_IN = Path(versions.__file__).resolve().relative_to(ROOT)
WORDS = (
    *("وبالكتابِ", "والمدرسات", "الكُتُب", "كتابــة", "سيكتبونها", "فلسطين", "مكتبة", "لِلْمُدُن", "أُمَم", "آثار"),
    *("هيأة", "هيئة", "على", "علي", "إلى", "١٩٩٠", "1990م", "ألفين", "خمسة", "وعشرين", "شباط", "فبراير", "فيفري"),
    *("مؤسسة", "الرَّحْمٰن", "عبدالله", "ڤيينا", "كوفيد-19", "NATO", "الناتو", "ﻻ", "أستاذ", "أساتذة", "رؤساء"),
    *("وزراء", "مستشفيات", "شهداء", "بيوت"),
)
TEXT = (
    "قال د. سالم العطار، وهو مهندس، إن الجسر كلف 3.5 ملايين دينار. وسئل: متى ينتهي العمل؟ فأجاب: في 12 شباط 2019م!\n\n"
    "- المادة الأولى: تبدأ الأعمال في خمسة وعشرين من رمضان سنة 1440 هـ.\n- المادة الثانية: مئة وعشرون عاملا.\n\n"
    + "زار الوزيرالجديد المدينةالقديمة.\n\n"
    + "وكان الوزير الجديد زار المدينة القديمة أمس. " * 30
    + "\n\n"
    + "وصلت إلى الميناء الشرقي شحنة من القمح وزنها سبعون ألف طن تكفي المخابز شهرين. " * 12
    + "\n\nاقرأ أيضا: خبر آخر\nحقوق النشر محفوظة\n"
)
TABLES = ("abbreviations", "dates", "furniture", "letters", "names", "numbers", "sentences", "stop_words")
"""Those that decide what is stored. A comment in them is none of it."""


def indexed(folder: Path) -> dict[str, Any]:
    """What is indexed of some words, of a text and of files of every format, and what the tables hold."""
    (folder / "text.txt").write_text(f"خبر الجسر\n\n{TEXT}", "utf-8")
    stored = StoredCorpus(OnDisk(folder, folder / "index"))
    stored.read()
    stored.close()
    (words,) = folder.glob("index/*/words.sqlite3")
    glued = {word: (left, right) for word, left, right in _rows(words, "SELECT word, left, right FROM glued")}
    catalogue = Catalogue(folder)
    lemmas = files("retrieval.arabic.tables").joinpath("lemmas.txt").read_text("utf-8")
    return {
        "words": {word: [[one, stem(one), lemma(one), grams(one)] for one in content_words(word)] for word in WORDS},
        "passages": list(map(_told, analysed(catalogue, repeated_lines(catalogue), glued))),
        "counted": sorted(map(list, _rows(words, "SELECT word, count, spelling FROM words"))),
        "glued": {word: list(parts) for word, parts in sorted(glued.items())},
        "near": {
            word: [other for other, _ in json.loads(near)]
            for word, near in _rows(words, "SELECT word, words FROM near ORDER BY word")
        },
        "files": {document.id: _digest(document.text) for document in _read(DATA / "formats")},
        "tables": {name: _digest(json.dumps(table(name), sort_keys=True, default=str)) for name in TABLES}
        | {"lemmas": _digest(lemmas)},
    }


def laid_out(folder: Path) -> dict[str, Any]:
    """How the files of an index are laid out. Indexes of SQLite's are no part of it: they are made where there are
    none, and any code reads the tables with them or without."""
    StoredCorpus(OnDisk(DATA / "kept" / "corpus", folder)).close()
    schema = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'index' ORDER BY name"
    (passages,) = folder.glob("*/passages/meta.json")
    return {
        "tables": [sql for path in sorted(folder.glob("*/*.sqlite3")) for (sql,) in _rows(path, schema)],
        "fields": json.loads(passages.read_text("utf-8"))["schema"],
    }


def golden(folder: Path) -> dict[str, Any]:
    """What the file holds, made anew in an empty folder."""
    (folder / "indexed").mkdir()
    found = {
        "by": asdict(current()),
        "indexed": indexed(folder / "indexed"),
        "laid out": laid_out(folder / "laid out"),
    }
    return dict(json.loads(json.dumps(found)))


def to_be_raised(before: dict[str, Any], now: dict[str, Any]) -> str:
    """What is to be done where something else is indexed than before by an index that says it is the same; else
    nothing."""
    for name, number, what in (("FORMAT", "format", "laid out"), ("VERSION", "version", "indexed")):
        changed = [part for part in now[what] if before[what].get(part) != now[what][part]]
        is_same = (before["by"] | {number: 0}) == (now["by"] | {number: 0})
        if changed and is_same and before["by"][number] == now["by"][number]:
            return (
                f"what is {what} changed ({', '.join(changed)}): raise {name} in {RAISED_IN}, so that indexes are built"
                f" anew, then run {AGAIN}"
            )
    return ""


def _told(entry: Entry) -> list[Any]:
    span = entry.passage.span
    return [entry.passage.document_id, span.start, span.end, dict(entry.terms)]


def _read(folder: Path) -> Iterator[Document]:
    """The documents of a folder, however long they take on a busy machine."""
    with Reader(Limits(seconds=600)) as reader:
        for file in list_files(folder).files:
            yield from (found.document for found in load(file, reader) if isinstance(found, Loaded))


def _rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@pytest.fixture(scope="module")
def now(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return golden(tmp_path_factory.mktemp("golden"))


@pytest.fixture
def before() -> dict[str, Any]:
    return dict(json.loads(GOLDEN.read_text("utf-8")))


def test_what_is_indexed_changes_only_with_the_number_that_says_so(before: dict[str, Any], now: dict[str, Any]) -> None:
    assert to_be_raised(before, now) == ""
    assert before == now, f"{GOLDEN.relative_to(ROOT)} is of another version: run {AGAIN}"


def test_a_stem_that_changed_names_the_constant_to_raise(before: dict[str, Any], now: dict[str, Any]) -> None:
    before["indexed"]["words"]["شباط"] = [["شباط", "شبط", "شبط", "شباط"]]
    assert to_be_raised(before, now).startswith(
        f"what is indexed changed (words): raise VERSION in {RAISED_IN}, so that indexes are built anew"
    )


def test_a_table_of_the_files_that_changed_names_the_other_constant(
    before: dict[str, Any], now: dict[str, Any]
) -> None:
    before["laid out"]["fields"] = before["laid out"]["fields"][1:]
    assert f"raise FORMAT in {RAISED_IN}" in to_be_raised(before, now)


def test_once_it_is_raised_the_list_is_only_to_be_written_anew(before: dict[str, Any], now: dict[str, Any]) -> None:
    before["indexed"]["words"] = {}
    before["by"]["version"] -= 1
    assert to_be_raised(before, now) == ""


def test_an_index_says_what_it_is_and_of_which_corpus(tmp_path: Path) -> None:
    say(tmp_path / "one", current(), tmp_path / "وثائق")
    assert said_in(tmp_path / "one") == Said(current(), tmp_path / "وثائق")
    assert said_in(tmp_path) is None


@pytest.mark.parametrize("told", ["", "{", "[]", '{"version": 1}', '{"corpus": "/x", "version": {"number": 1}}'])
def test_what_is_not_understood_says_nothing(tmp_path: Path, told: str) -> None:
    (tmp_path / versions.NAME).write_text(told, "utf-8")
    assert said_in(tmp_path) is None


@pytest.mark.parametrize("name", ["VERSION", "FORMAT", "PACKAGES", "WEIGHTS"])
def test_whatever_decides_makes_another_version(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = current()
    other = {
        "VERSION": 99,
        "FORMAT": 99,
        "PACKAGES": ("numpy",),
        "WEIGHTS": (("retrieval.arabic.tables", "lemmas.txt"),),
    }
    monkeypatch.setattr(versions, name, other[name])
    assert current() != before
    assert current().folder != before.folder


def write() -> None:
    """Writes the file anew, unless a number is to be raised first."""
    with TemporaryDirectory() as folder:
        now = golden(Path(folder))
    if GOLDEN.exists() and (why := to_be_raised(json.loads(GOLDEN.read_text("utf-8")), now)):
        sys.exit(why)
    GOLDEN.write_text(json.dumps(now, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    write()

"""References to quotes: what stood there, what stands there now, through edits, deletions, restarts and upgrades."""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from retrieval import Library, PastVersions, Quote, Reference, Span
from retrieval.corpus import versions
from retrieval.documents.kept import past as kept_past
from retrieval.errors import EngineError, ServedError
from retrieval.reference import LONGEST_QUOTE, Cited

ENGINES = ("memory", "disk")
NAME = "bridge.txt"
FIRST = "خبر الجسر\n\nقالت البلدية إن الجسر يفتح في العاشر من آذار.\n\nوكلف الجسر خمسة ملايين دينار، كما قال المهندس.\n"
SECOND = FIRST.replace("خمسة ملايين", "سبعة ملايين")
THIRD = SECOND.replace("العاشر من آذار", "العشرين من آذار")
COST, DAY = "كلف الجسر خمسة ملايين", "يفتح في العاشر"


class Corpus:
    """A corpus of files with its state beside it, opened anew each time."""

    def __init__(self, folder: Path, engine: str) -> None:
        self.files, self.state, self.engine = folder / "corpus", folder / "state", engine
        self.files.mkdir()
        self.state.mkdir()
        self.write("other.txt", "خبر آخر\n\nزرعت البلدية أشجارا في الحديقة العامة قرب النهر.\n")

    def write(self, name: str, text: str) -> None:
        (self.files / name).write_text(text, "utf-8")

    @contextmanager
    def opened(self, days: float = 30, clock: float | None = None, *, keeps: bool = True) -> Iterator[Library]:
        past = None
        if keeps:
            path = self.state / "versions.sqlite3"
            past = PastVersions(path, days, (lambda: clock) if clock else kept_past.time.time)
        library = Library.open(
            self.files, engine=self.engine, index=self.state / "index", reader=False, past=past, min_confidence=0
        )
        with closing(library):
            yield library

    def reference(self, words: str, name: str = NAME) -> str:
        with self.opened() as library:
            return named(library, words, name)

    def cited(self, reference: str) -> Cited | None:
        with self.opened() as library:
            return library.references.resolve(reference)


def named(library: Library, words: str, name: str = NAME) -> str:
    document = next(document for document in library.documents if document.id == name)
    start = document.text.index(words)
    return str(Reference.of(document, Span(start, start + len(words))))


@pytest.fixture(params=ENGINES)
def corpus(request: pytest.FixtureRequest, tmp_path: Path) -> Corpus:
    found = Corpus(tmp_path, request.param)
    found.write(NAME, FIRST)
    return found


def text(quote: Quote | None) -> str | None:
    return quote and quote.text


def test_a_quote_s_name_is_the_same_each_time_and_says_document_version_and_span(corpus: Corpus) -> None:
    reference = corpus.reference(COST)
    assert reference == corpus.reference(COST)
    corpus.write("copy.txt", FIRST)
    assert reference != corpus.reference(COST, "copy.txt")
    assert reference != corpus.reference(DAY)


def test_what_was_not_edited_is_unchanged(corpus: Corpus) -> None:
    cited = corpus.cited(corpus.reference(COST))
    assert cited
    assert (cited.kind, text(cited.then), text(cited.now)) == ("unchanged", COST, COST)
    assert cited.until is None
    assert cited.then
    assert cited.then.place == "فقرة 2"


def test_each_version_of_a_document_edited_three_times_and_deleted_shows_what_stood_there(corpus: Corpus) -> None:
    texts = [FIRST, SECOND, THIRD, THIRD.replace("كما قال المهندس", "كما قالت المهندسة")]
    references = []
    for each in texts:
        corpus.write(NAME, each)
        references.append(corpus.reference(each.split("\n\n")[2].strip()))
    (corpus.files / NAME).unlink()
    corpus.reference("زرعت البلدية", "other.txt")  # a start that sees it gone
    for each, reference in zip(texts, references, strict=True):
        cited = corpus.cited(reference)
        assert cited
        assert (cited.kind, text(cited.then), cited.now) == ("withdrawn", each.split("\n\n")[2].strip(), None)
        assert cited.then
        assert cited.then.document.text == each
        assert cited.until


def test_an_edit_elsewhere_leaves_the_words_unchanged_at_their_new_place(corpus: Corpus) -> None:
    reference = corpus.reference(COST)
    corpus.write(NAME, THIRD.replace("سبعة", "خمسة").replace("قالت البلدية", "قالت البلدية أمس في بيان لها"))
    cited = corpus.cited(reference)
    assert cited
    assert (cited.kind, text(cited.then), text(cited.now)) == ("unchanged", COST, COST)
    assert cited.then
    assert cited.now
    assert cited.then.span != cited.now.span


def test_an_edited_sentence_is_changed_and_its_words_are_marked(corpus: Corpus) -> None:
    sentence = "وكلف الجسر خمسة ملايين دينار، كما قال المهندس."
    reference = corpus.reference(sentence)
    corpus.write(NAME, SECOND.replace("كما قال المهندس", "كما قال"))
    cited = corpus.cited(reference)
    assert cited
    assert cited.then
    assert cited.now
    assert (cited.kind, cited.now.text) == ("changed", "وكلف الجسر سبعة ملايين دينار، كما قال.")
    then, now = cited.then.document.text, cited.now.document.text
    told = [(c.kind, then[c.start : c.end], now[c.source_start : c.source_end]) for c in cited.changes]
    assert told == [("changed", "خمسة", "سبعة"), ("changed", "قال المهندس.", "قال.")]


def test_a_mark_that_changed_is_a_change_of_wording(corpus: Corpus) -> None:
    reference = corpus.reference("وكلف الجسر خمسة ملايين دينار، كما قال المهندس.")
    corpus.write(NAME, FIRST.replace("دينار،", "دينار"))
    cited = corpus.cited(reference)
    assert cited
    assert (cited.kind, len(cited.changes)) == ("changed", 1)


def test_words_that_were_taken_out_are_withdrawn_though_the_document_stands(corpus: Corpus) -> None:
    reference = corpus.reference("وكلف الجسر خمسة ملايين دينار، كما قال المهندس.")
    corpus.write(NAME, FIRST.split("\n\nوكلف")[0] + "\n\nوحضر الافتتاح عدد من سكان الحي.\n")
    cited = corpus.cited(reference)
    assert cited
    assert (cited.kind, cited.now) == ("withdrawn", None)
    assert text(cited.then) == "وكلف الجسر خمسة ملايين دينار، كما قال المهندس."


def test_a_document_that_was_renamed_is_found_by_its_text(corpus: Corpus) -> None:
    reference = corpus.reference(COST)
    (corpus.files / NAME).rename(corpus.files / "moved.txt")
    cited = corpus.cited(reference)
    assert cited
    assert cited.now
    assert (cited.kind, cited.now.document.id) == ("unchanged", "moved.txt")


def test_a_running_library_keeps_what_changes_under_it(corpus: Corpus) -> None:
    with corpus.opened() as library:
        reference = named(library, COST)
        corpus.write(NAME, SECOND)
        library.refresh()
        second = named(library, "سبعة ملايين")
        (corpus.files / NAME).unlink()
        library.refresh()
        for own, words in ((reference, COST), (second, "سبعة ملايين")):
            cited = library.references.resolve(own)
            assert cited
            assert (cited.kind, text(cited.then)) == ("withdrawn", words)


def test_what_stands_again_as_it_was_is_unchanged_again(corpus: Corpus) -> None:
    reference = corpus.reference(COST)
    for each in (SECOND, FIRST):
        corpus.write(NAME, each)
        cited = corpus.cited(reference)
    assert cited
    assert (cited.kind, cited.until) == ("unchanged", None)


def test_without_a_store_what_stands_is_known_and_what_went_is_not(corpus: Corpus) -> None:
    with corpus.opened(keeps=False) as library:
        reference = named(library, COST)
        cited = library.references.resolve(reference)
        assert cited
        assert cited.kind == "unchanged"
        corpus.write(NAME, SECOND)
        library.refresh()
        assert library.references.resolve(reference) is None


@pytest.mark.parametrize(
    "told",
    ["", "كلام", "aaaaaaaaaaaaaaaa-0-5", "-", "a" * 10_000, "../../etc/passwd", "aaaaaaaaaaaaaaaa-5-5", "\ud800"],
)
def test_what_is_no_reference_or_of_nothing_that_is_kept_is_not_known(corpus: Corpus, told: str) -> None:
    assert corpus.cited(told) is None


def test_a_span_beyond_the_text_or_too_long_is_not_known(corpus: Corpus) -> None:
    key = corpus.reference(COST).partition("-")[0]
    corpus.write("long.txt", "كتاب طويل\n\n" + "كلمة أخرى في الكتاب. " * 1000)
    long = corpus.reference("كلمة أخرى في الكتاب.", "long.txt").partition("-")[0]
    for told in (f"{key}-10-{len(FIRST) + 1}", f"{key}-9-9", f"{long}-0-{LONGEST_QUOTE + 1}", f"{key}-999999999-10"):
        assert corpus.cited(told) is None
    assert corpus.cited(f"{long}-0-{LONGEST_QUOTE}")


def test_a_reference_is_read_as_people_hand_it_on(corpus: Corpus) -> None:
    reference = corpus.reference(COST)
    arabic = reference[:17] + reference[17:].translate({ord(str(digit)): chr(0x660 + digit) for digit in range(10)})
    for told in (
        f" {reference}\n",
        reference.upper(),
        f"https://library.example/r/{reference}",
        f"\u200f{arabic}\u2069",
    ):
        cited = corpus.cited(told)
        assert cited
        assert cited.reference == reference


def test_a_purged_version_is_withdrawn_without_words_and_no_word_of_it_is_left(corpus: Corpus) -> None:
    reference = corpus.reference(COST)
    corpus.write(NAME, SECOND)
    with corpus.opened() as library:
        assert library.references.purge(reference) == 1
        assert library.references.purge(reference) == 0
    cited = corpus.cited(reference)
    assert cited == Cited(reference, "withdrawn")
    with closing(sqlite3.connect(corpus.state / "versions.sqlite3")) as connection:
        rows = connection.execute("SELECT * FROM versions WHERE id = ?", (NAME,)).fetchall()
    assert len(rows) == (1 if corpus.engine == "memory" else 0)  # the one that stands


def test_a_purged_version_that_comes_and_goes_again_is_not_kept_again(corpus: Corpus) -> None:
    reference = corpus.reference(COST)
    corpus.write(NAME, SECOND)
    with corpus.opened() as library:
        library.references.purge(reference)
    corpus.write(NAME, FIRST)
    cited = corpus.cited(reference)
    assert cited
    assert cited.kind == "unchanged"
    corpus.write(NAME, SECOND)
    assert corpus.cited(reference) == Cited(reference, "withdrawn")


def test_what_still_stands_is_not_purged_and_that_is_said(corpus: Corpus) -> None:
    reference = corpus.reference(COST)
    with corpus.opened() as library, pytest.raises(ServedError, match=r"bridge\.txt: still in the corpus"):
        library.references.purge(reference)


def test_after_the_days_that_are_set_a_version_is_known_no_longer(corpus: Corpus) -> None:
    reference = corpus.reference(COST)
    now = kept_past.time.time()
    corpus.write(NAME, SECOND)
    assert corpus.cited(reference)
    with corpus.opened(clock=now + 29 * 24 * 3600) as library:
        assert library.references.resolve(reference)
    with corpus.opened(clock=now + 31 * 24 * 3600) as library:
        assert library.references.resolve(reference) is None
        assert library.references.resolve(named(library, "سبعة ملايين"))


def test_the_file_grows_by_no_more_than_the_texts(corpus: Corpus) -> None:
    words = "قال المهندس سالم إن الطريق {} يمتد من السوق القديم إلى الميناء ويكلف {} دينارا. "
    long = ["خبر\n\n" + "".join(words.format(n * own, n + own) for n in range(150)) for own in range(1, 5)]
    path = corpus.state / "versions.sqlite3"
    for each in long:
        corpus.write(NAME, each)
        corpus.reference("قال المهندس")
    (corpus.files / NAME).unlink()
    corpus.reference("زرعت البلدية", "other.txt")
    assert path.stat().st_size < sum(len(each.encode()) for each in long)


def test_a_text_of_two_documents_is_kept_once(corpus: Corpus) -> None:
    corpus.write("copy.txt", FIRST)
    corpus.reference(COST)
    for name in (NAME, "copy.txt"):
        (corpus.files / name).unlink()
    corpus.reference("زرعت البلدية", "other.txt")
    with closing(sqlite3.connect(corpus.state / "versions.sqlite3")) as connection:
        gone = "SELECT count(*), count(DISTINCT digest) FROM versions WHERE gone IS NOT NULL"
        assert connection.execute(gone).fetchone() == (2, 1)
        count = connection.execute("SELECT count(*) FROM texts").fetchone()
    assert count == (2 if corpus.engine == "memory" else 1,)


def test_an_edit_between_the_versions_of_a_program_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = Corpus(tmp_path, "disk")
    corpus.write(NAME, FIRST)
    reference = corpus.reference(COST)
    corpus.write(NAME, SECOND)
    monkeypatch.setattr(versions, "VERSION", versions.VERSION + 1)
    with corpus.opened() as library:
        library.refresh()  # builds this version's
        cited = library.references.resolve(reference)
        assert cited
        assert (cited.kind, text(cited.then)) == ("changed", COST)


def test_a_corpus_that_moved_from_memory_to_disk_keeps_its_past(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path, "memory")
    corpus.write(NAME, FIRST)
    references = [corpus.reference(COST)]
    corpus.write(NAME, SECOND)
    references.append(corpus.reference("سبعة ملايين"))
    corpus.engine = "disk"
    corpus.write(NAME, THIRD)
    for reference, words in zip(references, (COST, "سبعة ملايين"), strict=True):
        cited = corpus.cited(reference)
        assert cited
        assert text(cited.then) == words


def test_a_damaged_store_says_so_with_the_mend(tmp_path: Path) -> None:
    path = tmp_path / "versions.sqlite3"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(EngineError, match=r"versions.sqlite3: the versions that were kept cannot be used .*mend"):
        PastVersions(path)


def test_a_store_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "versions.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(EngineError, match="newer version"):
        PastVersions(path)


def test_what_the_disk_does_not_give_now_is_not_said_to_be_gone(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path, "memory")
    corpus.write(NAME, FIRST)
    with corpus.opened() as library:
        reference = named(library, COST)
        away = tmp_path / "away"
        corpus.files.rename(away)
        cited = library.references.resolve(reference)
        assert cited
        assert (cited.kind, text(cited.then), cited.now) == ("unreached", COST, None)
        away.rename(corpus.files)


def test_a_text_that_is_damaged_in_the_store_is_not_shown(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path, "memory")
    corpus.write(NAME, FIRST)
    reference = corpus.reference(COST)
    corpus.write(NAME, SECOND)
    corpus.reference("سبعة ملايين")
    with closing(sqlite3.connect(corpus.state / "versions.sqlite3")) as connection:
        for damaged in (zlib.compress("كلام آخر".encode()), b"no text"):
            connection.execute("UPDATE texts SET text = ?", (damaged,))
            connection.commit()
            with corpus.opened() as library, pytest.raises(EngineError, match="cannot be used"):
                library.references.resolve(reference)

"""The documents of a chat answer in that chat, and nothing of them reaches another."""

import random
import stat
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from places import DATA, ROOT
from private_files import ASKED_LEASE, ASKED_RECIPE, GROUP, LAYLA, LEASE, RECIPE, SAMI, add, opened, ready

from bot.phrases import phrases
from bot.sources import private
from bot.sources.private import PrivateLibraries, Quota, RefusedError, safe
from bot.sources.shelves import Shelves
from retrieval import Answer, Library, Preparer

COMMON = ROOT / "corpus"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99)


def zipped(name: str) -> bytes:
    with BytesIO() as content:
        with ZipFile(content, "w") as archive:
            archive.writestr(name, b"MZ")
        return content.getvalue()


@pytest.fixture
def libraries(tmp_path: Path) -> Iterator[PrivateLibraries]:
    with opened(tmp_path) as libraries:
        yield libraries


def said(answer: Answer) -> str:
    """All that an answer shows."""
    quotes = " ".join(f"{q.text} {q.document.title} {[source.title for source in q.also]}" for q in answer.quotes)
    return f"{quotes} {answer.searched} {answer.nearest} {answer.found_words} {answer.missing_words}"


def test_a_file_answers_in_its_chat(libraries: PrivateLibraries) -> None:
    add(libraries, SAMI, LEASE)
    library = ready(libraries, SAMI)
    assert library
    assert "ثلاثة آلاف ريال" in library.ask(ASKED_LEASE).quotes[0].text
    assert ready(libraries, LAYLA) is None


def test_of_chats_that_nobody_waits_for_nothing_is_held(libraries: PrivateLibraries) -> None:
    add(libraries, SAMI, LEASE)
    for chat in range(1, 100):
        libraries.make_ready(chat)
    assert len(libraries._locks) == 0


def test_the_more_confident_of_the_two_answers_is_given(libraries: PrivateLibraries) -> None:
    add(libraries, SAMI, LEASE)
    shelves = Shelves(Library.open(COMMON), libraries)
    shelves.make_ready(SAMI)
    assert "كمال الزهراني" in said(shelves.ask(ASKED_LEASE, chat=SAMI))
    assert "درعا" in shelves.ask("أين تقع درعا؟", chat=SAMI).quotes[0].text
    assert not shelves.ask(ASKED_LEASE, chat=LAYLA).found
    assert not shelves.ask(ASKED_LEASE).found


def test_nothing_crosses_in_two_hundred_questions(libraries: PrivateLibraries) -> None:
    add(libraries, SAMI, LEASE)
    add(libraries, LAYLA, RECIPE)
    shelves = Shelves(Library.open(COMMON), libraries)
    for chat in (SAMI, LAYLA):
        shelves.make_ready(chat)
    rng = random.Random(4)  # noqa: S311  (for the order of questions)
    questions = [ASKED_LEASE, ASKED_RECIPE, "كمال الزهرانى", "الهيلل في القدر", "عقد الايجار", "وصفه الجدة", "من؟"]
    asked = [(rng.choice((SAMI, LAYLA)), rng.choice(questions)) for _ in range(200)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: shelves.ask(one[1], chat=one[0]), asked))
    theirs = {SAMI: ("الجدة", "القدر حتى", "حبات"), LAYLA: ("الإيجار", "المستأجر كمال", "ثلاثة آلاف")}
    for (chat, question), answer in zip(asked, answers, strict=True):
        crossed = [words for words in theirs[chat] if words in said(answer) and words not in question]
        assert crossed == []
    assert any("ثلاثة آلاف" in said(answer) for answer in answers)
    assert any("خمس حبات" in said(answer) for answer in answers)


def test_a_file_is_there_after_a_restart(tmp_path: Path) -> None:
    with opened(tmp_path) as libraries:
        add(libraries, SAMI, LEASE)
    with opened(tmp_path) as libraries:
        library = ready(libraries, SAMI)
        assert library
        assert library.ask(ASKED_LEASE).found


def test_a_deleted_file_answers_no_more_and_its_bytes_are_gone(libraries: PrivateLibraries, tmp_path: Path) -> None:
    add(libraries, SAMI, LEASE)
    add(libraries, SAMI, RECIPE, "b.txt")
    libraries.remove(libraries.files(SAMI)[0])
    library = ready(libraries, SAMI)
    assert library
    assert not library.ask(ASKED_LEASE).found
    assert library.ask(ASKED_RECIPE).found
    libraries.remove(libraries.files(SAMI)[0])
    assert ready(libraries, SAMI) is None
    assert list((tmp_path / "files").iterdir()) == []


def test_a_person_s_files_go_wherever_they_gave_them_and_no_others(libraries: PrivateLibraries) -> None:
    add(libraries, SAMI, LEASE)
    add(libraries, GROUP, LEASE, giver=SAMI)
    add(libraries, GROUP, RECIPE, "b.txt", giver=LAYLA)
    assert libraries.forget(SAMI) == 2
    assert libraries.files(SAMI) == []
    assert [file.giver for file in libraries.files(GROUP)] == [LAYLA]
    library = ready(libraries, GROUP)
    assert library
    assert not library.ask(ASKED_LEASE).found


def test_a_group_takes_its_files_along_when_its_id_changes(libraries: PrivateLibraries) -> None:
    add(libraries, GROUP, LEASE, giver=SAMI)
    libraries.move(GROUP, -10033)
    assert ready(libraries, GROUP) is None
    library = ready(libraries, -10033)
    assert library
    assert library.ask(ASKED_LEASE).found


def test_a_chat_that_gives_its_first_file_while_another_moves_is_answered_from_it(libraries: PrivateLibraries) -> None:
    class Beside(set[int]):
        """The chats that have files; another gives its first one while one is taken out."""

        def __sub__(self, gone: object) -> set[int]:
            rest = set(self) - gone  # type: ignore[operator]
            self.add(LAYLA)
            return rest

        def discard(self, gone: int) -> None:
            super().discard(gone)
            self.add(LAYLA)

    add(libraries, GROUP, LEASE)
    add(libraries, LAYLA, RECIPE)
    libraries._chats = Beside({GROUP})
    libraries.move(GROUP, -10033)
    assert libraries._chats == {-10033, LAYLA}
    assert ready(libraries, LAYLA)


@pytest.mark.parametrize(
    ("quota", "reason"),
    [(Quota(files=1), "too_many"), (Quota(size=200), "too_large"), (Quota(characters=150), "too_large")],
)
def test_what_is_beyond_the_quota_is_refused_and_not_kept(tmp_path: Path, quota: Quota, reason: str) -> None:
    with opened(tmp_path, quota) as libraries:
        add(libraries, SAMI, LEASE)
        with pytest.raises(RefusedError) as caught:
            add(libraries, SAMI, RECIPE, "b.txt")
        assert caught.value.reason == reason
        assert [file.name for file in libraries.files(SAMI)] == ["a.txt"]
        library = ready(libraries, SAMI)
        assert library
        assert not library.ask(ASKED_RECIPE).found
    assert len(list((tmp_path / "files" / str(SAMI)).iterdir())) == 1


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"\0\0", "not_text"),
        ("a.txt", b" \n", "empty"),
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"no pdf", "damaged"),
        ("a.docx", b"PK\x03\x04 cut", "damaged"),
        ("a.xlsx", OLE, "older"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "locked"),
        ("a.json", b"[" * 300_000, "too_hard"),
        ("a.zip", zipped("b.exe"), "other_kind"),
        ("a.pdf", (DATA / "letters" / "no-tounicode.pdf").read_bytes(), "letters"),
        ("a.png", b"x", "other_kind"),
        ("a", b"x", "other_kind"),
    ],
)
def test_what_cannot_be_read_is_refused_and_not_kept(
    libraries: PrivateLibraries, tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        libraries.add(SAMI, SAMI, "سامي", name, content)
    assert caught.value.reason == reason
    assert phrases("ar").documents[reason]
    assert libraries.files(SAMI) == []
    assert list((tmp_path / "files").iterdir()) == []


def test_what_a_killed_process_left_is_cleared_away(tmp_path: Path) -> None:
    with opened(tmp_path) as libraries:
        add(libraries, SAMI, LEASE)
        lost = add(libraries, SAMI, RECIPE, "b.txt")
    stray = tmp_path / "files" / str(LAYLA) / "7"
    stray.mkdir(parents=True)
    (stray / "x.txt").write_text(RECIPE, "utf-8")
    next((tmp_path / "files" / str(SAMI) / str(lost)).iterdir()).unlink()
    with opened(tmp_path) as again:
        assert not stray.exists()
        assert [file.name for file in again.files(SAMI)] == ["a.txt"]


def test_only_so_many_libraries_are_open_and_all_still_answer(
    libraries: PrivateLibraries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private, "OPEN", 2)
    for chat in range(1, 6):
        add(libraries, chat, LEASE)
    assert len(libraries._open) == 2
    for chat in range(1, 6):
        library = ready(libraries, chat)
        assert library
        assert library.ask(ASKED_LEASE).found
    assert len(libraries._open) == 2


def test_no_library_remembers_what_somebody_asked_who_is_forgotten(libraries: PrivateLibraries) -> None:
    add(libraries, GROUP, LEASE, giver=LAYLA)
    library = ready(libraries, GROUP)
    assert library
    assert library.ask(f"{ASKED_LEASE} قزحقزح").found
    assert "قزحقزح" in str(library._answering._recent._values)
    assert libraries.forget(SAMI) == 0
    assert libraries.of(GROUP) is library
    assert "قزحقزح" not in str(library._answering._recent._values)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("عقد.pdf", "عقد.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\a.docx", "a.docx"),
        (".hidden.txt", "hidden.txt"),
        ("a\nb\u202etxt.exe.txt", "a b txt.exe.txt"),
        ("README.md", "ملف README.md"),
        ("", "ملف"),
        ("...", "ملف"),
        ("س" * 500 + ".txt", "س" * 77 + ".txt"),
    ],
)
def test_a_name_becomes_one_that_can_be_stored(name: str, kept: str) -> None:
    assert safe(name) == kept


# Prepared once


class Counted(Preparer):
    """Counts how often it prepares, and can be held back."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0
        self.begun, self.goes_on = threading.Event(), threading.Event()
        self.goes_on.set()

    def prepare(self, corpus: Path, index: Path) -> Mapping[str, int]:
        self.times += 1
        self.begun.set()
        assert self.goes_on.wait(60)
        return super().prepare(corpus, index)


def test_a_chat_s_files_are_prepared_once_and_again_only_when_they_change(tmp_path: Path) -> None:
    preparer = Counted()
    with opened(tmp_path, preparer=preparer) as libraries:
        add(libraries, SAMI, LEASE)
        for _ in range(3):
            assert ready(libraries, SAMI)
        assert preparer.times == 1
    with opened(tmp_path, preparer=preparer) as again:
        assert ready(again, SAMI)
        assert preparer.times == 1
        add(again, SAMI, RECIPE, "b.txt")
        assert preparer.times == 2
        again.remove(again.files(SAMI)[0])
        assert ready(again, SAMI)
        assert preparer.times == 3


def test_what_was_prepared_of_a_file_goes_with_it(libraries: PrivateLibraries, tmp_path: Path) -> None:
    add(libraries, SAMI, LEASE)
    assert list((tmp_path / "prepared" / str(SAMI)).iterdir())
    libraries.forget(SAMI)
    assert list((tmp_path / "prepared").iterdir()) == []


def test_what_was_prepared_is_for_the_program_s_eyes_only(libraries: PrivateLibraries, tmp_path: Path) -> None:
    add(libraries, SAMI, LEASE)
    made = [path for path in (tmp_path / "prepared").rglob("*") if path.name != "files.json"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} <= {0o700, 0o600}


def test_while_a_chat_s_files_are_prepared_nobody_who_asks_waits(tmp_path: Path) -> None:
    preparer = Counted()
    with opened(tmp_path, preparer=preparer) as libraries, ThreadPoolExecutor(1) as pool:
        shelves = Shelves(Library.open(COMMON, reader=False), libraries)
        add(libraries, LAYLA, RECIPE)
        preparer.begun.clear()
        preparer.goes_on.clear()
        adding = pool.submit(add, libraries, SAMI, LEASE)
        assert preparer.begun.wait(60)
        assert not shelves.is_ready(SAMI)
        assert not shelves.ask(ASKED_LEASE, chat=SAMI).found  # by whom it is not waited for either
        assert shelves.ask(ASKED_RECIPE, chat=LAYLA).found
        assert not adding.done()
        preparer.goes_on.set()
        adding.result(60)
        assert shelves.ask(ASKED_LEASE, chat=SAMI).found


def test_what_was_prepared_and_is_damaged_is_prepared_again(libraries: PrivateLibraries, tmp_path: Path) -> None:
    add(libraries, SAMI, LEASE)
    libraries._open.clear()
    for path in (tmp_path / "prepared").rglob("*"):
        if path.is_file() and path.name != "files.json":
            path.write_bytes(b"damaged")
    assert libraries.of(SAMI) is None
    library = ready(libraries, SAMI)
    assert library
    assert library.ask(ASKED_LEASE).found


def test_a_quotation_is_checked_against_the_common_sources_and_the_chats_own_alone(libraries: PrivateLibraries) -> None:
    add(libraries, SAMI, LEASE)
    ready(libraries, SAMI)
    with closing(Library.open(COMMON, engine="memory", reader=False)) as common:
        shelves = Shelves(common, libraries)
        own, theirs = "يدفع المستأجر كمال الزهراني ثلاثة آلاف ريال", "وتقع درعا على مقربة من الحدود السورية"
        assert [shelves.verify(text, chat=SAMI).kind for text in (own, theirs)] == ["exact", "exact"]
        assert [shelves.verify(text, chat=LAYLA).kind for text in (own, theirs)] == ["absent", "exact"]

"""Indexes of several versions: the older one answers until the new one is whole, whatever ends the work meanwhile, and
goes when nobody needs it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import Event

import pytest
from click.testing import CliRunner
from places import DATA, ROOT

from bot.sources.live import following
from bot.store.answers import Answers
from bot.store.chats import Chats
from bot.store.database import Database
from bot.store.files import Files
from bot.store.inbox import Inbox
from bot.store.migrations import MIGRATIONS
from bot.store.shared.opening import stored as opinions
from bot.store.threads import StoredThreads, Turn
from bot.terminal.cli import main
from retrieval import Library, index_folder, prune
from retrieval.corpus import indexes, standing, versions
from retrieval.corpus import stored as stored_module
from retrieval.corpus.building import StoredIndex
from retrieval.corpus.versions import current, said_in
from retrieval.documents.apart import reader
from retrieval.errors import EngineError

KEPT = DATA / "kept"
STATE = KEPT / "20b033e"
BRIDGE = "كلف ترميم الجسر الشمالي مليوني دينار، ودفعت البلدية ثلثي المبلغ."
ASKED_BRIDGE = "كم كلف ترميم الجسر الشمالي؟"
SCHOOL = "افتتحت الوزيرة المدرسة الجديدة في مدينة سبأ يوم الأحد."
ASKED_SHIP = "متى غرقت السفينة الحمراء؟"

Opening = Callable[..., Library]


@pytest.fixture(autouse=True)
def _a_busy_machine_reads_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "Limits", partial(reader.Limits, seconds=600))


@pytest.fixture
def as_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers count from that of the index of an earlier commit, whatever the code has come to since."""
    (kept,) = versions.UNSAID.values()
    monkeypatch.setattr(versions, "VERSION", kept.version)
    monkeypatch.setattr(versions, "PACKAGES", tuple(kept.packages))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return shutil.copytree(KEPT / "corpus", tmp_path / "release-1")


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def opened(corpus: Path, index: Path) -> Iterator[Opening]:
    libraries: list[Library] = []

    def open_(path: Path = corpus, folder: Path = index, **how: bool) -> Library:
        libraries.append(Library.open(path, engine="disk", index=folder, min_confidence=0.2, reader=False, **how))
        return libraries[-1]

    yield open_
    for library in libraries:
        library.close()


def raised(monkeypatch: pytest.MonkeyPatch, number: int, name: str = "VERSION") -> None:
    monkeypatch.setattr(versions, name, number)
    if name == "FORMAT":
        monkeypatch.setattr(indexes, name, number)


def numbers(index: Path) -> list[int]:
    """The versions of the indexes that are there."""
    return sorted(said.version.version for path in index.iterdir() if path.is_dir() and (said := said_in(path)))


def answers(library: Library, asked: str = ASKED_BRIDGE, words: str = BRIDGE) -> bool:
    return words in [quote.text for quote in library.ask(asked).quotes]


def count_built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders of the indexes in which documents are indexed from now on."""
    built: list[str] = []
    whole = StoredIndex._index_new

    def noting(self: StoredIndex) -> None:
        if self._documents.pending(0):
            built.append(Path(self._parts.name).name)
        whole(self)

    monkeypatch.setattr(StoredIndex, "_index_new", noting)
    return built


def test_a_changed_comment_or_a_moved_file_builds_nothing(
    opened: Opening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened().close()
    copy = shutil.copytree(ROOT / "retrieval", tmp_path / "code" / "retrieval", ignore=shutil.ignore_patterns("*.pyc"))
    for path in (copy / "segmentation.py", copy / "arabic" / "analysis.py", copy / "arabic" / "tables" / "dates.toml"):
        path.write_text(path.read_text("utf-8") + "# A comment.\n", "utf-8")
    told = subprocess.run(
        [sys.executable, "-c", "from retrieval.corpus.versions import current; print(current().folder)"],
        env=os.environ | {"PYTHONPATH": str(copy.parent)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == current().folder


@pytest.mark.usefixtures("as_kept")
def test_the_index_of_another_version_answers_until_the_new_one_is_whole(
    opened: Opening, index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened().close()
    raised(monkeypatch, 2)
    built = count_built(monkeypatch)
    library = opened()
    assert built == []
    assert answers(library)
    answered: list[bool] = []
    step = StoredIndex._index_new

    def asking(self: StoredIndex) -> None:
        answered.append(answers(library))
        step(self)
        answered.append(answers(library))

    monkeypatch.setattr(StoredIndex, "_index_new", asking)
    (corpus / "new.txt").write_text(f"خبر المدرسة\n\n{SCHOOL}\n", "utf-8")
    library.refresh()
    assert answered == [True, True]
    assert built == [current().folder]
    assert answers(library)
    assert answers(library, "من افتتح المدرسة الجديدة في سبأ يوم الأحد؟", SCHOOL)
    assert numbers(index) == [1, 2]


def test_while_the_bot_builds_the_new_one_the_old_answers(
    opened: Opening, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened().close()
    raised(monkeypatch, 2)
    library, building, go_on = opened(), Event(), Event()
    step = StoredIndex._index_new

    def waiting(self: StoredIndex) -> None:
        building.set()
        go_on.wait()
        step(self)

    monkeypatch.setattr(StoredIndex, "_index_new", waiting)
    swapped = Event()
    serve = stored_module.StoredCorpus._serve
    monkeypatch.setattr(stored_module.StoredCorpus, "_serve", lambda *args: (serve(*args), swapped.set()))
    with following(library, corpus, settled=0.01):
        building.wait()
        before = library._corpus
        assert answers(library)
        go_on.set()
        swapped.wait()
    assert library._corpus is not before
    assert answers(library)


def test_a_question_under_way_at_the_swap_is_answered_from_the_index_it_began_with(
    opened: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened().close()
    raised(monkeypatch, 2)
    library = opened()
    before = library._corpus
    library.refresh()
    assert library._corpus is not before
    assert "bridge.txt" in {document.id for document in before.documents}
    assert before.vocabulary.knows("جسر")


@pytest.mark.usefixtures("as_kept")
def test_one_that_is_asked_only_leaves_the_building_to_the_bot_and_says_so(
    opened: Opening, index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    opened().close()
    raised(monkeypatch, 2)
    assert answers(opened())
    assert "of another version; it answers as it is, until the new index beside it is whole" in caplog.text
    assert numbers(index) == [1]


def test_one_other_is_kept_to_go_back_to_and_no_more(
    opened: Opening, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 3):
        raised(monkeypatch, number)
        opened(renew=True).close()
    assert numbers(index) == [2, 3]
    raised(monkeypatch, 2)
    built = count_built(monkeypatch)
    library = opened()
    library.refresh()
    assert answers(library)
    assert built == []
    assert numbers(index) == [2, 3]


@pytest.mark.usefixtures("as_kept")
def test_another_format_is_not_read_but_kept_and_the_new_one_is_built_at_once(
    opened: Opening, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened().close()
    raised(monkeypatch, 2, "FORMAT")
    built = count_built(monkeypatch)
    assert answers(opened())
    assert built == [current().folder]
    assert sorted(said.version.format for path in index.iterdir() if path.is_dir() and (said := said_in(path))) == [
        1,
        2,
    ]


@pytest.mark.usefixtures("as_kept")
def test_a_damaged_one_of_another_version_is_passed_over(
    opened: Opening, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened().close()
    (meta,) = index.glob("*/passages/meta.json")
    meta.write_text("no such thing", "utf-8")
    raised(monkeypatch, 2)
    assert answers(opened())


@pytest.mark.usefixtures("as_kept")
def test_a_corpus_that_is_empty_at_the_moment_does_not_take_the_place_of_one_that_answers(
    opened: Opening, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened().close()
    away = corpus.rename(corpus.with_name("away"))
    corpus.mkdir()
    raised(monkeypatch, 2)
    library = opened()
    library.refresh()
    assert len(library.documents) == 4
    corpus.rmdir()
    away.rename(corpus)
    library.refresh()
    assert answers(library)


def test_nothing_but_indexes_is_deleted_in_the_folder(
    opened: Opening, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (index / "my photos").mkdir(parents=True)
    (index / "my photos" / "one.jpg").write_bytes(b"x")
    for number in (1, 2, 3):
        raised(monkeypatch, number)
        opened(renew=True).close()
    list(prune(index, index))
    assert (index / "my photos" / "one.jpg").exists()


@pytest.mark.usefixtures("as_kept")
def test_what_another_process_builds_answers_when_it_is_whole_and_is_gone_on_with_when_that_ended(
    opened: Opening, index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened().close()
    raised(monkeypatch, 2)
    builder, second, third = opened(), opened(), opened()
    second.refresh()
    assert second._source.is_behind  # type: ignore[attr-defined]
    builder.refresh()
    second.refresh()
    assert not second._source.is_behind  # type: ignore[attr-defined]
    assert answers(second)
    builder.close()
    shutil.rmtree(index / current().folder)
    third.refresh()
    assert not third._source.is_behind  # type: ignore[attr-defined]
    assert answers(third)
    assert numbers(index) == [1, 2]


# Killed at each step of the swap


class Killed(BaseException):
    """What ends a process at a step, as a kill does: nothing after it is done."""


def dies(*_: object, **__: object) -> None:
    raise Killed


STEPS: dict[str, tuple[object, str]] = {
    "before it says what it is": (standing, "say"),
    "before it is indexed": (StoredIndex, "_index_new"),
    "before it is whole": (StoredIndex, "_take_out_gone"),
    "before it answers": (stored_module.StoredCorpus, "_serve"),
    "before the others are cleared": (standing, "clear"),
    "before what was renamed is deleted": (indexes.shutil, "rmtree"),
}


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_of_the_swap_the_next_start_answers_and_ends_it(
    opened: Opening, index: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    for number in (1, 2):
        raised(monkeypatch, number)
        opened(renew=True).close()
    raised(monkeypatch, 3)
    library = opened()
    with monkeypatch.context() as killing:
        killing.setattr(*STEPS[step], dies)
        with suppress(Killed):
            library.refresh()
            pytest.fail("it was not killed")
    library.close()
    again = opened()
    assert answers(again)
    again.refresh()
    assert answers(again)
    assert answers(again, ASKED_SHIP, "غرقت السفينة الحمراء قرب الجزيرة صباح الجمعة، ونجا بحارتها التسعة عشر جميعا.")
    assert list(again.faults()) == []
    assert numbers(index) == [2, 3]
    assert sorted(path.name for path in index.iterdir() if path.is_dir()) == sorted(
        path.name for path in index.iterdir() if path.is_dir() and said_in(path)
    )


def test_half_of_a_deleted_index_is_never_opened(opened: Opening, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2):
        raised(monkeypatch, number)
        opened(renew=True).close()
    raised(monkeypatch, 3)
    library = opened()
    whole = shutil.rmtree

    def halfway(path: Path) -> None:
        whole(path / "passages")
        raise Killed

    with monkeypatch.context() as killing, suppress(Killed):
        killing.setattr(indexes.shutil, "rmtree", halfway)
        library.refresh()
        pytest.fail("it was not killed")
    library.close()
    raised(monkeypatch, 1)
    assert answers(opened())


SWAP = """
import sys, time
from pathlib import Path
from retrieval.corpus import indexes, standing, stored, versions
versions.VERSION = 3
def waits(whole):
    def waiting(*args, **kinds):
        print("there", flush=True)
        time.sleep(60)
        return whole(*args, **kinds)
    return waiting
where, what = (indexes.shutil, "rmtree") if sys.argv[3] == "deleting" else (stored.StoredCorpus, "_serve")
setattr(where, what, waits(getattr(where, what)))
stored.StoredCorpus(standing.OnDisk(Path(sys.argv[1]), Path(sys.argv[2]))).read()
"""


@pytest.mark.parametrize("where", ["serving", "deleting"])
def test_a_process_that_is_killed_in_the_swap_leaves_an_index_that_answers(
    opened: Opening, corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    for number in (1, 2):
        raised(monkeypatch, number)
        opened(renew=True).close()
    child = subprocess.Popen(
        [sys.executable, "-c", SWAP, corpus, index, where],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert child.stdout
    assert child.stdout.readline() == b"there\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    raised(monkeypatch, 3)
    built = count_built(monkeypatch)
    library = opened()
    assert answers(library)
    library.refresh()
    assert built == []
    assert numbers(index) == [2, 3]


# The folder of a corpus


def test_a_link_that_is_switched_keeps_its_index(
    opened: Opening, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tmp_path / "current"
    link.symlink_to(corpus)
    folder = index_folder(tmp_path / "state", link)
    opened(link, folder).close()
    release = shutil.copytree(corpus, tmp_path / "release-2")
    (release / "new.txt").write_text(f"خبر المدرسة\n\n{SCHOOL}\n", "utf-8")
    link.unlink()
    link.symlink_to(release)
    assert index_folder(tmp_path / "state", link) == folder
    new: list[str] = []
    whole = StoredIndex._index_new

    def noting(self: StoredIndex) -> None:
        new.extend(document.id for _, document in self._documents.new(100))
        whole(self)

    monkeypatch.setattr(StoredIndex, "_index_new", noting)
    assert answers(opened(link, folder), "من افتتح المدرسة الجديدة في سبأ يوم الأحد؟", SCHOOL)
    assert new == ["new.txt"]


def test_a_relative_path_has_the_key_of_the_same_path_made_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert index_folder(Path("state"), Path("x/../corpus")) == Path(
        "state", *index_folder(Path(), tmp_path / "corpus").parts
    )


def test_a_folder_that_is_another_path_s_own_is_not_taken(opened: Opening, corpus: Path, tmp_path: Path) -> None:
    own = index_folder(tmp_path / "state", corpus)
    opened(corpus, own).close()
    link = tmp_path / "current"
    link.symlink_to(corpus)
    assert index_folder(tmp_path / "state", link) != own
    assert index_folder(tmp_path / "state", corpus) == own
    assert own.exists()


# What commit 20b033e kept


def kept_state(tmp_path: Path, corpus: Path) -> Path:
    """The state that the code of that commit left behind, with its index under the key that it gave to a corpus."""
    state = shutil.copytree(STATE, tmp_path / "state")
    key = sha256(os.fsencode(corpus.resolve())).hexdigest()[:16]
    (state / "index" / "key").rename(state / "index" / key)
    return state


@pytest.mark.usefixtures("as_kept")
@pytest.mark.parametrize("by", ["path", "link"])
def test_an_index_of_that_commit_is_used_and_not_built_again(
    opened: Opening, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    state = kept_state(tmp_path, corpus)
    path = corpus
    if by == "link":
        path = tmp_path / "current"
        path.symlink_to(corpus)
    built = count_built(monkeypatch)
    folder = index_folder(state, path)
    library = opened(path, folder)
    assert built == []
    assert answers(library)
    assert list(library.faults()) == []
    assert [said_in(one) for one in folder.iterdir() if one.is_dir()] == [versions.Said(current(), path)]
    assert [one.name for one in (state / "index").iterdir()] == [folder.name]


@pytest.mark.usefixtures("as_kept")
def test_by_a_later_version_an_index_of_that_commit_answers_until_the_new_one_is_whole(
    opened: Opening, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = index_folder(kept_state(tmp_path, corpus), corpus)
    raised(monkeypatch, 2)
    built = count_built(monkeypatch)
    library = opened(corpus, folder)
    assert built == []
    assert answers(library)
    library.refresh()
    assert built == [current().folder]
    assert answers(library)
    assert numbers(folder) == [1, 2]


@pytest.mark.usefixtures("as_kept")
def test_while_the_bot_of_that_commit_runs_its_index_stays_where_it_is(
    opened: Opening, corpus: Path, tmp_path: Path
) -> None:
    state = kept_state(tmp_path, corpus)
    link = tmp_path / "current"
    link.symlink_to(corpus)
    (before,) = (state / "index").iterdir()
    with indexes.lock_of(before):
        assert index_folder(state, link) == before
        assert answers(opened(link, before))
    assert index_folder(state, link) != before


def test_the_bot_s_state_of_that_commit_is_brought_up_to_date(tmp_path: Path) -> None:
    state = shutil.copytree(STATE, tmp_path / "state")
    since = 1735776000.0
    database = Database(state)
    assert database.rows("PRAGMA user_version") == [(len(MIGRATIONS),)]
    assert Chats(database).standing(-100) == "member"
    assert [file.name for file in Files(database).of(11)] == ["rent.txt"]
    assert [left.update["message"]["text"] for left in Inbox(database).left()] == [ASKED_BRIDGE]
    assert StoredThreads(database).load(since - 1) == [Turn(11, ASKED_BRIDGE, person=11, since=since)]
    shown = Answers(database, clock=lambda: since + 1).get("kept-answer1", 11)
    assert shown
    assert [place.document for place in shown.places] == ["bridge.txt"]
    database.close()
    (opinion,) = opinions(state)
    assert opinion.quotes[0].text == BRIDGE


# Pruning


def iqtibas(*arguments: str | Path) -> str:
    result = CliRunner().invoke(main, [str(one) for one in arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def two_versions(opened: Opening, corpus: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2):
        raised(monkeypatch, number)
        opened(corpus, folder, renew=True).close()


def test_pruning_deletes_older_indexes_and_those_of_corpora_that_are_gone(
    opened: Opening, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "state"
    monkeypatch.setenv("IQTIBAS_DATA", str(state))
    folder = index_folder(state, corpus)
    two_versions(opened, corpus, folder, monkeypatch)
    gone = shutil.copytree(corpus, tmp_path / "gone")
    opened(gone, index_folder(state, gone)).close()
    shutil.rmtree(gone)
    told = iqtibas("index", "--prune")
    assert "deleted, an index of another version" in told
    assert f"deleted, its corpus {gone} is gone" in told
    assert numbers(folder) == [2]
    assert [one.name for one in (state / "index").iterdir()] == [folder.name]
    assert answers(opened(corpus, folder))
    assert (
        iqtibas("index", "--prune") == f"{folder}: in use, so nothing was deleted there; stop the bot, or what else "
        "uses it, and prune again\n"
    )


def test_pruning_leaves_what_answers_until_the_new_one_is_whole(
    opened: Opening, corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_versions(opened, corpus, index, monkeypatch)
    raised(monkeypatch, 3)
    iqtibas("index", "--prune", "--index", index)
    assert numbers(index) == [2]
    assert iqtibas("index", "--prune", "--index", index) == "nothing to delete\n"
    assert answers(opened())


@pytest.mark.usefixtures("as_kept")
def test_pruning_leaves_an_index_that_does_not_say_of_which_corpus_it_is(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = kept_state(tmp_path, corpus)
    monkeypatch.setenv("IQTIBAS_DATA", str(state))
    shutil.rmtree(corpus)
    assert "does not say of which corpus it is" in iqtibas("index", "--prune")
    assert list(state.glob("index/*/2b2ef54a1fcf"))


def test_pruning_goes_with_nothing_else(corpus: Path) -> None:
    result = CliRunner().invoke(main, ["index", "--prune", "--corpus", str(corpus)])
    assert result.exit_code == 2
    assert "--prune goes with --index alone" in result.output


@pytest.mark.usefixtures("as_kept")
def test_indexing_builds_the_new_one_and_says_what_it_did(
    opened: Opening, corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened().close()
    raised(monkeypatch, 2)
    assert "4 documents, 4 passages, verified" in iqtibas("index", "--corpus", corpus, "--index", index, "--verify")
    assert numbers(index) == [1, 2]


@pytest.mark.usefixtures("as_kept")
def test_a_folder_where_nothing_can_be_written_for_a_new_index_is_named(
    opened: Opening, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened().close()
    raised(monkeypatch, 2)
    library = opened()
    (index / current().folder).write_text("a file is in the way", "utf-8")
    with pytest.raises(EngineError, match=current().folder):
        library.refresh()
    assert answers(library)
    assert json.loads((next(index.glob("1-*")) / "index.json").read_text("utf-8"))["version"]["version"] == 1

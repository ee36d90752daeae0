"""Files read in a child process: what a file may take is bounded, who goes beyond is named, the next is read."""

import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from subprocess import run

import pytest

from retrieval.documents.apart.reader import Limits, Reader
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document

LIMITS = Limits(seconds=1, output=4 * 2**20)
HASTY = replace(LIMITS, wait=2)
MODULES = {".x": "trying_loaders"}
TEXT = "نص قصير"


@pytest.fixture
def reader(request: pytest.FixtureRequest) -> Iterator[Reader]:
    with Reader(getattr(request, "param", LIMITS), MODULES) as reader:
        yield reader


def read(reader: Reader, name: str, content: str = TEXT) -> list[Document | str]:
    found = reader.read(content.encode(), name)
    return [str(one) if isinstance(one, UnreadableError) else one for one in found]


def process(reader: Reader) -> int:
    """The process that reads now."""
    (found,) = read(reader, "telling.x")
    assert isinstance(found, Document)
    return int(found.text.split()[0])


def is_running(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_document_comes_back_whole(reader: Reader) -> None:
    assert read(reader, "a.x") == [Document(id="a.x", title="a.x", text=TEXT, path="a.x")]


def test_one_process_reads_file_after_file_apart_from_this_one(reader: Reader) -> None:
    assert process(reader) == process(reader) != os.getpid()


def test_the_process_ends_with_its_reader_and_leaves_nothing_behind(reader: Reader) -> None:
    number = process(reader)
    reader.close()
    assert not is_running(number)
    reader.close()


def test_a_reader_of_no_files_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: pytest.fail("started"))
    Reader().close()


def test_no_token_and_nothing_of_the_library_is_in_the_process(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "secret")
    (found,) = read(reader, "telling.x")
    assert isinstance(found, Document)
    assert "TELEGRAM" not in found.text
    assert " [] " in found.text


@pytest.mark.parametrize(
    ("reader", "name", "reason"),
    [
        (HASTY, "sleeping.x", "sleeping.x: took longer than 2 s to read; split it, or save it anew"),
        (LIMITS, "spinning.x", "spinning.x: took longer than 1 s to read; split it, or save it anew"),
        (LIMITS, "dying.x", "dying.x: ends the program that reads it (SIGKILL); save it anew"),
        (LIMITS, "leaving.x", "leaving.x: ends the program that reads it (status 3); save it anew"),
        (LIMITS, "greedy.x", "greedy.x: needs more than 500 MB of memory to be read; split it, or save it anew"),
    ],
    indirect=["reader"],
)
def test_a_file_that_stops_its_reading_is_named_and_the_next_is_read(reader: Reader, name: str, reason: str) -> None:
    before = process(reader)
    assert read(reader, name) == [reason]
    assert not is_running(before)
    assert process(reader) != before


def test_a_file_that_gives_too_much_is_named_with_what_it_gave_within_the_bound(reader: Reader) -> None:
    *documents, reason = read(reader, "flooding.x", "x")
    assert reason == "flooding.x: holds more than 4 MB of text; split it"
    assert len(documents) == 3


@pytest.mark.parametrize("reader", [HASTY], indirect=True)
def test_what_was_read_before_a_stop_is_kept(reader: Reader) -> None:
    first, second, reason = read(reader, "partly.x")
    assert isinstance(first, Document)
    assert second == "partly.x/2: why"
    assert str(reason).startswith("partly.x: took longer")


def test_a_mistake_of_a_library_is_named_and_the_process_goes_on(reader: Reader) -> None:
    before = process(reader)
    first, reason = read(reader, "raising.x")
    assert isinstance(first, Document)
    assert str(reason).startswith("raising.x: damaged, or not what its name says (KeyError")
    assert str(read(reader, "recursing.x")[0]).startswith("recursing.x: damaged")
    assert read(reader, "half.x") == ["half.x: not a text: it holds half a character"]
    assert process(reader) == before


def test_what_a_library_prints_does_not_get_between(reader: Reader) -> None:
    (found,) = read(reader, "printing.x")
    assert isinstance(found, Document)


def test_no_file_can_be_written(reader: Reader, tmp_path: Path) -> None:
    (reason,) = read(reader, "writing.x", str(tmp_path / "written"))
    assert "File too large" in str(reason)
    assert not (tmp_path / "written").exists() or (tmp_path / "written").read_bytes() == b""


def test_several_threads_each_get_their_own(reader: Reader) -> None:
    found: dict[int, list[Document | str]] = {}

    def ask(number: int) -> None:
        found[number] = read(reader, f"{number}.x", str(number))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number: documents[0].text for number, documents in found.items()} == {n: str(n) for n in range(8)}  # type: ignore[union-attr]


def test_where_memory_is_not_bounded_by_the_system_the_child_watches_its_own() -> None:
    """As on macOS. In a child of its own, because it ends it."""
    grow = "x = []\nwhile True: x.append(b'x' * 2**20); time.sleep(0.001)"
    start = "import threading, time\nfrom retrieval.documents.apart import child\n"
    start += "threading.Thread(target=child._watch, args=(2**26,), daemon=True).start()\n"
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**32, 2**32))\n"
    assert run([sys.executable, "-c", limit + start + grow], env={"PYTHONPATH": str(Path.cwd())}).returncode == 77


def test_a_reader_whose_process_does_not_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Reader() as reader, pytest.raises(UnreadableError, match="no process to read files can be started"):
        reader.read(b"%PDF", "a.pdf")


def test_a_long_file_tells_how_far_it_is_and_is_given_time_while_it_gets_on() -> None:
    heard: list[tuple[str, int, int]] = []
    with Reader(LIMITS, MODULES, lambda *told: heard.append(told)) as reader:
        (found,) = read(reader, "plodding.x")
    assert isinstance(found, Document)
    assert heard == [("plodding.x", done, 4) for done in range(1, 5)]


def test_a_file_that_gets_on_has_an_end_of_its_time_too_and_the_process_goes_on() -> None:
    with Reader(Limits(seconds=1, whole=1), MODULES) as reader:
        assert read(reader, "plodding.x") == ["plodding.x: took longer than 1 s to read; split it, or save it anew"]
        before = process(reader)
        assert isinstance(read(reader, "plain.x")[0], Document)
        assert process(reader) == before


def test_why_a_file_was_not_read_comes_back_with_its_kind() -> None:
    with Reader() as reader:
        (damaged,) = reader.read(b"no pdf", "a.pdf")
        (half,) = reader.read(b'[{"text": "\\ud800"}]', "a.json")
        (empty,) = reader.read(b" ", "a.md")
    kinds = [one.cause for one in (damaged, half, empty) if isinstance(one, UnreadableError)]
    assert kinds == [Cause.DAMAGED, Cause.NOT_TEXT, Cause.EMPTY]

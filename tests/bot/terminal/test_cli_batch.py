"""``iqtibas ask --batch``: each line gets its line, in the order asked, and a bad one ends no other."""

import io
import json
import tracemalloc
from pathlib import Path

import pytest
from command_line import ANSWER_KEYS, FOUND, REFUSED, article, batch, iqtibas

from bot.terminal.printing.batch import answers
from retrieval import Answer

pytestmark = pytest.mark.usefixtures("empty_folder")

BAD_BATCH = [
    "{",
    "[1]",
    '{"id": 3}',
    '{"id": 4, "question": "  "}',
    '{"id": 5, "question": 7}',
    '{"id": 6, "question": "' + "ب" * 100_000 + '"}',
    "[" * 90_000,
    '{"id": 1' + "0" * 5000 + "}",
]


def test_a_batch_answers_in_order_with_the_ids_given() -> None:
    asked = [{"id": 7, "question": FOUND}, {"id": "ب", "question": REFUSED, "previous": FOUND}]
    answers = batch([json.dumps(asked[0]), json.dumps(asked[1], ensure_ascii=False)])
    assert [(answer["id"], answer["found"]) for answer in answers] == [(7, True), ("ب", False)]
    assert all(answer.keys() == {"id", *ANSWER_KEYS} for answer in answers)


def test_a_line_of_a_batch_leans_on_its_previous_question(tmp_path: Path) -> None:
    asked = [{"id": 1, "question": "ومتى؟", "previous": "من افتتح السوق؟"}, {"id": 2, "question": "ومتى؟"}]
    lines = "\n".join(json.dumps(line, ensure_ascii=False) for line in asked)
    result = iqtibas("ask", "--corpus", article(tmp_path), "--batch", "-", text=lines)
    first, second = map(json.loads, result.stdout.splitlines())
    assert (first["question"], first["searched"]) == ("ومتى؟", "ومتى؟ (افتتح السوق)")
    assert "سنة 1911" in first["quotes"][0]["text"]
    assert not second["found"]


def test_what_a_line_leans_on_is_answered_only_where_the_line_is_about_that_answer() -> None:
    asked: list[str] = []

    class Asked:
        def ask(self, question: str, *, k: int = 3, previous: str | None = None) -> Answer:
            asked.append(question)
            return Answer(question, question)

    said = ["ومتى؟", "متى؟", "السلام عليكم", "شكرا", "المصدر"]
    lines = "\n".join(json.dumps({"question": one, "previous": "من؟"}, ensure_ascii=False) for one in said)
    assert len(list(answers(io.BytesIO(lines.encode()), Asked()))) == len(said)  # type: ignore[arg-type]
    assert asked == ["ومتى؟", "متى؟", "من؟"]


@pytest.mark.parametrize("previous", ["7", '["متى"]', '{"question": "متى"}', "true", '"\\ud800"'])
def test_a_previous_question_that_is_no_text_gets_its_error(previous: str) -> None:
    (answer,) = batch([f'{{"id": 3, "question": "ومتى؟", "previous": {previous}}}'])
    assert answer.keys() == {"id", "error"}
    assert answer["id"] == 3


@pytest.mark.parametrize("previous", ["null", '""', '" "'])
def test_no_previous_question_is_no_error(previous: str) -> None:
    (answer,) = batch([f'{{"id": 3, "question": "{FOUND}", "previous": {previous}}}'])
    assert answer["found"]
    assert answer["searched"] == FOUND


@pytest.mark.parametrize("bad", BAD_BATCH, ids=lambda line: line[:20])
def test_a_bad_line_of_a_batch_gets_its_error_and_the_rest_goes_on(bad: str) -> None:
    good = json.dumps({"id": "good", "question": FOUND})
    first, error, last = batch([good, bad, good])
    assert first == last
    assert first["found"]
    assert error.keys() == {"id", "error"}
    assert error["error"]


@pytest.mark.parametrize("bad", ['{"id": 3}', '{"id": 3, "question": ""}'])
def test_a_bad_line_whose_id_can_be_read_keeps_it(bad: str) -> None:
    assert batch([bad])[0]["id"] == 3


def test_a_batch_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps({"id": 1, "question": FOUND}) + "\n", "utf-8")
    result = iqtibas("ask", "--batch", file)
    assert json.loads(result.stdout)["quotes"][0]["text"]


def test_an_empty_batch_gives_nothing_and_status_0() -> None:
    assert batch([]) == []


IDS_THAT_JSON_DOES_NOT_HAVE = [
    *('"\\ud800"', '{"a": ["\\udfff"]}', "NaN", "-Infinity", "1e999", "9" * 5000, "[" * 3000 + "]" * 3000)
]


@pytest.mark.parametrize("bad", ["", "  ", *IDS_THAT_JSON_DOES_NOT_HAVE], ids=lambda text: text[:12] or "empty")
def test_every_line_of_a_batch_gets_its_line_of_json_whatever_it_is(bad: str) -> None:
    good = json.dumps({"id": 1, "question": FOUND})
    line = f'{{"id": {bad}, "question": "{FOUND}"}}' if bad.strip() else bad
    result = iqtibas("ask", "--batch", "-", text=f"{good}\n{line}\n{good}\n")
    assert result.exit_code == 0
    first, error, last = (
        json.loads(line, parse_constant=lambda name: pytest.fail(name)) for line in result.stdout.splitlines()
    )
    assert first["found"]
    assert first == last
    assert error.keys() == {"id", "error"}
    assert error["id"] is None
    assert "set_int_max" not in error["error"]
    result.stdout.encode()


def test_a_line_of_a_batch_that_never_ends_is_not_held_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.RawIOBase):
        """A line of half a gigabyte, then a question."""

        def __init__(self) -> None:
            self._left = 2**29
            self._last = b'\n{"id": 2}\n'

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            some = b"x" * min(len(buffer), self._left) or self._last[: len(buffer)]
            self._last = self._last if self._left else self._last[len(some) :]
            self._left -= min(self._left, len(some))
            buffer[: len(some)] = some
            return len(some)

    tracemalloc.start()
    lines = list(answers(io.BufferedReader(Endless()), None))  # type: ignore[arg-type]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [json.loads(line)["id"] for line in lines] == [None, 2]
    assert most < 2**24


class Failing:
    """A library in which something breaks at the first question."""

    def __init__(self, error: BaseException) -> None:
        self._errors = [error]

    def ask(self, question: str, **_: object) -> Answer:
        if self._errors:
            raise self._errors.pop()
        return Answer(question, question)


class Panic(BaseException):
    """As a native library raises it."""


@pytest.mark.parametrize("error", [Panic("index out of bounds"), MemoryError(), OSError("disk"), RecursionError()])
def test_what_breaks_in_one_question_of_a_batch_ends_no_other(error: BaseException) -> None:
    lines = b'{"id": 1, "question": "x"}\n{"id": 2, "question": "x"}\n'
    first, second = map(json.loads, answers(io.BytesIO(lines), Failing(error)))  # type: ignore[arg-type]
    assert (first["id"], type(error).__name__ in first["error"]) == (1, True)
    assert (second["id"], second["found"]) == (2, False)


def test_half_a_character_in_a_batch_gets_its_line() -> None:
    assert len(batch(['{"id": 1, "question": "\\ud800 درعا"}', json.dumps({"id": 2, "question": FOUND})])) == 2


def test_a_line_of_a_batch_that_is_not_utf_8_gets_its_error() -> None:
    lines = b'{"id": 1, "question": "\xff"}\n' + json.dumps({"id": 2, "question": FOUND}).encode()
    assert len(iqtibas("ask", "--batch", "-", text=lines).stdout.splitlines()) == 2

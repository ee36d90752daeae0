"""The command ``iqtibas``: its exit statuses, its JSON, its help, and that no mistake ends in a stack trace."""

import io
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from unicodedata import category

import pytest
from click.testing import CliRunner, Result
from places import ROOT

from bot.phrases import phrases
from bot.settings import SHIPPED_EXAMPLE
from bot.terminal.cli import main
from bot.terminal.commands import ask
from bot.terminal.printing.batch import answers
from retrieval import Answer, Library

FOUND, REFUSED = "أين تقع درعا؟", "ما هي عاصمة فرنسا؟"
ARABIC = phrases("ar")
QUOTE = "وتقع درعا على مقربة من الحدود السورية مع الاردن واسرائيل,"
ANSWER_KEYS = {
    *("kind", "question", "searched", "found", "unreachable", "confidence", "differ"),
    *("quotes", "found_words", "missing_words", "nearest", "period", "newest_first", "meant", "news", "note"),
}
QUOTE_KEYS = {
    *("text", "document", "title", "url", "published", "place"),
    *("start", "end", "highlight", "score", "probability", "shown", "also", "link", "author"),
    *("heading", "recognised", "reference"),
}
ARTICLE = "أخبار البلدة\n\nافتتح العمدة السوق سنة 1911 بعد ترميم طويل.\n"
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


@pytest.fixture(autouse=True)
def empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings: neither in the environment nor in the working folder."""
    for name in list(os.environ):
        if name.startswith(("IQTIBAS_", "TELEGRAM_", "NO_COLOR", "FORCE_COLOR")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def iqtibas(*arguments: str | Path, text: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments], input=text)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def process(
    *arguments: str | bytes, text: bytes = b"", stdout: int = subprocess.PIPE
) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments], input=text, stdout=stdout, stderr=subprocess.PIPE, timeout=600
    )


def batch(lines: Sequence[str]) -> list[dict[str, object]]:
    result = iqtibas("ask", "--batch", "-", text="\n".join(lines))
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def article(folder: Path) -> Path:
    path = folder / "corpus"
    path.mkdir()
    (path / "a.txt").write_text(ARTICLE, "utf-8")
    return path


def test_an_answer_is_shown_in_quotation_marks_with_its_source_and_status_0() -> None:
    result = iqtibas("ask", FOUND)
    assert result.exit_code == 0
    assert QUOTE in result.stdout
    assert "— تأجيل مباحثات الأستانة" in result.stdout
    assert "فقرة 13" in result.stdout
    assert result.stderr == ""


def test_who_asks_in_english_or_french_is_asked_for_arabic_and_answered_where_only_names_are_asked_about() -> None:
    found = iqtibas("ask", "Where is Daraa?")
    assert found.stdout.startswith(f"{ARABIC.foreign['en']}\nبحثتُ عن: أين درعا؟\n")
    assert (found.exit_code, QUOTE in found.stdout) == (0, True)
    unread = iqtibas("ask", "Qui a bombardé Deraa ?")  # what was done to it was not read
    assert unread.stdout.startswith(f"{ARABIC.foreign['fr']}\nبحثتُ عن: من درعا؟\nلا أجد جوابا.")
    assert iqtibas("ask", "who won the match?").stdout == f"{ARABIC.foreign['en']}\n"
    told = json.loads(iqtibas("ask", "--json", "who won the match?").stdout)
    assert (told["kind"], told["note"]) == ("refusal", ARABIC.foreign["en"])


def test_what_stands_before_a_question_is_no_part_of_it() -> None:
    assert QUOTE in iqtibas("ask", f"شكرا جزيلا، {FOUND}").stdout
    told = json.loads(iqtibas("ask", "--json", f"السلام عليكم، عندي سؤال: {FOUND}").stdout)
    assert (told["kind"], told["searched"]) == ("answer", FOUND)
    (line,) = batch([json.dumps({"id": 1, "question": f"طيب {FOUND}"})])
    assert (line["question"], line["searched"]) == (f"طيب {FOUND}", FOUND)


def test_a_refusal_has_status_3_and_shows_no_quote() -> None:
    result = iqtibas("ask", REFUSED)
    assert result.exit_code == 3
    assert result.stdout.startswith("لا أجد جوابا.")
    assert "«" not in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask",),
        ("ask", ""),
        ("ask", "  "),
        ("ask", "أين", "درعا"),
        ("ask", "--batch", "-", FOUND),
        ("ask", "--batch", "missing.jsonl"),
        ("ask", "--engine", "quantum", FOUND),
        ("ask", "--colour", FOUND),
        ("chat", FOUND),
        ("answer", FOUND),
    ],
)
def test_wrong_use_has_status_2_and_says_why(arguments: tuple[str, ...]) -> None:
    result = iqtibas(*arguments)
    assert result.exit_code == 2
    assert "Error: " in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("command", [("ask", FOUND), ("ask", "--json", FOUND), ("ask", "--batch", "-"), ("chat",)])
def test_no_corpus_is_one_line_and_status_1(command: tuple[str, ...]) -> None:
    result = iqtibas(*command, "--corpus", "missing", text="")
    assert result.exit_code == 1
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert "no corpus at missing" in line


def test_an_empty_corpus_is_one_line_and_status_1(tmp_path: Path) -> None:
    result = iqtibas("ask", "--corpus", tmp_path, FOUND)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_mistakes_in_the_settings_are_said_with_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IQTIBAS_MIN_CONFIDENCE", "much")
    result = iqtibas("ask", FOUND)
    assert result.exit_code == 1
    assert "IQTIBAS_MIN_CONFIDENCE" in result.stderr


def test_a_file_that_cannot_be_read_is_named_on_standard_error_and_the_rest_answers(tmp_path: Path) -> None:
    corpus = article(tmp_path)
    (corpus / "b.txt").write_bytes(b"\xff")
    result = iqtibas("ask", "--corpus", corpus, "--json", "متى افتتح السوق؟")
    assert result.exit_code == 0
    assert (
        result.stderr == "iqtibas: not read: b.txt: not UTF-8, UTF-16, Windows-1256 or ISO-8859-6; save it as UTF-8\n"
    )
    assert json.loads(result.stdout)["found"]


def test_the_corpus_is_the_settings_where_no_option_names_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IQTIBAS_CORPUS", str(article(tmp_path)))
    assert "سنة 1911" in iqtibas("ask", "متى افتتح السوق؟").stdout
    assert iqtibas("ask", FOUND).exit_code == 3


@pytest.mark.parametrize(("question", "status"), [(FOUND, 0), (REFUSED, 3)])
def test_json_is_one_line_with_the_keys_of_the_contract(question: str, status: int) -> None:
    result = iqtibas("ask", "--json", question)
    (line,) = result.stdout.splitlines()
    answer = json.loads(line)
    assert result.exit_code == status
    assert answer.keys() - {"id"} == ANSWER_KEYS
    assert answer["question"] == question
    assert answer["found"] is bool(answer["quotes"]) is (status == 0)
    assert 0 <= answer["confidence"] <= 1


def test_a_quote_in_json_has_the_keys_of_the_contract_and_counts_characters(tmp_path: Path) -> None:
    result = iqtibas("ask", "--corpus", article(tmp_path), "--json", "في أي سنة افتتح السوق؟")
    quote = json.loads(result.stdout)["quotes"][0]
    assert quote.keys() == QUOTE_KEYS
    assert ARTICLE[quote["start"] : quote["end"]] == quote["text"]
    start, end = quote["highlight"]
    assert quote["text"][start:end] == "سنة 1911"
    assert (quote["document"], quote["title"], quote["url"]) == ("a.txt", "أخبار البلدة", None)
    assert quote["also"] == []


def test_what_json_names_beside_has_the_keys_of_the_contract(tmp_path: Path) -> None:
    corpus = article(tmp_path)
    (corpus / "b.txt").write_text(ARTICLE.replace("أخبار", "أنباء"), "utf-8")
    found = json.loads(iqtibas("ask", "--corpus", corpus, "--json", "متى افتتح السوق؟").stdout)
    refused = json.loads(iqtibas("ask", "--corpus", corpus, "--json", "من اخترع المصباح في السوق؟").stdout)
    sources = [*found["quotes"][0]["also"], *refused["nearest"]]
    assert len(sources) == 3
    assert all(source.keys() == {"document", "title"} for source in sources)


def test_json_has_an_id_where_none_was_given() -> None:
    assert json.loads(iqtibas("ask", "--json", FOUND).stdout)["id"] is None


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


@pytest.mark.parametrize("command", ["chat", "run"])
def test_each_line_of_standard_input_is_a_question(command: str) -> None:
    result = iqtibas(command, text=f"{FOUND}\n\n  \n{REFUSED}\n")
    assert result.exit_code == 0
    assert result.stdout.index(QUOTE) < result.stdout.index("لا أجد جوابا.")
    assert result.stdout.count("لا أجد جوابا.") == 1


@pytest.mark.parametrize("command", ["chat", "run"])
def test_a_conversation_without_questions_says_nothing(command: str) -> None:
    result = iqtibas(command, text="")
    assert (result.exit_code, result.output) == (0, "")


@pytest.mark.parametrize(
    ("corpus", "examples", "shown"),
    [(False, "", SHIPPED_EXAMPLE), (True, "", ""), (True, "متى افتتح السوق؟ | من العمدة؟", "متى افتتح السوق؟")],
)
def test_on_a_terminal_run_shows_an_example_that_its_documents_answer(
    tmp_path: Path, corpus: bool, examples: str, shown: str
) -> None:
    set_by_operator = {"IQTIBAS_EXAMPLES": examples} | ({"IQTIBAS_CORPUS": str(article(tmp_path))} if corpus else {})
    here, there = os.openpty()
    try:
        os.write(here, b"\n")  # an empty line ends it
        run = subprocess.run(
            [sys.executable, "-m", "bot", "run"],
            env=os.environ | {"IQTIBAS_READER": "off", "PYTHONPATH": str(ROOT)} | set_by_operator,
            stdin=there,
            capture_output=True,
            check=True,
            timeout=300,
        )
    finally:
        os.close(here)
        os.close(there)
    said, told, _ = run.stdout.decode().partition("No TELEGRAM_BOT_TOKEN is set")
    assert told
    assert said.startswith(f"؟ {shown}\n«") if shown else said == ""


def test_chat_reads_the_corpus_that_is_named(tmp_path: Path) -> None:
    assert "سنة 1911" in iqtibas("chat", "--corpus", article(tmp_path), text="متى افتتح السوق؟\n").stdout


def test_chat_carries_on_from_question_to_question_and_says_what_it_searched_for(tmp_path: Path) -> None:
    lines = iqtibas("chat", "--corpus", article(tmp_path), text="من افتتح السوق؟\nومتى؟\nوكيف؟\n").stdout.splitlines()
    said = [line for line in lines if line.startswith("بحثتُ عن: ")]
    assert said == ["بحثتُ عن: ومتى؟ (افتتح السوق)", "بحثتُ عن: وكيف؟ (افتتح السوق)"]
    assert "سنة 1911" in lines[lines.index(said[0]) + 1]


def test_each_question_of_a_message_is_answered_in_chat_and_leans_on_the_one_before(tmp_path: Path) -> None:
    text = "متى افتتح السوق؟ وفي أي سنة؟ ومن بنى الجسر؟ وأين يقع؟\n"
    told = iqtibas("chat", "--corpus", article(tmp_path), text=text).stdout
    first, second, *rest = told.strip().split("\n\n")
    assert "سنة 1911" in first
    assert second.startswith("بحثتُ عن: وفي أي سنة؟ (افتتح السوق)")
    assert "سنة 1911" in second
    assert len(rest) >= 2
    assert rest[-1] == phrases("ar").three_at_most


def test_the_bot_without_a_token_says_where_to_get_one() -> None:
    result = iqtibas("bot")
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert "@BotFather" in line


def test_doctor_finds_all_well_with_the_shipped_corpus() -> None:
    result = iqtibas("doctor")
    assert result.exit_code == 0
    assert {line[0] for line in result.stdout.splitlines()} == {"✓", "–"}


def test_doctor_names_a_file_that_cannot_be_read_and_is_content(tmp_path: Path) -> None:
    corpus = article(tmp_path)
    (corpus / "b.txt").write_bytes(b"")
    result = iqtibas("doctor", "--corpus", corpus)
    assert result.exit_code == 0
    assert "– corpus: b.txt: the file is empty" in result.stdout


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("IQTIBAS_CORPUS", "missing", "✗ corpus: no corpus at"),
        ("IQTIBAS_DATA", "file", "✗ state: "),
        ("IQTIBAS_ENGINE", "quantum", "✗ settings: IQTIBAS_ENGINE"),
        ("IQTIBAS_MIN_CONFIDENCE", "2", "✗ settings: IQTIBAS_MIN_CONFIDENCE"),
        ("TELEGRAM_BOT_TOKEN", "none", "✗ settings: TELEGRAM_BOT_TOKEN"),
    ],
)
def test_doctor_says_what_is_bad_with_status_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, line: str
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(name, value)
    result = iqtibas("doctor")
    assert result.exit_code == 1
    assert line in result.stdout


def test_doctor_says_that_telegram_does_not_answer_without_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:SECRET-of-the-bot")
    result = iqtibas("doctor")
    assert result.exit_code == 1
    assert "✗ token: Telegram at http://127.0.0.1:1 does not answer" in result.stdout
    assert "SECRET" not in result.output


@pytest.mark.parametrize("name", [None, *sorted(main.commands)])
def test_help_shows_a_sentence_of_what_a_command_does(name: str | None) -> None:
    result = iqtibas(*([name] if name else []), "--help")
    assert result.exit_code == 0
    sentence = result.stdout.split("\n\n")[1].strip()
    assert len(sentence.split()) >= 5


@pytest.mark.parametrize("name", [None, "ask"])
def test_help_shows_examples_where_there_is_more_than_one_way(name: str | None) -> None:
    assert 'iqtibas ask "' in iqtibas(*([name] if name else []), "--help").stdout


def test_the_version_is_said() -> None:
    assert version("iqtibas") in iqtibas("--version").stdout


def test_a_process_answers_and_refuses_with_its_statuses() -> None:
    found = process("ask", FOUND)
    assert (found.returncode, found.stderr) == (0, b"")
    assert QUOTE in found.stdout.decode()
    assert b"\x1b" not in found.stdout
    assert process("ask", "--corpus", "missing", FOUND).returncode == 1


@pytest.mark.parametrize("json_", [[], ["--json"]])
def test_bytes_that_are_no_text_can_be_asked(json_: list[str]) -> None:
    done = process("ask", *json_, b"\xff " + FOUND.encode())
    assert b"Traceback" not in done.stderr
    assert ("nearest" in json.loads(done.stdout)) if json_ else done.stdout.decode()
    assert done.returncode in (0, 3)


def test_the_answer_in_a_quote_is_bold_on_a_terminal() -> None:
    pty = pytest.importorskip("pty")
    reading, terminal = pty.openpty()
    try:
        question = "في أي عام بدأت فصائل المعارضة محاولة السيطرة على المدينة بالكامل؟"
        assert process("ask", question, stdout=terminal).returncode == 0
        assert "\x1b[32m\x1b[1mعام 2015\x1b[0m" in os.read(reading, 100_000).decode()
    finally:
        os.close(terminal)
        os.close(reading)


def test_asking_loads_nothing_of_telegram_or_the_network() -> None:
    code = (
        "import sys\nfrom bot.terminal.cli import main\n"
        f"try:\n    main(['ask', {FOUND!r}])\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=600)
    assert done.returncode == 0, done.stderr
    roots = {name.partition(".")[0] for name in done.stderr.decode().split()}
    assert "retrieval" in roots
    assert not roots & {"telegram", "aiohttp", "httpx", "httpcore", "anyio", "asyncio", "ssl", "hypothesis"}


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

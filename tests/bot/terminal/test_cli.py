"""The command ``iqtibas``: its exit statuses, its JSON, its help, and that no mistake ends in a stack trace."""

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from command_line import ANSWER_KEYS, ARTICLE, FOUND, QUOTE, REFUSED, article, batch, iqtibas, process
from places import ROOT

from bot.phrases import phrases
from bot.settings import SHIPPED_EXAMPLE
from bot.terminal.cli import main

pytestmark = pytest.mark.usefixtures("empty_folder")

ARABIC = phrases("ar")
QUOTE_KEYS = {
    *("text", "document", "title", "url", "published", "place"),
    *("start", "end", "highlight", "score", "probability", "shown", "also", "link", "author"),
    *("heading", "recognised", "reference"),
}


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

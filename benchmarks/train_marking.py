"""Trains the model that marks answers, ``retrieval/answering/models/marks.txt``, and cross-validates it by document.

FOLDER holds the question sets that benchmarks/README.md names: XQuAD (CC BY-SA 4.0), MLQA (CC BY-SA 3.0) and ARCD
(MIT), their Arabic parts. None of their text enters the project; the weights do.

    pip install -e '.[train]' && python benchmarks/train_marking.py FOLDER [--folds DIR]

A question is learned from the sentence of its paragraph that holds the answer. With --folds, it writes for each of five
folds of the documents a model that saw none of the fold, and not the shipped one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from question_sets import FOLDS, SETS, fold_of, parser, progress

from retrieval.answering.marking import MODEL, Marker, load, marks
from retrieval.answering.phrases import Phrases, names, phrases
from retrieval.answering.question import Question, parse
from retrieval.arabic import analyze, fold, fold_text
from retrieval.evaluation import Case, read_cases
from retrieval.model import Span
from retrieval.segmentation import sentences

MODELS = Path(__file__).parent.parent / "retrieval" / "answering" / "models"
KEPT, FIRST_ROUNDS, ROUNDS = 100, 60, 110
TREES = {
    "objective": "binary", "num_leaves": 15, "max_depth": 6, "learning_rate": 0.1, "min_data_in_leaf": 60,
    "feature_fraction": 0.3, "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 10, "max_bin": 63,
    "verbose": -1, "num_threads": 1, "seed": 1, "deterministic": True,
}  # fmt: skip
_WORD = re.compile(r"\w+")
_READ = ("split_feature=", "threshold=", "left_child=", "right_child=", "leaf_value=")  # all that Trees.read needs


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the sentence of its paragraph that answers it and the one before, the phrases of that sentence, and
    which of them meet the answer."""

    case: Case
    name: str
    question: Question
    sentence: Span
    before: Span | None
    found: Phrases | None
    meets: np.ndarray[Any, Any]


def examples(folder: Path) -> Iterator[Example]:
    """The questions whose answer stands within one sentence."""
    for name in SETS:
        for case in read_cases(folder / f"{name}.jsonl"):
            if example := _example(case, name):
                yield example


def _example(case: Case, name: str) -> Example | None:
    text, question = case.context or "", parse(case.question)
    spans = sentences(text, Span(0, len(text)))
    asked = {term.stem for term in question.terms}
    holding = [i for i, span in enumerate(spans) if _places(span.of(text), case.answers)]
    if not holding:
        return None
    best = max(holding, key=lambda i: (len(asked.intersection(analyze(spans[i].of(text)))), -i))
    sentence, before = spans[best], spans[best - 1] if best else None
    found = phrases(question, text, sentence, before)
    judged = [_judged(case, text, sentence, span) for span in found.spans] if found else []
    return Example(case, name, question, sentence, before, found, np.array(judged, dtype=float) > 0)


def _places(sentence: str, answers: Sequence[str]) -> list[tuple[int, int]]:
    """Where the answers stand in a sentence."""
    folded = fold(sentence)
    wanted = filter(None, map(str.strip, map(fold_text, answers)))
    matches = (match for answer in wanted for match in re.finditer(re.escape(answer), folded.text))
    return [(folded.origin(match.start()), folded.origin(match.end() - 1) + 1) for match in matches]


def _judged(case: Case, text: str, sentence: Span, span: Span) -> float:
    """How many times the length of the shortest answer that it meets a phrase has; 0 where it meets none."""
    places = _places(sentence.of(text), case.answers)
    first, last = span.start - sentence.start, span.end - sentence.start
    words = set(_WORD.findall(fold_text(span.of(text))))
    met = [len(answer) for answer in case.answers if words.intersection(_WORD.findall(fold_text(answer)))]
    meets = bool(met) and any(first < end and start < last for start, end in places)
    return (last - first) / min(met) if meets else 0.0


def fit(chosen: Sequence[Example]) -> str:
    """The text of a model, of the features that mattered most in a first one."""
    useful = [e for e in chosen if e.found]
    matrix = np.concatenate([e.found.matrix for e in useful if e.found])
    labels = np.concatenate([e.meets for e in useful]).astype(int)
    weights = np.concatenate([np.full(len(e.meets), len(e.meets) ** -0.5) for e in useful])
    first = lightgbm.train(TREES, lightgbm.Dataset(matrix, labels, weight=weights), FIRST_ROUNDS)
    kept = np.sort(np.argsort(-first.feature_importance("gain"), kind="stable")[:KEPT])
    data = lightgbm.Dataset(matrix[:, kept], labels, weight=weights, feature_name=[names()[i] for i in kept])
    return _short(str(lightgbm.train(TREES, data, ROUNDS).model_to_string()))


def _short(model: str) -> str:
    """A model without the lines that are not read, its numbers shortened."""
    head, *blocks = model.split("\nTree=")
    kept = [line for line in head.splitlines() if line.startswith("feature_names=")]
    for block in blocks:
        kept += [f"\nTree={block.partition(chr(10))[0]}", *map(_rounded, filter(_is_read, block.splitlines()))]
    return "\n".join(kept) + "\n"


def _is_read(line: str) -> bool:
    return line.startswith(_READ)


def _rounded(line: str) -> str:
    name, _, values = line.partition("=")
    return f"{name}={' '.join(f'{float(value):.7g}' for value in values.split())}"


def report(tried: Sequence[tuple[Example, Marker]]) -> None:
    """The share of questions whose mark meets the answer, and the mean of how many times its length those have."""
    rows: dict[str, list[float]] = {}
    for example, model in tried:
        rows.setdefault(example.name, []).append(_marked(example, model))
    for name, ratios in rows.items():
        met = [ratio for ratio in ratios if ratio > 0]
        print(f"{name}: marked {len(met) / len(ratios):.4f}, mark_ratio {np.mean(met):.2f}, of {len(ratios)}")


def _marked(example: Example, model: Marker) -> float:
    text = example.case.context or ""
    found = marks(model, example.question, text, example.sentence, example.before)
    return _judged(example.case, text, example.sentence, found[0]) if found else 0.0


def save(model: str, folder: Path) -> Marker:
    """Writes a model where ``marking.load`` finds it, and reads it again."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL).write_text(model, "utf-8")
    return load(folder)


def main() -> None:
    """Cross-validates into DIR, with its figures; or trains on all."""
    arguments = parser(__doc__)
    arguments.add_argument("--folds", type=Path, metavar="DIR", help="cross-validate, with the models written to DIR")
    given = arguments.parse_args()
    every = list(examples(given.folder))
    if not given.folds:
        save(fit(every), MODELS)
        return
    tried = []
    for fold_number in range(FOLDS):
        seen = [e for e in every if fold_of(e.case.document or "") != fold_number]
        model = save(fit(seen), given.folds / str(fold_number))
        tried += [(e, model) for e in every if fold_of(e.case.document or "") == fold_number]
        progress(fold_number + 1, FOLDS)
    report(tried)


if __name__ == "__main__":
    main()

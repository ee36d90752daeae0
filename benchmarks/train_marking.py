"""Trains the model that marks answers, ``retrieval/composing/models/marks.txt``, and cross-validates it by document.

FOLDER holds the question sets that benchmarks/README.md names: XQuAD (CC BY-SA 4.0), MLQA (CC BY-SA 3.0) and ARCD
(MIT), their Arabic parts. None of their text enters the project; the weights do.

    python benchmarks/train_marking.py FOLDER [--folds DIR]

A question is learned from the sentence of its paragraph that holds the answer. With --folds, it writes for each of five
folds of the documents a model that saw none of the fold, and not the shipped one; its figures are those of the folds.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from fitting import Choices, fit
from question_sets import FOLDS, SETS, fold_of, parser, progress

from retrieval.arabic import analyze, fold, fold_text
from retrieval.composing.marking import MODEL, load, marks
from retrieval.composing.phrases import Phrases, names, phrases
from retrieval.evaluation import Case, read_cases
from retrieval.model import Span
from retrieval.question.parsed import Question, parse
from retrieval.ranking.networks import Network
from retrieval.segmentation import sentences

MODELS = Path(__file__).parent.parent / "retrieval" / "composing" / "models"
SEEDS = (1, 2, 3)
SHARPNESS = 6  # of the shares of phrases that overlap the answer: powers of how much they do
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the sentence of its paragraph that answers it and the one before, the phrases of that sentence, and
    how much of each is the answer: the harmonic mean of the shares, 1 where it is the answer."""

    case: Case
    name: str
    question: Question
    sentence: Span
    before: Span | None
    found: Phrases | None
    overlaps: np.ndarray[Any, Any]


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
    places = _places(sentence.of(text), case.answers)
    overlaps = [_overlap(places, sentence, span) for span in found.spans] if found else []
    return Example(case, name, question, sentence, before, found, np.array(overlaps))


def _places(sentence: str, answers: Sequence[str]) -> list[tuple[int, int]]:
    """Where the answers stand in a sentence."""
    folded = fold(sentence)
    wanted = filter(None, map(str.strip, map(fold_text, answers)))
    matches = (match for answer in wanted for match in re.finditer(re.escape(answer), folded.text))
    return [(folded.origin(match.start()), folded.origin(match.end() - 1) + 1) for match in matches]


def _overlap(places: Sequence[tuple[int, int]], sentence: Span, span: Span) -> float:
    """The harmonic mean of how much of a phrase is an answer's and of how much of the answer is the phrase's."""
    first, last = span.start - sentence.start, span.end - sentence.start
    common = [(max(0, min(last, end) - max(first, start)), last - first + end - start) for start, end in places]
    return max(2 * shared / both for shared, both in common)


def fitted(chosen: Sequence[Example]) -> Network:
    """The model that learned from examples."""
    learned = [
        Choices(example.found.matrix, _shares(example.overlaps))
        for example in chosen
        if example.found and example.overlaps.any()
    ]
    return fit(names(), learned, SEEDS)


def _shares(overlaps: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    powers = overlaps**SHARPNESS
    return (powers / powers.sum()).astype(np.float32)


def report(tried: Sequence[tuple[Example, Network]]) -> None:
    """The share of questions whose mark meets the answer, and the mean of how many times its length those have."""
    rows: dict[str, list[float]] = {}
    for example, model in tried:
        rows.setdefault(example.name, []).append(_marked(example, model))
    for name, ratios in rows.items():
        met = [ratio for ratio in ratios if ratio > 0]
        print(f"{name}: marked {len(met) / len(ratios):.4f}, mark_ratio {np.mean(met):.2f}, of {len(ratios)}")


def _marked(example: Example, model: Network) -> float:
    text = example.case.context or ""
    found = marks(model, example.question, text, example.sentence, example.before)
    return _ratio(example.case.answers, found[0].of(text)) if found else 0.0


def _ratio(answers: Sequence[str], mark: str) -> float:
    """How many times the length of the shortest answer with which it shares a word a mark has; 0 where with none."""
    words = set(_WORD.findall(fold_text(mark)))
    met = [len(answer) for answer in answers if words.intersection(_WORD.findall(fold_text(answer)))]
    return len(mark) / min(met) if met else 0.0


def save(model: Network, folder: Path) -> Network:
    """Writes a model where ``marking.load`` finds it, and reads it again."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL).write_text(model.text(), "utf-8")
    return load(folder)


def main() -> None:
    """Cross-validates into DIR, with its figures; or trains on all."""
    arguments = parser(__doc__)
    arguments.add_argument("--folds", type=Path, metavar="DIR", help="cross-validate, with the models written to DIR")
    given = arguments.parse_args()
    every = list(examples(given.folder))
    if not given.folds:
        save(fitted(every), MODELS)
        return
    tried = []
    for fold_number in range(FOLDS):
        seen = [e for e in every if fold_of(e.case.document or "") != fold_number]
        model = save(fitted(seen), given.folds / str(fold_number))
        tried += [(e, model) for e in every if fold_of(e.case.document or "") == fold_number]
        progress(fold_number + 1, FOLDS)
    report(tried)


if __name__ == "__main__":
    main()

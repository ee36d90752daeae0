"""Marks the words of a quoted sentence that answer.

Each phrase of it is weighed by trained trees: the probability that it meets the answer. Longer phrases meet it more
often and mark more than the answer, so the best is the one whose probability outweighs its length, beside the usual
length of answers of the kind. ``benchmarks/train_marking.py`` trains the trees.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np
from numpy.typing import NDArray

from retrieval.answering.kinds import whole_date
from retrieval.answering.phrases import names, phrases
from retrieval.answering.question import Kind, Question
from retrieval.answering.trees import Floats, Trees
from retrieval.model import Span

MODEL = "marks.txt"
BREVITY = 0.115  # how much is lost for each usual length; measured
LEAST = 0.12  # the probability below which nothing is marked; measured
ALLOWED = 1.8  # usual lengths that cost nothing
USUAL: dict[Kind | None, int] = {"date": 7, "number": 6, "price": 6, "definition": 15, "reason": 25, "yes_no": 25}
UNFIT = 0.5  # what is left of the probability of a phrase that does not look like the kind that is asked for
_FIGURES = [names().index("mean_digit"), names().index("mean_month")]
_USUAL = 12  # characters of an answer of another kind


@dataclass(frozen=True, slots=True)
class Marker:
    """The trees, and the columns of the features that they use."""

    trees: Trees
    columns: tuple[int, ...]

    def chances(self, matrix: NDArray[np.float32]) -> Floats:
        """The probability of each phrase that it shares a word with the answer."""
        chances: Floats = 1 / (1 + np.exp(-self.trees.scores(matrix[:, self.columns])))
        return chances


def marked(question: Question, text: str, sentence: Span, before: Span | None = None) -> tuple[Span, ...]:
    """The words of a sentence that answer a question: at most one stretch of ``text``; none where it is unsure.

    ``sentence`` and ``before``, the sentence before it in its passage, count characters of ``text``.
    """
    return marks(marker(), question, text, sentence, before)


def marks(model: Marker, question: Question, text: str, sentence: Span, before: Span | None) -> tuple[Span, ...]:
    """The same, by a model of the caller's."""
    found = phrases(question, text, sentence, before)
    if found is None:
        return ()
    chances = model.chances(found.matrix) * fits(question.kind, found.matrix)
    best = int(worth(question.kind, chances, np.array([span.end - span.start for span in found.spans])).argmax())
    if chances[best] < LEAST:
        return ()
    mark = found.spans[best]
    is_dated = question.kind == "date" or any(map(str.isdigit, mark.of(text)))
    return (_whole_date(text, sentence, mark) if is_dated else mark,)


def _whole_date(text: str, sentence: Span, mark: Span) -> Span:
    """The mark, or the day, month and year of which it is a part."""
    date = whole_date(sentence.of(text), Span(mark.start - sentence.start, mark.end - sentence.start))
    return Span(sentence.start + date.start, sentence.start + date.end)


def fits(kind: Kind | None, matrix: NDArray[np.float32]) -> Floats:
    """1 for a phrase that can be of the kind, less for another: a date and a number have figures, a person has none."""
    figures = matrix[:, _FIGURES].any(axis=1)
    wanted = {"date": True, "number": True, "price": True, "person": False}.get(kind or "")
    return np.where(figures == wanted, 1.0, UNFIT) if wanted is not None else np.ones(len(matrix))


def worth(kind: Kind | None, chances: Floats, lengths: NDArray[np.int64]) -> Floats:
    """What marking phrases is worth, by their probabilities and their lengths in characters."""
    value: Floats = chances * (1 + BREVITY * (ALLOWED - lengths / USUAL.get(kind, _USUAL)))
    return value


@cache
def marker() -> Marker:
    """The model that the project ships."""
    return load(files(__package__) / "models")


def load(folder: Traversable) -> Marker:
    """The model that ``benchmarks/train_marking.py`` wrote into a folder."""
    trees = Trees.read((folder / MODEL).read_text(encoding="utf-8"))
    return Marker(trees, tuple(map(names().index, trees.names)))

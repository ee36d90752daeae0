"""Marks the words of a quoted sentence that answer.

A small network gives each phrase of it the probability that it is the answer. Many phrases overlap, so the one that is
marked need not be the likeliest: it is the one that is expected to meet the answer, whichever it is, to hold much of
it, and to hold little else. ``benchmarks/train_marking.py`` trains the network.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np
from numpy.typing import NDArray

from retrieval.arabic.analysis import lemma, stem
from retrieval.arabic.words import folded_words
from retrieval.composing.phrases import Phrases, names, phrases
from retrieval.model import Span
from retrieval.question.parsed import Kind, Question
from retrieval.ranking.kinds import counts, dates, duals, whole_date
from retrieval.ranking.networks import Floats, Network
from retrieval.ranking.offices import office_of

MODEL = "marks.txt"
WHOLE = 0.08  # what it is worth that a mark holds all of the answer, beside 1 for meeting it at all; measured
EXCESS = 0.07  # what is lost for each length of the answer that a mark holds beside it; measured
BELOW = 1.5  # how far below the likeliest word another still speaks for a phrase that holds it; measured
LEAST = 0.2  # the probability of meeting the answer below which nothing is marked
_TINY = 1e-9
_TEH, _PLURAL = "ه", "ات"

Words = Sequence[tuple[Span, float]]


def marked(
    question: Question, text: str, sentence: Span, before: Span | None = None, read: Words | None = None
) -> tuple[Span, ...]:
    """The words of a sentence that answer a question: at most one stretch of ``text``; none where it is unsure.

    ``sentence`` and ``before``, the sentence before it in its passage, count characters of ``text``. ``read``: words of
    the sentence, which count its characters, with how likely the reader finds each of the answer (a logarithm).
    """
    return marks(marker(), question, text, sentence, before, read)


def marks(
    model: Network, question: Question, text: str, sentence: Span, before: Span | None, read: Words | None = None
) -> tuple[Span, ...]:
    """The same, by a model of the caller's."""
    said = sentence.of(text)
    if told := _two(question.unit, said) or _count_of(question.unit, said) or office_of(question, said):
        return (Span(sentence.start + told.start, sentence.start + told.end),)
    found = phrases(question, text, sentence, before)
    if found is None:
        return ()
    probabilities = chances(model, found)
    if read:
        probabilities = _read_too(found, probabilities, sentence, read)
    meeting, worth = judged(found, probabilities)
    best = int(worth.argmax())
    if meeting[best] < LEAST:
        return ()
    return (_trimmed(question.kind, text, sentence, found.spans[best]),)


def _two(unit: str | None, sentence: str) -> Span | None:
    """The word that says two of what is counted, where a sentence has one and counts no more of it («طفلان»)."""
    found = duals(unit, sentence) if unit else []
    if len(found) != 1 or any(_counts(unit, count.of(sentence)) for count in counts(sentence)):
        return None
    return found[0]


def _count_of(unit: str | None, sentence: str) -> Span | None:
    """The number of what is counted, where a sentence has others, too: «340 جريحا» beside «52 قتيلا»."""
    found = counts(sentence) if unit else []
    own = [count for count in found if _counts(unit, count.of(sentence))]
    return own[0] if len(own) == 1 < len(found) else None


def _counts(unit: str | None, count: str) -> bool:
    """Whether a number with the noun that it counts counts this one."""
    noun, own = folded_words(count)[-1], unit or ""
    return stem(noun) == stem(own) or lemma(noun) == lemma(own) or noun == f"{own.removesuffix(_TEH)}{_PLURAL}"


def _trimmed(kind: Kind | None, text: str, sentence: Span, mark: Span) -> Span:
    """A mark without what its kind leaves out: of a date that is asked for, all and no more; of numbers, one,
    with what follows it."""
    inside = Span(mark.start - sentence.start, mark.end - sentence.start)
    met = [date for date in dates(sentence.of(text)) if date.start < inside.end and inside.start < date.end]
    if kind == "date":
        inside = max(met, key=lambda date: date.end - date.start, default=inside)
    elif kind in ("number", "price"):
        numbers = [n for n in counts(sentence.of(text)) if n.start < inside.end and inside.start < n.end]
        if numbers:
            alone = len(numbers) + len(met) == 1
            inside = Span(numbers[0].start, max(numbers[0].end, inside.end) if alone else numbers[0].end)
    elif any(map(str.isdigit, mark.of(text))):
        inside = whole_date(sentence.of(text), inside)
    return Span(sentence.start + inside.start, sentence.start + inside.end)


def chances(model: Network, found: Phrases) -> Floats:
    """The probability of each phrase that it is the answer, which is taken to be one of them."""
    scores = model.scores(found.matrix)
    powers = np.exp(scores - scores.max())
    probabilities: Floats = powers / powers.sum()
    return probabilities


def _read_too(found: Phrases, probabilities: Floats, sentence: Span, read: Words) -> Floats:
    """The probabilities with what the reader says of the words: for a phrase each counts by how far it lies above
    ``BELOW`` the likeliest of the sentence."""
    worth = np.array([score for _, score in read])
    worth += BELOW - worth.max()
    starts, ends = (np.array([sentence.start + getattr(span, edge) for span, _ in read]) for edge in ("start", "end"))
    inside = [float(worth[(ends > span.start) & (starts < span.end)].sum()) for span in found.spans]
    odds = np.log(np.maximum(probabilities, _TINY)) + np.array(inside)
    powers = np.exp(odds - odds.max())
    both: Floats = (powers / powers.sum()).astype(np.float32)
    return both


def judged(found: Phrases, probabilities: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each phrase, the probability that it meets the answer, and what marking it is expected to be worth."""
    starts, ends = (np.array([getattr(span, edge) for span in found.spans]) for edge in ("start", "end"))
    lengths = ends - starts
    shared = np.maximum(0, np.minimum(ends[:, None], ends) - np.maximum(starts[:, None], starts))
    beside = lengths[:, None] - shared
    gains = (shared > 0) + WHOLE * shared / lengths - EXCESS * beside / lengths
    return (shared > 0) @ probabilities.astype(float), gains @ probabilities


@cache
def marker() -> Network:
    """The model that the project ships."""
    return load(files(__package__) / "models")


def load(folder: Traversable) -> Network:
    """The model that ``benchmarks/train_marking.py`` wrote into a folder, which must name the features of phrases."""
    model = Network.read((folder / MODEL).read_text(encoding="utf-8"))
    if model.names != names():
        raise ValueError(f"{MODEL} was trained on other features")
    return model

"""Ranks sentences by what words, vectors and the reader say of them, and says of each how sure it is.

Words and vectors put the sentences in a first order; the reader reads the best of them, in the windows of their
passages, with the question in view; all three together give the last order. Both orders and the probabilities are
weighed by small models, which ``benchmarks/reading`` fits on questions that none of the networks was trained on.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import accumulate, groupby
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.finding.search import Found
from retrieval.model import Span
from retrieval.question.parsed import Question
from retrieval.ranking.confidence import evidence
from retrieval.ranking.doers import TOLD, tells_who
from retrieval.ranking.features import KINDS, Candidate, Candidates, candidates
from retrieval.ranking.networks import Floats, Network
from retrieval.ranking.offices import names, office_of
from retrieval.ranking.places import tells_where
from retrieval.ranking.ranker import NOTHING, Ranked, Ranker
from retrieval.ranking.trees import Trees
from retrieval.reader.encoder import Reading, Window

READ = 24  # sentences, the best of the first order, whose windows may be read
WINDOWS = 10
"""Windows that are read at most. What answers paraphrased questions is read of .82 with 10, of .80 with 8."""
ENOUGH = 0.95
"""How likely it is, by the first order, that what answers is among what is read: then no more is. On two held-out sets
of news the reader's best is right as often with .95 as with .99 and with all ten windows, of which it reads a third."""
JUDGED = 5  # sentences, the best of the last order, of each of which it is said how sure it is
NAMES = (
    "score", "nearness", "nearness, below the best", "nearness of the passage, below the best",
    "nearness, below the passage's best", "compared", "passage, beside the best", "by words", "first", "place",
    "characters", "lacks a date", "lacks a number", "lacks a reason", "asks", "any, with all around",
    "score of the document, below the best", "score, below the document's best", "document, beside the best",
    "title's words asked", "passage's place",
)  # fmt: skip
"""The features of the first order."""
AFTER = ("answers", "answers, below the best", "read", "first, below the best")
"""Those that the last order has beside them."""
_OF_SIZE = {
    "words", "words asked", "mean meaning", "mean meaning of the passage", "mean score of few", "mean score of many",
    "title's words asked, of few", "title's words asked, of many", "lead", "lead over the third",
    "lead of the best passage", "passage, beside the best", "document, beside the best", "share of all odds",
    "mean weight", "score a weight", "least found", "found anywhere",
}  # fmt: skip
"""Evidence of words that differs with how much there is to find: without it a probability means the same everywhere."""
_FAR = 10.0  # how far below the best a score counts at most
_UNREAD = -12.0  # what stands for the reader's word on what it did not read
_BEYOND = 6.0  # how far beyond other passages counts at most

Words = tuple[tuple[Span, float], ...]
Rows = NDArray[np.int64]


class Reads(Protocol):
    """The reader: ``retrieval.reader.encoder.Networks`` is one."""

    def windows(self, sentences: Sequence[str]) -> list[range]:
        """The windows in which a passage's sentences are read, by their numbers."""
        ...

    def read(self, question: str, wanted: Sequence[Window]) -> list[Reading]:
        """What it says of windows with a question in view."""
        ...


@dataclass(frozen=True, slots=True)
class Known:
    """What words and vectors say of a question's sentences, a row each.

    ``scores``: by words; ``sure``: how sure words alone are of the best by them. ``nearness``: by vectors;
    ``compared``: whether it is known. ``before``: the features of the first order, by ``names``.
    """

    gathered: Candidates
    scores: Floats
    sure: float
    nearness: Floats
    compared: NDArray[np.bool_]
    before: Floats
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What the reader said: of each row of a question's sentences whether it answers, and which it read; ``words``: of
    those, the words with how likely they are of the answer."""

    answers: Floats
    is_read: NDArray[np.bool_]
    words: Mapping[int, Words]


@dataclass(frozen=True, slots=True)
class ReadingRanker:
    """``words`` ranks by words alone; ``first`` and ``last`` weigh the two orders, ``right`` says how sure one is."""

    words: Ranker
    reader: Reads
    first: Network
    last: Network
    right: Trees
    least: float = 0.56
    """The probability below which it is better to refuse: so of near questions without an answer more than seven in ten
    are refused, and of those whose document is not there .92 (benchmarks/reading/quality.py)."""

    def rank(self, question: Question, weights: Sequence[float], found: Sequence[Found]) -> Ranked:
        """The sentences of the passages found. ``weights``: of the question's words, by ``finding``."""
        if not found:
            return NOTHING
        seen = known(self.words, question, weights, found)
        first = self.first.scores(seen.before)
        told = read(self.reader, question.text, seen.gathered, first)
        own = self.last.scores(after(seen, first, told))
        scores, stands_for = for_headings(own, seen.gathered.sentences)
        scores = _with_who_first(question, scores, seen.gathered.sentences)
        order = np.argsort(-scores, kind="stable")
        judged = order[:JUDGED].tolist()
        probabilities = self._probabilities(seen, scores, told, weights, judged)
        if heads := [stands_for.get(row, row) for row in judged if row in stands_for]:
            of_heads = dict(zip(heads, self._probabilities(seen, own, told, weights, heads), strict=True))
            better = [
                max(p, of_heads.get(stands_for.get(row, -1), 0.0)) for p, row in zip(probabilities, judged, strict=True)
            ]
            probabilities = list(accumulate(better, min))
        if _tells(question, seen.gathered.sentences[judged[0]].text):
            probabilities[0] = max(TOLD, probabilities[0])
        return Ranked(
            tuple(seen.gathered.sentences[row] for row in order),
            tuple(float(scores[row]) for row in order),
            probabilities[0],
            tuple(probabilities),
            tuple(told.words.get(int(row)) for row in order),
        )

    def _probabilities(
        self, seen: Known, scores: Floats, told: Told, weights: Sequence[float], rows: Sequence[int]
    ) -> list[float]:
        """Of each of the best rows, how sure it is that it answers; never surer than of one before it."""
        matrix = np.concatenate([signs(seen, scores, told, weights, row)[0] for row in rows])
        found: list[float] = []
        for odds in self.right.scores(matrix):
            found.append(min([1 / (1 + math.exp(-float(odds))), *found[-1:]]))
        return found


def for_headings(scores: Floats, sentences: Sequence[Candidate]) -> tuple[Floats, dict[int, int]]:
    """Scores with those of headings below all others, and in the place of each the best of what stands under it, where
    that is among the sentences: a heading names what it is about, and is no answer. And of each row that stands for
    a heading, the row of that."""
    raised = scores.copy()
    stands_for: dict[int, int] = {}
    for row in map(int, np.argsort(-scores, kind="stable")):
        under = list(_under(sentences[row], sentences))
        if not under:
            continue
        best = max(under, key=lambda other: float(scores[other]))
        if scores[row] > raised[best]:
            raised[best] = scores[row]
            stands_for[best] = row
        raised[row] = scores.min() - 1
    return raised, stands_for


def _with_who_first(question: Question, scores: Floats, sentences: Sequence[Candidate]) -> Floats:
    """Scores with that of the sentence that tells who did what is asked, or who somebody is that the best does not
    name, above all, where one of the best does."""
    best = np.argsort(-scores, kind="stable")[:JUDGED]
    telling = [int(row) for row in best if _tells_who(question, sentences[row].text)]
    if not telling or telling[0] == best[0]:
        return scores
    if not tells_who(question, sentences[telling[0]].text) and names(question, sentences[best[0]].text):
        return scores
    raised = scores.copy()
    raised[telling[0]] = np.nextafter(scores[best[0]], np.float32(np.inf))
    return raised


def _tells(question: Question, sentence: str) -> bool:
    """Whether a sentence tells who or where, in ways that the reader doubts."""
    return tells_where(question, sentence) or _tells_who(question, sentence)


def _tells_who(question: Question, sentence: str) -> bool:
    return tells_who(question, sentence) or office_of(question, sentence) is not None


def _under(heading: Candidate, sentences: Sequence[Candidate]) -> Iterator[int]:
    """The rows of what stands under a sentence that is a heading; none of one that is not."""
    part = heading.document.part_at(heading.span)
    if part is None or part.role != "heading" or part.under is None:
        return
    for row, other in enumerate(sentences):
        is_under = other.document.digest == heading.document.digest and part.under.holds(other.span)
        if is_under and other.document.part_at(other.span) is None:
            yield row


def known(words: Ranker, question: Question, weights: Sequence[float], found: Sequence[Found]) -> Known:
    """What is known before anything is read. ``found``: at least one passage."""
    gathered = candidates(question, weights, found)
    by_words = words.scores(gathered.matrix)
    scores = np.asarray(by_words, dtype=np.float32)
    nearness, compared = _nearness(gathered, found)
    passage = _passages(gathered)
    column = {name: gathered.matrix[:, at] for at, name in enumerate(gathered.names)}
    sought = KINDS[int(column["kind sought"][0])] if column["kind sought"][0] >= 0 else None
    of_passage = np.maximum.reduceat(nearness, np.flatnonzero(column["place"] == 0))[passage]
    of_document = _best_of_documents(gathered, scores)
    features = {
        "score": np.maximum(scores - scores.max(), -_FAR),
        "nearness": nearness,
        "nearness, below the best": nearness - nearness.max(),
        "nearness of the passage, below the best": of_passage - of_passage.max(),
        "nearness, below the passage's best": nearness - of_passage,
        "compared": compared,
        "passage, beside the best": column["passage, beside the best"],
        "by words": column["passage's score"] != 0,
        "first": column["place"] == 0,
        "place": np.minimum(column["place"], 8),
        "characters": np.minimum(column["characters"], 600) / 100,
        "lacks a date": (column["holds: date"] == 0) & (sought == "date"),
        "lacks a number": (column["holds: numbers"] == 0) & (sought in ("number", "price")),
        "lacks a reason": (column["holds: reason"] == 0) & (sought == "reason"),
        "asks": column["holds: asks"],
        "any, with all around": column["any, with all around"],
        "score of the document, below the best": np.maximum(of_document - scores.max(), -_FAR),
        "score, below the document's best": np.maximum(scores - of_document, -_FAR),
        "document, beside the best": column["document, beside the best"],
        "title's words asked": column["title's words asked"],
        "passage's place": np.minimum(column["passage's place"], 8),
    }
    matrix = np.stack([np.asarray(values, dtype=np.float32) for values in features.values()], axis=1)
    sure = words.confidence(gathered, by_words, weights)
    return Known(gathered, scores, sure, nearness, compared, matrix, tuple(features))


def _passages(gathered: Candidates) -> Rows:
    """Of each sentence the number of its passage; those of a passage stand together."""
    first = gathered.matrix[:, gathered.names.index("place")] == 0
    return np.cumsum(first) - 1


def _best_of_documents(gathered: Candidates, scores: Floats) -> Floats:
    """Of each sentence the best score in its document: where a document is what is asked about, a sentence deep in it
    answers, though it names nothing of that."""
    numbers: dict[tuple[str, str], int] = {}
    of = [numbers.setdefault((one.document.id, one.document.digest), len(numbers)) for one in gathered.sentences]
    best = np.full(len(numbers), -np.inf, dtype=np.float32)
    np.maximum.at(best, of, scores)
    found: Floats = best[of]
    return found


def _nearness(gathered: Candidates, found: Sequence[Found]) -> tuple[Floats, NDArray[np.bool_]]:
    """How near each sentence is, and whether that is known; what is not counts as the farthest that is."""
    # While a document is replaced, two versions of it may be found.
    by_passage = {(one.document.id, one.document.digest, one.hit.passage.span): one.nearness for one in found}
    values: list[float] = []
    for key, own in groupby(gathered.sentences, key=lambda c: (c.document.id, c.document.digest, c.passage)):
        values += by_passage[key] or [math.nan for _ in own]
    nearness = np.array(values, dtype=np.float32)
    compared = ~np.isnan(nearness)
    nearness[~compared] = nearness[compared].min() if compared.any() else 0.0
    return nearness, compared


def read(reader: Reads, question: str, gathered: Candidates, first: Floats) -> Told:
    """What the reader says of the sentences that the first order puts first, and of those around them."""
    windows = list(_windows(reader, gathered, first))
    answers = np.full(len(first), _UNREAD, dtype=np.float32)
    is_read = np.zeros(len(first), dtype=np.bool_)
    words: dict[int, Words] = {}
    for (start, window), reading in zip(windows, reader.read(question, [w for _, w in windows]), strict=True):
        rows = range(start + window.numbers.start, start + window.numbers.stop)
        answers[rows.start : rows.stop] = reading.scores
        is_read[rows.start : rows.stop] = True
        words.update(zip(rows, reading.words, strict=True))
    return Told(np.maximum(answers, _UNREAD), is_read, words)


def _windows(reader: Reads, gathered: Candidates, first: Floats) -> Iterator[tuple[int, Window]]:
    """The windows that hold the best sentences, each with the row at which its passage begins."""
    passage = _passages(gathered)
    powers = np.exp(first - first.max())
    likely = powers / powers.sum()
    covered = np.zeros(len(first), dtype=np.bool_)
    chosen = 0
    for row in map(int, np.argsort(-first, kind="stable")[:READ]):
        if chosen == WINDOWS or likely[covered].sum() >= ENOUGH:
            return
        if covered[row]:
            continue
        rows = np.flatnonzero(passage == passage[row])
        start, own = int(rows[0]), [gathered.sentences[of].text for of in rows]
        window = next(numbers for numbers in reader.windows(own) if row - start in numbers)
        covered[start + window.start : start + window.stop] = True
        chosen += 1
        best = gathered.sentences[row]
        yield start, Window(best.document.titled(best.passage), own, window)


def after(seen: Known, first: Floats, told: Told) -> Floats:
    """The features of the last order: those of the first, and what the reader said."""
    best = told.answers.max()
    columns = (told.answers, told.answers - best, told.is_read, first - first.max())
    return np.concatenate([seen.before, np.stack([np.asarray(c, dtype=np.float32) for c in columns], axis=1)], axis=1)


def signs(
    seen: Known, scores: Floats, told: Told, weights: Sequence[float], row: int
) -> tuple[Floats, tuple[str, ...]]:
    """What speaks for a sentence, a row of features with their names."""
    text = seen.gathered.sentences[row].text
    twins = np.array([n != row and c.text == text for n, c in enumerate(seen.gathered.sentences)])
    scores = np.where(twins, scores.min(), scores)  # a reprint of a sentence is no rival of it
    own = evidence(seen.gathered, scores, weights, row, _OF_SIZE)
    passage = _passages(seen.gathered)
    others = (passage != passage[row]) & ~twins
    rivals = told.answers[others & told.is_read]
    rival = max(0.0, float(rivals.max())) if len(rivals) else 0.0  # at least that nothing answers
    powers = np.exp(np.minimum(told.answers[told.is_read], 20.0))
    more = {
        "answers": told.answers[row],
        "answers, below the best": told.answers[row] - told.answers.max(),
        "answers, beyond other passages": min(told.answers[row] - rival, _BEYOND),
        "nothing answers": -math.log1p(float(powers.sum())),
        "share of what answers": math.exp(min(float(told.answers[row]), 20.0)) / (1 + float(powers.sum())),
        "nearness to the question": seen.nearness[row],
        "nearness, beyond other passages": seen.nearness[row] - (seen.nearness[others].max() if others.any() else 0.0),
        "nearness, below the best": seen.nearness[row] - seen.nearness.max(),
        "by words, below the best": seen.scores[row] - seen.scores.max(),
        "by words": seen.scores[row],
        "sure by words": seen.sure,
        "order": float((scores > scores[row]).sum()),
        "best word": max((score for _, score in told.words.get(row, ())), default=_UNREAD),
    }
    held = dict(zip(own.names, own.row[0], strict=True)) | more
    return np.array([list(held.values())], dtype=np.float32), tuple(held)


@cache
def weights_of() -> tuple[Network, Network, Trees]:
    """The models of both orders and of the probabilities that the project ships."""
    return load(files(__package__) / "models")


def load(folder: Traversable) -> tuple[Network, Network, Trees]:
    """The models that ``benchmarks/reading/fit.py`` wrote into a folder."""
    first, last, right = ((folder / f"{name}.txt").read_text(encoding="utf-8") for name in ("near", "read", "right"))
    return Network.read(first), Network.read(last), Trees.read(right)

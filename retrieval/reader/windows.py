"""What the networks read, as rows of pieces: a question, or a window of a passage's sentences, with its title.

A passage that is longer than a window is read in several of about equal length; the end of the sentence before a
window comes along, so that «وأضاف» is not read without what it adds to. Lengths count pieces.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.reader.pieces import END, START

QUESTION, TITLE, SENTENCE = 48, 16, 110  # what is read of each at most
WINDOW = 150  # of a window's sentences together, where it has more than one
LEAD = 24  # of the sentence before a window

Numbers = Sequence[int]
OTHER = -1  # in ``Row.sentence``: of no sentence
_IN_QUESTION, _IN_PASSAGE = 0, 2  # what a piece is to the reader; 1 more where the other side has it too


@dataclass(frozen=True, slots=True)
class Row:
    """One row that a network reads. ``ids``: its pieces. ``sentence``: of each, the number of the sentence in its
    passage, or ``OTHER``. ``parts``: whether it is of the question or the passage, and whether the other has it too."""

    ids: list[int]
    sentence: list[int]
    parts: list[int]


def windows(sentences: Sequence[Numbers]) -> list[range]:
    """The windows of a passage's sentences, by their numbers. A sentence without a piece counts as one of one: it takes
    a place in what is read."""
    lengths = [max(1, min(len(sentence), SENTENCE)) for sentence in sentences]
    total = sum(lengths)
    if total <= WINDOW:
        return [range(len(sentences))]
    goal = total / -(-total // WINDOW)
    found, start, held = [], 0, 0
    for number, length in enumerate(lengths):
        if held and (held + length > WINDOW or held + length / 2 > goal):
            found.append(range(start, number))
            start, held = number, 0
        held += length
    return [*found, range(start, len(sentences))]


def asked(prefix: Numbers, question: Numbers) -> Row:
    """The row of a question by itself, for its vector; ``prefix`` tells the network that it is one."""
    ids = [START, *prefix, *question[:QUESTION], END]
    return Row(ids, [0] * len(ids), [_IN_QUESTION] * len(ids))


def told(prefix: Numbers, title: Numbers, sentences: Sequence[Numbers], window: range) -> Row:
    """The row of a window by itself, for its sentences' vectors; ``prefix`` ends before the title, a colon after it."""
    *opening, colon = prefix
    ids = [START, *opening, *title[:TITLE], colon]
    sentence = [OTHER] * len(ids)
    for number, pieces in _pieces(sentences, window):
        ids += pieces
        sentence += [number] * len(pieces)
    ids.append(END)
    return Row(ids, [*sentence, OTHER], [_IN_PASSAGE] * len(ids))


def read(question: Numbers, title: Numbers, sentences: Sequence[Numbers], window: range) -> Row:
    """The row of a question with a window, for the reader."""
    ids = [START, *question[:QUESTION], END]
    of_question = len(ids)
    ids += title[:TITLE]
    sentence = [OTHER] * len(ids)
    for number, pieces in _pieces(sentences, window):
        ids += [END, *pieces]
        sentence += [number] * (len(pieces) + 1)
    ids.append(END)
    sentence.append(OTHER)
    asked_for, held = set(ids[1 : of_question - 1]), set(ids[of_question:]) - {END}
    parts = [_IN_QUESTION + (piece in held) for piece in ids[:of_question]]
    parts += [_IN_PASSAGE + (piece in asked_for) for piece in ids[of_question:]]
    return Row(ids, sentence, parts)


def _pieces(sentences: Sequence[Numbers], window: range) -> Iterator[tuple[int, Numbers]]:
    """The pieces of a window's sentences with their numbers, after the end of the sentence before it."""
    if window.start:
        yield OTHER, sentences[window.start - 1][-LEAD:]
    for number in window:
        yield number, sentences[number][:SENTENCE]

"""Trains the reader: which of the sentences that it is shown with a question answers, by which of its words, or that
none does.

Takes ``examples.pkl``, ``base.npz`` and ``pieces.txt``. Gives ``reader.pt``. A question is shown with a few windows; a
part of the questions is asked without what answers them, or of another number, and is to be refused. The lower layers
stay; where the shipped reader is trained further, all of it does but for its adapters and what stands on top.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import torch
from torch import Tensor

from benchmarks.reading import adapters, further
from benchmarks.reading.examples import Example
from benchmarks.reading.model import Batch, Reader, packed, trained
from benchmarks.reading.noise import noisy
from benchmarks.reading.picking import Asked, Drawn, View, drawing, picked, way
from benchmarks.reading.training import Schedule, train
from benchmarks.reading.work import Work, kept, say
from retrieval.reader import windows
from retrieval.reader.pieces import Pieces
from retrieval.reader.windows import Row

BATCH, WINDOWS, FROZEN = 8, 4, 6
RATE, HEADS_RATE, ADAPTERS_RATE, WARMING, LEAST = 1.2e-4, 6e-4, 6e-4, 40, 0.02
WORDS = 0.3  # how much the words count beside the sentences
_UNKNOWN = -1e4


@dataclass(frozen=True, slots=True)
class Shown:
    """A question's pieces with the windows that it is shown with. ``is_asked``: what answers is to be found there, if
    it is; else it is to be refused."""

    pieces: Sequence[int]
    views: Sequence[View]
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is right of a batch. Of sentences: ``answers``, ``unknown``, and ``question``, by its place in the batch; of
    pieces: ``words``, whether they are of the answer, and ``question_of_piece``."""

    answers: Tensor
    unknown: Tensor
    question: Tensor
    words: Tensor
    question_of_piece: Tensor


def run(work: Work) -> None:
    """Trains for the time that is given, or goes on."""
    torch.set_num_threads(1)
    torch.manual_seed(work.seed)
    chance = drawing(work.seed)
    pieces = Pieces.read(work.pieces.read_text("utf-8"))
    examples = [one for one in kept(work.examples) if one.passages and (one.is_answered or not one.answerable)]
    drawn = Drawn(examples, chance)
    say(f"{work.reader.stem}: {drawn.counts} questions")
    model = Reader(pieces.size)
    frozen, groups = _further(work, model) if work.is_further else _anew(work, model)
    schedule = Schedule(work.reader_seconds, WARMING, LEAST)
    train(model, groups, lambda: loss(model, _shown(pieces, drawn, chance), frozen), schedule, work.reader, chance)


_Groups = list[dict[str, Any]]
"""Parameters with their rates."""


def _anew(work: Work, model: Reader) -> tuple[int, _Groups]:
    """A reader of the base weights, whose lower layers stay: how many, and what is trained."""
    model.encoder.start(work.base)
    model.train()
    for part in (model.encoder.word, model.encoder.place, model.encoder.n0, *model.encoder.layers[:FROZEN]):
        part.requires_grad_(False)
    layers = trained(model.encoder.layers.parameters())
    heads = [
        own for name, own in model.named_parameters() if own.requires_grad and not name.startswith("encoder.layers")
    ]
    return FROZEN, [{"params": layers, "lr": RATE}, {"params": heads, "lr": HEADS_RATE}]


def _further(work: Work, model: Reader) -> tuple[int, _Groups]:
    """The shipped reader, of which adapters and what stands on top are trained: no layer stays."""
    adapters.adapt(model.encoder)
    further.start(model, work.before / "reader.onnx", work.base, FROZEN)
    model.train()
    layers = adapters.only(model)
    heads = [own for part in (model.hid, model.out, model.tok) for own in part.parameters()] + [model.none]
    for own in heads:
        own.requires_grad_(True)
    return 0, [{"params": layers, "lr": ADAPTERS_RATE}, {"params": heads, "lr": RATE}]


def _shown(pieces: Pieces, drawn: Drawn, chance: Random) -> list[Shown]:
    """The questions of a step."""
    found: list[Shown] = []
    while len(found) < BATCH:
        example: Example = drawn.one()
        asked, text = way(example, chance)
        views = picked(example, asked, WINDOWS, chance)
        if views:
            is_asked = asked is Asked.AS_IT_IS and example.answerable
            found.append(Shown(pieces.of(noisy(text, chance)), views, is_asked))
    return found


def loss(model: Reader, shown: Sequence[Shown], frozen: int) -> tuple[Tensor, int]:
    """The mean cross-entropy of what answers each question, or of that nothing does, and of the answers' words."""
    batch, wanted = laid_out(shown)
    with torch.autocast("cpu", torch.bfloat16):
        scores, pieces = model(batch, frozen)
    scores = scores.masked_fill(wanted.unknown, _UNKNOWN)
    total = torch.zeros(())
    for number in range(len(shown)):
        own, answers = scores[wanted.question == number], wanted.answers[wanted.question == number]
        right = torch.logsumexp(own[answers], 0) if answers.any() else model.none[0]
        total = total + torch.logsumexp(torch.cat([own, model.none]), 0) - right
        here = (wanted.question_of_piece == number) & (batch.sentence >= 0)
        words = here & wanted.words
        if words.any():
            total = total + WORDS * (torch.logsumexp(pieces[here], 0) - torch.logsumexp(pieces[words], 0))
    return total / len(shown), len(batch.ids)


def laid_out(shown: Sequence[Shown]) -> tuple[Batch, Wanted]:
    """The windows of questions as rows, and what is right of them."""
    rows: list[Row] = []
    numbers: list[dict[int, int]] = []
    sentences: list[tuple[int, bool, bool]] = []
    pieces: list[tuple[int, bool]] = []
    for at, one in enumerate(shown):
        for view in one.views:
            passage = view.passage
            row = windows.read(one.pieces, passage.title, passage.sentences, view.window)
            rows.append(row)
            numbers.append({number: len(sentences) + place for place, number in enumerate(view.window)})
            for number in view.window:
                answers, holds = passage.answers[number], passage.holds[number]
                sentences.append((at, one.is_asked and answers, one.is_asked and holds and not answers))
            pieces += ((at, is_marked) for is_marked in _marked(row, view, one.is_asked))
    of, is_right, unknown = (torch.tensor(values) for values in zip(*sentences, strict=True))
    of_piece, words = (torch.tensor(values) for values in zip(*pieces, strict=True))
    return packed(rows, numbers), Wanted(is_right, unknown, of, words, of_piece)


def _marked(row: Row, view: View, is_asked: bool) -> list[bool]:
    """Of each piece of a row, whether it is of a word of the answer."""
    marked = [False] * len(row.ids)
    for number, marks in view.passage.marks.items():
        if is_asked and number in view.window:
            places = [place for place, own in enumerate(row.sentence) if own == number][1:]  # after what parts it
            for place, mark in zip(places, marks, strict=False):
                marked[place] = bool(mark)
    return marked

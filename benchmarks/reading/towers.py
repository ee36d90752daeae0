"""Trains the network of vectors: a question's shall be nearest to that of the sentence that answers.

Takes ``examples.pkl``, ``base.npz`` and ``pieces.txt``. Gives ``towers.pt``. A window is encoded whole, and the pieces
of each of its sentences are pooled, so that a sentence knows what stands around it. A step compares each question with
all sentences of the windows that were drawn for it and for the others of its batch (in-batch negatives; Karpukhin et
al., 2020). Two stages: the upper layers first, then more of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch
from torch import Tensor
from torch.nn import functional

from benchmarks.reading import further
from benchmarks.reading.examples import Example
from benchmarks.reading.model import LAYERS, Batch, Encoder, means, packed, trained
from benchmarks.reading.noise import noisy
from benchmarks.reading.picking import Drawn, View, beside, drawing
from benchmarks.reading.training import Schedule, train, weights
from benchmarks.reading.work import Work, kept, say
from retrieval.reader import windows
from retrieval.reader.pieces import Pieces
from retrieval.reader.windows import Row

BATCH, SHARPNESS, DROPPED = 16, 30.0, 0.05
BESIDE, AMONG = 2, 14  # passages that do not answer, of the best so many by words
WARMING, LEAST = 20, 0.02
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Stage:
    """``share`` of the time, with so many of the first layers ``frozen``."""

    share: float
    frozen: int
    rate: float


STAGES = (Stage(0.2, 6, 5e-5), Stage(0.8, 4, 6e-5))
FURTHER = (Stage(1.0, 4, 6e-5),)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a batch: of which of its questions, and whether it answers, or holds the answer's words."""

    of: int
    answers: bool
    holds: bool


def run(work: Work) -> None:
    """Trains the stages, one from what the other gave, or goes on where that stopped; none where there is no time."""
    if not work.towers_seconds:
        return
    torch.set_num_threads(1)
    pieces = Pieces.read(work.pieces.read_text("utf-8"))
    examples = [one for one in kept(work.examples) if one.answerable and one.is_answered]
    stages = FURTHER if work.is_further else STAGES
    given = [work.at / f"towers-{number}.pt" for number in range(1, len(stages))]
    before: Path | None = None
    for number, (stage, path) in enumerate(zip(stages, [*given, work.towers], strict=True)):
        if path is work.towers or not path.exists():
            seed = work.seed + number
            torch.manual_seed(seed)
            _train(work, stage, before, path, _Batches(pieces, examples, drawing(seed)))
        before = path
    for path in given:
        path.unlink()


def _train(work: Work, stage: Stage, before: Path | None, path: Path, batches: "_Batches") -> None:
    model = Encoder(batches.pieces.size, dropped=DROPPED)
    if before:
        model.load_state_dict(weights(before)[0])
    else:
        _start(work, stage, model)
    model.train().requires_grad_(False)
    for layer in model.layers[stage.frozen :]:
        layer.requires_grad_(True)
    say(f"{path.stem}: {LAYERS - stage.frozen} layers, {batches.drawn.counts} questions")
    groups = [{"params": trained(model.parameters()), "lr": stage.rate}]
    schedule = Schedule(work.towers_seconds * stage.share, WARMING, LEAST)
    train(model, groups, lambda: batches.loss(model, stage.frozen), schedule, path, batches.chance)


def _start(work: Work, stage: Stage, model: Encoder) -> None:
    if work.is_further:
        further.start(model, work.before / "vectors.onnx", work.base, stage.frozen)
    else:
        model.start(work.base)


class _Batches:
    """Draws questions with windows, and says how far a model is from what they ask."""

    def __init__(self, pieces: Pieces, examples: Sequence[Example], chance: Random) -> None:
        self.pieces, self.chance, self.drawn = pieces, chance, Drawn(examples, chance)
        self._asked = pieces.of("query:")
        self._told = [*pieces.of("passage:"), *pieces.of(":")[-1:]]

    def loss(self, model: Encoder, frozen: int) -> tuple[Tensor, int]:
        """The mean cross-entropy of what answers among the sentences, and how many pieces were read."""
        examples = [self.drawn.one() for _ in range(BATCH)]
        rows: list[Row] = []
        numbers: list[dict[int, int]] = []
        sentences: list[Sentence] = []
        for at, example in enumerate(examples):
            for view in self._views(example):
                passage = view.passage
                rows.append(windows.told(self._told, passage.title, passage.sentences, view.window))
                numbers.append({number: len(sentences) + place for place, number in enumerate(view.window)})
                sentences += (Sentence(at, passage.answers[n], passage.holds[n]) for n in view.window)
        for at, example in enumerate(examples):
            text = noisy(example.text, self.chance)
            rows.append(windows.asked(self._asked, self.pieces.of(text)))
            numbers.append({0: len(sentences) + at})
        batch = packed(rows, numbers)
        with torch.autocast("cpu", torch.bfloat16):
            found = vectors(model, batch, frozen)
        odds = SHARPNESS * found[len(sentences) :] @ found[: len(sentences)].T
        return cross_entropy(odds, examples, sentences), len(batch.ids)

    def _views(self, example: Example) -> list[View]:
        """The first window that answers of one passage, and one of each of a few others."""
        own = self.chance.choice([passage for passage in example.passages if any(passage.answers)])
        views = [View(own, window) for window in windows.windows(own.sentences)]
        others = beside(example, BESIDE, AMONG, self.chance)
        rest = [View(passage, self.chance.choice(windows.windows(passage.sentences))) for passage in others]
        return [next(view for view in views if view.answers), *rest]


def vectors(model: Encoder, batch: Batch, frozen: int = 0) -> Tensor:
    """The vectors of a batch's sentences, of length 1."""
    x = model(batch, frozen).float()
    at = batch.sentence >= 0
    return functional.normalize(means(x[at], batch.sentence[at], batch.sentences), dim=1)


def cross_entropy(odds: Tensor, examples: Sequence[Example], sentences: Sequence[Sentence]) -> Tensor:
    """Of what answers each question, a row of ``odds``, among the sentences that are known to or not to. Not known it
    is of sentences of its own document that were drawn for others, and of those that hold the answer's words alone."""
    of = torch.tensor([sentence.of for sentence in sentences])
    answers = torch.tensor([sentence.answers for sentence in sentences])
    holds = torch.tensor([sentence.holds for sentence in sentences])
    own = of[None] == torch.arange(len(examples))[:, None]
    documents = [examples[sentence.of].document for sentence in sentences]
    alike = torch.tensor([[document == example.document for document in documents] for example in examples])
    unknown = (alike & ~own) | (own & holds[None] & ~answers[None])
    odds = odds.masked_fill(unknown, _NEVER)
    right = odds.masked_fill(~(own & answers[None]), _NEVER)
    return (torch.logsumexp(odds, 1) - torch.logsumexp(right, 1)).mean()

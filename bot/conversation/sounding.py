"""What a short message sounds like that no form of the table knows: small talk, and of which intent, or a question.

A linear model of its words and the pieces of them weighs it; ``benchmarks/train_talk.py`` made it. It looks at no
corpus, so a message is talk only where it sounds far more like talk than like a question.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zlib import crc32

import numpy as np

MODEL = "talk.npz"
SIZE = 2**13
"""Places of features; those whose names fall together share one."""
QUESTION = "question"
"""What stands among the intents for all that asks the sources."""
LONGEST = 7
"""Words of a message that may sound like talk: a longer one says more than that."""

_WORD = re.compile(r"[^\W_]+|[؟?]")
_PIECES, _FEWEST = (2, 3, 4, 5), 2
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")


@dataclass(frozen=True, slots=True)
class Sounding:
    """The likeliest ``intent`` of talk, and how likely it is that a message is talk at all, from 0 to 1."""

    intent: str
    probability: float


def sounding(folded: str) -> Sounding | None:
    """What a message that is ``folded`` to this sounds like; None where it has no words, or too many to be talk, or is
    one letter."""
    said = words(folded)
    if not 0 < len(said) <= LONGEST or sum(map(len, said)) < _FEWEST:
        return None
    intents, weights, bias = _model()
    scores = weights[features(said)].sum(0) / np.sqrt(len(said)) + bias
    likely = np.exp(scores - scores.max())
    likely /= likely.sum()
    question = intents.index(QUESTION)
    talk = 1.0 - float(likely[question])
    likely[question] = 0
    return Sounding(intents[int(likely.argmax())], talk)


def words(folded: str) -> list[str]:
    """The words of a folded message, drawn-out letters once, and its question marks."""
    return [_DRAWN_OUT.sub(r"\1", word) for word in _WORD.findall(folded.replace("?", "؟"))]


def features(said: Sequence[str]) -> list[int]:
    """The places of what is weighed: each word, each two that follow each other, and the pieces of each."""
    return [crc32(name.encode()) % SIZE for name in _named(said)]


def _named(said: Sequence[str]) -> Iterator[str]:
    yield from (f"w {word}" for word in said)
    yield from (f"b {one} {two}" for one, two in zip(("", *said), (*said, ""), strict=True))
    for word in said:
        edged = f" {word} "
        yield from (edged[at : at + long] for long in _PIECES for at in range(len(edged) - long + 1))
    yield f"n {min(len(said), LONGEST)}"


@cache
def _model() -> tuple[list[str], np.ndarray, np.ndarray]:
    """The intents, the weights of each place for each of them, and what each weighs by itself."""
    with files(__package__).joinpath(MODEL).open("rb") as stream, np.load(stream) as kept:
        weights = kept["weights"].astype(np.float32) * kept["scale"]
        return [str(intent) for intent in kept["intents"]], np.ascontiguousarray(weights.T), kept["bias"]

"""Odds that a model gives, made probabilities (Platt, 1999), and the probability from which it is best to answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEPS = 100  # of Newton's method: it ends in ten
REFUSED, GONE, WRONG = 0.7, 0.957, 0.073
"""Shares: of what nothing answers, and of the rest where its document is gone, refused at least; of the rest, answered
wrongly at most. Of questions that were not fitted on a third more is answered wrongly and a thirtieth less refused, and
those are held to a tenth and to .92."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_LEAVES = re.compile("^leaf_value=(.*)$", re.MULTILINE)
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Line:
    """What odds z become: slope · z + start."""

    slope: float
    start: float

    def of(self, odds: NDArray[Any]) -> Floats:
        """The probabilities that odds stand for."""
        found: Floats = 1 / (1 + np.exp(-(self.slope * odds + self.start)))
        return found


def fitted(odds: Floats, right: Bools, counts: Floats) -> Line:
    """The line by which odds are the likeliest to have been right so often (logistic regression). ``counts``: how many
    times each counts."""
    line = Line(1.0, 0.0)
    for _ in range(STEPS):
        sure = line.of(odds)
        far, bend = counts * (sure - right), counts * sure * (1 - sure)
        slopes = np.array([(far * odds).sum(), far.sum()])
        mixed = (bend * odds).sum()
        bends = np.array([[(bend * odds * odds).sum() + _TINY, mixed], [mixed, bend.sum() + _TINY]])
        slope, start = np.linalg.solve(bends, slopes)
        line = Line(line.slope - float(slope), line.start - float(start))
    return line


def along(text: str, line: Line) -> str:
    """The text of trees whose sum is on the line of what it was: all leaves by the slope, those of one tree moved."""
    first, *others = _LEAVES.findall(text)
    moved = iter([_leaves(first, line.slope, line.start), *(_leaves(values, line.slope, 0.0) for values in others)])
    return _LEAVES.sub(lambda _: next(moved), text)


def _leaves(values: str, slope: float, start: float) -> str:
    return f"leaf_value={' '.join(f'{float(value) * slope + start:.7g}' for value in values.split())}"


def least(answerable: Sequence[tuple[float, bool]], others: Sequence[float], gone: Sequence[float]) -> float:
    """The lowest probability, in hundredths, at which so many of the others are REFUSED, of those without their
    document GONE, and so few of the answerable, each with whether its answer is right, answered WRONGly."""
    for at in (hundredths / 100 for hundredths in range(100)):
        refused = np.mean([sure < at for sure in others]) if others else 1.0
        is_gone = np.mean([sure < at for sure in gone]) if gone else 1.0
        wrong = np.mean([sure >= at and not right for sure, right in answerable]) if answerable else 0.0
        if refused >= REFUSED and is_gone >= GONE and wrong <= WRONG:
            return at
    return 1.0

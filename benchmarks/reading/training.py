"""A training: so many seconds of one processor, with a file to go on from, and lines of progress.

A loss is of a few questions that it draws itself. What is drawn after going on is drawn anew.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks.reading.work import replacing, say

LOUD, SAVED = 20, 240.0  # steps between lines of progress; processor seconds between files
_DECAY, _BETAS, _LONGEST_STEP = 0.01, (0.9, 0.98), 1.0

Loss = Callable[[], tuple[Tensor, int]]
"""The loss of a step, and how many pieces it read."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """``seconds`` of the processor. The rates grow for ``warming`` steps, and shrink with the time that is spent, to
    ``least`` of what they are."""

    seconds: float
    warming: int
    least: float

    def share(self, step: int, spent: float) -> float:
        """Of the rates, at a step from 0."""
        return min(1.0, (step + 1) / self.warming) * max(self.least, 1 - spent / self.seconds)


def train(
    model: nn.Module, groups: Sequence[dict[str, Any]], loss: Loss, schedule: Schedule, path: Path, chance: Random
) -> None:
    """Trains a model's parameters, in groups with their rates ("lr"), and writes ``{"model", "seconds"}`` to a path."""
    optimiser = torch.optim.AdamW(groups, weight_decay=_DECAY, betas=_BETAS)
    rates = [group["lr"] for group in optimiser.param_groups]
    parameters = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    state, step, before = path.with_suffix(".state"), 0, 0.0
    if state.exists():
        held = torch.load(state)
        model.load_state_dict(held["model"])
        optimiser.load_state_dict(held["optimiser"])
        step, before = held["step"], held["seconds"]
        chance.seed(f"{chance.random()} {step}")
        say(f"{path.stem}: goes on from step {step}, {before:.0f} processor seconds")
    start, saved, losses, pieces = time.process_time(), before, 0.0, 0
    while (spent := before + time.process_time() - start) < schedule.seconds:
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * schedule.share(step, spent)
        found, read = loss()
        found.backward()
        nn.utils.clip_grad_norm_(parameters, _LONGEST_STEP)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        step, losses, pieces = step + 1, losses + float(found.detach()), pieces + read
        if step % LOUD == 0:
            speed = pieces / max(time.process_time() - start, 1e-9)
            say(f"{path.stem}: step {step}, loss {losses / LOUD:.4f}, {spent:.0f} seconds, {speed:.0f} pieces a second")
            losses = 0.0
        if spent - saved > SAVED:
            saved = spent
            _save(state, {"model": model.state_dict(), "optimiser": optimiser.state_dict()}, step, spent)
    halves = {name: value.half() for name, value in model.state_dict().items()}
    _save(path, {"model": halves}, step, spent)
    state.unlink(missing_ok=True)


def _save(path: Path, content: dict[str, Any], step: int, seconds: float) -> None:
    with replacing(path) as part:
        torch.save(content | {"step": step, "seconds": seconds}, part)


def weights(path: Path) -> tuple[dict[str, Tensor], float]:
    """What was trained into a path, and the processor seconds that it took."""
    held = torch.load(path)
    return {name: value.float() for name, value in held["model"].items()}, held["seconds"]

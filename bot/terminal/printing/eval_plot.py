"""The plot of an evaluation. The only user of matplotlib, which is an extra."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from retrieval.errors import IqtibasError
from retrieval.evaluation import Point


def risk_coverage() -> Callable[[Sequence[Point], Path], None]:
    """What draws the points into a file. Raises IqtibasError where the extra that does it is not installed."""
    if not find_spec("matplotlib"):
        raise IqtibasError('--plot needs the extra "plots": pip install "iqtibas[plots]"')
    return _draw


def _draw(points: Sequence[Point], path: Path) -> None:
    """Share of wrong answers over the share of questions answered, as the confidence asked for falls."""
    from matplotlib.figure import Figure

    if not points:
        raise IqtibasError("nothing to plot: the questions have no answers to compare with")
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot([p.coverage for p in points], [p.risk for p in points], drawstyle="steps-post")
    axes.set(xlabel="coverage: questions answered", ylabel="risk: answers that are wrong", xlim=(0, 1), ylim=(0, None))
    axes.grid(alpha=0.3)
    try:
        figure.savefig(path)
    except OSError as error:
        raise IqtibasError(f"cannot write the plot: {error}") from None

"""What a run of the chain is given, and the files that its steps leave for each other in the folder WORK."""

import pickle
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

WEIGHTS = Path(__file__).parents[2] / "retrieval" / "reader" / "weights"


@dataclass(frozen=True, slots=True)
class Work:
    """``folder``: of the question sets. ``at``: the folder WORK. ``seed``: of all that is drawn. ``..._seconds``: of
    the processor, that each training takes. ``processes``: that ask at once.
    ``is_further``: whether the shipped networks are trained further, instead of the base weights."""

    folder: Path
    at: Path
    seed: int
    towers_seconds: float
    reader_seconds: float
    processes: int
    is_further: bool

    @property
    def before(self) -> Path:
        """A copy of ``retrieval/reader/weights`` as they were before they were trained further."""
        return self.at / "before"

    @property
    def base(self) -> Path:
        """The base weights: an array for each tensor."""
        return self.at / "base.npz"

    @property
    def pieces(self) -> Path:
        """The vocabulary, as ``retrieval.reader.pieces`` reads it."""
        return self.at / "pieces.txt"

    @property
    def examples(self) -> Path:
        """What the networks are trained on: a pickled list of ``examples.Example``."""
        return self.at / "examples.pkl"

    @property
    def towers(self) -> Path:
        """The trained encoder of questions and sentences: ``{"model", "seconds"}``, by torch."""
        return self.at / "towers.pt"

    @property
    def reader(self) -> Path:
        """The trained reader, in the same form."""
        return self.at / "reader.pt"

    @property
    def vectors(self) -> Path:
        """The vectors of all passages, by the shipped network."""
        return self.at / "vectors.db"

    @property
    def figures(self) -> Path:
        """The table of figures, in markdown."""
        return self.at / "figures.md"

    def collected(self, name: str, task: int) -> Path:
        """What one task of ``collect`` found."""
        return self.at / f"{name}-{task}.pkl"

    def done(self, step: str) -> Path:
        """What is there when a step came to its end."""
        return self.at / f"{step}.done"


def processes(count: int) -> ProcessPoolExecutor:
    """So many processes, which begin anew: what this one has loaded has threads that a copy of it would not."""
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))


def keep(path: Path, value: Any) -> None:
    """Writes a value, whole or not at all."""
    with replacing(path) as part:
        part.write_bytes(pickle.dumps(value))


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to, which takes another's place when all went well."""
    part = path.with_name(f"{path.name}.part")
    yield part
    part.replace(path)


def kept(path: Path) -> Any:
    """A value that was written by this chain."""
    return pickle.loads(path.read_bytes())  # noqa: S301  # of WORK, which is the user's own


def say(line: str) -> None:
    """A line of progress."""
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def counted(what: str, every: int = 64) -> Callable[[int, int], None]:
    """What says, once in so many, how far something is."""

    def told(done: int, of: int) -> None:
        if done % every == 0 or done == of:
            say(f"{what}: {done} of {of}")

    return told

"""Makes the networks of ``retrieval/reader`` and the models that weigh them, from their base weights to their figures.

    pip install -e '.[train]' && python -m benchmarks.reading FOLDER --work DIR [--only STEP ...] [--seed N]
        [--towers-seconds N] [--reader-seconds N] [--processes N] [--further]

FOLDER holds the question sets that benchmarks/README.md names, with native.jsonl. WORK keeps what the steps leave for
each other, and what is done: started again, the chain goes on where it stopped, within a training too. Nobody is asked
for figures of what was trained on: the networks see the part SEEN, the models that weigh them BLENDED, figures
REPORTED.

steps:
"""

import argparse
import shutil
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from benchmarks.question_sets import CORES, NATIVE, parser
from benchmarks.reading.work import WEIGHTS, Work, say


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the chain: the function of a module here that does it, and what that does."""

    name: str
    module: str
    function: str
    says: str


STEPS = (
    Step("base", "base", "run", "the base weights, with the vocabulary that Arabic needs"),
    Step("examples", "examples", "run", "what words find for the questions, to be trained on"),
    Step("towers", "towers", "run", "trains the network of vectors"),
    Step("reader", "reader", "run", "trains the reader"),
    Step("export", "export", "run", "writes both into retrieval/reader/weights"),
    Step("near", "fit", "near", "fits the order in which sentences are read: retrieval/ranking/models/near.txt"),
    Step("collect", "fit", "read", "what the reader says of the questions on which the rest is fitted"),
    Step("fit", "fit", "rest", "fits the last order and the confidence: read.txt and right.txt there"),
    Step("figures", "quality", "run", "the table of figures, WORK/figures.md"),
)


def main() -> None:
    """Does the steps that are not done yet, in order."""
    given = _parser().parse_args()
    if not (given.folder / f"{NATIVE}.jsonl").is_file():
        raise SystemExit(f"no {NATIVE}.jsonl in {given.folder}: the networks are trained and judged by it")
    given.work.mkdir(parents=True, exist_ok=True)
    seconds = given.towers_seconds, given.reader_seconds
    work = Work(given.folder, given.work, given.seed, *seconds, given.processes, given.further)
    if work.is_further and not work.before.exists():
        shutil.copytree(WEIGHTS, work.before)
    for step in STEPS:
        if step.name in given.only or not (given.only or work.done(step.name).exists()):
            _do(step, work)


def _do(step: Step, work: Work) -> None:
    start = time.monotonic()
    say(f"{step.name}: {step.says}")
    try:
        module = import_module(f"benchmarks.reading.{step.module}")
    except ImportError as error:
        raise SystemExit(f"{step.name}: {error}: pip install -e '.[train]'") from None
    getattr(module, step.function)(work)
    took = f"{time.monotonic() - start:.0f} seconds"
    work.done(step.name).write_text(f"{took}\n", "utf-8")
    say(f"{step.name}: done in {took}")


def _parser() -> argparse.ArgumentParser:
    steps = "\n".join(f"  {step.name:10}{step.says}" for step in STEPS)
    made = parser(f"{__doc__}{steps}")
    made.add_argument("--work", type=Path, required=True, metavar="DIR", help="where the steps keep what they give")
    names = [step.name for step in STEPS]
    made.add_argument("--only", nargs="+", choices=names, default=[], metavar="STEP", help="these, done or not")
    made.add_argument("--seed", type=int, default=1, metavar="N", help="of what is drawn in training (1)")
    made.add_argument(
        "--towers-seconds", type=float, default=1580, metavar="N", help="of the processor, 0 to leave it (1580)"
    )
    made.add_argument("--reader-seconds", type=float, default=3100, metavar="N", help="of the processor (3100)")
    made.add_argument("--processes", type=int, default=CORES, metavar="N", help=f"that ask at once ({CORES})")
    made.add_argument("--further", action="store_true", help="train what is shipped further, not the base weights")
    return made


if __name__ == "__main__":
    main()

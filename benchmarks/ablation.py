"""What each rule of the language is worth: every set asked with one rule off at a time.

    python benchmarks/train.py FOLDER --folds DIR && python benchmarks/ablation.py FOLDER --folds DIR

Prints a table in markdown: para@1 and quote@1 with all rules on, then how many points (hundredths) are lost or won
without each. Each rule is measured in a process of its own, so that nothing indexed or remembered with it is left.
The models stay those that were trained with all rules.
"""

import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from question_sets import CORES, judging, markdown, measured, progress, sets_in

from retrieval.index import GRAMS, LEMMAS, TITLE
from retrieval.index.terms import WEIGHTS

ALL = "all rules"
Pairs = list[tuple[float, float]]  # para@1 and quote@1 of each set


def _nothing(*_: Any) -> None:
    """In place of a step that settles words in place."""


def _as_it_is(text: Any, *_: Any) -> Any:
    """In place of a step that rewrites its first argument."""
    return text


def _without(field: str) -> dict[str, float]:
    """The weights of the fields with one that counts for nothing."""
    return {**WEIGHTS, field: 0.0}


RULES: dict[str, dict[str, Any]] = {
    "stop words": {"arabic.analysis._PASSED_OVER": frozenset({""})},
    "light words": {"finding.search.LIGHT_STEMS": frozenset()},
    "articles and joined particles": {"arabic.analysis._ARTICLES": ()},
    "lemmas": {"arabic.analysis._lemmas": dict},
    "the field of lemmas": {"index.terms.WEIGHTS": _without(LEMMAS)},
    "the field of n-grams": {"index.terms.WEIGHTS": _without(GRAMS)},
    "the field of titles": {"index.terms.WEIGHTS": _without(TITLE)},
    "all canonical forms": {"arabic.analysis.canonical": list, "question.parsed.canonical": list},
    "numbers in words": {
        "arabic.numbers.join_numbers": _nothing,
        "arabic.numbers.settle_percent": _nothing,
        "arabic.ordinals.join_ordinals": _nothing,
        "arabic.ordinals.settle_days": _nothing,
    },
    "months and weekdays": {
        "arabic.calendar_names.named": _as_it_is,
        "arabic.calendar_names.settle_months": _nothing,
        "arabic.calendar_names.settle_weekdays": _nothing,
    },
    "names of many spellings": {"arabic.names.spelled": _as_it_is},
    "names of several words": {
        "arabic.names.join_names": _nothing,
        "arabic.names.join_compounds": _nothing,
        "arabic.names.settle_fathers": _nothing,
    },
    "days of both calendars": {"index.terms.day_terms": lambda _: []},
    "question words": {"question.parsed.asked": lambda *_: []},
    "mending of the question": {"answering.mended": _as_it_is},
    "parting of glued words": {"index.vocabulary.Vocabulary.glued": lambda _: {}},
    "words near in meaning, looked for too": {"finding.search.ALIKE": 0.0},
    "families of derived words": {"question.related.DERIVED": 0.0},
    "synonyms": {"question.related._synonyms": dict},
    "words of dialects": {"question.parsed.standard_at": lambda *_, **__: (), "question.parsed.EMPTY": frozenset()},
    "word vectors": {"ranking.features.row_of": lambda _: 0, "ranking.sentences.row_of": lambda _: 0},
}
"""What stands in for what, by its name within ``retrieval``, where a rule is off."""


def switch_off(rule: str) -> None:
    """Takes a rule out of this process."""
    for name, substitute in RULES[rule].items():
        holder, attribute = _find(f"retrieval.{name}")
        if not hasattr(holder, attribute):
            raise AttributeError(f"{rule}: there is no {name} to switch off")
        setattr(holder, attribute, substitute)


def _find(name: str) -> tuple[Any, str]:
    owner, _, attribute = name.rpartition(".")
    try:
        return import_module(owner), attribute
    except ModuleNotFoundError:  # the owner is a class
        module, _, of = owner.rpartition(".")
        return getattr(import_module(module), of), attribute


def measure(folder: Path, folds: Path, off: str) -> Pairs:
    """What the sets give without a rule. Runs in a fresh process: it changes the modules."""
    if off != ALL:
        switch_off(off)
    found = [measured(folder, name, folds) for name in sets_in(folder)]
    return [(f.para_at_1 or 0, f.quote_at_1 or 0) for f in found]


def row(off: str, now: Pairs, base: Pairs) -> list[str]:
    """A row of the table: figures for all rules, differences for each."""
    cell: Callable[[float, float], str] = lambda a, b: f"{a:.3f}" if off == ALL else f"{100 * (a - b):+.1f}"  # noqa: E731
    return [off, *(cell(a, b) for one, other in zip(now, base, strict=True) for a, b in zip(one, other, strict=True))]


def main() -> None:
    """Measures with all rules, then without each."""
    given = judging(__doc__).parse_args()
    tasks, found = [ALL, *RULES], []
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        for pairs in pool.map(partial(measure, given.folder, given.folds), tasks):
            found.append(pairs)
            progress(len(found), len(tasks))
    header = ["without", *(f"{name} {figure}" for name in sets_in(given.folder) for figure in ("para@1", "quote@1"))]
    print(markdown(header, [row(task, pairs, found[0]) for task, pairs in zip(tasks, found, strict=True)]))


if __name__ == "__main__":
    sys.exit(main())

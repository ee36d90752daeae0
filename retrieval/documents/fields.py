"""What the fields of records are, by what they are called: keys of JSON, heads of a sheet's columns."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table

_TABLE = table("fields")
_KINDS = ("question", "answer", "title", "text", "url", "published")
_LONGEST = 40  # characters of a name
_FEW_WORDS = 5
_NO_LETTERS = re.compile(r"[\W_]+")


def _plain(name: str) -> str:
    return _NO_LETTERS.sub("", fold_text(name.lower()))


_NAMES = {kind: [_plain(name) for name in _TABLE[kind]] for kind in _KINDS}
_PLACES = {name: (kind, place) for kind, names in _NAMES.items() for place, name in enumerate(names)}
_BEGINNINGS = {_plain(word): kind for kind in ("question", "answer") for word in _TABLE[f"{kind}_begins"]}
_LABELS = frozenset(map(fold_text, _TABLE["labels"]))
_ARTICLE = "ال"
_EXAMINED = frozenset(map(_plain, _TABLE["examined"]))


@lru_cache(1024)
def kind_of(name: str) -> tuple[str, int] | None:
    """What a key says of its value, and how common that name is, from 0; None for any other."""
    return _PLACES.get(_plain(name)) if len(name) <= _LONGEST else None


def fields_of(record: Mapping[str, object]) -> dict[str, object]:
    """The values of a record by what they are; of several of one kind that of the commonest name which is not empty."""
    found: dict[str, tuple[int, object]] = {}
    for key, value in record.items():
        if (named := kind_of(key)) and value not in (None, ""):
            kind, place = named
            if kind not in found or place < found[kind][0]:
                found[kind] = place, value
    return {kind: value for kind, (_, value) in found.items()}


def columns_of(heads: Iterable[str]) -> dict[str, int]:
    """Where the columns of a sheet stand, by what their heads say they are; the first of each kind."""
    heads = list(heads)
    found: dict[str, int] = {}
    if any(_EXAMINED & {_plain(word) for word in head.split()[:_FEW_WORDS]} for head in heads):
        return found
    for at, head in enumerate(heads):
        if named := kind_of(head):
            found.setdefault(named[0], at)
    for at, head in enumerate(heads):
        words = [_plain(word) for word in head.split()[: _FEW_WORDS + 1]]
        if at not in found.values() and 0 < len(words) <= _FEW_WORDS and words[0] in _BEGINNINGS:
            found.setdefault(_BEGINNINGS[words[0]], at)
    return found


def asking_columns(cells: Sequence[str]) -> tuple[int, int] | None:
    """The columns of questions and of answers behind them, where cells name such: «السؤال», «الجواب»."""
    found = columns_of(cells) if len(cells) > 1 else {}
    question, answer = found.get("question"), found.get("answer")
    return (question, answer) if question is not None and answer is not None and question < answer else None


def is_label(words: str) -> bool:
    """Whether a cell names the value beside it: it ends in a colon, or begins as such names do, with an article or
    without."""
    first = fold_text(words.partition(" ")[0].rstrip(":"))
    return words.rstrip().endswith(":") or not _LABELS.isdisjoint((first, first.removeprefix(_ARTICLE)))

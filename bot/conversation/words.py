"""The words of what somebody says, as the table ``sayings.toml`` writes them, each with its place in the text."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Self

from retrieval import fold

_WORD = re.compile(r"[^\W_]+")
_DRAWN_OUT = re.compile(r"(\w\w?)\1{2,}|([اوي])\2+$")
_LAUGHING = re.compile(r"ل[او]{3,}ل|ه{2,}|خ{3,}|(?:ها){2,}ه?|(?:هي){2,}|h{3,}|(?:ha){2,}h?")
_LAUGH = "هه"


@dataclass(frozen=True, slots=True)
class Words:
    """A text that was taken apart once: it is ``folded`` to this, and says these words, or these faces where it has no
    words. ``places``: where each word begins and ends in the text."""

    text: str
    folded: str
    said: tuple[str, ...]
    places: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, text: str) -> Self:
        """The words of a text."""
        folded = fold(text)
        found = list(_WORD.finditer(folded.text))
        if not found:
            return cls(text, folded.text, tuple(faces()[letter] for letter in text if letter in faces()))
        places = tuple((folded.origin(word.start()), folded.origin(word.end())) for word in found)
        return cls(text, folded.text, tuple(_spoken(word[0]) for word in found), places)


@cache
def table() -> dict[str, Any]:
    """The table ``sayings.toml``."""
    return tomllib.loads(files(__package__).joinpath("sayings.toml").read_text("utf-8"))


@cache
def around(name: str) -> frozenset[str]:
    """The folded words of one of the table's lists of what stands beside the forms."""
    return frozenset(fold(word).text for word in table()["around"][name].split())


@cache
def faces() -> Mapping[str, str]:
    """Each face, and the one that stands in the forms for all like it."""
    rows = [row.split() for row in table()["around"]["faces"]]
    return {face: row[0] for row in rows for face in row}


def _spoken(word: str) -> str:
    """A folded word, drawn-out letters once, and one laugh for all."""
    return _LAUGH if _LAUGHING.fullmatch(word) else _DRAWN_OUT.sub(r"\1\2", word)

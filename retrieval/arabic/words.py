"""Words of a raw text with their places, and the folded form of each."""

import re
from functools import lru_cache
from typing import NamedTuple

from retrieval.arabic.folding import fold_text

_MARKS = (
    "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0897\u08c9-\u08ff"
    "\ufe20-\ufe2f"
)
_UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_LONGEST = 100  # characters of a word: what runs on is cut, so that what is done with a word costs a bound
_WORD = re.compile(rf"\d+(?:[.,٫٬]\d+)*|[^\W\d_](?:[^\W\d_]|[{_MARKS}{_UNSEEN}]){{0,{_LONGEST - 1}}}")
_SEPARATORS = str.maketrans({"٬": None, ",": None, "٫": "."})
_GROUPED = re.compile(r"\d{1,3}(?:[,٬]\d{3})+(?:[.٫]\d+)?")
_REMEMBERED = 1 << 17


class Word(NamedTuple):
    """A word of a text: characters ``start`` to ``end`` of it, and its ``folded`` form."""

    start: int
    end: int
    folded: str


def words(text: str) -> list[Word]:
    """The words and numbers of a raw text in order; punctuation and symbols are no words."""
    return [Word(m.start(), m.end(), folded) for m in _WORD.finditer(text) if (folded := fold_word(m.group()))]


def first_word(text: str) -> str:
    """The folded form of the first word of a raw text; empty where it has none."""
    return next(filter(None, (fold_word(m.group()) for m in _WORD.finditer(text))), "")


def folded_words(text: str) -> list[str]:
    """The folded forms of ``words(text)``, faster."""
    return list(filter(None, map(fold_word, _WORD.findall(text))))


@lru_cache(_REMEMBERED)
def fold_word(raw: str) -> str:
    """The folded form of one word or number: «١٬٥٠٠» and "1,500" give "1500", «٣٫٥» "3.5"."""
    if not raw[0].isdigit():
        return fold_text(raw).replace(" ", "")
    if _GROUPED.fullmatch(raw):
        raw = raw.translate(_SEPARATORS)
    return fold_text(raw).replace("٫", ".")

"""Where two words that were written without a space part.

A short part is nearly always chance, so it must be a word of grammar or stand before an article.
"""

from collections.abc import Callable, Iterator
from math import log
from typing import TypeAlias

from retrieval.arabic.analysis import STOP_WORDS
from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table

Weigh: TypeAlias = Callable[[str], int]

SHORTEST_GLUED = 8
CLITICS = ("وبال", "فبال", "وال", "فال", "بال", "كال", "ولل", "لل", "ال", "و", "ف", "ب", "ل", "ك", "س")
_SHORTEST, _WORD = 2, 4  # letters: of a part, of one that needs no further sign
_LONG, _OFTEN = 5, 10  # letters, and times: of both parts where nothing else shows that they are two
_COMMON = 3
_ARTICLE, _TEH, _HAMZA, _AND = "ال", "ة", "ء", "و"
_TABLE = table("question_words")


def _set(listed: str) -> frozenset[str]:
    return frozenset(map(fold_text, listed.split()))


_QUESTIONS = frozenset(word for listed in _TABLE["words"].values() for word in _set(listed))
_ONLY_QUESTIONS = _QUESTIONS - _set(_TABLE["edges"]["opening"]) - _set(_TABLE["edges"]["both"])
_PREPOSITIONS = _set(_TABLE["edges"]["prepositions"])
_FEW = 3  # letters: what is left of a word when its clitics are off


def is_grammar(word: str) -> bool:
    """Whether a folded word carries grammar or asks: no corpus needs to hold it."""
    return word in STOP_WORDS or word in _QUESTIONS


def bare_forms(word: str) -> list[str]:
    """A folded word without the clitics it may begin with, the most taken off first."""
    return [word[len(c) :] for c in CLITICS if word.startswith(c) and len(word) - len(c) >= _FEW]


def certain_cut(written: str) -> int | None:
    """Where a raw word surely parts, counted in folded letters: «ة» ends a word («وزارةالخارجية»)."""
    place = written.find(_TEH) + 1
    return len(fold_text(written[:place])) if place and fold_text(written[place:]) else None


def best_cut(word: str, weigh: Weigh, at: int | None = None, *, strict: bool = False) -> tuple[str, str] | None:
    """The likeliest two words a folded one is glued from: the parts that are commonest together.

    ``at``: where it parts, if that is sure. ``strict``: two words without a further sign must be long and common.
    """
    if at:
        parts = word[:at], word[at:]
        return parts if min(map(len, parts)) >= _SHORTEST and all(_weight(part, weigh) for part in parts) else None
    scored = list(_cuts(word, weigh, strict))
    return max(scored)[1] if scored else None


def _cuts(word: str, weigh: Weigh, strict: bool) -> Iterator[tuple[float, tuple[str, str]]]:
    for place in range(_SHORTEST, len(word) - _SHORTEST + 1):
        left, right = word[:place], word[place:]
        left_weight = _weight(left, weigh)
        right_weight = _weight(right, weigh) if left_weight else 0
        if right_weight and _may_part(left, right, min(left_weight, right_weight), strict):
            yield log(left_weight + 1) + log(right_weight + 1), (left, right)


def _weight(part: str, weigh: Weigh) -> int:
    if part in CLITICS:
        return 0
    return max(weigh(part), _COMMON) if is_grammar(part) else weigh(part)


def _own_length(word: str) -> int:
    """How many letters a word has without its clitics, were it only one."""
    return len(word) - max((len(clitic) for clitic in CLITICS if word.startswith(clitic)), default=0)


def _may_part(left: str, right: str, weight: int, strict: bool) -> bool:
    """Whether two known words are more than chance. ``weight``: how common the rarer is."""
    own = _own_length(left)
    asks = left in _ONLY_QUESTIONS and len(left) > _SHORTEST and not strict
    if len(right) < _WORD:
        return asks or (right in _PREPOSITIONS and own >= _WORD and weight >= _COMMON and not strict)
    if right.startswith(_ARTICLE) and len(right) > _WORD:
        return own >= _WORD or is_grammar(left) or (own == _FEW and weight >= _OFTEN)
    if right.startswith(_AND) and left.endswith(_HAMZA):
        return own >= _WORD
    long, common = (_LONG, _OFTEN) if strict else (_WORD, 1)
    is_long = own >= long and _own_length(right) >= long
    return asks or (is_long and weight >= common)

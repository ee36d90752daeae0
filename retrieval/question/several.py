"""Whether a question asks for several things: «ما شروط القبول؟», «من هم أعضاء المجلس؟», «اذكر أسباب …»."""

from collections.abc import Iterator, Sequence

from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.words import Word
from retrieval.question.asking import Asked
from retrieval.question.nouns import bases

_TABLE = table("question_words")["several"]
_NOUNS, _NEEDED, _ASKING, _BETWEEN = (
    frozenset(map(fold_text, _TABLE[name].split())) for name in ("nouns", "needed", "asking", "between")
)
_BIDDING = [fold_text(phrase).split() for phrase in _TABLE["bidding"]]
_BIDDING_SPELLED = frozenset(_TABLE["bidding_spelled"].split())


def asks_several(text: str, found: Sequence[Word], asking: Sequence[Asked]) -> bool:
    """Whether a question does. ``found``: its words, ``asking``: those of them that ask."""
    forms = [word.folded for word in found]
    asked = [place for part in asking for place in _after_askers(forms, part)]
    asks_else = any(part.kind and not list(_after_askers(forms, part)) for part in asking)  # «شروط القبول متى تعلن؟»
    named = [_named(forms, start) for start in (*(() if asks_else else _openings(text, found, forms)), *asked)]
    is_needed = any(_named(forms, start) in _NEEDED for start in asked)
    return is_needed or any(not _NOUNS.isdisjoint(bases(name)) for name in named)


def _openings(text: str, found: Sequence[Word], forms: Sequence[str]) -> Iterator[int]:
    """Where a question begins («شروط القبول»), also after a word that bids."""
    yield 0
    if found and text[found[0].start : found[0].end] in _BIDDING_SPELLED:
        yield 1
    yield from (len(phrase) for phrase in _BIDDING if list(forms[: len(phrase)]) == phrase)


def _after_askers(forms: Sequence[str], part: Asked) -> Iterator[int]:
    """After each word that may ask for several, of those that ask."""
    places = range(part.start, part.end)
    return (place + 1 for place in places if not _ASKING.isdisjoint((forms[place], forms[place].removeprefix("و"))))


def _named(forms: Sequence[str], start: int) -> str:
    """What is asked for, by its folded word; empty where nothing is."""
    return next((forms[i] for i in range(start, len(forms)) if forms[i] not in _BETWEEN), "")

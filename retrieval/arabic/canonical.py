"""Words in their one canonical form: names, numbers, months and weekdays, however they are written.

For matching only. Facts stand in ``tables/``; each step below walks one of them, and changes only what it knows.
"""

from collections.abc import Sequence
from functools import lru_cache

from retrieval.arabic import calendar_names, names, numbers, ordinals

_BEGIN = names.BEGIN | numbers.BEGIN | ordinals.BEGIN | calendar_names.BEGIN
_REMEMBERED = 1 << 17


def canonical(words: Sequence[str]) -> list[str]:
    """The canonical forms of folded words, one a place.

    Where several words make one thing («كانون الثاني», «خمسة وعشرون»), its first place holds the form and its others
    the empty string. Numbers are digits; a name of two words is one word.
    """
    found = list(map(_alone, words))
    places = [place for place, word in enumerate(found) if word in _BEGIN]
    if places:
        _settle(found, places)
    return found


@lru_cache(_REMEMBERED)
def _alone(word: str) -> str:
    """The canonical form of a word that needs no other beside it to be known."""
    return calendar_names.named(names.spelled(word))


def _settle(words: list[str], places: Sequence[int]) -> None:
    """Settle in place what begins at the places. The order matters: a later step reads what earlier ones wrote."""
    numbers.settle_percent(words, places)
    names.join_names(words, places)
    names.join_compounds(words, places)
    names.settle_fathers(words, places)
    calendar_names.settle_weekdays(words, places)
    ordinals.join_ordinals(words, places)  # before cardinals, which would take the «عشر» of «الخامس عشر»
    numbers.join_numbers(words, places)
    calendar_names.settle_months(words, places)
    ordinals.settle_days(words, places, calendar_names.is_month)

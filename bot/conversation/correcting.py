"""A message that says what was meant instead of what was understood: «لا، أقصد زلزال تركيا»."""

from collections.abc import Sequence
from functools import cache

from bot.conversation.forms import says_nothing
from bot.conversation.words import table
from retrieval import fold

_MOST_BEFORE, _NO = 3, "لا"


def corrects(words: Sequence[str]) -> bool:
    """Whether a message does; not that it was something else: «مش قصدي»."""
    start = next((at for at, word in enumerate(words[:_MOST_BEFORE]) if word in _meant()), None)
    if start is None or not all(word == _NO or says_nothing(word) for word in words[:start]):
        return False
    return not all(map(says_nothing, words[start + 1 :]))


@cache
def _meant() -> frozenset[str]:
    return frozenset(fold(word).text for word in table()["around"]["meant"].split())

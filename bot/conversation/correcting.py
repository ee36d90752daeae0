"""Messages that begin as talk does and ask: one that says what was meant instead of what was understood («لا، أقصد
زلزال تركيا»), one that asks which with «يا», as in Iraq and the Gulf («يا يوم تفتحون؟»), one that says which is meant
(«شو الحي يلي انقصف؟»), and one that asks the house («هل عندكم توصيل؟»)."""

from collections.abc import Sequence
from itertools import pairwise

from bot.conversation.forms import says_nothing, spelled
from bot.conversation.inflections import ARTICLE
from bot.conversation.words import around

_MOST_BEFORE, _CALLS, _WHICH = 5, "يا", ("يا", "بيا", "ليا")
_YOURS, _SHORTEST_YOURS, _MEANS = "كم", 5, ("يعني", "معني")


def corrects(words: Sequence[str]) -> bool:
    """Whether a message says what was meant; not that it was something else: «مش قصدي»."""
    return meant_at(words) is not None


def meant_at(words: Sequence[str]) -> int | None:
    """Where what was meant begins in a message that says it; None in others."""
    start = next((at for at, word in enumerate(words[:_MOST_BEFORE]) if word in around("meant")), None)
    if start is None or not all(word in around("rejects") or says_nothing(word) for word in words[:start]):
        return None
    rest = words[start + 1 :]
    is_none = all(map(says_nothing, rest)) or rest[0] == _CALLS  # «قصدي يا صديقي»
    return None if is_none else start + 1


def asks_which(words: Sequence[str]) -> bool:
    """Whether a message asks which of what it names; «يا صديقي» calls."""
    return len(words) > 1 and words[0] in _WHICH and words[1] in around("which")


def asks_the_house(words: Sequence[str]) -> bool:
    """Whether a message speaks to several, or of what is theirs: «كم رسومكم؟»."""
    theirs = (word.endswith(_YOURS) and len(word) >= _SHORTEST_YOURS for word in words)
    return any(theirs) or not around("house").isdisjoint(words)


def names_by_relative(words: Sequence[str]) -> bool:
    """Whether a message says of what no saying knows which it is, or asks what it means: «شو يعني تأمين شامل؟»."""
    named = (word for word, after in pairwise(words) if after in around("relatives") and word.startswith(ARTICLE))
    meant = (after for word, after in pairwise(words) if word in _MEANS)
    return any(word not in spelled() for word in (*named, *meant))

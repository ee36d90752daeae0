"""A message that is plainly a quotation: nothing but some words in quotation marks, which ask nothing."""

from bot.conversation.forms import opens_with_asker
from bot.conversation.words import Words

FEWEST = 6
"""Words of a quotation: fewer may be a title, or a name."""

_MARKS = {"«": "»", "“": "”", '"': '"', "„": "“", "❝": "❞"}
_AFTER = " \t\n.،…"
_ASKS = ("؟", "?")


def quotation_in(text: str) -> str | None:
    """The words that a message quotes; None where it says anything else, or asks."""
    told = text.strip().rstrip(_AFTER)
    closing = _MARKS.get(told[:1])
    if closing is None or len(told) < 2 or not told.endswith(closing):
        return None
    words = told[1:-1].strip()
    is_one = told[0] not in words and closing not in words and len(words.split()) >= FEWEST
    asks = any(mark in words for mark in _ASKS) or opens_with_asker(Words.of(words).said)
    return words if is_one and not asks else None

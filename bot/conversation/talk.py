"""What somebody says that is no question to the sources: a greeting, thanks, a word about the last answer.

The table ``sayings.toml`` has the forms of which it is made; what no form knows is judged by how it sounds. Who writes
more than ``MOST`` words asks something.
"""

import re
from collections.abc import Sequence

from bot.conversation.correcting import asks_the_house, asks_which, corrects, names_by_relative
from bot.conversation.foreign import respelled
from bot.conversation.forms import (
    ALONE,
    PERSONAL,
    TASKS,
    asks_of_another,
    formed,
    goes_on,
    opens_with_asker,
    says_nothing,
)
from bot.conversation.sounding import sounding
from bot.conversation.words import Words, around
from bot.phrases import Phrases
from retrieval import asks_for_news

MOST = 12
"""Words of the longest message that is looked at."""
ABOUT_LAST = ("more", "reference", "source", "link", "context", "sure", "author", "published")
"""The intents that ask for something about the last answer."""
AFRESH = "new"
"""The intent that wants what was asked before to be left alone, as /new does."""
AFTER_ANSWER = (*TASKS, "confused", "wrong", "retry", "blame")
"""The intents whose reply offers something, which depends on whether there is an answer to look into."""
SURE, LIKELY = 0.8, 0.3
"""How likely a message must be talk, by how it sounds, where no form knows it: to be no question at all; and where the
sources do not answer it."""

_ABOUT = frozenset(("عن", "علي", "حول", "بخصوص", "معني"))
"""Words, folded, after which a subject stands: «واش عندك شي على فاس». What no form knows asks about it then."""
_DEEDS = tuple(task for task in TASKS if task != "opinion")
"""The tasks that somebody may have done whom one asks for."""
_LINKS = re.compile(r"(?:\s*(?:https?://|www\.)\S+)+\s*")
_SUM = re.compile(r"\d\s*[+×*÷]\s*\d")
_ENDS, _FEWEST_PARTS = re.compile(r"[،,.؛;!؟?\n]+"), 2
_OF_ANYBODY = frozenset(("ما", "هل", "كيف", "وش", "شو"))
"""Words that ask, and that begin talk as well: «ما أحلاك». After the others what no form knows asks about something."""
_DOUBTFUL = (None, PERSONAL, "call", "piety")
"""What the forms make of a message that may be something else: a word or two that hold it are known, no more."""
_OF_HOUSE = (*_DOUBTFUL, "contact")
"""The same of what is said to the house, whose sources may tell of it."""
_KIND = ("salam", "greeting", "wellbeing", "thanks", "praise", "love", "laughter", "wish", "piety", "sorry", "farewell")
"""The intents of kind words, to whomever."""


def is_talk(message: Words) -> bool:
    """Whether a message is no question, not even one that may lean on another («متى؟»)."""
    return hear(message) not in (None, ALONE)


def reply_to(intent: str, says: Phrases, *, has_answered: bool) -> str:
    """What the bot says to an intent. ``has_answered``: whether there is an answer with quotes that can be meant."""
    if intent in ABOUT_LAST:
        return says.talk["nothing_yet"]
    if intent == AFRESH:
        return says.new
    offer = [says.talk["offer_context" if has_answered else "offer_question"]] if intent in AFTER_ANSWER else []
    return " ".join([says.talk[intent].format(bot=says.bot), *offer])


def hear(message: Words) -> str | None:
    """The intent of a message that is talk, by its name in the table, or ``ALONE``; None where it asks the sources
    something."""
    intent, may_sound = _by_forms(message)
    words = message.said
    if _is_of_house(intent, words):
        return None
    is_asked = intent is None and opens_with_asker(words) and words[0] not in _OF_ANYBODY
    if not may_sound or is_asked or not _is_looked_at(message) or not _ABOUT.isdisjoint(words[:-1]):
        return intent  # «من قال السلام عليكم؟» is asked, however it sounds
    sounds = sounding(message.folded)
    return sounds.intent if sounds and sounds.probability >= SURE else intent


def hear_at_last(message: Words) -> str | None:
    """The same where the sources do not answer it, of what rather sounds like talk than a question."""
    intent = hear(message)
    by_forms, may_sound = _by_forms(message)
    is_of_house = _is_of_house(by_forms, message.said)
    if intent or not (may_sound or is_of_house):
        return intent
    sounds = sounding(message.folded)
    if is_of_house:
        is_kind = sounds and sounds.intent in _KIND and sounds.probability >= SURE  # «ربي يحفظكم»
        return sounds.intent if sounds and is_kind else None if by_forms in _DOUBTFUL else by_forms
    return sounds.intent if sounds and sounds.probability >= LIKELY else None


def _by_forms(message: Words) -> tuple[str | None, bool]:
    """The intent of a message by the forms, and whether it may be something else, by how it sounds."""
    words = message.said
    intent = _formed(message) if _is_looked_at(message) else None
    is_named = asks_which(words) or asks_of_another(words) or names_by_relative(words)
    is_else = goes_on(words) or (intent is None and is_named)
    return intent, intent in _DOUBTFUL and not is_else


def _is_of_house(by_forms: str | None, words: Sequence[str]) -> bool:
    """Whether the house is asked what it alone may know, whose sources are asked first."""
    return by_forms in _OF_HOUSE and asks_the_house(words)


def _is_looked_at(message: Words) -> bool:
    words = message.said
    return len(words) <= MOST and not (asks_which(words) or corrects(words) or asks_for_news(message.text))


def _formed(message: Words) -> str | None:
    """The intent of a message by the forms, be it in Latin letters; of one in parts, that of a part about the last
    answer: «شكرا، المصدر؟»."""
    intent = formed(message)
    if intent in _DEEDS and _asks_of_a_deed(message.said):
        return None
    if intent is None and _LINKS.fullmatch(message.text):
        return ALONE
    if intent is None and (in_arabic := respelled(message)):
        read = formed(in_arabic)
        return read if read != PERSONAL else None
    if intent in (None, ALONE) and _SUM.search(message.folded) and all(map(_is_of_sum, message.said)):
        return "do"
    parts = [part for part in _ENDS.split(message.text) if part.strip()] if intent else []
    if len(parts) < _FEWEST_PARTS or intent in (*ABOUT_LAST, *TASKS):
        return intent
    return next((found for part in parts if (found := formed(Words.of(part))) in ABOUT_LAST), intent)


def _asks_of_a_deed(words: Sequence[str]) -> bool:
    """Whether it asks who did something, where or when: «من ترجمه؟»; «من فضلك ترجمه» does not."""
    return words[0] in around("of_deeds") and not (len(words) > 1 and words[1] in around("please"))


def _is_of_sum(word: str) -> bool:
    return word.isdigit() or word in around("sums") or opens_with_asker((word,)) or says_nothing(word)

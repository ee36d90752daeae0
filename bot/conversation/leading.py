"""What is said before a question, and is none of it: thanks for the last answer, a greeting, that one wants to ask."""

import re
from collections.abc import Mapping, Sequence

from bot.conversation.forms import heads, opens_with_asker
from bot.conversation.talk import is_talk
from bot.conversation.words import Words

_MARK = re.compile(r"[\s،,;؛:.!…\-–—()👍🙏❤🌹😊]*")
_ENDS = re.compile(r"[،,;؛:.!…\n–—]|\s-\s")
_SOCIAL = {"salam", "greeting", "wellbeing", "thanks", "okay", "wish", "sorry", "ask", "praise", "love", "laughter"}
_WITH_MARK = {*_SOCIAL, "yes", "no", "piety", "intro", "wait", "call", "help", "confused", "hush"}
"""The intents that a question may follow: right after them, or after a mark only."""
_ABOUT = ("عن", "حول", "بخصوص", "بشان", "علي", "في", "هو", "ف")
_MOST, _FEWEST, _TIMES, _AND = 10, 2, 2, "و"


def question_of(message: Words) -> str:
    """The question of a message without what is said before it: «ومتى تأجلت؟» of «شكرا، ومتى تأجلت؟», «تونس» of
    «أريد أن أسأل عن تونس»; the whole where there is nothing of the kind."""
    for _ in range(_TIMES):
        rest = _without_head(message)
        if rest is message:
            break
        message = rest
    return message.text


def _without_head(message: Words) -> Words:
    intents = heads(message.said[:_MOST])
    most = max(intents, default=-1) + 1  # and one that leads over: «عن»
    for count in range(min(len(message.places) - 1, _MOST, most), 0, -1):
        if intents.keys().isdisjoint((count, count - 1)):
            continue
        (_, end), (start, _) = message.places[count - 1], message.places[count]
        between = message.text[end:start]
        if _MARK.fullmatch(between):
            rest = Words.of(message.text[start:].strip())
            if _is_leading(message.said[:count], intents, between, rest):
                return rest
    return message


def _is_leading(head: Sequence[str], intents: Mapping[int, str], between: str, rest: Words) -> bool:
    """Whether it leads to the rest; ``intents`` has that of each number of its words that has one."""
    intent, wants_to_ask = intents.get(len(head)), intents.get(len(head) - 1) == "ask"
    if wants_to_ask and head[-1] in _ABOUT:
        return not is_talk(rest)
    if _ENDS.search(between):
        return (intent in _WITH_MARK or wants_to_ask) and not is_talk(rest)
    is_name = intent in ("praise", "love", "greeting") and len(head) < _FEWEST  # «صباح متى ولدت؟»
    if intent == "okay" and rest.said[0].startswith(_AND) and not is_talk(rest):
        return any(opens_with_asker(rest.said[at:]) for at in range(len(rest.said)))  # «طب ولو ضاعت، أتصل بمين؟»
    return intent in _SOCIAL and not is_name and (opens_with_asker(rest.said) or _asks_to_ask(rest))


def _asks_to_ask(rest: Words) -> bool:
    """Whether what follows begins with words about asking: «أريد أن أسأل عن …»."""
    return _without_head(rest) is not rest and not is_talk(rest)

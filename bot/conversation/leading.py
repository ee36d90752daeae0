"""What is said before a question, and is none of it: thanks for the last answer, a greeting, that one wants to ask."""

import re

from bot.conversation.forms import opens_with_asker, reach, said_by_forms
from bot.conversation.talk import is_talk

_WORD = re.compile(r"[^\W_]+")
_MARK = re.compile(r"[\s،,;؛:.!…\-–—()👍🙏❤🌹😊]*")
_ENDS = re.compile(r"[،,;؛:.!…\n–—]|\s-\s")
_SOCIAL = {"salam", "greeting", "wellbeing", "thanks", "okay", "wish", "sorry", "ask", "praise", "love", "laughter"}
_WITH_MARK = {*_SOCIAL, "yes", "no", "piety", "intro", "wait", "call", "help", "confused", "hush"}
"""The intents that a question may follow: right after them, or after a mark only."""
_ABOUT = ("عن", "حول", "بخصوص", "بشأن", "على", "في", "هو", "ف")
_MOST, _FEWEST, _TIMES = 10, 2, 2


def question_of(text: str) -> str:
    """The question of a message without what is said before it: «ومتى تأجلت؟» of «شكرا، ومتى تأجلت؟», «تونس» of
    «أريد أن أسأل عن تونس»; the whole where there is nothing of the kind."""
    for _ in range(_TIMES):
        text = _without_head(text)
    return text


def _without_head(text: str) -> str:
    words = list(_WORD.finditer(text))
    most = reach(" ".join(word[0] for word in words[:_MOST]))
    for count in range(min(len(words) - 1, _MOST, most + 1 if most else 0), 0, -1):  # and one that leads over: «عن»
        head, rest = text[: words[count - 1].end()], text[words[count].start() :]
        between = text[words[count - 1].end() : words[count].start()]
        if _MARK.fullmatch(between) and _is_leading(head, between, rest):
            return rest.strip()
    return text


def _is_leading(head: str, between: str, rest: str) -> bool:
    before, _, last = head.rpartition(" ")
    if last in _ABOUT and said_by_forms(before) == "ask":
        return not is_talk(rest)
    intent = said_by_forms(head)
    if _ENDS.search(between):
        return (intent in _WITH_MARK or said_by_forms(before) == "ask") and not is_talk(rest)
    is_name = intent in ("praise", "love", "greeting") and len(head.split()) < _FEWEST  # «صباح متى ولدت؟»
    return intent in _SOCIAL and not is_name and (opens_with_asker(rest) or _asks_to_ask(rest))


def _asks_to_ask(rest: str) -> bool:
    """Whether what follows begins with words about asking: «أريد أن أسأل عن …»."""
    return _without_head(rest) != rest and not is_talk(rest)

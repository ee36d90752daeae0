"""What is said before a question, or after it, and is none of it: thanks for the last answer, a greeting, that one
wants to ask or to know, a kind word."""

import re
from collections.abc import Mapping, Sequence

from bot.conversation.correcting import meant_at
from bot.conversation.forms import POLITE, heads, opens_with_asker, says_nothing
from bot.conversation.talk import is_talk
from bot.conversation.words import Words

_MARK = re.compile(r"[\s،,;؛:.!؟?…\-–—()👍🙏❤🌹😊]*")
_ASKED = re.compile(r"[؟?]")
_ENDS = re.compile(r"[،,;؛:.!…\n–—]|\s-\s")
_KIND = {"salam", "greeting", "wellbeing", "thanks", "praise", "love", "laughter", "wish", "sorry"}
_SOCIAL = {*_KIND, "okay", "ask", POLITE}
_WITH_MARK = {*_SOCIAL, "yes", "no", "piety", "intro", "wait", "call", "help", "confused", "hush"}
"""The intents that a question may follow: right after them, or after a mark only."""
_ABOUT = ("عن", "حول", "بخصوص", "بشان", "علي", "في", "هو", "ف")
_MOST, _FEWEST, _TIMES, _AND = 10, 2, 2, "و"
_TO_ME = ("لي", "لنا", "عن")
_LONGEST_TAIL = 3
_TAILS = {POLITE, "thanks"}


def question_of(message: Words) -> str:
    """The question of a message without what is said before it: «ومتى تأجلت؟» of «شكرا، ومتى تأجلت؟», «تونس» of
    «أريد أن أسأل عن تونس»; the whole where there is nothing of the kind."""
    message = _without_correction(message)
    for _ in range(_TIMES):
        rest = _without_head(message)
        if rest is message:
            break
        message = rest
    return _without_tail(message)


def _without_tail(message: Words) -> str:
    """A question without a kind word after it: «متى افتتح الجسر لو سمحت». One word may be what is asked about."""
    for count in range(min(len(message.places) - _FEWEST, _LONGEST_TAIL), _FEWEST - 1, -1):
        intent = heads(message.said[-count:]).get(count)
        end, start = message.places[-count - 1][1], message.places[-count][0]
        between, after = message.text[end:start], message.text[message.places[-1][1] :]
        is_apart = intent == POLITE or bool(_ENDS.search(between) or _ASKED.search(between))
        if intent in _TAILS and is_apart and _MARK.fullmatch(between + after):
            return message.text[:end] + "".join(_ASKED.findall(between + after)[:1])
    return message.text


def _without_correction(message: Words) -> Words:
    """What was meant, where that asks itself: «لا أقصد المحطة كم تنتج؟»; «لا، أقصد المحطة» asks the last question."""
    start = meant_at(message.said)
    if start is None or not any(opens_with_asker((word,)) for word in message.said[start:]):
        return message
    return Words.of(message.text[message.places[start][0] :])


def _without_head(message: Words) -> Words:
    intents = heads(message.said[:_MOST])
    most = max(intents, default=-1) + 1  # and one that leads over: «عن»
    best = message
    for count in range(min(len(message.places) - 1, _MOST, most), 0, -1):
        if intents.get(count) not in _WITH_MARK and intents.get(count - 1) != "ask":
            continue
        (_, end), (start, _) = message.places[count - 1], message.places[count]
        between = message.text[end:start]
        if _MARK.fullmatch(between):
            rest = Words.of(message.text[start:].strip())
            if _is_leading(message.said[:count], intents, between, rest):
                return rest
            if best is message and _is_polite(message.said[:count], intents, rest):
                best = rest  # unless fewer words leave a question: «ممكن تقول لي من هو …»
    return best


def _is_polite(head: Sequence[str], intents: Mapping[int, str], rest: Words) -> bool:
    """Whether kind words lead to what is no question by itself: «ممكن تقول لي عاصمة اليمن»."""
    is_end = head[-1] in _TO_ME or not says_nothing(head[-1])
    return intents.get(len(head)) == POLITE and len(head) >= _FEWEST and is_end and not is_talk(rest)


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

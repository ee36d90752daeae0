"""What a face without buttons says to what is no question: to small talk, and to words about the answer before."""

from dataclasses import dataclass

from bot.conversation.talk import ABOUT_LAST, heard, reply_to
from bot.phrases import Phrases
from bot.showing.about import about
from bot.showing.cards import cards
from retrieval.model import Answer, Quote


@dataclass(frozen=True, slots=True)
class Said:
    """``reply`` is the text to show, without markup; ``quotes`` are those in it. ``is_action``: it does what a word
    about the last answer asks for."""

    intent: str
    reply: str
    quotes: tuple[Quote, ...] = ()
    is_action: bool = False


def said_to(text: str, last: Answer | None, says: Phrases) -> Said | None:
    """What is said to a message; None where it is a question. ``last``: the answer before it, if there was one."""
    intent = heard(text)
    if intent is None or (intent == "alone" and last is not None):
        return None
    if intent not in ABOUT_LAST:
        return Said(intent, reply_to(intent, says, has_answered=bool(last and last.found)))
    if last is None or not last.found:
        return Said(intent, says.talk["nothing_yet"], is_action=True)
    if intent != "more":
        return Said(intent, about(intent, last.at_once, says).plain, last.at_once, is_action=True)
    further = last.quotes[last.shown :]
    if not further:
        return Said(intent, says.no_more, is_action=True)
    shown = cards(Answer(last.searched, last.searched, further, shown=len(further)), says, last.shown)
    return Said(intent, "\n\n".join(card.plain for card in shown), further, is_action=True)

"""What a face without buttons says to what is no question: to small talk, and to words about the answer before."""

from dataclasses import dataclass, replace

from bot.conversation.foreign import unread_language
from bot.conversation.reading import Reading
from bot.conversation.talk import ABOUT_LAST, AFTER_ANSWER, reply_to
from bot.phrases import Phrases
from bot.showing.about import about
from bot.showing.cards import cards
from bot.sources.holdings import Asks
from retrieval.model import Answer, Quote


@dataclass(frozen=True, slots=True)
class Said:
    """``reply`` is the text to show, without markup; ``quotes`` are those in it. ``is_action``: it does what a word
    about the last answer asks for."""

    intent: str
    reply: str
    quotes: tuple[Quote, ...] = ()
    is_action: bool = False


def replied(message: Reading, previous: str | None, library: Asks, says: Phrases, k: int = 3) -> Answer | Said:
    """The answer to a message that is one question, of at most ``k`` quotes; what is said where it asks nothing of the
    documents. ``previous``: the question asked before."""
    is_of_last = message.intent in (*ABOUT_LAST, *AFTER_ANSWER)
    last = library.ask(previous, k=k) if previous and is_of_last else None
    if said := said_to(message, last, says):
        return said
    answer = library.ask(message.question, k=k, previous=previous)
    return said_of_none(answer, message, says) or replace(answer, question=message.text)


def said_to(message: Reading, last: Answer | None, says: Phrases) -> Said | None:
    """What is said to a message; None where it is a question. ``last``: the answer before it, if there was one.

    A question word alone («متى؟») is a question, for it may lean on another: ``said_of_none`` is for when it does not.
    """
    intent = message.intent
    if intent is None:
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


def said_of_none(answer: Answer, message: Reading, says: Phrases) -> Said | None:
    """What is said in place of a refusal to a ``message`` that is one question, where that names nothing to look for or
    rather sounds like talk; not where it asks about what was spoken of («وين وقع؟»)."""
    if answer.found or answer.unreachable or unread_language(answer):
        return None
    intent = message.at_last
    if intent is None or answer.leans or intent in ABOUT_LAST:
        return None
    return Said(intent, reply_to(intent, says, has_answered=False))


def asked_for_arabic(answer: Answer, says: Phrases) -> str | None:
    """What is said, before its quotes or its refusal, to who asked in another language, in that language."""
    language = unread_language(answer)
    return says.foreign[language] if language else None

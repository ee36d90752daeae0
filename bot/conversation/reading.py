"""A message, read once: what it is, and what it asks. All who handle it go by that, and nobody looks again."""

from dataclasses import dataclass, replace

from bot.conversation.asking import Asked, asked_in
from bot.conversation.forms import ALONE
from bot.conversation.leading import question_of
from bot.conversation.quotation import quotation_in
from bot.conversation.talk import intent_of
from bot.conversation.words import Words
from retrieval import Reference

BRIEF = 120
"""Characters of a message that is read in less time than it takes to have it read elsewhere."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message is: a reference to a quote, a quotation, talk, or questions.

    ``quoted``: the words that it quotes, where it is nothing but a quotation. ``intent``: what it means that is talk,
    by its name in the table; None where it asks. ``question``: all of it but for what is said before; ``asks``: its
    questions one by one, and none of talk.
    """

    text: str
    is_reference: bool
    quoted: str | None
    intent: str | None
    question: str
    asks: Asked

    def each(self) -> "tuple[Reading, ...]":
        """Each of its questions as a message by itself; of talk, itself."""
        questions = self.asks.questions
        return tuple(replace(self, text=one, question=one, asks=Asked((one,))) for one in questions) or (self,)


def read(text: str) -> Reading:
    """What a message says. It takes long where it is long: ``BRIEF``."""
    text = text.strip()
    message = Words.of(text)
    quoted, intent = quotation_in(text), intent_of(message)
    is_reference = Reference.read(text) is not None
    if intent not in (None, ALONE):
        return Reading(text, is_reference, quoted, intent, text, Asked(()))
    question = question_of(message)
    return Reading(text, is_reference, quoted, None, question, asked_in(text, question))

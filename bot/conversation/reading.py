"""A message, read once: what it is, and what it asks. All who handle it go by that, and nobody looks again."""

from dataclasses import dataclass, replace

from bot.conversation.asking import Asked, asked_in
from bot.conversation.forms import ALONE
from bot.conversation.leading import question_of
from bot.conversation.quotation import quotation_in
from bot.conversation.talk import hear, hear_at_last
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

    @property
    def at_last(self) -> str | None:
        """What it means as talk where the sources do not answer it."""
        return hear_at_last(Words.of(self.question))

    def each(self) -> "tuple[Reading, ...]":
        """Each of its questions as a message by itself; of talk, itself."""
        return tuple(map(self._alone, self.asks.questions)) or (self,)

    def _alone(self, question: str) -> "Reading":
        return replace(self, text=question, question=question, asks=Asked((question,)))


def read(text: str) -> Reading:
    """What a message says. It takes long where it is long: ``BRIEF``."""
    text = text.strip()
    message = Words.of(text)
    intent, kind = hear(message), (text, Reference.read(text) is not None, quotation_in(text))
    if intent not in (None, ALONE):
        return Reading(*kind, intent, text, Asked(()))
    question = question_of(message)
    asks = asked_in(text, question)
    if len(asks.questions) == 1 and not asks.is_cut and not asks.about:
        (question,) = asks.questions
    return Reading(*kind, None, question, asks)

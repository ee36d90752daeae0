"""A message in another language than Arabic: which one, to ask in it for Arabic. And one in Latin letters that is
Arabic talk: «shokran ktir»."""

import re
import unicodedata

from bot.conversation.forms import spelled
from bot.conversation.words import Words
from retrieval import spelled_out
from retrieval.model import Answer

_FRENCH = """
le la les des un une du de est et où qui que quoi quel quelle quels quelles quand comment pourquoi combien dans sur avec
pour je tu il elle nous vous sont a au aux en ce cette c qu d l s
"""
_FRENCH_WORDS = frozenset(_FRENCH.split())
_LEAST = 0.3
"""Of the words of a French text, how many are such words at least."""
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_LETTERS = re.compile(r"[^\W\d_]+")


def foreign_language(text: str) -> str | None:
    """ "fr" for French, "en" for any other language; None for Arabic, and for what has no letters but an address's.

    One Arabic letter makes it Arabic: names of other scripts stand in Arabic questions.
    """
    words = _LETTERS.findall(_LINK.sub("", text).lower())
    if not words or any(unicodedata.bidirectional(letter) == "AL" for word in words for letter in word):
        return None
    return "fr" if sum(word in _FRENCH_WORDS for word in words) >= _LEAST * len(words) else "en"


def unread_language(answer: Answer) -> str | None:
    """The language in which to ask for Arabic: of a question that was not read as Arabic, be it in Latin letters."""
    return foreign_language(answer.question if answer.names_only else answer.searched)


class _Sayings:
    """The words of sayings, for who reads Arabic in Latin letters."""

    def spelled(self, word: str) -> bool:
        return word in spelled()

    def spelling(self, word: str) -> str:
        return word


def respelled(message: Words) -> Words | None:
    """A message in Latin letters in Arabic ones, if all of its words are such as sayings are made of."""
    text = spelled_out(message.text, _Sayings())
    return Words.of(text) if text else None

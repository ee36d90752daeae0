"""Where something is that a question names, where a sentence says just that: «تقع درعا على مقربة من الحدود».

The reader was taught by questions whose answers are names of towns and lands, and is too strict with what lies beside
something, or north of it.
"""

from collections.abc import Sequence

from retrieval.arabic.analysis import stem
from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.words import Word, words
from retrieval.question.parsed import Question
from retrieval.ranking.kinds import tells_when

_TABLE = {name: frozenset(map(fold_text, listed.split())) for name, listed in table("held")["where"].items()}
_LEAST = 2  # words that are asked: what is done there, and a name
_FAR, _SEEN = 1, 3  # words from the name to where it is, and of that which may tell a time instead
_ARTICLE = "ال"
_ENDS = frozenset(".؟!\n")


def tells_where(question: Question, sentence: str) -> bool:
    """Whether a sentence says of what a question names, in its words, where that is: of «أين تقع درعا؟» one that holds
    «تقع درعا» or «درعا تقع», and after it a word of place («في», «شمال», «على») that begins no time."""
    terms = [term.stem for term in question.terms]
    if len(terms) < _LEAST or not any(word.folded in _TABLE["asked"] for word in words(question.text)):
        return False
    found = words(sentence)
    stems = [stem(word.folded) for word in found]
    for order in (terms, [*terms[1:], terms[0]]):
        for at in range(len(found) - len(order)):
            if stems[at : at + len(order)] == order and _is_place_at(sentence, found, at + len(order)):
                return True
    return False


def _is_place_at(sentence: str, found: Sequence[Word], after: int) -> bool:
    """Whether a place is told from a word on, or after it where it is of the name: «المكتبة العامة»."""
    for at in range(after, min(after + 1 + _FAR, len(found))):
        if not _ENDS.isdisjoint(sentence[found[at - 1].end : found[at].start]):
            return False
        if _is_of_place(found[at].folded):
            told = sentence[found[at].end : found[min(at + _SEEN, len(found) - 1)].end]
            return bool(told.strip()) and not tells_when(fold_text(told)) and not _begins_time(found[at + 1 : at + 2])
        if not found[at].folded.startswith(_ARTICLE):
            return False
    return False


def _is_of_place(word: str) -> bool:
    return word in _TABLE["words"] or (word[:1] == "ب" and word[1:] in _TABLE["joined"])


def _begins_time(following: Sequence[Word]) -> bool:
    return any(word.folded in _TABLE["times"] or word.folded.isdigit() for word in following)

"""Whether two questions ask the same in other words: «كم سعر كيس السماد؟» and «بكم يباع كيس السماد؟».

Each word of either has its like in the other, by stem, lemma, letters or root, but for those that only say what is
asked («سعر») or that one may («يحق», «يمكن»). So nothing is asked that the other does not name.
"""

from collections.abc import Sequence
from itertools import pairwise

from retrieval.arabic import fold_text
from retrieval.arabic.analysis import LIGHT_STEMS, grams, lemma, stem
from retrieval.arabic.tables import table
from retrieval.arabic.words import folded_words
from retrieval.question.parsed import Question, Term

FEWEST = 2  # words that have their like
MOST_LETTERS = 0.6  # the share of two words' n-grams from which they count as one
_FREE = LIGHT_STEMS | set(map(stem, map(fold_text, " ".join(table("faq")["free"]).split())))
_NOT, _LEADING = (frozenset(map(fold_text, table("faq")[name])) for name in ("not", "leading"))
_WEAK = str.maketrans("", "", "اويىةهءأإآؤئتم")  # letters that come and go in the forms of a root
_SHORTEST_ROOT = 2
_OPEN = (None, "thing", "choice")  # «ما غرامة كذا؟» asks what «كم غرامة كذا؟» does


def ask_alike(one: Question, other: Question) -> bool:
    """Whether one question asks what the other does."""
    if one.kind != other.kind and one.kind not in _OPEN and other.kind not in _OPEN:
        return False
    if _NOT.intersection(_words(one)) != _NOT.intersection(_words(other)) or not _lead_alike(one, other):
        return False
    pairs = ((one.terms, other.terms), (other.terms, one.terms))
    shared = min(sum(_has_like(term, others) for term in terms) for terms, others in pairs)
    return shared >= FEWEST and all(
        term.stem in _FREE or _has_like(term, others) for terms, others in pairs for term in terms
    )


def denied(question: Question) -> Term | None:
    """The word of a question that it denies: «يشمله» in «من لا يشمله النظام؟»; None where it denies none."""
    by_word = {fold_text(term.written): term for term in question.terms}
    return next((by_word[b] for a, b in pairwise(_words(question)) if a in _NOT and b in by_word), None)


def denies(text: str, term: Term) -> bool:
    """Whether a text denies a word, or one like it."""
    following = (b for a, b in pairwise(folded_words(text)) if a in _NOT)
    return any(_are_like(term, Term(word, word, stem(word))) for word in following)


def _words(question: Question) -> list[str]:
    return folded_words(question.text)


def _lead_alike(one: Question, other: Question) -> bool:
    """Whether «من الدولار إلى الدينار» stands in both in one order: what follows such a word is alike."""
    led, others = _led(one), _led(other)
    return all(_are_like(term, others[word]) for word, term in led.items() if word in others)


def _led(question: Question) -> dict[str, Term]:
    """The words of a question's subject that follow a word which says which is which, by that."""
    words = _words(question)
    by_word = {fold_text(term.written): term for term in question.terms}
    return {a: by_word[b] for a, b in pairwise(words[1:]) if a in _LEADING and b in by_word}


def _has_like(term: Term, others: Sequence[Term]) -> bool:
    return any(_are_like(term, other) for other in others)


def _are_like(one: Term, other: Term) -> bool:
    if one.stem == other.stem or lemma(one.word) == lemma(other.word):
        return True
    own, its = (set(grams(term.word).split()) for term in (one, other))
    root = _root(one)
    return len(own & its) >= MOST_LETTERS * max(len(own), len(its)) or (
        len(root) >= _SHORTEST_ROOT and root == _root(other)
    )


def _root(term: Term) -> str:
    return term.stem.translate(_WEAK)

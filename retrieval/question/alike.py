"""Whether two questions ask the same in other words: «كم سعر كيس السماد؟» and «بكم يباع كيس السماد؟»; and whether what
answers one may answer the other at all.

Each word of either has its like in the other, by stem, lemma, letters or root, but for those that only say what is
asked («سعر») or that one may («يحق», «يمكن»). So nothing is asked that the other does not name.
"""

from collections.abc import Sequence
from itertools import pairwise

from retrieval.arabic import fold_text
from retrieval.arabic.analysis import LIGHT_STEMS, content_words, grams, lemma, stem
from retrieval.arabic.tables import table
from retrieval.arabic.words import folded_words
from retrieval.question.parsed import Question, Term
from retrieval.question.related import families, related

FEWEST = 2  # words that have their like
LEAST_RELATED = 0.48  # of a word that means the same, by the tables
MOST_LETTERS = 0.6  # the share of two words' n-grams from which they count as one
_FREE = LIGHT_STEMS | set(map(stem, map(fold_text, " ".join(table("faq")["free"]).split())))
_MEASURES = frozenset(map(stem, map(fold_text, table("faq")["measures"])))
_NOT, _LEADING = (frozenset(map(fold_text, table("faq")[name])) for name in ("not", "leading"))
_PLACES = frozenset(map(fold_text, table("latin")["foreign"]["places"].values()))
_YES_NO = frozenset(map(fold_text, ("هل", "أ")))
_PERSONS = ("ي", "ت", "ن", "ا")  # what a verb of the present begins with
_PRONOUNS = ("ه", "ها", "هم", "ني", "نا", "ك", "كم")
_JOINED = ("ب", "ل", "ك", "و", "ف")
_WEAK = str.maketrans("", "", "اويىةهءأإآؤئتم")  # letters that come and go in the forms of a root
_SHORTEST_ROOT, _SHORTEST_BARE = 2, 3
_OPEN = (None, "thing", "choice")  # «ما غرامة كذا؟» asks what «كم غرامة كذا؟» does


def ask_alike(one: Question, other: Question) -> bool:
    """Whether one question asks what the other does."""
    if one.kind != other.kind and one.kind not in _OPEN and other.kind not in _OPEN:
        return False
    if _NOT.intersection(_words(one)) != _NOT.intersection(_words(other)) or not _lead_alike(one, other):
        return False
    if _measure_others(one.terms, other.terms):
        return False
    pairs = ((one.terms, other.terms), (other.terms, one.terms))
    shared = min(sum(_has_like(term, others) for term in terms) for terms, others in pairs)
    return shared >= FEWEST and all(
        term.stem in _FREE or _is_named(term, others) for terms, others in pairs for term in terms
    )


def asks_else(question: Question, asked: str, told: str) -> bool:
    """Whether a question is of something else than ``asked``, one of a document that ``told`` answers: it names a thing
    of which neither says a word («الثلاجة» where the guarantee of «الغسالة» is told), or asks the contrary («متى يغلق»
    for «متى يفتح»)."""
    above = _terms(asked)
    held = [*above, *_terms(told)]
    unnamed = [term for term in question.terms if term.stem not in _FREE and not _is_named(term, held)]
    if not all(_is_verb(term, question) for term in unnamed) or _measure_others(question.terms, above):
        return True
    others = [] if _YES_NO.intersection(folded_words(asked)[:1]) else above
    left = [own for own in others if not _has_like(own, question.terms)]
    return any(_are_opposite(term, own) for term in unnamed for own in left)


def unsaid(question: Question, told: str) -> tuple[Term, ...]:
    """The words of a question's subject that a text does not say, nor others that mean the same. A place is named
    by its own name only: «سوريا» may stand for «دمشق», and says nothing of it."""
    held = _terms(told)
    return tuple(
        term
        for term in question.terms
        if term.stem not in _FREE and not (_has_like if _is_place(term) else _is_named)(term, held)
    )


def denied(question: Question) -> Term | None:
    """The word of a question that it denies: «يشمله» in «من لا يشمله النظام؟»; None where it denies none."""
    by_word = {fold_text(term.written): term for term in question.terms}
    return next((by_word[b] for a, b in pairwise(_words(question)) if a in _NOT and b in by_word), None)


def denies(text: str, term: Term) -> bool:
    """Whether a text denies a word, or one like it."""
    following = (b for a, b in pairwise(folded_words(text)) if a in _NOT)
    return any(_are_like(term, Term(word, word, stem(word))) for word in following)


def _terms(text: str) -> list[Term]:
    return [Term(word, word, stem(word)) for word in content_words(text)]


def _is_named(term: Term, held: Sequence[Term]) -> bool:
    """Whether a text of these words says one of a question, be it by another that means the same."""
    if _has_like(term, held):
        return True
    said = {own.stem for own in held} | {lemma(own.word) for own in held}
    asked = {form for word in (term.word, *term.means) for form in (word, lemma(word))}
    others = (other for form in asked for other, weight in related(form) if weight >= LEAST_RELATED)
    return any(stem(other) in said for other in (*term.means, *others))


def _is_place(term: Term) -> bool:
    return not _PLACES.isdisjoint((term.word, term.word[1:]))


def _is_verb(term: Term, question: Question) -> bool:
    """Whether a word of a question is a verb: of those there are more that say the same than any table knows."""
    known = families()
    forms = [term.word, *(term.word.removesuffix(pronoun) for pronoun in _PRONOUNS)]
    is_denied = any(before in _NOT and after == fold_text(term.written) for before, after in pairwise(_words(question)))
    return (is_denied and term.word.startswith(_PERSONS)) or any(
        (form[:1] in _PERSONS and form[1:] in known.presents) or {form, form[:-1]} & known.pasts for form in forms
    )


def _measure_others(terms: Sequence[Term], others: Sequence[Term]) -> bool:
    """Whether one asks for the length and the other for the width."""
    own, its = _measures(terms), _measures(others)
    return bool(own and its) and own.isdisjoint(its)


def _measures(terms: Sequence[Term]) -> set[str]:
    return {form for term in terms for form in (term.stem, _bare(term))} & _MEASURES


def _are_opposite(one: Term, other: Term) -> bool:
    return any(
        (_has_like(one, side) and _has_like(other, against)) or (_has_like(other, side) and _has_like(one, against))
        for side, against in _OPPOSITES
    )


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
    if one.stem == _bare(other) or _bare(one) == other.stem:
        return True
    own, its = (set(grams(term.word).split()) for term in (one, other))
    return len(own & its) >= MOST_LETTERS * max(len(own), len(its)) or bool(_roots(one) & _roots(other))


def _bare(term: Term) -> str:
    """The stem of a word without the letter that may be joined to it: «سرعة» in «لسرعة»; "" where none is."""
    return stem(term.word[1:]) if term.word.startswith(_JOINED) and len(term.word) > _SHORTEST_BARE else ""


def _roots(term: Term) -> set[str]:
    """The letters of a word's root, of its stem and, for what only looks like an article («إلغاء»), of the whole."""
    roots = {form.translate(_WEAK) for form in (term.stem, term.word)}
    return {root for root in roots if len(root) >= _SHORTEST_ROOT}


_OPPOSITES = [tuple(map(_terms, pair)) for pair in table("faq")["opposites"]]

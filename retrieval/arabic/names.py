"""Names in their many spellings, brought to one: the table ``names.toml``, walked.

A particle written onto a name of the table goes («وجوجل» is «غوغل»); before a name of three letters or
fewer it stays, for there it often makes another word.
"""

import re
from collections.abc import Sequence

from retrieval.arabic.clitics import particles, particles_and_article
from retrieval.arabic.folding import fold_text
from retrieval.arabic.phrases import Phrases
from retrieval.arabic.tables import table

_TABLE = table("names")
_COMPOUNDS = _TABLE["compounds"]
_GROUPS = [[fold_text(form) for form in group] for group in _TABLE["spellings"]]
_SHORT = 3

_SERVANT = fold_text(_COMPOUNDS["before_article"])
_SERVANTS = {glued for _, glued in particles(_SERVANT)}
_SERVANT_GLUED = re.compile(rf"[وف]?[بلك]?({_SERVANT}ال\w\w+)")
_RELIGION = "الدين"
_OF_RELIGION = {glued: name for name in fold_text(_COMPOUNDS["of_religion"]).split() for _, glued in particles(name)}
_FATHER = fold_text(_COMPOUNDS["father"]).split()[0]
_FATHERS = frozenset(fold_text(_COMPOUNDS["father"]).split())
_SON, *_SONS = map(fold_text, _COMPOUNDS["son"])
_COMMON = frozenset(fold_text(table("stop_words")["words"]).split())


def _glued(form: str) -> list[str]:
    """A form with all that may be written onto it, no article where that makes an adjective («السورية»)."""
    if len(form) <= _SHORT:
        return [form]
    return [glued for _, glued in (particles if form.endswith("يه") else particles_and_article)(form)]


def _spellings() -> dict[str, str]:
    spellings = {glued: _SON for son in _SONS for _, glued in particles(son)}
    for group in _GROUPS:
        one = group[0].replace(" ", "")
        for form in (one, *(form for form in group if " " not in form)):
            spellings |= {glued: one for glued in _glued(form) if glued not in spellings}
    return spellings


_SPELLINGS = _spellings()
_PHRASES = Phrases((form, group[0].replace(" ", "")) for group in _GROUPS for form in group if " " in form)
_STEMS = [(re.compile(fold_text(inside)), fold_text(one)) for inside, one in _TABLE["stems"]]
_ANY_STEM = re.compile("|".join(pattern.pattern for pattern, _ in _STEMS))

BEGIN = _PHRASES.begin | _SERVANTS | _OF_RELIGION.keys() | _FATHERS


def spelled(word: str) -> str:
    """The one spelling of a folded word that is a name or holds one; any other word unchanged."""
    if word in _SPELLINGS:
        return _SPELLINGS[word]
    if glued := _SERVANT_GLUED.fullmatch(word):
        return glued[1]
    if _ANY_STEM.search(word):
        for pattern, one in _STEMS:
            word = pattern.sub(one, word)
    return word


def join_names(words: list[str], places: Sequence[int]) -> None:
    """Make one word of each name of the table that is written as several."""
    _PHRASES.join(words, places)


def join_compounds(words: list[str], places: Sequence[int]) -> None:
    """Make one word of «عبد ال…» and «… الدين», whatever particle stands before."""
    for place in [i for i in places if i + 1 < len(words)]:
        word, following = words[place], words[place + 1]
        if following == _RELIGION and word in _OF_RELIGION:
            words[place : place + 2] = [_OF_RELIGION[word] + following, ""]
        elif word in _SERVANTS and following.startswith("ال") and len(following) > _SHORT:
            words[place : place + 2] = [_SERVANT + following, ""]


def settle_fathers(words: list[str], places: Sequence[int]) -> None:
    """Put «أبو» for «أبي» and «أبا» before a name, which is any word but the commonest and numbers.

    Before a verb this is wrong («أبي قال») and costs little: both words are of one father.
    """
    for place in [i for i in places if words[i] in _FATHERS]:
        following = words[place + 1] if place + 1 < len(words) else ""
        if following.isalpha() and following not in _COMMON:
            words[place] = _FATHER

"""Ordinals, read into digits where they are compounds («الخامس عشر») or days of a month («الثالث من فبراير»)."""

from collections.abc import Callable, Sequence

from retrieval.arabic.clitics import particles
from retrieval.arabic.folding import fold_text
from retrieval.arabic.numbers import joined_ten
from retrieval.arabic.tables import table

_VALUES = table("numbers")["values"]
_TEEN = frozenset(fold_text(_VALUES["teen"]).split())
_THE, _FROM, _MONTH = "ال", "من", "شهر"


def _glued(form: str, value: int) -> dict[str, int]:
    return {glued: value for _, glued in particles(form)}


def _read(article: str, *, compound: bool) -> dict[str, int]:
    """Ordinals with or without the article, to their values: those that take a ten, or those of days."""
    _, *rest = groups = [fold_text(forms).split() for forms in _VALUES["ordinals"]]
    groups = [fold_text(_VALUES["first"]).split(), *rest[:8]] if compound else [forms[:1] for forms in groups]
    return {
        glued: value
        for value, forms in enumerate(groups, 1)
        for form in forms
        for glued, value in _glued(article + form, value).items()
    }


_WITH_TEN = _read(_THE, compound=True)
_WITH_TEEN = _read("", compound=True) | _WITH_TEN
_DAYS = _read(_THE, compound=False)
_BARE_DAYS = {word: day for word, day in _read("", compound=False).items() if day > 1}  # «أول رمضان» is no day
BEGIN = _WITH_TEEN.keys() | _DAYS.keys() | _BARE_DAYS.keys()


def join_ordinals(words: list[str], places: Sequence[int]) -> None:
    """Put digits for compound ordinals: «الخامس عشر», «ثاني عشر», «الثالثة والعشرين»."""
    for place in [i for i in places if words[i] in _WITH_TEEN]:
        value = _WITH_TEEN[words[place]]
        if not _TEEN.isdisjoint(words[place + 1 : place + 2]):
            words[place : place + 2] = [str(10 + value), ""]
        elif words[place] in _WITH_TEN and (ten := joined_ten(words, place + 1)):
            words[place : ten[1]] = [str(ten[0] + value), *[""] * (ten[1] - place - 1)]


def is_day_ordinal(word: str) -> bool:
    """Whether a word can name one of the first ten days of a month: «الثالث»."""
    return word in _DAYS or word in _BARE_DAYS


def settle_days(words: list[str], places: Sequence[int], is_month: Callable[[str], bool]) -> None:
    """Put digits for ordinals before a month: «الثالث من فبراير», «الأول من شهر رمضان», «عاشر محرم»."""
    for place in [i for i in places if words[i] in _DAYS or words[i] in _BARE_DAYS]:
        word = words[place]
        at = place + 1
        if word in _DAYS:
            at += words[at : at + 1] == [_FROM]
            at += words[at : at + 1] == [_MONTH]
        if at < len(words) and is_month(words[at]):
            words[place] = str(_DAYS.get(word) or _BARE_DAYS[word])

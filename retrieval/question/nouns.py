"""The nouns of a question that name the kind of answer («ما سبب», «كم سعر», «اسمه إيه») or what is counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table

_TABLE = table("question_words")["nouns"]
_KINDS = ("date", "place", "person", "number", "price", "reason", "manner")
_ARTICLE, _SUFFIXES, _TEH, _HEH = "ال", ("هما", "ها", "هم", "ه", "ك"), "ت", "ه"
_WHO = frozenset(map(fold_text, ("من", "مين", "منو", "شكون")))
_SHORTEST, _SKIPPED, _NEAR, _LONG_VERB = 2, 3, 3, 3
_NO_NAMES = ("ال", "لل", "بال", "في")  # what follows a title that is no name
_OF_VERBS = ("ي", "ت", "سي", "ست")  # what a verb in the present or the future begins with


def _set(name: str) -> frozenset[str]:
    return frozenset(map(fold_text, _TABLE[name].split()))


_NOUNS = {word: kind for kind in _KINDS for word in _set(kind)}
_NAMED, _DROPPED, _BETWEEN = _set("named"), _set("dropped"), _set("between")
_UNITS, _NOT_UNITS, _RELATIVE = _set("units"), _set("not_units"), _set("relative")


@dataclass(frozen=True, slots=True)
class Naming:
    """A noun that names a ``kind``: its place among the words, and whether it says no more than the question word."""

    index: int
    kind: str
    is_dropped: bool = False


def names_after(forms: Sequence[str], start: int, whose: str | None = None) -> Naming | None:
    """The noun that names the kind after a question word that ends before ``start``.

    ``whose``: the first word of a question word that else defines («ما هو», «من هو»).
    """
    place = _skip(forms, start)
    kind = _kind_at(forms, place)
    if kind is None or (whose in _WHO and (kind != "person" or _is_named_person(forms, place))):
        return _of_relative(forms, start, whose)
    return Naming(place, kind, _base(forms[place]) in _DROPPED)


def kind_before(forms: Sequence[str]) -> str | None:
    """The kind that the words before a closing «إيه» name: «المدير اسمه», «سعر التذكرة». The last of them is a noun
    only with an article or a pronoun («المرسم عرض إيه» holds a verb)."""
    if not forms:
        return None
    last = _base(forms[-1])
    if last in _NAMED:
        return _who_or_where(forms[-2]) if len(forms) > 1 else "thing"
    return (_NOUNS.get(last) if last != forms[-1] else None) or _kind_at(forms[:-1], 0)


def unit_after(forms: Sequence[str], start: int) -> str | None:
    """The noun that «كم» counts, without the article: «كم غارة», «كم عدد الطلاب». Verbs and measures are none."""
    place = _skip(forms, start)
    if place >= len(forms):
        return None
    is_amount = _base(forms[place]) in _DROPPED and _NOUNS.get(_base(forms[place])) == "number"
    if is_amount:
        is_construct = place + 1 < len(forms) and not forms[place].startswith(_ARTICLE)
        return _plain(forms[place + 1]) if is_construct else None
    return forms[place] if _is_unit(forms[place]) else None


def _is_unit(word: str) -> bool:
    if word in _UNITS:
        return True
    if word in _NOT_UNITS or word.startswith(_ARTICLE) or _NOUNS.get(_base(word)) in {"number", "price"}:
        return False
    return word.endswith(("ا", "ه")) or not (word.startswith(_OF_VERBS) and len(word) >= _LONG_VERB)


def _skip(forms: Sequence[str], start: int) -> int:
    """Past the words that may stand between: «ما هو آخر موعد»."""
    return next((i for i in range(start, start + _SKIPPED) if i >= len(forms) or forms[i] not in _BETWEEN), start)


def _kind_at(forms: Sequence[str], place: int) -> str | None:
    if place >= len(forms):
        return None
    word = _base(forms[place])
    if word in _NAMED:
        return _who_or_where(forms[place + 1]) if place + 1 < len(forms) else "thing"
    return _NOUNS.get(word)


def _who_or_where(word: str) -> str:
    """The kind of a name: of a person or of a place, else of a thing."""
    kind = _NOUNS.get(_base(word))
    return kind if kind in {"person", "place"} else "thing"


def _is_named_person(forms: Sequence[str], place: int) -> bool:
    """«من هو الشاعر حافظ» asks about one whom it names; «من هو الشاعر الراحل» does not."""
    if not forms[place].startswith(_ARTICLE) or place + 1 == len(forms):
        return False
    return forms[place + 1] not in _RELATIVE and not forms[place + 1].startswith(_NO_NAMES)


def _of_relative(forms: Sequence[str], start: int, whose: str | None) -> Naming | None:
    """«ما هي الدول التي …» asks for things, «من هو الذي …» for a person: neither defines."""
    if whose is None or _RELATIVE.isdisjoint(forms[start : start + _NEAR]):
        return None
    return Naming(start, "person" if whose in _WHO else "thing")


def _plain(word: str) -> str:
    return word[len(_ARTICLE) :] if word.startswith(_ARTICLE) and len(word) > len(_ARTICLE) + 1 else word


def _base(word: str) -> str:
    """The noun of the table that a word is, article and pronoun off; else the word."""
    return next((form for form in bases(word) if form in _NOUNS or form in _NAMED), word)


def bases(word: str) -> Iterator[str]:
    """A folded noun, and what it is without its article, or without a pronoun."""
    yield word
    yield _plain(word)
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST:
            bare = word[: -len(suffix)]
            yield bare
            if bare.endswith(_TEH):
                yield bare[:-1] + _HEH

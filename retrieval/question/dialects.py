"""Words of dialects, and what the standard language says for them: the table ``dialects.toml``, walked.

Some are of a dialect wherever they stand; others mean something else in the standard language, and count only in a
question that shows itself to be of a dialect.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.vectors import row_of
from retrieval.question.related import families

_TABLE = table("dialects")
_AFFIXES = _TABLE["affixes"]
_PRESENT, _ALEF, _WAW, _FEMININE, _HAMZA = "ي", "ا", "و", "ت", "ء"
_HIS, _TEH = "تو", fold_text("ة")
_FIRST_AND_SECOND, _MANY = ("ت", "ن"), ("و", "ي")
_ROOT = 3  # letters of a root; a shorter word has no room for what is written onto nouns
_LONGEST_AFFIX = 6
_REMEMBERED = 1 << 14


def _set(listed: str) -> frozenset[str]:
    return frozenset(fold_text(listed).split())


EMPTY = _set(_TABLE["empty"]["words"])
"""Words of dialects that say nothing of a question's subject, folded."""

_STANDARD = _set(_TABLE["standard"]["words"])
_MEASURES = _set(_TABLE["parts"]["measures"])
_SHOWS = _set(_TABLE["shows"]["words"]) | EMPTY
_NOT, _NOT_SHORT, _NOT_END = map(fold_text, _AFFIXES["negation"])
_JOINED = frozenset({"", "و", "ف"})
_PERSONS = _set(_AFFIXES["persons"])
_BEFORE_PERSON = frozenset(a + o for a, o in product(_JOINED, {"", *_set(_AFFIXES["present"])}))
_PASSIVE_PRESENT = _set(_AFFIXES["passive_present"])
_ONTO_PAST = _set(_AFFIXES["past_ends_only"])
_PASSIVE = frozenset(a + p for a, p in product(_JOINED, _set(_AFFIXES["passive"])))
_BEFORE_NOUN = frozenset({"", *_set(_AFFIXES["noun_begins"])})
_AFTER_PRESENT = frozenset({"", *_set(_AFFIXES["present_ends"])})
_AFTER_PAST = frozenset({"", *_set(_AFFIXES["past_ends"])})
_AFTER_NOUN = frozenset({"", *_set(_AFFIXES["noun_ends"])})
_ARTICLE, *_ARTICLES = fold_text(_AFFIXES["articles"]).split()

Meaning = tuple[str, ...]
Base = tuple[Meaning, tuple[str, ...]]
"""What a part of a verb means, and the letters one of which what follows it begins with; none: anything, or nothing."""


class _Words(NamedTuple):
    """What the standard language says for bases of verbs, past and present, for nouns, and for words as they are."""

    past: Mapping[str, Base]
    present: Mapping[str, Base]
    nouns: Mapping[str, Meaning]
    words: Mapping[str, Meaning]


def speaks_dialect(words: Iterable[str]) -> bool:
    """Whether folded words show that who wrote them speaks a dialect."""
    return any(word in _SHOWS or standard(word) for word in words)


@lru_cache(_REMEMBERED)
def standard(word: str, *, in_dialect: bool = False) -> Meaning:
    """What the standard language says for a folded word, the nearest first; nothing where it is none of a dialect.

    ``in_dialect``: the question that it stands in shows itself to be of one.
    """
    if word in _STANDARD:
        return ()
    found = _meaning(word, _words("only"))
    if in_dialect:
        found = found or _meaning(word, _words("also")) or _undressed(word)
    return found


def standard_at(words: Sequence[str], place: int, *, in_dialect: bool) -> Meaning:
    """The same of one of the canonical words of a question: «نص» is a half in «نص ساعة», «ستة ونص»."""
    word = words[place]
    part = _parts().get(word) or _parts().get(word.removeprefix(_WAW))
    before = next(filter(None, reversed(words[:place])), "")
    measured = {form for after in words[place + 1 : place + 2] for form in (after, after.removeprefix(_ARTICLE))}
    is_part = not measured.isdisjoint(_MEASURES) or (word.startswith(_WAW) and before.isdigit())
    return part if part and is_part else standard(word, in_dialect=in_dialect)


def _meaning(word: str, known: _Words) -> Meaning:
    exact = known.words.get(word) or known.nouns.get(word)
    cuts = (cut for form in _undenied(word) for cut in _cuts(form))
    return exact or next(filter(None, (_of_cut(*cut, known) for cut in cuts)), ())


def _undenied(word: str) -> Iterator[str]:
    """A word, and what stands between «ما» and «ش» («مابيفتحش»)."""
    yield word
    inner = word[word[:1] in _JOINED :]
    for no in (_NOT, _NOT_SHORT):
        if inner.startswith(no) and word.endswith(_NOT_END):
            yield inner.removeprefix(no).removesuffix(_NOT_END)


def _of_cut(before: str, base: str, after: str, known: _Words) -> Meaning:
    if base in known.nouns and _is_noun(before, base, after):
        return known.nouns[base]
    if base in known.past and _is_past(before, base, after, known.past[base][1]):
        return known.past[base][0]
    if base in known.present and _is_present(before, after, known.present[base][1]):
        return known.present[base][0]
    return ()


def _is_noun(before: str, base: str, after: str) -> bool:
    """Whether a noun stands between what is written onto nouns; onto a short one there is little."""
    begins = _BEFORE_NOUN if len(base) >= _ROOT else ("", _ARTICLE)
    return before in begins and after in (_AFTER_NOUN if len(base) > _ROOT else ("",))


def _is_past(before: str, base: str, after: str, needs: tuple[str, ...]) -> bool:
    if len(base) < _ROOT and not needs:
        return before == after == ""
    is_passive = before in _PASSIVE and len(base) >= _ROOT and base[1] != _ALEF and not needs
    return (before in _JOINED or is_passive) and after in _AFTER_PAST and (not needs or after.startswith(needs))


def _is_present(before: str, after: str, needs: tuple[str, ...]) -> bool:
    is_one_of_many = before.endswith(_ALEF) and after.startswith(_WAW)  # "I", and many
    begins = before[-1:] in _PERSONS and before[:-1] in _BEFORE_PERSON and not is_one_of_many
    return begins and after in _AFTER_PRESENT and (not needs or after.startswith(needs))


def _undressed(word: str) -> Meaning:
    """A word of the standard language without what a dialect writes onto it: «بيستعملوا», «انمنعوا», «عالبحيرة»; or
    with what it leaves out: «خترع», «ماتو», «صحرا»."""
    for before, base, after in _cuts(word):
        if len(base) >= _ROOT:
            is_dressed = before[:-1] not in _JOINED and _is_present(before, after, ())
            if is_dressed and base in families().presents:
                return (_PRESENT + base,)
            is_passive = before in _PASSIVE or _is_passive_present(before, base)
            is_past = before in _JOINED and after in _ONTO_PAST
            if (is_past or (is_passive and after in _AFTER_PAST)) and base in families().pasts:
                return (base,)
    if len(word) > _ROOT and _ALEF + word in families().verbs:
        return (_ALEF + word,)
    if word.endswith(_HIS) and len(word) > _ROOT + len(_HIS):
        return (word.removesuffix(_HIS) + _TEH,)
    if word.endswith(_ALEF) and row_of(word + _HAMZA):
        return (word + _HAMZA,)
    article = next((each for each in _ARTICLES if word.startswith(each) and len(word) - len(each) >= _ROOT), "")
    return (_ARTICLE + word.removeprefix(article),) if article else ()


def _is_passive_present(before: str, base: str) -> bool:
    """Whether a past stands after what makes it a passive in the present («ينزرع»), and no other verb («يتحدث»)."""
    is_one = before[-1:] in _PASSIVE_PRESENT and before[-2:-1] in _PERSONS
    return is_one and before[-1:] + base not in families().presents


def _cuts(word: str) -> Iterator[tuple[str, str, str]]:
    """A word cut in three in every way, the longest middle first."""
    for length in range(len(word), 1, -1):
        for start in range(min(len(word) - length, _LONGEST_AFFIX) + 1):
            if len(word) - start - length <= _LONGEST_AFFIX:
                yield word[:start], word[start : start + length], word[start + length :]


@cache
def _words(part: str) -> _Words:
    """The words of a part of the table by their bases."""
    listed = _TABLE[part]
    past: dict[str, Base] = {}
    present: dict[str, Base] = {}
    for forms, meaning in _rows(listed["verbs"]):
        for form in forms:
            is_present = form.startswith(_PRESENT) and len(forms) > 1 and len(form) >= _ROOT
            for base, needs in _of_present(form) if is_present else _of_past(form):
                (present if is_present else past).setdefault(base, (meaning, needs))
    nouns, words = (
        {form: meaning for forms, meaning in _rows(listed[n]) for form in forms} for n in ("nouns", "words")
    )
    return _Words(past, present, nouns, words)


@cache
def _parts() -> Mapping[str, Meaning]:
    """What the parts of a measure are, by their words."""
    return {form: meaning for forms, meaning in _rows(_TABLE["parts"]["words"]) for form in forms}


def _rows(listed: str) -> Iterator[tuple[Sequence[str], Meaning]]:
    for row in filter(None, listed.splitlines()):
        forms, _, meaning = fold_text(row).partition(":")
        yield forms.split(), tuple(meaning.split())


def _of_past(verb: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a past is made of: «شاف» and «شف» (شفت، شفوش), «جا» and «جي» (جيت), «حط» and «حطي» (حطيت), «مش» (مشوا)."""
    yield verb, ()
    if len(verb) == _ROOT and verb[1] == _ALEF:
        yield verb[0] + verb[2], (*_FIRST_AND_SECOND, _WAW)
    elif len(verb) < _ROOT or verb[-1] == _ALEF:
        yield verb.removesuffix(_ALEF) + _PRESENT, _FIRST_AND_SECOND
    if verb[-1] in (_ALEF, _PRESENT) and len(verb) >= _ROOT:
        yield verb[:-1], (_WAW, _FEMININE)


def _of_present(verb: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a present is made of: «شوف», «مشي» and «مش» (يمشوا)."""
    yield verb[1:], ()
    if verb[-1] in (_ALEF, _PRESENT) and len(verb) > _ROOT:
        yield verb[1:-1], _MANY

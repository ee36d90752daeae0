"""Whether two sentences say the same, word by word; nothing of what they mean is guessed.

A sentence is read as the words that tell: its content words, its negations and what relates («قبل»), by lemma,
without what only reports («قال», «بحسب») and without the dateline of an agency. Of two sentences, laid side by side,
what one has and the other has not is either added, or changed: in the same place each has a word of its own. A changed
word is a name, a number or a deed as often as another way of putting it, so sentences with one are never taken to say
the same.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from retrieval.arabic.analysis import is_content, lemma
from retrieval.arabic.calendar_names import GREGORIAN, HIJRI, is_month
from retrieval.arabic.canonical import canonical
from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.vectors import row_of
from retrieval.arabic.words import words

HELD = 0.8  # of the words of the shorter sentence, how many the longer one holds where both say the same
FILLED = 0.6  # of the words of the longer sentence, how many the shorter one holds
SLIPS = 2  # mistyped and joined words that are reckoned with before sentences are laid side by side
_LONG = 5  # letters from which one letter more, less or other can be a slip
_DATELINE = re.compile(r"\s*(?=[^\W\d])([^\n]{1,80}?)\s*[-–—ـ]+\s+")
_INITIALS = re.compile(r"(?<=\b\w)[. ]+(?=\w\b)")
_WORD = re.compile(r"\w+")
YEAR = re.compile(r"1\d{3}|20\d\d")
_DAY = re.compile(r"0?[1-9]|[12]\d|3[01]")
_LAST_HIJRI = 1500
_REMEMBERED, _FORMS = 4096, 1 << 16  # sentences, words

_JOINED = ("و", "ف")

_TABLE = table("agreement")


def listed(name: str) -> frozenset[str]:
    """The folded words of a list of the table, alone and joined to «و» and «ف»."""
    return frozenset(joined + word for word in fold_text(_TABLE[name]).split() for joined in ("", *_JOINED))


def of_counted(name: str) -> list[tuple[frozenset[str], frozenset[str]]]:
    """The lines of a list of the table, each the lemmas of who are counted and the folded verbs of them."""
    return [
        (frozenset(map(lemma, canonical(fold_text(nouns).split()))), frozenset(fold_text(verbs).split()))
        for nouns, verbs in _TABLE[name]
    ]


_MEASURES, _OTHERS = ([frozenset(fold_text(group).split()) for group in _TABLE[name]] for name in ("measures", "alike"))
_COUNTED = [frozenset(map(lemma, canonical(fold_text(group).split()))) for group in _TABLE["counted"]]
_OPPOSED = [tuple(frozenset(map(lemma, fold_text(side).split())) for side in pair) for pair in _TABLE["opposed"]]
_ALIKE, _UNSAID = [*_MEASURES, *_OTHERS], of_counted("unsaid")
_REPORTING, _DATING, _REVERSING, _AGENCIES = map(listed, ("reporting", "dating", "reversing", "agencies"))
_GRAMMAR = _REVERSING | listed("relating")  # that tells


class Telling(NamedTuple):
    """A word that tells: where it stands in its sentence, as it was written there, folded, its lemma, and whether that
    is a number or a month."""

    start: int
    end: int
    folded: str
    lemma: str
    is_figure: bool

    @property
    def reverses(self) -> bool:
        return self.folded in _REVERSING


Statement = tuple[Telling, ...]
Gap = tuple[Statement, Statement]  # what two sentences have between two common words


@lru_cache(_REMEMBERED)
def statement(sentence: str) -> Statement:
    """The telling words of a sentence; they may be none."""
    after = _after_dateline(sentence)
    found = [word for word in words(sentence) if word.start >= after]
    forms = canonical([word.folded for word in found])
    return tuple(
        Telling(word.start, word.end, word.folded, own, is_figure(own))
        for word, form, following in zip(found, forms, [*forms[1:], ""], strict=False)
        if word.folded in _GRAMMAR or _tells(word.folded, form, following)
        for own in [form if is_month(form) else lemma(form)]
    )


def _tells(folded: str, form: str, following: str) -> bool:
    """Whether a word carries something of what is said; ``following``: the canonical form of the next one."""
    is_aside = folded in _REPORTING or (folded in _DATING and is_figure(following))
    return is_content(form) and not is_aside


@lru_cache(_FORMS)
def is_figure(form: str) -> bool:
    """Whether a canonical word is a number or the name of a month."""
    return any(map(str.isdigit, form)) or is_month(form)


def _after_dateline(sentence: str) -> int:
    """Where a sentence begins after «دمشق (رويترز) - »; 0 where no agency stands there."""
    opening = _DATELINE.match(sentence)
    if not opening:
        return 0
    named = _INITIALS.sub("", fold_text(opening[1]))
    return 0 if _AGENCIES.isdisjoint(_WORD.findall(named)) else opening.end()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two statements side by side: how many words they share, what each has beyond, and whether any was changed."""

    shared: int
    beyond: tuple[Statement, Statement]
    changed: bool

    @property
    def conflicts(self) -> bool:
        """Whether a word was changed, or one takes back what the other says."""
        return self.changed or any(word.reverses for beyond in self.beyond for word in beyond)


def compared(one: Statement, other: Statement) -> Comparison:
    """Lays two statements side by side."""
    matcher = SequenceMatcher(None, lemmas(one), lemmas(other), autojunk=False)
    gaps = [(one[a:b], other[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
    moved = _moved(one, other, gaps)
    gaps = [_unlike(_without(own, moved), _without(others, moved)) for own, others in gaps]
    beyond = tuple(chain.from_iterable(own for own, _ in gaps)), tuple(chain.from_iterable(own for _, own in gaps))
    return Comparison(len(one) - len(beyond[0]), beyond, any(own and others for own, others in gaps))


def same(one: Statement, other: Statement) -> bool:
    """Whether two sentences say the same: nearly the same words, the same figures in order, no word changed."""
    if _figures(one) != _figures(other) or not _may_be_same(one, other):
        return False
    found = compared(*sorted((one, other), key=lemmas))  # difflib sees one side first; this is mutual
    return not found.conflicts and _are_enough(found.shared, one, other)


def within(one: Statement, other: Statement) -> bool:
    """Whether a sentence adds nothing to another: that one has all its words, its figures in their order."""
    return (
        Counter(lemmas(one)) <= Counter(lemmas(other))
        and _is_part(_figures(one), _figures(other))
        and _reversals(one) == _reversals(other)
    )


def lemmas(words: Statement) -> tuple[str, ...]:
    """The lemmas of telling words."""
    return tuple(word.lemma for word in words)


def _are_enough(shared: int, one: Statement, other: Statement) -> bool:
    shorter, longer = sorted((len(one), len(other)))
    return shared >= HELD * shorter and shared >= FILLED * longer


def _may_be_same(one: Statement, other: Statement) -> bool:
    """A quick look that spares most comparisons: mistyped words aside, there are enough common ones."""
    common = (Counter(lemmas(one)) & Counter(lemmas(other))).total()
    return bool(one) and _are_enough(common + SLIPS, one, other)


def _figures(words: Statement) -> tuple[str, ...]:
    return tuple(word.lemma for word in words if word.is_figure)


def _reversals(words: Statement) -> tuple[str, ...]:
    return tuple(word.lemma for word in words if word.reverses)


def _is_part(some: Sequence[str], every: Sequence[str]) -> bool:
    """Whether some stand among all in their order."""
    rest = iter(every)
    return all(own in rest for own in some)


def _moved(one: Statement, other: Statement, gaps: Iterable[Gap]) -> frozenset[str]:
    """What opens one sentence and stands elsewhere in the other: «كلف الترميم», «إن الترميم كلف».

    Other words that changed places may have changed parts: who beat whom.
    """
    gaps = list(gaps)
    openings = {words[0].lemma for words in (one, other) if words}
    own, others = ({word.lemma for gap in gaps for word in gap[side]} for side in (0, 1))
    return frozenset(openings & own & others)


def _without(words: Statement, moved: frozenset[str]) -> Statement:
    return tuple(word for word in words if word.lemma not in moved)


def _unlike(own: Statement, others: Statement) -> Gap:
    """Words in the same place of two sentences, but for those that are one word, joined to «و» or mistyped."""
    rest = list(others)
    unlike = []
    for word in own:
        twin = next((other for other in rest if _are_one(word.folded, other.folded)), None)
        if twin:
            rest.remove(twin)
        else:
            unlike.append(word)
    return tuple(unlike), tuple(rest)


def _are_one(one: str, other: str) -> bool:
    is_joined = any(one == joined + other or other == joined + one for joined in _JOINED)
    return is_joined or _is_slip(one, other)


def _is_slip(one: str, other: str) -> bool:
    """Whether of two folded words one letter apart just one is a word that is known."""
    if min(len(one), len(other)) < _LONG or bool(row_of(one)) == bool(row_of(other)):
        return False
    alike = [own == others for own, others in zip(one, other, strict=False)]
    start = [*alike, False].index(False)
    ends = [(start + 1, start + 1), (start + 1, start), (start, start + 1)]
    return any(one[own:] == other[others:] for own, others in ends)


def is_put_otherwise(written: str, told: Iterable[Telling]) -> bool:
    """Whether words that tell have one that says as much as a word of a question: «تقل», «على متنها»."""
    return any(fold_text(written) in group and any(word.folded in group for word in told) for group in _ALIKE)


def count_alike(one: str | None, other: str | None) -> bool:
    """Whether two words that are counted may be of the same: «شخصا» and «قتيلا» may, «شخصا» and «طفلا» are part and
    whole."""
    return one == other or any(one in group and other in group for group in _COUNTED)


def is_measure(written: str) -> bool:
    """Whether a word of a question names a measure of a thing, which nothing else says: «طول»."""
    return any(fold_text(written) in group for group in _MEASURES)


def is_opposed(word: str, told: Iterable[Telling]) -> bool:
    """Whether words that tell have one that says the opposite of a word of a question: «انتهى» of «بدأ»."""
    own = lemma(word)
    opposites = [others for pair in _OPPOSED for one, others in (pair, pair[::-1]) if own in one]
    return any(other.lemma in others for others in opposites for other in told)


def may_be_unsaid(written: str, counted: str | None) -> bool:
    """Whether an answer need not repeat a verb of a question how many of ``counted`` there are: «كم قتيلا سقط؟»."""
    return counted is not None and any(
        lemma(counted) in nouns and fold_text(written) in verbs for nouns, verbs in _UNSAID
    )


@dataclass(frozen=True, slots=True)
class _Date:
    """What an answer gives of a date: each part as it is written, "" where it is not given."""

    is_hijri: bool
    year: str
    month: str
    day: str


def dates_differ(one: Statement, other: Statement) -> bool:
    """Whether two dates of one calendar differ in a part that both give."""
    first, second = _date(one), _date(other)
    if first is None or second is None or first.is_hijri != second.is_hijri:
        return False
    parts = [(first.year, second.year), (first.month, second.month), (first.day, second.day)]
    return any(own and others and own != others for own, others in parts)


def _date(marked: Statement) -> _Date | None:
    """The one date of an answer; None where it holds none, or two."""
    forms = lemmas(marked)
    months = [form for form in forms if is_month(form)]
    years = [form for form in forms if YEAR.fullmatch(form)]
    days = [form for form in forms if _DAY.fullmatch(form)] if months else []
    if not (months or years) or max(map(len, (months, years, days))) > 1:
        return None
    year, month, day = ((found or [""])[0] for found in (years, months, days))
    return _Date(month in HIJRI or (month not in GREGORIAN and int(year) <= _LAST_HIJRI), year, month, day.lstrip("0"))

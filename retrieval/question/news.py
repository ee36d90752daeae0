"""Questions that want news: «آخر خبر عن اليمن», «أخبار مصر», «ماذا حدث في 5 يوليو 2015؟», «ما الأخبار اليوم؟».

They want what documents the newest say, not a sentence that holds an answer. «من نقل خبر وفاته؟» is a question of fact.
"""

from dataclasses import dataclass
from datetime import date, datetime

from retrieval.arabic.folding import fold_text
from retrieval.arabic.periods import days_named, period_of
from retrieval.arabic.tables import table
from retrieval.arabic.words import Word, words
from retrieval.model import Period
from retrieval.question.asking import asked, separated

_TABLE = table("news")
_NAMES = (
    "leads",
    "last",
    "news",
    "fresh",
    "alone",
    "about",
    "what",
    "happened",
    "became",
    "there",
    "others",
    "trailing",
)
_LEADS, _LAST, _NEWS, _FRESH, _ALONE, _ABOUT, _WHAT, _HAPPENED, _BECAME, _THERE, _OTHERS, _TRAILING = (
    frozenset(map(fold_text, _TABLE[name].split())) for name in _NAMES
)
_STRETCHES = {fold_text(name): days for name, days in _TABLE["stretches"].items()}
_AGAIN = "من"  # «من جديد»
_LONGEST_SUBJECT, _LONGEST_PLACE = 8, 3  # words
_AND, _ONTO = "و", ("ب", "ل", "مع", "عند", "ف")


@dataclass(frozen=True, slots=True)
class News:
    """``subject``: what the news are to be about, as it was written; empty for all. ``period``: of which days.
    ``is_event``: it is asked what happened."""

    subject: str
    period: Period | None
    is_event: bool = False


def news_wanted(text: str, today: date) -> News | None:
    """What news a question wants; None where it is another question."""
    wanted = _wanted(text, today)
    return None if wanted and wanted.is_event and wanted.period is None else wanted


def news_meant(text: str, today: date) -> News | None:
    """What news may be meant by a question that no sentence answers: «وش صار في عدن؟»."""
    wanted = _wanted(text, today)
    if wanted is None or not wanted.is_event or wanted.period:
        return None
    return wanted if 0 < len(wanted.subject.split()) <= _LONGEST_PLACE else None


def _wanted(text: str, today: date) -> News | None:
    found = words(text)
    if len(found) > 1 and found[-1].folded in _TRAILING:
        found = found[:-1]  # «أخبار امبارح إيه؟»
    period = period_of(text, today, of_news=True)
    found = _after_days(text, found, period, today)
    forms = [word.folded for word in found]
    start = _after_form(forms)
    if start is None:
        return None
    subject = _subject(text, found[start:], period, today)
    if period is None and (days := _STRETCHES.get(fold_text(subject))):
        subject, period = "", period_of(days, today, of_news=True)
    is_last = not _LAST.isdisjoint(forms[:start])
    is_event = not _HAPPENED.isdisjoint(forms[:start])
    if is_event and forms[start - 1] in _BECAME and not _is_led_to(subject, forms[start:]):
        return None  # «ماذا صار اسم العيد؟»
    if not subject and period is None and not is_last:
        return None
    own = words(subject)
    if len(own) > _LONGEST_SUBJECT or (own and own[0].folded in _OTHERS):
        return None
    asks = any(part.kind for part in asked(subject, separated(subject, own)))
    return None if asks else News(subject, period, is_event)


def _is_led_to(subject: str, forms: list[str]) -> bool:
    """Whether no subject stands bare after a verb: «شو صار في عدن؟», «شو صار بعدن؟»."""
    first = fold_text(subject).partition(" ")[0]
    return forms[:1] != [first] or not first or first.startswith(_ONTO)


def asks_for_news(text: str) -> bool:
    """Whether a text wants news, of whatever days."""
    return news_wanted(text, datetime.now().astimezone().date()) is not None


def _after_form(forms: list[str]) -> int | None:
    """Where the subject begins, after the words that ask for news; None where none do. They may go on from others:
    «طب وايه أخبار …»."""
    forms = [form if form in _LEADS else form.removeprefix(_AND) for form in forms]
    for start in range(len(forms)):
        here, after = forms[start], forms[start + 1 : start + 2]
        if here in _LAST and after and after[0] in _NEWS:
            return start + 2
        if here in _FRESH and forms[:start] != [_AGAIN] and (after or start > 1):
            return start + 1
        if here in _ALONE:
            return start + 1 + bool(after and after[0] in _LAST)
        event = start + 1 + bool(after and after[0] in _THERE)
        if here in _WHAT and not _HAPPENED.isdisjoint(forms[event : event + 1]):
            return event + 1
        if here not in _LEADS:
            return None
    return None


def _after_days(text: str, found: list[Word], period: Period | None, today: date) -> list[Word]:
    """The words after days that stand first, before what asks: «امبارح شو صار؟»."""
    spans = [(word.start, word.end) for word in found]
    named = days_named(text, spans, period, today, of_news=True) if period else None
    rest = found[named[1] :] if named and not named[0] else []
    return rest if rest and rest[0].folded in _WHAT else found


def _subject(text: str, found: list[Word], period: Period | None, today: date) -> str:
    """What is left of the words when those that name days and lead to the subject are taken away."""

    spans = [(word.start, word.end) for word in found]
    if period and (named := days_named(text, spans, period, today, of_news=True)):
        found = [*found[: named[0]], *found[named[1] :]]
    while found and found[0].folded in _ABOUT:
        found = found[1:]
    return " ".join(text[word.start : word.end] for word in found)

"""A language comes in, and every word that the bot itself says goes out: ``ar.toml``, ``en.toml``, of the same keys."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812  (a phrase is named "date")
from datetime import timedelta
from functools import cache
from importlib.resources import files

from retrieval.model import Answer, Period, Quote

ARABIC_DIGITS = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")
_DIGIT = re.compile("(?P<arabic>[٠-٩])|[0-9]")
UNITS = {"days": 24 * 3600, "hours": 3600, "minutes": 60, "seconds": 1}
ISOLATE, END_ISOLATE = "\u2068", "\u2069"
RIGHT_TO_LEFT_MARK = "\u200f"
FOREIGN = {"rtl": ("L",), "ltr": ("R", "AL")}
"""By a language's direction, the bidirectional classes of letters that run against it."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one language. What stands in braces in a phrase is for ``str.format``."""

    direction: str
    bot: str
    comma: str
    date: str
    months: tuple[str, ...]
    start: str
    example: str
    contact: str
    help: str
    about: str
    description: str
    short_description: str
    new: str
    how_to_ask: str
    greeting: str
    too_many: str
    too_many_presses: str
    too_many_waiting: str
    not_allowed: str
    inline_hint: str
    inline_none: str
    inline_unreachable: str
    sources: str
    sources_page: str
    page_before: str
    page_after: str
    button_too_old: str
    status: str
    status_queue: str
    queue_dropped: str
    drop_which: str
    reloaded: str
    reload_failed: str
    reload_under_way: str
    refusal: str
    unreachable: str
    found: str
    missing_there: str
    missing: str
    nearest: str
    meant: str
    searched: str
    differ: str
    unsaid: str
    in_period: str
    not_in_period: str
    none_of_days: str
    newest_first: str
    dot: str
    page: str
    paragraph: str
    also: str
    part: str
    file: str
    address: str
    author: str
    read_by_machine: str
    no_more: str
    source_changed: str
    button_context: str
    button_more: str
    button_source: str
    button_picture: str
    button_reference: str
    button_page: str
    marked: str
    no_picture: str
    picture_later: str
    button_back: str
    button_meant: str
    button_plain: str
    answer_too_old: str
    thanks_good: str
    thanks_bad: str
    three_at_most: str
    not_text: str
    error: str
    given_up: str
    perhaps_answered: str
    days: Mapping[str, str]
    documents: Mapping[str, str]
    verdicts: Mapping[str, str]
    citations: Mapping[str, str]
    gaps: Mapping[str, str]
    web: Mapping[str, str]
    talk: Mapping[str, str]
    foreign: Mapping[str, str]
    commands: Mapping[str, str]
    group_commands: Mapping[str, str]
    admin_commands: Mapping[str, str]
    nouns: Mapping[str, Mapping[str, str]]
    has_arabic_digits: bool = False

    def called(self, name: str) -> "Phrases":
        """The same phrases of a bot that has a name of its own; empty, it keeps this one's."""
        return replace(self, bot=self.isolated(name)) if name else self

    def beside(self, *texts: str) -> "Phrases":
        """The same phrases for a message in which ``texts`` stand: one script of digits, and theirs, for they are shown
        as they are. The first text that has any decides; without any it is 123."""
        found = next(filter(None, map(_DIGIT.search, texts)), None)
        return replace(self, has_arabic_digits=self.direction == "rtl" and bool(found and found["arabic"]))

    def counted(self, noun: str, number: int) -> str:
        """A number with its noun, in agreement: ``counted("characters", 3)`` is «3 أحرف»."""
        return self.nouns[noun][plural_category(number)].format(number=self.figure(number))

    def figure(self, number: float, decimals: int = 0) -> str:
        """A number as the bot writes it: each that it says goes through here."""
        shown = f"{number:.{decimals}f}"
        return shown.translate(ARABIC_DIGITS) if self.has_arabic_digits else shown

    def duration(self, seconds: float) -> str:
        """A length of time in its largest unit and the one below: ``duration(7290)`` is «ساعتان، دقيقة واحدة»."""
        counts, rest = [], int(seconds)
        for noun, length in UNITS.items():
            count, rest = divmod(rest, length)
            counts.append((noun, count))
        first = next((at for at, (_, count) in enumerate(counts) if count), len(counts) - 1)
        shown = [(noun, count) for noun, count in counts[first : first + 2] if count] or [counts[-1]]
        return self.comma.join(self.counted(noun, count) for noun, count in shown)

    def day(self, published: Date) -> str:
        """A date with its month's name."""
        day, year = self.figure(published.day), self.figure(published.year)
        return self.date.format(day=day, month=self.months[published.month - 1], year=year)

    def stretch(self, period: Period) -> str:
        """Days of publication in words; one that no one could mean, as the first of the calendar, is left out."""
        form = "one" if period.first == period.last else "between"
        if period.first == Date.min:
            form = "until"
        elif period.last.year == Date.max.year:
            form = "since"
        after = period.last + timedelta(form == "until")  # «قبل» the day after the last
        return self.days[form].format(first=self.day(period.first), last=self.day(after))

    def place(self, quote: Quote) -> str:
        """Where in its document a quote stands: its page, else its paragraph."""
        template, number = (self.page, quote.page) if quote.page else (self.paragraph, quote.paragraph)
        return template.format(number=self.figure(number))

    def remarks(self, answer: Answer) -> list[str]:
        """What is said of all quotes of an answer, a line each: that sources differ, which days were searched,
        which words of a question for yes or no they do not say."""
        lines = []
        if answer.found and answer.period:
            template = self.in_period if answer.in_period else self.not_in_period
            lines.append(template.format(days=self.stretch(answer.period)))
        if answer.found and answer.differ:
            lines.append(self.differ)
        elif answer.newest_first:
            lines.append(self.newest_first)
        if answer.found and answer.unsaid:
            lines.append(self.unsaid.format(words=self.listed(answer.unsaid)))
        return lines

    def listed(self, names: Iterable[str]) -> str:
        """Names in a row, each isolated where its letters run the other way."""
        return self.comma.join(map(self.isolated, names))

    def isolated(self, text: str) -> str:
        """``text`` so that it cannot disturb the order of the line around it, nor be disturbed by it."""
        before, after = self.isolation(text)
        return before + text + after

    def isolation(self, text: str) -> tuple[str, str]:
        """The marks to stand before and after ``text``: empty where its letters run as the line does."""
        foreign = any(unicodedata.bidirectional(letter) in FOREIGN[self.direction] for letter in text)
        return (ISOLATE, END_ISOLATE) if foreign else ("", "")

    def line(self, text: str) -> str:
        """``text`` as a line of its own that runs in this language's direction.

        Clients take a line's direction from its first strong character; one mark settles it.
        """
        return self.mark(text) + text

    def mark(self, text: str) -> str:
        """The mark that a line that begins with ``text`` needs before it; empty where it needs none."""
        opens_rightly = text[:1] and unicodedata.bidirectional(text[0]) == "AL"
        return "" if self.direction == "ltr" or opens_rightly else RIGHT_TO_LEFT_MARK


def phrases(language_code: str | None) -> Phrases:
    """The phrases for a user, by the language that Telegram says they use: English, else Arabic."""
    return _read("en" if (language_code or "").lower().startswith("en") else "ar")


def plural_category(number: int) -> str:
    """The plural category of a number in Arabic, after Unicode's CLDR (cardinals). English has fewer."""
    if number < 3:
        return ("zero", "one", "two")[number]
    if 3 <= number % 100 <= 10:
        return "few"
    return "many" if number % 100 > 10 else "other"


@cache
def _read(language: str) -> Phrases:
    table = tomllib.loads(files(__package__).joinpath(f"{language}.toml").read_text("utf-8"))
    return Phrases(**table | {"months": tuple(table["months"])})

"""A question of a conversation, read once for all who join it to the one before it or to the one after."""

import re
from collections.abc import Iterable
from functools import cached_property

from retrieval.arabic.analysis import LIGHT_STEMS, is_content, stem
from retrieval.arabic.calendar_names import is_month
from retrieval.arabic.canonical import canonical
from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.words import Word, words
from retrieval.question.asking import Asked, Kind, asked, is_joined, most_telling, separated
from retrieval.question.dialects import standard
from retrieval.question.related import families

ARTICLE = "ال"

_ARTICLES = ("ال", "لل", "بال", "وال", "فال", "كال")
_VERBS, _NAMES, _OF_SOMETHING = (
    frozenset(map(fold_text, table("following")[name].split())) for name in ("verbs", "names", "of_something")
)
_AMOUNT, _WHICH, _AND = fold_text("عدد"), fold_text("أي"), "و"
_HE_DOES, _BEFORE, _PERSONS, _ENDS = "ي", "بكدهحغع", "يت", ("", "ت", "وا", "و")
_SHORTEST_VERB = 4
_WITH_SUBJECT = re.compile(r"(.*\S)\s*\(([^()]+)\)\s*", re.DOTALL)
_OF_VERBS: tuple[Kind, ...] = ("date", "reason", "manner", "yes_no")
"""What is asked by a word that a verb follows, where no article does."""


class Turn:
    """A question, read: its words, those among them that ask, and those that carry its subject."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Word] = separated(text, words(text))
        self.forms = canonical([word.folded for word in self.found])

    @cached_property
    def parted(self) -> tuple[str, str] | None:
        """The question, and the subject that stands after it in brackets; None where none does."""
        found = _WITH_SUBJECT.fullmatch(self.text)
        return (found[1], found[2]) if found else None

    @cached_property
    def asking(self) -> list[Asked]:
        return asked(self.text, self.found)

    @cached_property
    def is_joined(self) -> bool:
        """Whether it begins with «و» or «ف» joined to a question word: «ومتى», «وفي أي»."""
        return is_joined(self.text, self.found)

    @cached_property
    def kind(self) -> Kind | None:
        telling = most_telling(self.asking)
        return telling.kind if telling else None

    @cached_property
    def aside(self) -> frozenset[int]:
        """The places of the words that ask."""
        return frozenset(index for part in self.asking for index in range(part.start, part.end))

    @cached_property
    def terms(self) -> list[int]:
        """The places of the words that carry a subject."""
        return [i for i, form in enumerate(self.forms) if i not in self.aside and is_content(form)]

    @cached_property
    def unit(self) -> int | None:
        """The place of the noun that is counted."""
        units = {part.unit for part in self.asking if part.unit}
        return next((i for i in self.terms if self.found[i].folded.removeprefix(ARTICLE) in units), None)

    @cached_property
    def own(self) -> list[int]:
        """The terms that name more than what is asked: neither light nor counted."""
        return [i for i in self.terms if i != self.unit and not self.is_light(i)]

    def is_light(self, index: int) -> bool:
        return stem(self.forms[index]) in LIGHT_STEMS

    def has_article(self, index: int) -> bool:
        return self.found[index].folded.startswith(_ARTICLES)

    def written(self, indices: Iterable[int]) -> str:
        return " ".join(self.text[self.found[i].start : self.found[i].end] for i in indices)

    def opens_bracket(self, index: int) -> bool:
        """Whether a bracket stands before a word."""
        return index > 0 and "(" in self.text[self.found[index - 1].end : self.found[index].start]

    def is_verb(self, index: int) -> bool:
        """Whether a term seems to be a verb: a known one, or bare where a verb is expected."""
        if self.is_known_verb(index):
            return True
        if self.has_article(index) or is_month(self.forms[index]):
            return False
        after_unit = self.unit is not None and index == self.unit + 1
        amount = after_unit and index > 1 and self.found[index - 2].folded.endswith(_AMOUNT)
        return (after_unit and not amount) or (self.kind in _OF_VERBS and self._is_asked(index))

    def is_known_verb(self, index: int) -> bool:
        return self.found[index].folded in _VERBS

    def is_chosen(self, index: int) -> bool:
        """Whether a word follows «أي»."""
        return index > 0 and self.found[index - 1].folded.endswith(_WHICH)

    def needs_another(self, index: int) -> bool:
        """Whether a term alone beside what asks is of what was spoken of: «متى يطلع؟», «كم الرسوم؟»."""
        form = self.found[index].folded
        is_of = form.startswith(ARTICLE) and form.removeprefix(ARTICLE) in _OF_SOMETHING
        return self.is_known_verb(index) or is_of or _does(form) or _does(form.removeprefix(_AND))

    def may_be_past(self, index: int) -> bool:
        """Whether a word may say what somebody did: «حملت»."""
        form = self.found[index].folded
        return any(form.endswith(end) and form.removesuffix(end) in families().verbs for end in _ENDS)

    def may_be_verb(self, index: int) -> bool:
        """Whether a word may say what somebody does or did."""
        form = self.found[index].folded
        return self.is_verb(index) or self.may_be_past(index) or _does(form) or _does(form.removeprefix(_AND))

    def _is_asked(self, index: int) -> bool:
        """Whether a word follows right on one that asks, with no mark between."""
        return index - 1 in self.aside and self.text[self.found[index - 1].end : self.found[index].start].isspace()


def _does(form: str) -> bool:
    """Whether a folded word says what somebody does who is not named beside it: «يطلع», «بيفتح», «بتشتغل»."""
    if len(form) < _SHORTEST_VERB or form in _NAMES:
        return False
    if form.startswith(_HE_DOES):
        return form[1:] in families().presents
    return form[0] in _BEFORE and form[1] in _PERSONS and bool(standard(form, in_dialect=True))

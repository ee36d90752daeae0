"""What a question asks: the words to search for, and the kind of answer that it seeks."""

from dataclasses import dataclass

from retrieval.arabic.analysis import is_content, stem
from retrieval.arabic.canonical import canonical
from retrieval.arabic.words import words
from retrieval.question.asking import Kind, asked, most_telling, separated
from retrieval.question.dialects import EMPTY, speaks_dialect, standard_at
from retrieval.question.several import asks_several
from retrieval.question.surveying import Survey, surveyed

__all__ = ["Kind", "Question", "Survey", "Term", "parse"]


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question that is searched for: as it was written, its canonical form, and the stem of that.

    ``means``: what the standard language says for a word of a dialect, the nearest first, folded.
    """

    written: str
    word: str
    stem: str
    means: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """``terms``: the words that carry the question's subject, each once. ``kind``: what is sought, if it says.
    ``unit``: the folded noun that it counts («كم غارة»), as it stands there but for the article. ``survey``: what it
    wants over documents that no sentence says, if it does («كم مقالا يتحدث عن…»). ``several``: whether it asks for
    several things («ما شروط…»)."""

    text: str
    terms: tuple[Term, ...]
    kind: Kind | None
    unit: str | None = None
    survey: Survey | None = None
    several: bool = False


def parse(text: str) -> Question:
    """The question that a text asks; its terms may be none («من هي؟»)."""
    found = separated(text, words(text))
    asking = asked(text, found)
    telling = most_telling(asking)
    aside = {index for part in asking for index in range(part.start, part.end)}
    survey = surveyed(text, found, aside)
    if survey:
        aside |= survey.places
    in_dialect = speaks_dialect(word.folded for word in found)
    terms: dict[str, Term] = {}
    forms = canonical([word.folded for word in found])
    for index, (word, form) in enumerate(zip(found, forms, strict=True)):
        if index not in aside and is_content(form) and form not in EMPTY:
            means = standard_at(forms, index, in_dialect=in_dialect)
            terms.setdefault(stem(form), Term(text[word.start : word.end], form, stem(form), means))
    return Question(
        text=text,
        terms=tuple(terms.values()),
        kind=telling.kind if telling else None,
        unit=next((part.unit for part in asking if part.unit), None),
        survey=survey,
        several=asks_several(text, found, asking),
    )

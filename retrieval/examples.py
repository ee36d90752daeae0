"""Questions that a corpus answers, made of its own words: those that its documents ask, and of sentences that
begin with a verb and say when, where or how many.

What goes out was asked: its answer is the place that it was made of.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.corpus.snapshot import Documents
from retrieval.documents.furniture import bodies
from retrieval.model import Answer, Document, Span
from retrieval.segmentation import sentences

MOST, READ, TRIED = 3, 60, 40
"""Questions that are made, documents that are read for them, and candidates that are asked at most."""
SHORTEST, LONGEST = 12, 60
"""Characters of such a question: more do not fit onto a button."""

_TABLE = table("examples")
_VERBS = frozenset(map(fold_text, _TABLE["verbs"].split()))
_FORMS = [(form["asks"], re.compile(form["sentence"])) for form in _TABLE["forms"]]
_LEAST_WORDS, _MOST_WORDS, _LONGEST_SENTENCE, _AND = 2, 9, 300, "و"


class Answers(Protocol):
    """What has documents and answers from them: ``Library`` does."""

    @property
    def documents(self) -> Documents:
        """The documents."""
        ...

    def ask(self, question: str) -> Answer:
        """The answer to a question."""
        ...


def example_questions(library: Answers, is_ended: Callable[[], bool] = lambda: False) -> tuple[str, ...]:
    """At most ``MOST`` questions, each of another document while there are any; fewer where ``is_ended`` says so."""
    found: list[str] = []
    later: list[tuple[str, Document, Span]] = []
    tried = 0
    for document in _some(library.documents):
        for number, (question, span) in enumerate(_candidates(document)):
            if number or tried >= TRIED or is_ended():
                later.append((question, document, span))
                continue
            tried += 1
            found += [question] if _answers(library, question, document, span) else []
            if len(found) == MOST:
                return tuple(found)
    for question, document, span in later[: max(0, TRIED - tried)]:
        if len(found) == MOST or is_ended():
            break
        found += [question] if question not in found and _answers(library, question, document, span) else []
    return tuple(found)


def _some(documents: Documents) -> Iterator[Document]:
    """Documents from all over the corpus."""
    step = max(1, len(documents) // READ)
    for start in range(0, len(documents), step):
        yield from documents.some(start, 1)


def _candidates(document: Document) -> Iterator[tuple[str, Span]]:
    """Questions, and the places that answer them."""
    for part in document.questions:
        question = " ".join(part.span.of(document.text).split())
        if part.under and question.endswith("؟"):
            yield from _fitting([(question, part.under)])
    for span in (span for body in bodies(document) for span in sentences(document.text, body)):
        if len(sentence := span.of(document.text)) <= _LONGEST_SENTENCE:
            yield from _fitting((question, span) for question in _made(sentence))


def _fitting(made: Iterator[tuple[str, Span]] | Sequence[tuple[str, Span]]) -> Iterator[tuple[str, Span]]:
    return ((question, span) for question, span in made if SHORTEST <= len(question) <= LONGEST)


def _made(sentence: str) -> Iterator[str]:
    """The questions that a sentence answers: its beginning, asked for what the rest of it says."""
    begun = sentence.removeprefix(_AND)
    told = begun if _is_asked(begun, most=_LONGEST_SENTENCE) else sentence
    for asks, form in _FORMS:
        if (found := form.match(told)) and _is_asked(found["head"]):
            yield f"{asks} {found['head'].strip()}؟"


def _is_asked(head: str, most: int = _MOST_WORDS) -> bool:
    words = head.split()
    return _LEAST_WORDS <= len(words) <= most and fold_text(words[0]) in _VERBS


def _answers(library: Answers, question: str, document: Document, span: Span) -> bool:
    quotes = library.ask(question).at_once[:1]
    return any(
        one.document.id == document.id and one.span.start < span.end and span.start < one.span.end for one in quotes
    )

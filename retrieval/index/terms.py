"""What is indexed of a document, and what is looked for of a question: the same terms, in the same fields."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from retrieval.arabic.analysis import content_words, grams, lemma, stem
from retrieval.arabic.dates import day_terms
from retrieval.index import GRAMS, LEMMAS, STEMS, TITLE, Entry, Query
from retrieval.model import Document, Passage, Span
from retrieval.segmentation import passages

WEIGHTS: Mapping[str, float] = {STEMS: 1.0, LEMMAS: 1.0, GRAMS: 0.4, TITLE: 0.8}
"""How much each field counts, where a term weighs 1. Chosen on the question sets named in benchmarks/README.md. A title
names what the sentences below it do not repeat; the lead beside it, tried too, finds no further document."""

_ASKS = ("؟", "?")

Others = Mapping[str, Iterable[tuple[str, float]]]
Glued = Mapping[str, tuple[str, str]]


def entries(document: Document, body: Span, glued: Glued) -> Iterator[Entry]:
    """The passages of a document's body with their terms; the title's lemmas stand beside each. One that answers a
    question, of an FAQ or in the title, is found by the words of the question as by its own.

    ``glued``: words of the corpus that are two, run together by a slip; they are found by their parts too.
    """
    title = " ".join(map(lemma, content_words(document.title)))
    for passage in passages(document.id, document.text, body, document.headings):
        words = content_words(f"{_asked(document, passage.span)}\n{passage.span.of(document.text)}")
        parted = [part for word in words for part in (word, *glued.get(word, ()))] if glued else words
        terms = {**_terms(parted), TITLE: title}
        yield Entry(Passage(document.id, passage.span, document.digest), terms, document.published)


def _asked(document: Document, passage: Span) -> str:
    """The question that a passage answers; "" where it answers none."""
    over = document.part_over(passage, "question")
    if over:
        return over.span.of(document.text)
    heading = document.part_over(passage, "heading")
    if heading and not passage.holds(heading.span):
        return heading.span.of(document.text)
    is_first = not document.text[document.heading : passage.start].strip()
    return document.title if is_first and document.title.rstrip().endswith(_ASKS) else ""


def query(words: Iterable[str], others: Others = MappingProxyType({})) -> Query:
    """What is looked for: the terms of a question's canonical words, each once a field. ``others``: for some, words
    that may stand instead, each with how much it counts beside it; in a passage that holds several, the one that tells
    most counts."""
    asked = list(dict.fromkeys(words))
    taken: set[tuple[str, str]] = set()
    own = {word: _weighed({**_terms([word]), TITLE: lemma(word)}, taken) for word in asked}
    alone: dict[str, dict[str, float]] = {field: {} for field in WEIGHTS}
    alone[STEMS] |= dict.fromkeys(day_terms(asked), WEIGHTS[STEMS])
    choices = []
    for word, terms in own.items():
        each = (_weighed(_of_other(other), taken, weight) for other, weight in others.get(word, ()))
        if instead := [new for new in each if any(new.values())]:
            choices.append((terms, *instead))
        else:
            for field, of in terms.items():
                alone[field] |= of
    return Query(alone, choices=tuple(choices))


def _of_other(word: str) -> dict[str, str]:
    return {STEMS: stem(word), LEMMAS: lemma(word), TITLE: lemma(word)}


def _weighed(terms: Mapping[str, str], taken: set[tuple[str, str]], weight: float = 1.0) -> dict[str, dict[str, float]]:
    """The terms of each field, which weigh so much; those that were taken before are not counted again."""
    new = {field: [term for term in of.split() if (field, term) not in taken] for field, of in terms.items()}
    taken |= {(field, term) for field, of in new.items() for term in of}
    return {field: dict.fromkeys(of, weight * WEIGHTS[field]) for field, of in new.items()}


def _terms(words: list[str]) -> dict[str, str]:
    return {
        STEMS: " ".join([*map(stem, words), *day_terms(words)]),
        LEMMAS: " ".join(map(lemma, words)),
        GRAMS: " ".join(map(grams, words)),
    }

"""The parts of laws and contracts by their numbers: «ما نص المادة 4 من النظام؟» asks for what «المادة (4):» begins."""

from retrieval.arabic import fold_text
from retrieval.arabic.analysis import content_words, stem
from retrieval.arabic.tables import table
from retrieval.arabic.words import words
from retrieval.composing.rows import Label, labels
from retrieval.model import Span
from retrieval.question.parsed import Question
from retrieval.ranking.features import Candidate
from retrieval.segmentation import LONGEST_SENTENCE, paragraphs, sentences

_UNITS = frozenset(map(fold_text, table("faq")["units"]))
_TEXTS = frozenset(map(stem, content_words(" ".join(table("faq")["texts"]))))
_ARTICLE = "ال"
_OPENING = 60  # characters that hold a label


def cited(question: Question) -> Label | None:
    """The label of the part whose text a question asks for; None where it asks for something else."""
    if not _TEXTS.intersection(stem(form) for form in content_words(question.text)):
        return None
    found = (_label(question.text[word.start :]) for word in words(question.text))
    return next(filter(None, found), None)


def is_cited(candidate: Candidate, label: Label | None, question: Question) -> bool:
    """Whether a sentence begins the part with a label, in a document of which all else that is asked speaks: its title
    or the sentence itself has the other words of the question."""
    if label is None or _label(candidate.text[:_OPENING]) != label:
        return False
    held = {*map(stem, content_words(f"{candidate.document.title} {candidate.text}")), *_TEXTS}
    return all(term.stem in held or term.word.isdecimal() or _is_of(label, term.written) for term in question.terms)


def whole_part(candidate: Candidate, body: Span) -> Span:
    """All of the part that a sentence begins, as much as may be shown."""
    text, sentence = candidate.document.text, candidate.span
    own = next((span for span in paragraphs(text, body) if span.holds(sentence)), sentence)
    ends = [part.end for part in sentences(text, Span(sentence.start, own.end))]
    return Span(sentence.start, max(end for end in ends if end <= max(sentence.end, sentence.start + LONGEST_SENTENCE)))


def _label(text: str) -> Label | None:
    """What a text begins with, where that names a part by its number."""
    for label in labels(text):
        unit = label.kind.removeprefix(_ARTICLE)
        if unit in _UNITS:
            return Label(unit, label.value)
    return None


def _is_of(label: Label, word: str) -> bool:
    """Whether a word of a question is of its label: «المادة», «الرابعة»."""
    own = labels(f"{label.kind} {word}")
    return fold_text(word).removeprefix(_ARTICLE) == label.kind or any(one.value == label.value for one in own)

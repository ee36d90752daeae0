"""What may be searched for of a question that follows another, and which of it is answered."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from retrieval.arabic.analysis import content_words, stem
from retrieval.model import Answer, Document, Quote
from retrieval.question.following import (
    about,
    can_stand,
    cut,
    join,
    named,
    reading_of,
    says_little,
    subject_of,
    topic_of,
)
from retrieval.question.related import entry
from retrieval.question.turn import Turn

OPENING = 300
"""Characters at the beginning of a document that tell what it is about, as its title does."""
SURE = 0.6
"""The confidence from which what answers a bare «كم الاشتراك؟» need not repeat what is asked for."""
LIKELY = 0.5
"""How likely a further quote must answer to stand in the place of the first, which is of something else."""
_TITLE_ENDS = re.compile(r"\s*[:|]\s|\s[-–—]\s")


@dataclass(frozen=True, slots=True)
class Following:
    """The ``readings`` of a question, the likeliest first; of one that leans on nothing, itself. ``named``: the stems
    of what it names itself («ومتى تبدأ الدراسة؟»), one of which its answer should hold. ``before``: the question whose
    document may answer what no reading does. ``of``: the stems of the subject that it names in brackets («كم سعر
    التذكرة؟ (المكتبة)»), of which all that answers it is."""

    readings: tuple[str, ...]
    named: frozenset[str] = frozenset()
    before: str | None = None
    of: frozenset[str] = frozenset()

    def is_held(self, answer: Answer) -> bool:
        """Whether the first quote holds one of them, if there are any."""
        return not self.named or not self.named.isdisjoint(map(stem, content_words(answer.quotes[0].text)))

    def answered(self, question: str, ask: Callable[[str], Answer], within: Callable[[str], Answer]) -> Answer:
        """The answer to a ``question`` by its readings, or by itself where only that is answered. ``within`` answers it
        by itself from one document: so is answered, from the document in hand, what no reading's quote speaks of."""
        answer = replace(self._first(ask), question=question, leans=self.readings != (question,))
        if answer.leans and answer.found and not self.is_held(answer):
            told = within(answer.quotes[0].document.id)
            return replace(told, question=question, searched=answer.searched, leans=True) if told.found else answer
        if answer.leans and answer.found and not _is_told(Turn(question), answer.quotes[0], leans=False):
            return self._of_document(question, answer.quotes[0].document, ask) or answer
        if answer.found and self.of:
            return _only(answer, tuple(quote for quote in answer.quotes if _is_of(quote, self.of)))
        if answer.found or answer.unreachable:
            return answer
        in_hand = self._in_hand(question, ask, leans=answer.leans)
        if in_hand and in_hand.found:
            return in_hand
        alone = ask(question) if answer.leans and can_stand(question) else None
        if alone and alone.found and _is_told(Turn(question), alone.quotes[0], leans=False):
            return replace(alone, question=question)
        return in_hand or answer

    def _in_hand(self, question: str, ask: Callable[[str], Answer], *, leans: bool) -> Answer | None:
        """The answer of the document that answered ``before``, asked for by its title, or a refusal that keeps that in
        mind. None where there is no such document, or the question names what it says nothing of."""
        last = ask(self.before) if self.before else None
        if last is None or not last.found:
            return None
        document = last.quotes[0].document
        told, now = ask(about(question, _name(document))), Turn(question)
        if not told.found:
            is_of_it = leans or all(map(now.may_be_verb, now.own))
            return replace(told, question=question, leans=leans) if is_of_it else None
        quote = told.quotes[0]
        is_doubtful = told.confidence < SURE and now.kind != "person"
        is_bare = leans and is_doubtful and not any(map(now.may_be_verb, now.own))
        is_its = quote.document.id == document.id and _is_told(now, quote, leans=leans and not is_bare)
        return replace(told, question=question, leans=True) if is_its else None

    def _of_document(self, question: str, document: Document, ask: Callable[[str], Answer]) -> Answer | None:
        """What a document says of all that a question names, where its quote says other things of the subject."""
        told = ask(about(question, _name(document)))
        is_its = told.found and told.quotes[0].document.id == document.id
        is_told = is_its and _is_told(Turn(question), told.quotes[0], leans=False)
        return replace(told, question=question, leans=True) if is_told else None

    def _first(self, ask: Callable[[str], Answer]) -> Answer:
        """The answer to the first reading whose quote holds what is named; else to the first that has one."""
        answers: list[Answer] = []
        for reading in self.readings:
            answers.append(ask(reading))
            if answers[-1].found and self.is_held(answers[-1]):
                return answers[-1]
        return next((answer for answer in answers if answer.found), answers[0])


def _is_told(now: Turn, quote: Quote, *, leans: bool) -> bool:
    """Whether a quote says, under its title, each thing that a question names, or what may stand for it."""
    words = content_words(f"{quote.document.title} {quote.text}" if not leans else quote.text)
    held = {known for word in words for known in (stem(word), entry(word))}
    return not any(map(held.isdisjoint, named(now, leans=leans)))


def _is_of(quote: Quote, subject: frozenset[str]) -> bool:
    """Whether a quote is of a subject: by its title or heading, its own words, or how its document begins."""
    document = quote.document
    told = f"{document.title} {document.titled(quote.span)} {quote.text} {document.text[:OPENING]}"
    return not subject.isdisjoint(map(stem, content_words(told)))


def _only(answer: Answer, quotes: tuple[Quote, ...]) -> Answer:
    """An answer with some of its quotes; the same where the first is of them, a refusal where none is likely."""
    if quotes[:1] == answer.quotes[:1]:
        return answer
    best = quotes[0].probability if quotes else 0.0
    likely = quotes if best >= LIKELY else ()
    return replace(answer, quotes=likely, confidence=best, differ=False, shown=len(likely[:1]))


def _name(document: Document) -> str:
    """What a document is about, by its title: of «عبارة البحيرة: دليل الركاب» the first part."""
    head = _TITLE_ENDS.split(document.title, maxsplit=1)[0]
    return head if len(content_words(head)) > 1 else document.title


def following(question: str, previous: str | None) -> Following:
    """The same as ``followed``, with what else may be meant: «والرسوم؟» may ask the question before of the fees, or of
    its subject what the fees are."""
    last = cut(previous or "")
    before, now = Turn(last), Turn(question)
    if now.parted:
        return Following((question,), of=frozenset(map(stem, content_words(now.parted[1]))))
    joined = join(before, now)
    if joined == question:
        return Following((question,), before=last if last and says_little(now) else None)
    topic = topic_of(now)
    told = Turn(topic) if topic else now
    places = told.terms if topic else [i for i in now.own if now.has_article(i)]
    subject = subject_of(before, now) if topic else ""
    of_topic = reading_of(before, told) if topic else ""
    side = about(question, subject) if subject else ""
    is_all = topic and not any(map(told.may_be_verb, told.terms)) and not told.has_article(told.terms[0])
    ordered = (joined, of_topic, side) if is_all else (of_topic, joined, side)
    readings = tuple(dict.fromkeys(filter(None, ordered)))
    return Following(readings, frozenset(stem(told.forms[i]) for i in places), last if now.kind else None)

"""What may be searched for of a question that follows another, and which of it is answered."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from retrieval.arabic.analysis import content_words, stem
from retrieval.model import Answer
from retrieval.question.following import can_stand, cut, join, subject_of, topic_of
from retrieval.question.turn import Turn


@dataclass(frozen=True, slots=True)
class Following:
    """The ``readings`` of a question, the likeliest first; of one that leans on nothing, itself. ``named``: the stems
    of what it names itself («ومتى تبدأ الدراسة؟»), one of which its answer should hold."""

    readings: tuple[str, ...]
    named: frozenset[str] = frozenset()

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
        if answer.leans and not answer.found and can_stand(question):
            alone = ask(question)
            return replace(alone, question=question) if alone.found else answer
        return answer

    def _first(self, ask: Callable[[str], Answer]) -> Answer:
        """The answer to the first reading whose quote holds what is named; else to the first that has one."""
        answers: list[Answer] = []
        for reading in self.readings:
            answers.append(ask(reading))
            if answers[-1].found and self.is_held(answers[-1]):
                return answers[-1]
        return next((answer for answer in answers if answer.found), answers[0])


def following(question: str, previous: str | None) -> Following:
    """The same as ``followed``, with what else may be meant: «والرسوم؟» may ask the question before of the fees, or of
    its subject what the fees are."""
    before, now = Turn(cut(previous or "")), Turn(question)
    joined = join(before, now)
    if joined == question:
        return Following((question,))
    topic = topic_of(now)
    named = Turn(topic) if topic else now
    places = named.terms if topic else [i for i in now.own if now.has_article(i)]
    subject = subject_of(before, now) if topic else ""
    readings = (joined, f"{question.strip()} ({subject})") if subject else (joined,)
    return Following(readings, frozenset(stem(named.forms[i]) for i in places))

"""What was not answered: questions that were refused or marked 👎, alike ones together, without a name.

Shown is only what several people asked, and of that only words that so many of them used, beside words that only ask: a
question whose every word they share or, where there is none, the words that they share.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.conversation.forms import opens_with_asker
from bot.conversation.words import Words
from bot.store.feedback import Opinion, Refused
from retrieval import analyze, fold

FEWEST = 3
"""People who must have asked before anything of it is shown."""
ALIKE = 0.6
"""Of the terms of two questions together, what they must have in common."""
MOST = 100
"""Gaps that are listed."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that are alike. ``words``: a question, or words, that at least FEWEST of the ``people`` share.
    ``refused`` counts how often there was no answer, ``marked`` how often one was marked 👎."""

    words: str
    people: int
    refused: int
    marked: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Gaps:
    """Those that may be shown, the most people first; ``others`` counts further groups, which fewer people asked."""

    found: tuple[Gap, ...]
    others: int


@dataclass(frozen=True, slots=True)
class _Asked:
    person: int
    question: str
    since: float
    is_marked: bool
    terms: frozenset[str]


@dataclass(slots=True)
class _Group:
    terms: frozenset[str]
    members: list[_Asked] = field(default_factory=list)


def gaps(refused: Iterable[Refused], opinions: Iterable[Opinion]) -> Gaps:
    """What several people asked and found no good answer to. An opinion on an answer from a chat's own files, of which
    no words were kept, does not count."""
    groups = _grouped(sorted(_asked(refused, opinions), key=lambda one: one.since))
    found = [gap for group in groups if (gap := _gap(group.members))]
    found.sort(key=lambda gap: (-gap.people, -gap.refused - gap.marked, gap.words))
    return Gaps(tuple(found[:MOST]), len(groups) - len(found))


def gaps_json(told: Gaps) -> dict[str, Any]:
    """The JSON object of them."""
    found = [
        {
            "words": gap.words,
            "people": gap.people,
            "refused": gap.refused,
            "marked": gap.marked,
            "first": gap.first.isoformat(),
            "last": gap.last.isoformat(),
        }
        for gap in told.found
    ]
    return {"gaps": found, "others": told.others, "fewest": FEWEST}


def _asked(refused: Iterable[Refused], opinions: Iterable[Opinion]) -> Iterator[_Asked]:
    for one in refused:
        yield _Asked(one.person, one.question, one.since, False, _terms(one.question))
    for opinion in opinions:
        if not opinion.is_good and opinion.quotes:
            terms = _terms(opinion.searched)
            yield _Asked(opinion.asker, opinion.searched, opinion.since, True, terms)


def _terms(question: str) -> frozenset[str]:
    """The terms of a question that say what it is about."""
    return frozenset(analyze(" ".join(word for word in fold(question).text.split() if not _asks(word))))


def _grouped(asked: Sequence[_Asked]) -> list[_Group]:
    """Each question with the group that it is most like, or the first of one."""
    groups: list[_Group] = []
    of_term: defaultdict[str, list[int]] = defaultdict(list)
    for one in asked:
        if not one.terms:
            continue
        # what shares enough terms shares one of so many, be they the rarest
        rare = sorted(one.terms, key=lambda term: (len(of_term[term]), term))[: int(len(one.terms) * (1 - ALIKE)) + 1]
        near = {number for term in rare for number in of_term[term]}
        alike = {number: _likeness(groups[number].terms, one.terms) for number in near}
        best = max(alike, key=lambda number: (alike[number], -number), default=None)
        if best is None or alike[best] < ALIKE:
            best = len(groups)
            groups.append(_Group(one.terms))
            for term in one.terms:
                of_term[term].append(best)
        groups[best].members.append(one)
    return groups


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Of the terms of two questions together, what they have in common."""
    return len(one & other) / len(one | other)


def _gap(members: Sequence[_Asked]) -> Gap | None:
    """What may be shown of questions that are alike; None where too few people asked, or share nothing."""
    people = {one.person for one in members}
    if len(people) < FEWEST or not (words := _words(members)):
        return None
    days = [datetime.fromtimestamp(one.since).astimezone().date() for one in members]
    marked = sum(one.is_marked for one in members)
    return Gap(words, len(people), len(members) - marked, marked, min(days), max(days))


def _words(members: Sequence[_Asked]) -> str:
    """The shortest question of which each word was used by enough people; else the words that were, in its order."""
    used = _users(members)
    questions = sorted({" ".join(one.question.split()) for one in members}, key=lambda text: (len(text), text))
    for question in questions:
        if all(_is_shared(word, used) for word in question.split()):
            return question
    return "، ".join(_bare(word) for word in questions[0].split() if _bare(word) and _is_shared(word, used))


def _users(members: Sequence[_Asked]) -> Mapping[str, set[int]]:
    used: defaultdict[str, set[int]] = defaultdict(set)
    for one in members:
        for word in one.question.split():
            used[_form(word)].add(one.person)
    return used


def _is_shared(word: str, used: Mapping[str, set[int]]) -> bool:
    """Whether enough people used a word; one that only asks, or is none, tells nothing of anybody."""
    return not _form(word) or _asks(word) or len(used[_form(word)]) >= FEWEST


def _asks(word: str) -> bool:
    """Whether it is a word that asks."""
    return opens_with_asker(Words.of(word).said)


def _bare(word: str) -> str:
    """A word without the marks beside it."""
    return re.sub(r"^\W+|\W+$", "", word)


def _form(word: str) -> str:
    """A word as it is compared: its folded letters and digits."""
    return "".join(filter(str.isalnum, fold(word).text))

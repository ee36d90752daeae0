"""What a message asks: its questions, or its beginning where it is long and asks nothing."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

from bot.conversation.forms import opens_with_asker
from bot.conversation.leading import question_of
from bot.conversation.talk import is_talk
from bot.conversation.words import Words, table

LONGEST = 500
"""Characters of the longest question that is searched for as it stands."""
MOST = 3
"""Questions of one message that are answered."""
EXCERPT = 300
"""Characters of a long text that are looked up."""
CLOSING = 3
"""Sentences at the end of a long text of which one may be its question, before thanks and good wishes."""
SUBJECT = 150
"""Characters of a text of somebody's that a question may lean on."""

_MARKS, _FEWEST = "؟?", 2
"""A question that goes on to another has more words than ``_FEWEST``, but for two that name nothing."""
_FROM, _PRONOUNS = "من", ("ه", "ها", "هم", "هن")
_PIECE = re.compile(r"[^؟?\n]*[؟?]+|[^؟?\n]+")
_CLAUSE_END = re.compile(r"[،,.!؛:\n]+\s*")
_SENTENCE_END = re.compile(r"(?<=[.!؟?…])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Asked:
    """``questions`` are to be answered in this order; ``left`` are so many more. ``about`` is the beginning of a long
    text that the first of them may lean on; ``is_cut``: it is no question but the beginning of one."""

    questions: tuple[str, ...]
    left: int = 0
    about: str | None = None
    is_cut: bool = False


def asked_in(text: str, question: str) -> Asked:
    """What a text that is no talk asks: ``question``, which is all of it, where it asks one thing only. A long one asks
    what its first line, its last or its last sentences ask; else its first sentences are looked up."""
    if len(text) > LONGEST:
        return _asked_in_long(text)
    pieces = _pieces(text)
    asked = [question] if len(pieces) == 1 else pieces  # without what is said before it
    pieces = [part for piece in asked for part in _parted(piece)]
    questions = _questions(pieces) if len(pieces) > 1 else ()
    is_all = len(questions) == 1 and "".join(questions[0].split()) == "".join(question.split())
    if not questions or is_all:
        return Asked((question,))
    return Asked(questions[:MOST], len(questions[MOST:]))


def asks(text: str) -> bool:
    """Whether a text of no more than ``LONGEST`` characters asks something: by its mark, or its first word."""
    return len(text) <= LONGEST and any(map(_asks, _pieces(text)))


def beginning(text: str, longest: int) -> str:
    """The first sentences of a text, so many as fit; of a longer one as many words as do."""
    shown = ""
    for sentence in _SENTENCE_END.split(text.strip()):
        if shown and len(shown) + 1 + len(sentence) > longest:
            break
        shown = f"{shown} {sentence}".strip()
    if len(shown) <= longest:
        return shown
    return shown[:longest].rpartition(" ")[0] or shown[:longest]


def _asked_in_long(text: str) -> Asked:
    lines = [line for line in text.splitlines() if line.strip()]
    edges = [line for line in dict.fromkeys((lines[0], lines[-1])) if len(line) <= LONGEST]
    last = [sentence for sentence in _SENTENCE_END.split(text)[-CLOSING:] if len(sentence) <= LONGEST]
    candidates = [*edges, *last]
    found = [piece for line in candidates for piece in _pieces(line) if piece.endswith(tuple(_MARKS))]
    questions = tuple(question for question in dict.fromkeys(found) if not is_talk(Words.of(question)))
    if not questions:
        return Asked((beginning(text, EXCERPT),), is_cut=True)
    rest = text
    for question in questions:
        rest = rest.replace(question, "", 1)
    return Asked(questions[:MOST], len(questions[MOST:]), about=beginning(_without_talk(rest), SUBJECT))


def _without_talk(text: str) -> str:
    """A text without the greeting that it begins with."""
    while (end := _CLAUSE_END.search(text)) and is_talk(Words.of(text[: end.start()])):
        text = text[end.end() :]
    return text


def _questions(pieces: Iterable[str]) -> tuple[str, ...]:
    """The questions of a text, each with what stands before it; what is said besides is left out where it is talk."""
    questions: list[str] = []
    before = ""
    for piece in pieces:
        told = f"{before} {piece}".strip()
        if not _asks(piece):
            before = told
        elif not is_talk(words := Words.of(told)):
            questions.append(question_of(words))
            before = ""
    if before and questions and not is_talk(Words.of(before)):
        questions[-1] += f" {before}"
    return tuple(questions)


def _asks(piece: str) -> bool:
    return piece.endswith(tuple(_MARKS)) or opens_with_asker(Words.of(piece).said)


def _pieces(text: str) -> list[str]:
    return [piece.strip() for piece in _PIECE.findall(text) if piece.strip(f"{_MARKS} \t.،,-")]


def _parted(piece: str) -> Iterator[str]:
    """Two questions that «و» joins, by themselves: «كم رسم الجواز؟» and «وكم رسم الرخصة؟». The first names something,
    or neither does («متى ولد وأين مات المتنبي؟» is one), and a text that does not ask before is one («لا أعرف كيف …»).
    """
    start, seconds = 0, list(_second().finditer(piece))
    for found, later in zip_longest(seconds, seconds[1:]):
        first = Words.of(piece[start : found.start()])
        second = Words.of(piece[found.end() : later.start() if later else len(piece)])
        if _asks_itself(first.said, second) and not (found["who"] and _FROM in first.said[1:]):
            yield f"{first.text.strip(' ،,')}؟"
            start = found.end()
    yield piece[start:]


def _asks_itself(first: Sequence[str], second: Words) -> bool:
    """Whether what stands before a second question is one."""
    opens, closes = opens_with_asker(first[:1]), opens_with_asker(first[-1:])
    points = second.text.rstrip(f"{_MARKS} ").endswith(_PRONOUNS)  # as it is written: «ة» is no pronoun
    names = len(first) > _FEWEST or len(second.said) <= _FEWEST or points
    return opens != closes and len(first) >= _FEWEST and (names if opens else len(first) > _FEWEST)


@cache
def _second() -> re.Pattern[str]:
    """What stands before a second question. «واين» is a name as well, and «ومن» means "and from"."""
    asks, what, who = (_either(name) for name in ("seconds", "what", "who"))
    its = f"(?:{'|'.join(_PRONOUNS)})?"
    named = rf"ما\s+(?:ال|{what}{its}\b)|(?P<who>{_FROM}\s+{who}{its}\b)"
    return re.compile(rf"\s+(?=و(?:{asks}\s+[^\W_]|{named}))")


def _either(name: str) -> str:
    return f"(?:{'|'.join(table()['around'][name].split())})"

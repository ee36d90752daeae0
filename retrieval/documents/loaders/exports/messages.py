"""Messages of a conversation to documents: of a channel, one for each message; of a group, one for each day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from retrieval.documents.loaders.reading import bounded, title_of
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document

MOST = 100_000  # messages of a file
_WORDS = 8  # of a message in the title of its document


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote. ``id`` is its number in the conversation; ``url`` leads to it."""

    id: str
    day: date
    author: str
    text: str
    url: str | None = None


def by_message(messages: Iterable[Message], chat: str, name: str) -> Iterator[Document]:
    """A document for each message, ``NAME#id``, its title the channel and the first words."""
    for message in messages:
        words = message.text.split(maxsplit=_WORDS)
        begins = " ".join(words[:_WORDS]) + ("…" if len(words) > _WORDS else "")
        yield Document(
            id=f"{name}#{message.id}",
            title=title_of(f"{chat}: {begins}" if chat else begins),
            text=bounded(message.text, name),
            url=message.url,
            published=message.day,
            path=name,
            author=message.author if message.author != chat else None,
        )


def by_day(messages: Iterable[Message], chat: str, name: str) -> Iterator[Document]:
    """A document for each day, ``NAME#day``: a paragraph for each message, its author before it."""
    for day, group in groupby(messages, key=lambda message: message.day):
        of_day = list(group)
        paragraphs = (f"{each.author}: {each.text}" if each.author else each.text for each in of_day)
        yield Document(
            id=f"{name}#{day}",
            title=title_of(f"{chat}، {day}" if chat else str(day)),
            text=bounded("\n\n".join(paragraphs), name),
            url=of_day[0].url,
            published=day,
            path=name,
        )


def bounded_messages(messages: Iterable[Message], name: str) -> tuple[list[Message], UnreadableError | None]:
    """The first ``MOST`` in the order of their days, and what is said where there are more. Raises UnreadableError
    where there is none."""
    found: list[Message] = []
    problem = None
    for message in messages:
        if len(found) == MOST:
            problem = UnreadableError(
                f"{name}: more than {MOST:,} messages; only those before are served; split it", Cause.TOO_MUCH
            )
            break
        found.append(message)
    if not found:
        raise UnreadableError(f"{name}: no messages with text in it", Cause.EMPTY)
    return sorted(found, key=lambda message: message.day), problem

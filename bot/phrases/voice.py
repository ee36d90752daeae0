"""What is said in the operator's own words beside the bot's. None of it is a quote, and it goes without markup."""

from collections.abc import Iterator, Sequence

from bot.phrases import Phrases
from bot.settings import Voice


def start(voice: Voice, says: Phrases, examples: Sequence[str]) -> str:
    """The welcome, with the examples and the contact."""
    own = says.start.format(bot=says.called(voice.name).bot)
    return "\n\n".join([voice.welcome or own, *_told(voice, says, examples)])


def how_to_ask(voice: Voice, says: Phrases, examples: Sequence[str]) -> str:
    """What /help says, with the same."""
    return "\n\n".join([says.help, *_told(voice, says, examples)])


def about(voice: Voice, says: Phrases) -> str:
    """What /about says."""
    return says.about.format(bot=says.called(voice.name).bot)


def description(voice: Voice, says: Phrases) -> str:
    """What Telegram shows before the first message, with one example."""
    return "\n\n".join([says.description, *(_example(question, says) for question in voice.examples[:1])])


def _told(voice: Voice, says: Phrases, examples: Sequence[str]) -> Iterator[str]:
    if examples:
        yield "\n".join(_example(question, says) for question in examples)
    if voice.contact:
        yield says.contact.format(contact=says.isolated(voice.contact))


def _example(question: str, says: Phrases) -> str:
    return says.example.format(question=says.isolated(question))

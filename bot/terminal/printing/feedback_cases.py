"""What people thought of answers, as cases for ``iqtibas eval``, and for a person to read."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from bot.store.feedback import Opinion
from bot.terminal.printing.plain import one_line
from retrieval.evaluation import plain

SIGNS = {True: "👍", False: "👎"}


def cases(opinions: Iterable[Opinion]) -> Iterator[dict[str, Any]]:
    """A case for each opinion, with ids that name nobody.

    A good answer says what a right quote holds: the words that were marked in one of its quotes, or all of the quote.
    Of a bad one it is not known what would be right, nor whether anything would: it only counts as answerable, lists
    the quotes under ``rejected``, and has ``review`` until a person has looked at it.
    """
    of_answer = Counter[str]()
    for opinion in opinions:
        of_answer[opinion.answer] += 1
        yield {"id": f"{opinion.answer}-{of_answer[opinion.answer]}", **_case(opinion)}


def shown(opinions: Iterable[Opinion]) -> Iterator[str]:
    """Lines for a person: the day, the sign and the question; below it the quotes."""
    for opinion in opinions:
        day = datetime.fromtimestamp(opinion.since).astimezone().date()
        yield f"{day} {SIGNS[opinion.is_good]} {one_line(opinion.question)}"
        yield from (f"    «{one_line(quote.text)}» {one_line(quote.document)}" for quote in opinion.quotes)


def _case(opinion: Opinion) -> dict[str, Any]:
    case: dict[str, Any] = {"question": opinion.question}
    if opinion.previous:
        case["previous"] = opinion.previous
    if opinion.quotes:
        case["document"] = opinion.quotes[0].document
    if not opinion.is_good:
        return {**case, "answerable": True, "rejected": [quote.text for quote in opinion.quotes], "review": True}
    answers = [words for quote in opinion.quotes if plain(words := quote.marked or quote.text)]
    # the sources may have changed before the opinion came, or be a chat's own
    return {**case, "answers": answers} if answers else {**case, "answerable": True}

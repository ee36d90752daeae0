"""Whose words stand in a row: the ids of people, and of chats that somebody writes for, as a column holds them."""

from collections.abc import Iterable

UNKNOWN = 0
"""Stands for whoever it may be: such a row goes with each who is forgotten."""
HAS = f"(people LIKE '% ' || :person || ' %' OR people LIKE '% {UNKNOWN} %')"
"""The condition that words of ``:person`` may stand in a row."""


def column(people: Iterable[int]) -> str:
    """The form in which a column holds ids."""
    return "".join(f" {person} " for person in sorted(set(people)))


def of(column: str) -> frozenset[int]:
    """The ids that a column holds."""
    return frozenset(map(int, column.split()))

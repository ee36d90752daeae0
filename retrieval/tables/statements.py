"""What is asked of tables, wherever they are."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

Row = tuple[Any, ...]
Values = Sequence[object]


class Tables(Protocol):
    """Some tables. Read from many threads; one process writes, and nobody who reads waits for it: they have what was
    there before, until what is written is whole.

    Statements have ``?`` for each value. They are in the words that SQLite and PostgreSQL have in common.
    """

    def rows(self, statement: str, values: Values = ()) -> list[Row]:
        """What a statement finds in what is whole."""

    def each(self, statement: str, values: Values = ()) -> Iterator[Row]:
        """The same, one row after another; to be taken to the end at once."""

    def rows_within(self, statement: str, values: Values = ()) -> list[Row]:
        """What a statement finds within the transaction that goes on."""

    def run(self, statement: str, values: Values = ()) -> None:
        """Runs a statement that changes, within the transaction that goes on or in one of its own."""

    def run_each(self, statement: str, every: Iterable[Values]) -> None:
        """The same for each of many values, within a transaction."""

    def transaction(self) -> AbstractContextManager[None]:
        """All that the body does, or nothing of it."""

    def check(self) -> None:
        """Raises EngineError where this process may write no more."""

    @property
    def state(self) -> object:
        """Another one after each change, whoever made it."""

    def damages(self) -> list[str]:
        """What is found to be wrong with what keeps them, a line each."""

    def close(self) -> None:
        """Lets go of them."""

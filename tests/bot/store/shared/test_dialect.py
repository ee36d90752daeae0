"""What is written for SQLite, as PostgreSQL takes it."""

import pytest

from bot.store.migrations import MIGRATIONS
from bot.store.shared.dialect import definition, statement


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("a = ? AND b = ?", "a = %s AND b = %s"),
        ("a = :person OR b = :person", "a = %(person)s OR b = %(person)s"),
        ("a LIKE '% ' || :person || ' %'", "a LIKE '%% ' || %(person)s || ' %%'"),
        ("a = '?' AND b = ':x' AND c % 2 = ?", "a = '?' AND b = ':x' AND c %% 2 = %s"),
        ("a::int = ?", "a::int = %s"),
    ],
)
def test_values_have_their_places(written: str, taken: str) -> None:
    assert statement(written) == taken


def test_numbers_have_64_bits_as_ids_of_telegram_do() -> None:
    for step in MIGRATIONS:
        for one in step:
            words = definition(one).split()
            assert "INTEGER" not in words
            assert "REAL" not in words
            assert "ROWID" not in words

"""The words of a corpus in tables: what ``Vocabulary`` asks for, where there are too many for memory."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from retrieval.index.meaning import Near
from retrieval.tables.statements import Tables

COMPARED = 150_000  # words with which a mistyped one is compared; rarer ones may be slips themselves
SCHEMA = """
CREATE TABLE IF NOT EXISTS words (word TEXT PRIMARY KEY, count INTEGER NOT NULL, spelling TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS glued (word TEXT PRIMARY KEY, left TEXT NOT NULL, right TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS lengths ON words (length(word), count);
CREATE TABLE IF NOT EXISTS near (word TEXT PRIMARY KEY, words TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS compared (one INTEGER PRIMARY KEY CHECK (one = 1), least INTEGER NOT NULL);
INSERT INTO compared VALUES (1, 0) ON CONFLICT DO NOTHING;
"""
"""The tables of the words, made where there are none."""
_REMEMBERED = 1 << 16

V = TypeVar("V")


class StoredWords:
    """The words. Read from many threads; one process writes. To be opened anew after it has."""

    def __init__(self, tables: Tables) -> None:
        """``tables``: with those of ``SCHEMA``."""
        self._tables = tables
        self.refresh()

    def refresh(self) -> None:
        """Forgets what was looked up, for what was written since."""
        self.counts: Mapping[str, int] = _Column(self._column("count"), self._iterate, self._count)
        self.spellings: Mapping[str, str] = _Column(self._column("spelling"), self._iterate, self._count)

    def of_length(self, length: int) -> list[str]:
        """The words of so many letters with which a mistyped one is compared."""
        sql = "SELECT word FROM words, compared WHERE length(word) = ? AND count >= least ORDER BY word"
        return [word for (word,) in self._rows(sql, (length,))]

    @property
    def glued(self) -> dict[str, tuple[str, str]]:
        """The words that are two, run together, with their parts."""
        return {word: (left, right) for word, left, right in self._rows('SELECT word, "left", "right" FROM glued')}

    def among(self, words: Iterable[str]) -> frozenset[str]:
        """Those of some words that the corpus holds."""
        return frozenset(word for (word,) in self._of("SELECT word FROM words", list(words)))

    def near(self, words: Sequence[str]) -> dict[str, Near]:
        """What ``keep_near`` was given for those of some words that it was given."""
        found = self._of("SELECT word, words FROM near", words)
        return {word: tuple((other, cosine) for other, cosine in json.loads(others)) for word, others in found}

    def keep_near(self, near: Mapping[str, Near]) -> None:
        """Keeps which words are near to some words, until all words are replaced."""
        with self._tables.transaction():
            self._tables.run_each(
                "INSERT INTO near VALUES (?, ?) ON CONFLICT (word) DO UPDATE SET words = excluded.words",
                ((word, json.dumps(others, ensure_ascii=False)) for word, others in near.items()),
            )

    def replace(
        self, counts: Mapping[str, int], spellings: Mapping[str, str], glued: Mapping[str, tuple[str, str]]
    ) -> None:
        """Takes these words in place of all others."""
        with self._tables.transaction():
            self._tables.run("DELETE FROM words")
            self._tables.run("DELETE FROM glued")
            self._tables.run("DELETE FROM near")
            self._add(counts, spellings, glued)
            commonest = sorted(counts.values(), reverse=True)[COMPARED:]
            self._tables.run("UPDATE compared SET least = ?", (commonest[0] + 1 if commonest else 0,))

    def add(
        self, counts: Mapping[str, int], spellings: Mapping[str, str], glued: Mapping[str, tuple[str, str]]
    ) -> None:
        """Adds these words to what is there; a count below zero takes away."""
        with self._tables.transaction():
            self._add(counts, spellings, glued)
            self._tables.run("DELETE FROM words WHERE count <= 0")

    def close(self) -> None:
        """Closes the tables."""
        self._tables.close()

    def _add(
        self, counts: Mapping[str, int], spellings: Mapping[str, str], glued: Mapping[str, tuple[str, str]]
    ) -> None:
        self._tables.run_each(
            "INSERT INTO words VALUES (?, ?, ?) ON CONFLICT (word) DO UPDATE SET count = words.count + excluded.count",
            ((word, count, spellings.get(word, word)) for word, count in counts.items()),
        )
        self._tables.run_each(
            'INSERT INTO glued VALUES (?, ?, ?) ON CONFLICT (word) DO UPDATE SET "left" = excluded."left",'
            ' "right" = excluded."right"',
            ((word, *parts) for word, parts in glued.items()),
        )

    def _column(self, name: str) -> Callable[[str], object]:
        @lru_cache(_REMEMBERED)
        def value_of(word: str) -> object:
            rows = self._rows(f"SELECT {name} FROM words WHERE word = ?", [word])  # noqa: S608
            return rows[0][0] if rows else None

        return value_of

    def _iterate(self) -> Iterator[str]:
        return iter([word for (word,) in self._rows("SELECT word FROM words")])

    def _count(self) -> int:
        ((count,),) = self._rows("SELECT count(*) FROM words")
        return int(count)

    def _of(self, sql: str, words: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """The rows of some words."""
        for at in range(0, len(words), 500):
            part = words[at : at + 500]
            yield from self._rows(f"{sql} WHERE word IN ({', '.join('?' * len(part))})", part)

    def _rows(self, sql: str, values: Iterable[object] = ()) -> list[tuple[str, ...]]:
        return self._tables.rows(sql, tuple(values))


class _Column(Mapping[str, V]):
    """What is known of each word, as a mapping. ``value_of`` gives None for a word that is not held."""

    def __init__(
        self, value_of: Callable[[str], object], words: Callable[[], Iterator[str]], count: Callable[[], int]
    ) -> None:
        self._value_of, self._words, self._count = value_of, words, count

    def __getitem__(self, word: str) -> V:
        found = self._value_of(word)
        if found is None:
            raise KeyError(word)
        return found  # type: ignore[return-value]  # of the column's type

    def __iter__(self) -> Iterator[str]:
        return self._words()

    def __len__(self) -> int:
        return self._count()

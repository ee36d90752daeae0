"""What it takes to mistype or mishear one word as another.

The optimal string alignment distance (Damerau 1964, each stretch edited once) with a cost of its own for every
kind of slip: letters alike in sound or beside each other on the keyboard, a letter doubled, two swapped.
"""

from collections.abc import Iterator
from itertools import combinations, pairwise

from retrieval.arabic.tables import table

_TABLE = table("slips")
_COSTS: dict[str, float] = _TABLE["costs"]
_VOWELS = frozenset(_TABLE["long_vowels"])


def _alike() -> Iterator[tuple[str, str]]:
    for group in _TABLE["heard"]:
        yield from combinations(group, 2)
    for row in _TABLE["keys"]:
        yield from pairwise(row)


_ALIKE = frozenset(frozenset(pair) for pair in _alike())


def alike(letter: str) -> frozenset[str]:
    """The letters that are easily taken for one."""
    return frozenset().union(*(pair for pair in _ALIKE if letter in pair)) - {letter}


def slip_cost(written: str, meant: str) -> float:
    """The cost of writing ``written`` for ``meant``, both folded: 0 where they are the same."""
    rows = [[0.0]]
    for column, letter in enumerate(meant):
        rows[0].append(rows[0][-1] + _lone(meant, column, letter))
    for row in range(1, len(written) + 1):
        rows.append([rows[-1][0] + _lone(written, row - 1, written[row - 1])])
        for column in range(1, len(meant) + 1):
            rows[row].append(_cheapest(rows, written, meant, row, column))
    return rows[-1][-1] + (_COSTS["first_letter"] if written[:1] != meant[:1] else 0.0)


def _cheapest(rows: list[list[float]], written: str, meant: str, row: int, column: int) -> float:
    a, b = written[row - 1], meant[column - 1]
    best = min(
        rows[row - 1][column - 1] + _instead(a, b),
        rows[row - 1][column] + _lone(written, row - 1, a),
        rows[row][column - 1] + _lone(meant, column - 1, b),
    )
    if row > 1 and column > 1 and a != b and (a, b) == (meant[column - 2], written[row - 2]):
        best = min(best, rows[row - 2][column - 2] + _COSTS["swapped"])
    return best


def _instead(a: str, b: str) -> float:
    """The cost of one letter for another."""
    if a == b:
        return 0.0
    return _COSTS["alike"] if frozenset((a, b)) in _ALIKE else 1.0


def _lone(word: str, index: int, letter: str) -> float:
    """The cost of a letter too many or too few."""
    if index and word[index - 1] == letter:
        return _COSTS["doubled"]
    return _COSTS["vowel"] if letter in _VOWELS else _COSTS["other_letter"]

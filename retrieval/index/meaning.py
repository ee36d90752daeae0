"""Words of a corpus that are near a question's in meaning, to be looked for beside them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.arabic.analysis import is_content, lemma, stem
from retrieval.arabic.vectors import row_of, vectors

NEAR = 0.4  # the cosine from which a word is looked for too
MOST = 3  # for each word of the question: six find no more
_REMEMBERED = 4096  # words of questions
_READ = 24  # candidates that are looked at for them: many are forms of one word
_TOGETHER = 250  # words that are worked out at once: more would take hundreds of megabytes

Near = tuple[tuple[str, float], ...]
"""Words and their cosines, the nearest first."""


def _none(_: Sequence[str]) -> Mapping[str, Near]:
    return {}


class Meaning:
    """The words of a corpus that have a vector. ``holds``: whether the corpus holds a folded word; ``found``: what
    ``each`` gave before for some words, to be looked up and not worked out again."""

    def __init__(
        self, holds: Callable[[str], bool], found: Callable[[Sequence[str]], Mapping[str, Near]] = _none
    ) -> None:
        self._holds, self._found = holds, found
        self._known: dict[str, Near] = {}

    def near(self, words: Iterable[str]) -> dict[str, Near]:
        """For each canonical word that has a vector the nearest words of other stems and lemmas, and their cosines."""
        asked = [word for word in words if row_of(word)]
        if len(self._known) > _REMEMBERED:
            self._known = {}
        known = self._known  # another thread may begin a new one
        if new := [word for word in dict.fromkeys(asked) if word not in known]:
            known |= self._found(new)
        if (new := [word for word in new if word not in known]) and self._words:
            known |= self._worked_out(new)
        return {word: known.get(word, ()) for word in asked}

    def each(self) -> Iterator[dict[str, Near]]:
        """What is near to each of the corpus's own words, some hundred at a time."""
        for start in range(0, len(self._words), _TOGETHER):
            yield self._worked_out(self._words[start : start + _TOGETHER])

    def __len__(self) -> int:
        """How many of the corpus's words have a vector."""
        return len(self._words)

    def _worked_out(self, words: Sequence[str]) -> dict[str, Near]:
        cosines = vectors().of(np.array([row_of(word) for word in words])) @ self._columns
        return {word: tuple(self._nearest(word, own)) for word, own in zip(words, cosines, strict=True)}

    def _nearest(self, word: str, cosines: NDArray[np.float32]) -> Iterator[tuple[str, float]]:
        near = np.flatnonzero(cosines >= NEAR)
        seen, found = {stem(word), lemma(word)}, 0
        for row in near[np.argsort(-cosines[near], kind="stable")][:_READ]:
            other, cosine = self._words[row], float(cosines[row])
            if found == MOST:
                return
            if seen.isdisjoint((stem(other), lemma(other))):
                seen |= {stem(other), lemma(other)}
                found += 1
                yield other, cosine

    @cached_property
    def _rows(self) -> list[int]:
        """The rows of the corpus's words; row 0 is nothing."""
        return [row for row, word in enumerate(vectors().words, 1) if self._holds(word) and is_content(word)]

    @cached_property
    def _words(self) -> list[str]:
        return [vectors().words[row - 1] for row in self._rows]

    @cached_property
    def _columns(self) -> NDArray[np.float32]:
        """Their vectors, a column each: so many are multiplied soonest."""
        return np.ascontiguousarray(vectors().of(np.array(self._rows, dtype=np.int64)).T)

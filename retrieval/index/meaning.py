"""Words of a corpus that are near a question's in meaning, to be looked for beside them."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.arabic.analysis import is_content, lemma, stem
from retrieval.arabic.vectors import row_of, vectors

NEAR = 0.4  # the cosine from which a word is looked for too
MOST = 6  # for each word of the question
_REMEMBERED = 4096  # words of questions
_READ = 24  # candidates that are looked at for them: many are forms of one word


class Meaning:
    """The words of a corpus that have a vector. ``holds``: whether the corpus holds a folded word."""

    def __init__(self, holds: Callable[[str], bool]) -> None:
        self._holds = holds
        self._known: dict[str, tuple[tuple[str, float], ...]] = {}

    def near(self, words: Iterable[str]) -> Iterator[tuple[str, float]]:
        """For each canonical word the nearest words of other stems and lemmas, and their cosines."""
        asked = [word for word in words if row_of(word)]
        if len(self._known) > _REMEMBERED:
            self._known = {}
        known = self._known  # another thread may begin a new one
        new = [word for word in dict.fromkeys(asked) if word not in known]
        if new and self._words:
            cosines = vectors().of(np.array([row_of(word) for word in new])) @ self._columns
            known |= {word: tuple(self._nearest(word, own)) for word, own in zip(new, cosines, strict=True)}
        for word in asked:
            yield from known.get(word, ())

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

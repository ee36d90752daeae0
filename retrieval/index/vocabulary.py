"""The words of a corpus: which it holds, which of them a mistyped word was meant to be, and where a glued one parts.

All words are folded, but for the spellings. To mend a word is to guess: where the guess is not clear there is none.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import product
from math import log

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.arabic.analysis import stem
from retrieval.arabic.canonical import canonical
from retrieval.arabic.words import words
from retrieval.index.gluing import CLITICS, SHORTEST_GLUED, bare_forms, best_cut, certain_cut, is_grammar
from retrieval.index.lexicon import is_formed, is_listed, undrawn
from retrieval.index.slips import slip_cost

_SHORTEST, _LONG, _EASY = 4, 8, 6  # letters: to be mended at all, to be mended at two places, at any one place
_EASY_COST, _ONE_COST, _TWO_COST = 0.6, 1.25, 1.3  # the most a mend may cost: of a short word, at one place, at two
_CLEARLY = 0.15  # so much better than any of another stem is a guess that is clear
_FREQUENCY, _OFTEN = 0.1, 1000  # what e times as common is worth, up to so often
_LIKELY = 0.7  # the same, less what it is worth that the meant word is common, where that makes it likelier
_MAY_BE_ADDED = ("", "و", "ال")  # what the corpus may write on a word that the question writes without
_RARE, _COMMON = 2, 3

_ARABIC = re.compile("[ء-ي]+")

Bucket = tuple[list[str], NDArray[np.uint64]]
HeldStems = Callable[[Collection[str]], Collection[str]]


class WordCounts:
    """Counts the words of texts at little cost, and gives their vocabulary."""

    def __init__(self) -> None:
        self._tokens: Counter[str] = Counter()

    def add(self, text: str) -> None:
        """Counts the words of a raw text."""
        self._tokens.update(text.split())

    def merge(self, tokens: Mapping[str, int]) -> None:
        """Adds what another counted: its ``tokens``."""
        self._tokens.update(tokens)

    @property
    def tokens(self) -> Mapping[str, int]:
        """How often each raw word occurs, what is written onto it included."""
        return self._tokens

    def vocabulary(self, held_stems: HeldStems | None = None) -> "Vocabulary":
        """The vocabulary of all texts added, with the commonest raw spelling of each word."""
        return Vocabulary(*self.counted(), held_stems)

    def counted(self) -> tuple[dict[str, int], dict[str, str]]:
        """How often each folded word occurs in all texts added, and its commonest raw spelling."""
        counts: Counter[str] = Counter()
        spelled: dict[str, str] = {}
        for token, count in self._tokens.most_common():
            for word in words(token):
                counts[word.folded] += count
                spelled.setdefault(word.folded, token[word.start : word.end])
        return counts, spelled


class Vocabulary:
    """The words of a corpus. ``counts``: how often each occurs; ``spellings``: one raw spelling of each.

    ``held_stems`` gives those of some stems that the corpus holds; without it, the words are stemmed when this is first
    asked.
    ``of_length``: the words of so many letters with which a mistyped one is compared; by itself all.
    Safe to ask from many threads.
    """

    def __init__(
        self,
        counts: Mapping[str, int],
        spellings: Mapping[str, str] | None = None,
        held_stems: HeldStems | None = None,
        of_length: Callable[[int], list[str]] | None = None,
    ) -> None:
        self._counts = counts
        self._spellings = spellings or {}
        self._held_stems = held_stems or (lambda stems: [stem for stem in stems if stem in self._stems])
        self._of_length = of_length or (lambda length: self._by_length.get(length, []))
        self._buckets: dict[int, Bucket] = {}

    def spelled(self, word: str) -> bool:
        """Whether the corpus holds a folded word as it stands."""
        return word in self._counts

    def knows(self, word: str) -> bool:
        """Whether the corpus holds a folded word, or one that differs from it by clitics only."""
        bare = bare_forms(word)
        return any(form in self._counts for form in (word, *bare, *(c + b for b in (word, *bare) for c in CLITICS)))

    def holds(self, word: str) -> bool:
        """Whether the corpus holds a folded word, a word of grammar, or another of the same stem."""
        return (
            is_grammar(word)
            or self.knows(word)
            or bool(self._held_stems({_stem(form) for form in (word, *bare_forms(word))}))
        )

    def spelling(self, word: str) -> str:
        """How the corpus writes a folded word; what it does not hold stays folded."""
        if word in self._spellings:
            return self._spellings[word]
        bare = next((bare for bare in bare_forms(word) if bare in self._spellings), "")
        return word[: len(word) - len(bare)] + self._spellings[bare] if bare else word

    def mend(self, word: str) -> str | None:
        """The word of the corpus that a folded one, which it does not hold, was most likely meant to be.

        None for a word of under 4 letters or of other letters than Arabic ones, for one that is known or a word of the
        language, and where no guess is clear. What is a word by its ending, or without letters that are drawn out, is
        mended where the slip is an easy one.
        """
        if not _ARABIC.fullmatch(word) or len(word) < _SHORTEST or self.holds(word) or is_listed(word):
            return None
        plain = undrawn(word)
        if plain != word and self.spelled(plain):
            return plain
        is_likely_meant = is_formed(word) or is_listed(plain)
        own = [form for form in (word, *bare_forms(word)) if len(form) >= _SHORTEST]
        tries = [*product((1,), own, _MAY_BE_ADDED), *((2, form, "") for form in own if len(form) >= _LONG)]
        for distance, form, added in tries:
            if near := self._within(added + form, distance):
                costs = {other: slip_cost(added + form, other) for other in near}
                allowed = (_EASY_COST, 0.0) if is_likely_meant else (_most(len(form)), _LIKELY)
                guess = self._clear(costs, *allowed) or ""
                mended = guess.startswith(added) and guess.removeprefix(added)
                return word[: len(word) - len(form)] + mended if mended else None
        return None

    def near(self, word: str) -> list[tuple[float, str]]:
        """The words of the corpus that a folded one may be a slip of, with what that costs, the likeliest first; none
        for one that the corpus writes itself.
        """
        if not word.isalpha() or len(word) < _SHORTEST or self.spelled(word) or is_grammar(word):
            return []
        own = [form for form in (word, *bare_forms(word)) if len(form) >= _SHORTEST]
        found: dict[str, float] = {}
        for form in own:
            clitic = word[: len(word) - len(form)]
            for other in self._within(form, 1):
                cost = slip_cost(form, other)
                if cost <= _TWO_COST:
                    found[clitic + other] = min(cost, found.get(clitic + other, cost))
        return sorted((cost, other) for other, cost in found.items())

    def split(self, word: str, written: str = "") -> tuple[str, str] | None:
        """The two known words that a folded one is glued from. ``written``: its raw form, which may show where."""
        at = certain_cut(written)
        if not word.isalpha() or word in self._counts or (is_listed(word) and not at):
            return None
        return best_cut(word, self._weigh, at)

    def glued(
        self, among: Iterable[str] | None = None, held_stems: HeldStems | None = None
    ) -> dict[str, tuple[str, str]]:
        """The rare words of the corpus itself that are two common ones, glued, with their parts.

        ``among``: which words to look at, by themselves all. ``held_stems``: those of some stems that other words have.
        """
        held = held_stems or (lambda stems: {stem for stem in stems if self._stems[stem] > 1})
        long = (w for w in (self._counts if among is None else among) if len(w) >= SHORTEST_GLUED and w.isalpha())
        surely: dict[str, tuple[str, str]] = {}
        perhaps: dict[str, tuple[str, str]] = {}
        for word in (w for w in long if self._counts[w] <= _RARE):
            at = certain_cut(self._spellings.get(word, ""))
            parts = best_cut(word, self._weigh, at) if at else best_cut(word, self._weigh_common, strict=True)
            if parts:
                (surely if at else perhaps)[word] = parts
        forms = frozenset(held({_stem(word) for word in perhaps}))  # of words that others are forms of, too
        return surely | {word: parts for word, parts in perhaps.items() if _stem(word) not in forms}

    @cached_property
    def _stems(self) -> Counter[str]:
        return Counter(map(_stem, self._counts))

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        lengths: dict[int, list[str]] = {}
        for word in self._counts:
            lengths.setdefault(len(word), []).append(word)
        return lengths

    def _weigh(self, part: str) -> int:
        """How common a part of a word is by itself, clitics on or off; 0 for what is no word."""
        return self._counts.get(part) or max((self._counts.get(bare, 0) for bare in bare_forms(part)), default=0)

    def _weigh_common(self, part: str) -> int:
        weight = self._weigh(part)
        return weight if weight >= _COMMON else 0

    def _clear(self, costs: Mapping[str, float], most: float, most_likely: float) -> str | None:
        """The best word, by cost and how common it is, if it costs little and none of another stem comes near it."""
        likely = {word: cost - _FREQUENCY * log(min(self._counts[word], _OFTEN)) for word, cost in costs.items()}
        best = min(likely, key=lambda word: (likely[word], word))
        near = (word for word in likely if likely[word] < likely[best] + _CLEARLY)
        is_allowed = costs[best] <= most or likely[best] <= most_likely
        return best if is_allowed and all(stem(word) == stem(best) for word in near) else None

    def _within(self, word: str, distance: int) -> list[str]:
        """The words at most so far: first those whose letters allow it, then the distance itself."""
        letters = _letters([word])[0]
        found: list[str] = []
        for length in range(len(word) - distance, len(word) + distance + 1):
            bucket, sets = self._bucket(length)
            differ = sets ^ letters
            for _ in range(2 * distance):
                differ &= differ - np.uint64(1) * (differ != 0)  # the lowest letter off
            near = [bucket[row] for row in np.flatnonzero(differ == 0)]
            found += [w for w, _, _ in process.extract_iter(word, near, scorer=OSA.distance, score_cutoff=distance)]
        return found

    def _bucket(self, length: int) -> Bucket:
        if length not in self._buckets:
            listed = self._of_length(length)
            self._buckets[length] = listed, _letters(listed)
        return self._buckets[length]


def _letters(listed: Sequence[str]) -> NDArray[np.uint64]:
    """The set of letters of each word as bits; the words are of one length. Two letters may share a bit."""
    if not listed:
        return np.zeros(0, dtype=np.uint64)
    codes = np.array(listed).view(np.uint32).reshape(len(listed), -1).astype(np.uint64)
    bits: NDArray[np.uint64] = np.bitwise_or.reduce(np.uint64(1) << (codes & np.uint64(63)), axis=1)
    return bits


def _stem(word: str) -> str:
    """The stem of a folded word in its canonical form, as it is indexed."""
    return stem(canonical([word])[0] or word)


def _most(size: int) -> float:
    """What a mend of a word of so many letters may cost at most."""
    return _TWO_COST if size >= _LONG else _ONE_COST if size >= _EASY else _EASY_COST

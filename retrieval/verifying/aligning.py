"""A stretch of a text beside a window of a source, word by word: what is the same, and what was changed.

First the runs of words that both have are chained: those that follow each other in both, near enough to be of one
quotation. Then rapidfuzz aligns what lies between and beside them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from retrieval.model import Span
from retrieval.verifying.places import Window
from retrieval.verifying.spelling import likeness, skeleton
from retrieval.verifying.tokens import Token

OFTEN = 14  # times in a window: a word that it has more often begins no run
RUNS = 60  # the longest runs, of which a chain is made
FARTHEST = (12, 40)  # words of the text and of the source between two runs of a chain
GAP = (0.5, 0.3, 0.08)  # what a gap takes from a chain: for being there, for each word of the text, of the source
PARTED = 3  # pieces of a word that was written apart, or the other way about
BLOCK = 600  # words of the text times words of the source that are compared each with each


class Run(NamedTuple):
    """Words ``text`` and so on of a text that are the words ``source`` and so on of a window, so many."""

    text: int
    source: int
    length: int

    def after(self, before: "Run") -> "Run":
        """What is left of it after another: a word that stands at both sides of a gap, as in «740 مترا [وعرضه 18
        مترا] ويتسع», is of the first."""
        taken = max(0, before.text + before.length - self.text, before.source + before.length - self.source)
        return Run(self.text + taken, self.source + taken, max(0, self.length - taken))


class Step(NamedTuple):
    """Words of the text and of the source, ends excluded: "same", "spelling", "changed", "added" or "dropped"."""

    kind: str
    start: int
    end: int
    source_start: int
    source_end: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """Words ``start`` to ``end`` of a text beside words of a window; the first and the last step are of words that are
    both in the text."""

    window: Window
    start: int
    end: int
    steps: tuple[Step, ...]
    matched: float
    """The weight of the words that stand in the source."""

    @property
    def source_start(self) -> int:
        return self.steps[0].source_start

    @property
    def source_end(self) -> int:
        return self.steps[-1].source_end

    @property
    def span(self) -> Span:
        """What of the document it is beside."""
        held = self.window.words[self.source_start : self.source_end]
        return Span(held[0].start, held[-1].end)

    @property
    def changed(self) -> int:
        """How many words of either differ."""
        steps = (step for step in self.steps if step.kind not in ("same", "spelling"))
        return sum(max(step.end - step.start, step.source_end - step.source_start) for step in steps)

    @property
    def score(self) -> float:
        return self.matched - 0.5 * self.changed - 0.01 * sum(step.kind == "spelling" for step in self.steps)


def weights_before(words: Iterable[Token]) -> list[float]:
    """The weight of all words of a text before each of them, and at last of all."""
    return list(accumulate((token.weight for token in words), initial=0.0))


def chain(words: Sequence[Token], weights: Sequence[float], start: int, end: int, window: Window) -> list[Run]:
    """The best chain of runs for words ``start`` to ``end`` of a text, with ``weights_before`` them; empty where they
    share nothing to speak of."""
    runs = sorted(_runs(words, start, end, window))
    best: list[tuple[float, int]] = []
    for place, run in enumerate(runs):
        own = weights[run.text + run.length] - weights[run.text]
        longer = ((best[at][0] + _gain(runs[at], run, weights), at) for at in range(place) if _follows(runs[at], run))
        found = max(longer, default=(own, -1))
        best.append(found if found[0] > own else (own, -1))
    place = max(range(len(runs)), key=lambda at: best[at][0], default=-1)
    chained = []
    while place >= 0:
        before = best[place][1]
        chained.append(runs[place].after(runs[before]) if before >= 0 else runs[place])
        place = before
    return chained[::-1]


def _runs(words: Sequence[Token], start: int, end: int, window: Window) -> list[Run]:
    """The runs of words that both have, without single words of grammar; the longest, where there are many."""
    found, folded = [], window.folded
    ends: dict[int, int] = {}  # of what is found on a diagonal
    for first in range(start, end):
        places = window.at.get(words[first].folded, ())
        for place in places if len(places) <= OFTEN else ():
            if first < ends.get(place - first, 0):
                continue
            run = _longest(words, start, end, folded, first, place)
            ends[place - first] = run.text + run.length
            if run.length > 1 or words[first].weight == 1:
                found.append(run)
    return sorted(found, key=lambda run: -run.length)[:RUNS]


def _longest(words: Sequence[Token], start: int, end: int, folded: Sequence[str], first: int, place: int) -> Run:
    """The whole run of which a word of the text and one of the source are."""
    before = after = 0
    while first - before > start and place > before and words[first - before - 1].folded == folded[place - before - 1]:
        before += 1
    while first + after < end and place + after < len(folded) and words[first + after].folded == folded[place + after]:
        after += 1
    return Run(first - before, place - before, before + after)


def _follows(before: Run, run: Run) -> bool:
    run = run.after(before)
    text, source = run.text - before.text - before.length, run.source - before.source - before.length
    return run.length > 0 and text <= FARTHEST[0] and source <= FARTHEST[1]


def _gain(before: Run, run: Run, weights: Sequence[float]) -> float:
    """What a run adds to a chain that ends with another."""
    run = run.after(before)
    text, source = run.text - before.text - before.length, run.source - before.source - before.length
    own = weights[run.text + run.length] - weights[run.text]
    return own - GAP[0] - GAP[1] * text - GAP[2] * source


def aligned(
    text: str, words: Sequence[Token], start: int, end: int, window: Window, runs: Sequence[Run], unwritten: str = ""
) -> Alignment:
    """Words ``start`` to ``end`` of a text beside the source in which a chain of their runs lies. ``unwritten``: the
    letters that the text ends no word with, though it would."""
    first, last = runs[0], runs[-1]
    before = _beside(window, first.source, -(first.text - start))
    after = _beside(window, last.source + last.length - 1, end - last.text - last.length)
    source = (first.source - before, last.source + last.length + after)
    comparing = _Comparing(text, words, window, unwritten)
    steps = list(comparing.steps(start, end, *source))
    while steps and steps[0].kind == "dropped":
        steps.pop(0)
    while steps and steps[-1].kind == "dropped":
        steps.pop()
    same = (step for step in steps if step.kind in ("same", "spelling"))
    matched = sum(token.weight for step in same for token in words[step.start : step.end])
    return Alignment(window, start, end, tuple(steps), matched)


def _beside(window: Window, place: int, count: int) -> int:
    """How many of so many words after a word of a window, or before it, are of its sentence."""
    numbers, step = window.sentence_of, 1 if count > 0 else -1
    taken = 0
    while taken < abs(count) and 0 <= place + step * (taken + 1) < len(numbers):
        if numbers[place + step * (taken + 1)] != numbers[place]:
            break
        taken += 1
    return taken


@dataclass(frozen=True, slots=True)
class _Comparing:
    text: str
    words: Sequence[Token]
    window: Window
    unwritten: str

    def steps(self, start: int, end: int, source_start: int, source_end: int) -> Iterator[Step]:
        """How a stretch of the text is made of a stretch of the source."""
        own = [token.folded for token in self.words[start:end]]
        theirs = self.window.folded[source_start:source_end]
        for is_equal, codes in groupby(Levenshtein.opcodes(theirs, own), lambda code: code.tag == "equal"):
            held = list(codes)
            here = (start + held[0].dest_start, start + held[-1].dest_end)
            there = (source_start + held[0].src_start, source_start + held[-1].src_end)
            if is_equal:
                yield from self._pairs(*here, there[0])
            else:
                yield from self._block(*here, *there)

    def _pairs(self, start: int, end: int, source: int) -> Iterator[Step]:
        for place in range(start, end):
            other = source + place - start
            like = self._likeness((place, place + 1), (other, other + 1))
            yield Step("changed" if like == "other" else like, place, place + 1, other, other + 1)

    def _block(self, start: int, end: int, source_start: int, source_end: int) -> Iterator[Step]:
        """Words that are not the same when folded: those that are spelled otherwise, and those between them."""
        for found in self._spelled(start, end, source_start, source_end):
            yield from _changed(start, found.start, source_start, found.source_start)
            yield found
            start, source_start = found.end, found.source_end
        yield from _changed(start, end, source_start, source_end)

    def _spelled(self, start: int, end: int, source_start: int, source_end: int) -> Iterator[Step]:
        if (end - start) * (source_end - source_start) > BLOCK:
            return
        place, source = start, source_start
        while place < end:
            found = self._first(place, end, source, source_end)
            if found:
                yield found
                place, source = found.end, found.source_end
            else:
                place += 1

    def _first(self, place: int, end: int, source_start: int, source_end: int) -> Step | None:
        """What of the source a word, or some words, of the text are another spelling of."""
        for source in range(source_start, source_end):
            for own, theirs in _SHAPES:
                here, there = (place, place + own), (source, source + theirs)
                if here[1] <= end and there[1] <= source_end and self._is_spelling(here, there):
                    return Step("spelling", *here, *there)
        return None

    def _is_spelling(self, here: tuple[int, int], there: tuple[int, int]) -> bool:
        bare = [skeleton(token.folded) for token in self.words[here[0] : here[1]]]
        if "".join(bare) != "".join(self.window.skeletons[there[0] : there[1]]):
            return False
        return self._likeness(here, there) != "other"

    def _likeness(self, here: tuple[int, int], there: tuple[int, int]) -> str:
        own, theirs = self.words[here[0] : here[1]], self.window.words[there[0] : there[1]]
        raw = "".join(self.text[token.start : token.end] for token in own)
        source = "".join(self.window.document.text[token.start : token.end] for token in theirs)
        if len(own) != len(theirs) and any(map(str.isdigit, raw + source)):
            return "other"  # «12 5» is not «125»
        like = likeness(raw, source, self.unwritten)
        return "spelling" if like == "same" and len(own) != len(theirs) else like


_SHAPES = [(1, 1), *((1, count) for count in range(2, PARTED + 1)), *((count, 1) for count in range(2, PARTED + 1))]


def _changed(start: int, end: int, source_start: int, source_end: int) -> Iterator[Step]:
    if start < end or source_start < source_end:
        kind = "added" if source_start == source_end else "dropped" if start == end else "changed"
        yield Step(kind, start, end, source_start, source_end)


def joined(steps: Iterable[Step]) -> list[Step]:
    """The changes among steps, those beside each other as one."""
    found: list[Step] = []
    for step in steps:
        if step.kind in ("same", "spelling"):
            continue
        if found and (found[-1].end, found[-1].source_end) == (step.start, step.source_start):
            last = found.pop()
            found += _changed(last.start, step.end, last.source_start, step.source_end)
        else:
            found.append(step)
    return found

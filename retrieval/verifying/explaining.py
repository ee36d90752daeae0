"""A sentence of a text explained by the windows of sources: one stretch of a source, or pieces of several."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.model import Standing
from retrieval.verifying.aligning import Alignment, Run, Step, aligned, chain, weights_before
from retrieval.verifying.places import Window
from retrieval.verifying.spelling import ends_with, unwritten
from retrieval.verifying.tokens import Token

FEW = 3  # words that may be changed, added or left out in a row and the sentence still be of one place
ALTERED = 0.5  # of a sentence's words, by weight, what must stand in the source for it to be an alteration of that
PIECED = 0.8  # the same for all its pieces together
LONG = 7  # words in a row that make it one whatever else it says
SHORTEST = 4  # words of a sentence that may be an alteration
PIECE = (3, 2.5)  # words of a piece, and their weight
HABIT = 2  # words of a source that end with a letter, of which a text ends none with it
LIKELY = 0.6  # of what the likeliest place shares with a sentence, what another must
SAME = 6  # places of one sentence that are kept


@dataclass(frozen=True, slots=True)
class Explained:
    """How a sentence came about. ``alignments``: one, or those of its pieces in order."""

    kind: Standing
    alignments: tuple[Alignment, ...] = ()

    @property
    def score(self) -> float:
        return sum(alignment.score for alignment in self.alignments)


ABSENT = Explained("absent")


class Explaining:
    """Explains stretches of one text."""

    def __init__(self, text: str, words: Sequence[Token]) -> None:
        self._text, self._words, self._weights = text, words, weights_before(words)
        self._unwritten = "".join(unwritten(text))
        self._runs: dict[tuple[int, int, Window], list[Run]] = {}
        self._alignments: dict[tuple[int, int, Window], Alignment] = {}

    def whole(self, start: int, end: int, windows: Sequence[Window]) -> list[Alignment]:
        """Words ``start`` to ``end`` beside one stretch each of the windows, best first."""
        chains = list(self._chains(start, end, windows))
        most = max((self._weight(runs) for _, runs in chains), default=0.0)
        likely = [(window, runs) for window, runs in chains if self._weight(runs) >= LIKELY * most]
        found = [self._beside(start, end, window, runs) for window, runs in likely]
        return sorted(found, key=lambda alignment: -alignment.score)

    def piece(self, start: int, end: int, window: Window, source: int) -> Alignment:
        """Words that stand from word ``source`` of a window on."""
        return self._aligned(start, end, window, [Run(start, source, end - start)])

    def best(self, start: int, end: int, windows: Sequence[Window]) -> Alignment | None:
        """The best of them."""
        return next(iter(self.whole(start, end, windows)), None)

    def alternatives(self, start: int, end: int, windows: Sequence[Window]) -> list[Explained]:
        """How words ``start`` to ``end`` came about, the likeliest first; more than one where one is as likely."""
        found = self.whole(start, end, windows)
        is_clean = found and self.is_clean(found[0])
        if not is_clean and (pieced := self._pieced(start, end, windows)):
            return [pieced]
        alike = [one for one in found if one.score == found[0].score and self._is_alteration(one)]
        return [Explained(_kind(one), (one,)) for one in _apart(alike)[:SAME]] or [ABSENT]

    def is_clean(self, alignment: Alignment) -> bool:
        """Whether a sentence is of one place, with few words changed in a row."""
        return not any(_parts(alignment))

    def _beside(self, start: int, end: int, window: Window, runs: Sequence[Run]) -> Alignment:
        key = start, end, window
        if key not in self._alignments:
            self._alignments[key] = self._aligned(start, end, window, runs)
        return self._alignments[key]

    def _chains(self, start: int, end: int, windows: Sequence[Window]) -> Iterator[tuple[Window, list[Run]]]:
        """The windows that share something with a stretch, and what."""
        for window in windows:
            key = start, end, window
            if key not in self._runs:
                self._runs[key] = chain(self._words, self._weights, start, end, window)
            if runs := self._runs[key]:
                yield window, runs

    def _weight(self, runs: Sequence[Run]) -> float:
        return sum(token.weight for run in runs for token in self._words[run.text : run.text + run.length])

    def _aligned(self, start: int, end: int, window: Window, runs: Sequence[Run]) -> Alignment:
        """A stretch beside a window. What a text does again and again, to write no «ة», is no change of its words."""
        found = aligned(self._text, self._words, start, end, window, runs)
        source = found.span.of(window.document.text)
        lacking = "".join(letter for letter in self._unwritten if ends_with(source, letter) >= HABIT)
        return aligned(self._text, self._words, start, end, window, runs, lacking) if lacking else found

    def _is_alteration(self, alignment: Alignment) -> bool:
        if not alignment.changed:
            return True
        whole = sum(token.weight for token in self._words[alignment.start : alignment.end])
        is_like = alignment.matched >= ALTERED * whole or _longest(alignment) >= LONG
        return is_like and alignment.end - alignment.start >= SHORTEST

    def _pieced(self, start: int, end: int, windows: Sequence[Window]) -> Explained | None:
        """The pieces that make up most of a sentence; None where they do not, or are of one place."""
        pieces = self._merged(self._pieces(start, end, windows))
        whole = sum(token.weight for token in self._words[start:end])
        if len(pieces) < 2 or sum(piece.matched for piece in pieces) < PIECED * whole:
            return None
        kind: Standing = "altered" if _are_of_one_sentence(pieces) else "pieced"
        return Explained(kind, tuple(_filled(pieces, start, end)))

    def _pieces(self, start: int, end: int, windows: Sequence[Window]) -> list[Alignment]:
        """The heaviest run of words in one place, and what is before and after it explained likewise."""
        best = max(
            (
                (sum(token.weight for token in self._words[a:b]), -place, a, b, window, runs)
                for place, (window, chained) in enumerate(self._chains(start, end, windows))
                for a, b, runs in _close(chained, window)
            ),
            key=lambda one: one[:2],
            default=None,
        )
        if best is None or best[3] - best[2] < PIECE[0] or best[0] < PIECE[1]:
            return []
        _, _, first, last, window, runs = best
        piece = self._aligned(first, last, window, runs)
        return [*self._pieces(start, first, windows), piece, *self._pieces(last, end, windows)]

    def _merged(self, pieces: Sequence[Alignment]) -> list[Alignment]:
        """Pieces without those that go on where the one before them ended."""
        merged: list[Alignment] = []
        for piece in pieces:
            before = merged[-1] if merged else None
            if before and _goes_on(before, piece):
                joined = before.steps + piece.steps
                merged[-1] = replace(before, end=piece.end, steps=joined, matched=before.matched + piece.matched)
            else:
                merged.append(piece)
        return merged


def _are_of_one_sentence(pieces: Sequence[Alignment]) -> bool:
    """Whether pieces are words of one sentence that were put in another order."""
    of = {
        (one.window, number) for one in pieces for number in one.window.sentence_of[one.source_start : one.source_end]
    }
    return len(of) == 1


def _filled(pieces: Sequence[Alignment], start: int, end: int) -> Iterator[Alignment]:
    """Pieces, each with the words before it, and the last with those after it, that stand in none of them: added."""
    for place, piece in enumerate(pieces):
        last = end if place == len(pieces) - 1 else piece.end
        first, after = piece.source_start, piece.source_end
        before = [Step("added", start, piece.start, first, first)] if start < piece.start else []
        behind = [Step("added", piece.end, last, after, after)] if piece.end < last else []
        yield replace(piece, start=start, end=last, steps=(*before, *piece.steps, *behind))
        start = last


def _goes_on(before: Alignment, after: Alignment) -> bool:
    return before.window is after.window and 0 <= after.source_start - before.source_end <= FEW


def _kind(alignment: Alignment) -> Standing:
    if alignment.changed:
        return "altered"
    return "spelling" if any(step.kind == "spelling" for step in alignment.steps) else "exact"


def _longest(alignment: Alignment) -> int:
    """The most words in a row that stand in the source."""
    longest = current = 0
    for step in alignment.steps:
        current = current + step.end - step.start if step.kind in ("same", "spelling") else 0
        longest = max(longest, current)
    return longest


def _parts(alignment: Alignment) -> Iterator[bool]:
    """Whether each change parts what is before it from what is after it: many words in a row, or many left out from one
    sentence to another."""
    numbers, row = alignment.window.sentence_of, 0
    for step in alignment.steps:
        row = 0 if step.kind in ("same", "spelling") else row + step.end - step.start
        yield row > FEW
        many = step.source_end - step.source_start > FEW
        inner = step.source_start > 0 and step.source_end < len(numbers)
        crosses = many and inner and numbers[step.source_start - 1] != numbers[step.source_end]
        yield crosses and step.kind in ("dropped", "changed")


def _close(runs: Sequence[Run], window: Window) -> Iterator[tuple[int, int, list[Run]]]:
    """The parts of a chain that are of one place each: the words of the text from and to, and the runs."""
    held: list[Run] = []
    for run in runs:
        if held and not _is_close(held[-1], run, window):
            yield held[0].text, held[-1].text + held[-1].length, held
            held = []
        held.append(run)
    if held:
        yield held[0].text, held[-1].text + held[-1].length, held


def _is_close(before: Run, run: Run, window: Window) -> bool:
    end = before.source + before.length
    few = run.text - before.text - before.length <= FEW
    crosses = run.source - end > FEW and window.sentence_of[end - 1] != window.sentence_of[run.source]
    return few and not crosses


def _apart(alignments: Sequence[Alignment]) -> list[Alignment]:
    """Those of different places: windows may overlap."""
    return list({(one.window.document.id, one.span): one for one in alignments}.values())

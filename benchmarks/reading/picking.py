"""Which windows of its passages a question is trained with, and how it is asked; nothing here needs torch."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from random import Random

from benchmarks.reading.examples import OF_NEWS, OF_PASSAGES, OF_SETS, Example, Passage
from benchmarks.reading.noise import altered
from retrieval.reader.windows import windows

SHARES = {OF_PASSAGES: 0.5, OF_NEWS: 0.3, OF_SETS: 0.2}  # of the questions that are drawn: articles are what is asked
NEAREST = 20  # windows that do not answer, the best by their scores, of which some are read
_BEST_ANSWERING = 2  # windows that answer, of which one is read
_WITHOUT_ITS_DOCUMENT = 0.4  # of the questions that are to be refused
_OWN_TO_REFUSE, _OWN = 3.0, 0.5  # how much likelier a window of the question's own document is picked


class Asked(Enum):
    """How a question is asked: as it is; without the passages that answer, or without the sentences alone; or of
    another number. All but the first are to be refused."""

    AS_IT_IS = 0
    WITHOUT_PASSAGES = 0.22
    WITHOUT_SENTENCES = 0.10
    OF_ANOTHER_NUMBER = 0.15


@dataclass(frozen=True, slots=True)
class View:
    """A window of a passage, and the best score in it."""

    passage: Passage
    window: range

    @property
    def score(self) -> float:
        return max(self.passage.scores[at] for at in self.window)

    @property
    def answers(self) -> bool:
        return any(self.passage.answers[at] for at in self.window)

    @property
    def holds(self) -> bool:
        return any(self.passage.holds[at] for at in self.window)


def drawing(seed: int) -> Random:
    """What draws, always the same by a seed."""
    return Random(seed)  # noqa: S311  # no secret


class Drawn:
    """Examples drawn for ever, by SHARES of their groups; of each group, none again before all were drawn."""

    def __init__(self, examples: Iterable[Example], chance: Random) -> None:
        self._of: dict[str, list[Example]] = {name: [] for name in SHARES}
        for example in examples:
            self._of[example.group].append(example)
        self._left: dict[str, list[Example]] = {name: [] for name in SHARES}
        self._shares = {name: share for name, share in SHARES.items() if self._of[name]}
        self._chance = chance

    @property
    def counts(self) -> Mapping[str, int]:
        """How many there are in each group."""
        return {name: len(own) for name, own in self._of.items()}

    def one(self) -> Example:
        """The next."""
        (name,) = self._chance.choices(list(self._shares), list(self._shares.values()))
        left = self._left[name]
        if not left:
            left += self._chance.sample(self._of[name], len(self._of[name]))
        return left.pop()


def way(example: Example, chance: Random) -> tuple[Asked, str]:
    """How an example is asked this time, and its text then."""
    if not example.answerable:
        return Asked.AS_IT_IS, example.text
    refused = [asked.value for asked in Asked]
    (asked,) = chance.choices(list(Asked), [1 - sum(refused), *refused[1:]])
    if asked is Asked.OF_ANOTHER_NUMBER:
        other = altered(example.text, chance)
        return (asked, other) if other else (Asked.AS_IT_IS, example.text)
    return asked, example.text


def picked(example: Example, asked: Asked, count: int, chance: Random) -> list[View]:
    """At most ``count`` windows to be read for an example: one that answers, if any may, and others near to it."""
    answering: list[View] = []
    others: list[View] = []
    for view in _views(example, asked, chance):
        if view.answers:
            answering.append(view)
        elif not view.holds or view.passage.document == example.document:
            others.append(view)
    near = sorted(others, key=lambda view: -view.score)[:NEAREST]
    is_refused = asked is not Asked.AS_IT_IS or not example.answerable
    own = _OWN_TO_REFUSE if is_refused else _OWN
    weights = [1 / (2 + at) + own * (view.passage.document == example.document) for at, view in enumerate(near)]
    found = [chance.choice(answering[:_BEST_ANSWERING])] if answering else []
    while near and len(found) < count:
        (at,) = chance.choices(range(len(near)), weights)
        found.append(near.pop(at))
        weights.pop(at)
    return found


def _views(example: Example, asked: Asked, chance: Random) -> Iterator[View]:
    """The windows that may be read."""
    is_gone = chance.random() < _WITHOUT_ITS_DOCUMENT
    for passage in example.passages:
        left: Passage | None = passage
        is_own = passage.document == example.document
        if asked is Asked.WITHOUT_PASSAGES and (_tells(passage) or (is_gone and is_own) or passage.is_missed):
            left = None
        elif asked is Asked.WITHOUT_SENTENCES and _tells(passage):
            left = _without_answers(passage) if is_own else None
        if left:
            yield from (View(left, window) for window in windows(left.sentences))


def _tells(passage: Passage) -> bool:
    return any(passage.answers) or any(passage.holds)


def _without_answers(passage: Passage) -> Passage | None:
    """A passage without the sentences that answer or hold the answer's words; None where nothing is left."""
    kept = [at for at in range(len(passage.sentences)) if not passage.answers[at] and not passage.holds[at]]
    nothing = [False] * len(kept)
    return (
        replace(
            passage,
            sentences=[passage.sentences[at] for at in kept],
            scores=[passage.scores[at] for at in kept],
            answers=nothing,
            holds=nothing,
            marks={},
        )
        if kept
        else None
    )


def beside(example: Example, count: int, among: int, chance: Random) -> Sequence[Passage]:
    """A few of the best passages by words that neither answer nor hold the answer's words."""
    rest = sorted((p for p in example.passages if not _tells(p)), key=lambda p: -max(p.scores))[:among]
    return chance.sample(rest, min(count, len(rest)))

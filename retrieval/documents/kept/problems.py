"""What of a corpus gave no document: why, and when what may be read another time is tried again."""

import json
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Self

from retrieval.documents.kept.files import File, Listing
from retrieval.documents.loaders.reading import shown
from retrieval.errors import Cause, UnreadableError

FIRST, TIMES, SELDOM = 5.0, 3, 3600.0
"""Seconds until the first new try, how many times as long until each further one, and the longest of these waits."""
MOST_TRIES = 30
"""Tries, in about a day, after which what was mounted in a folder is no longer waited for."""
MOST = 8  # kinds of reasons that are told by themselves

_PLACE = re.compile(r"^.*?: (?:(?:line|page) [^:]*: )?")
_VARYING = re.compile(r"\d+|'[^']*'")


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, or a line of one, that gave no document: what and why, with the mend, in one line; and the cause."""

    reason: str
    cause: Cause = Cause.UNNAMED

    def told(self) -> list[str]:
        """As JSON; ``of`` reads it."""
        return [self.reason, self.cause]

    @classmethod
    def of(cls, told: Sequence[str] | str) -> Self:
        """What was told; by an older one, the reason alone."""
        return cls(told) if isinstance(told, str) else cls(told[0], Cause(told[1]))


def problem_of(error: UnreadableError) -> Problem:
    """What is said of a file or a line that cannot be read."""
    return Problem(shown(str(error)), error.cause)


def in_json(problems: Iterable[Problem]) -> str:
    """Them as JSON."""
    return json.dumps([problem.told() for problem in problems], ensure_ascii=False)


def gathered(problems: Iterable[Problem]) -> tuple[str, ...]:
    """A line for each kind of reason: the first that has it, and how many more do. Beyond ``MOST`` kinds, how many."""
    alike: dict[str, list[str]] = {}
    for problem in problems:
        alike.setdefault(_VARYING.sub("", _PLACE.sub("", problem.reason, 1)), []).append(problem.reason)
    kinds = list(alike.values())
    lines = [kind[0] + (f" (and {len(kind) - 1:,} more like it)" if len(kind) > 1 else "") for kind in kinds[:MOST]]
    left = sum(map(len, kinds[MOST:]))
    return (*lines, f"and {left:,} more for other reasons") if left else tuple(lines)


class Later:
    """When files that could not be read by circumstance are tried again: soon, and then seldom; at once when they
    changed."""

    def __init__(self, kept: Mapping[str, tuple[str, int, float]] | None = None) -> None:
        """``kept``: what an earlier one held, by the name of the file."""
        self.kept = dict(kept or {})
        """Of each file its stamp when it could not be read, how often it was tried, and when it is to be, in seconds
        since 1970."""
        self._there: set[str] = set()

    def is_due(self, file: File) -> bool:
        """Whether a file is to be read now."""
        stamp, _, due = self.kept.get(file.name, ("", 0, 0.0))
        return file.name not in self.kept or stamp != file.stamp or not 0 < due - time.time() <= SELDOM

    def failed(self, file: File) -> None:
        """A file could not be read now."""
        stamp, tries, _ = self.kept.get(file.name, ("", 0, 0.0))
        tries = tries + 1 if stamp == file.stamp else 1
        self.kept[file.name] = file.stamp, tries, time.time() + min(FIRST * TIMES ** min(tries - 1, 20), SELDOM)

    def passed(self, name: str) -> None:
        """A file was read, for better or worse, or is gone."""
        self.kept.pop(name, None)

    def waits_for(self, name: str) -> bool:
        """Whether a file may be there though it is not found: its folder cannot be listed now."""
        return any(str(folder) in self.kept for folder in PurePosixPath(name).parents)

    def awaited(self, names: Iterable[str]) -> set[str]:
        """Those of some folders that have not been tried too often."""
        return {name for name in names if name not in self.kept or self.kept[name][1] < MOST_TRIES}

    def look(self, listing: Listing) -> None:
        """Of the files that are listed now: what is gone is not tried again, and folders that cannot be listed are."""
        self._there = {file.name for file in listing.files} | listing.unlisted.keys()
        for name in [known for known in self.kept if known not in self._there and not listing.may_hold(known)]:
            self.passed(name)
        for name in listing.unlisted:
            folder = File(Path(name), name, "")
            if self.is_due(folder):
                self.failed(folder)

    @property
    def wait(self) -> float | None:
        """Seconds until the next one that is listed is to be read; None where there is none."""
        due = [due for name, (_, _, due) in self.kept.items() if name in self._there]
        return max(min(due) - time.time(), 0) if due else None


def soonest(*waits: float | None) -> float | None:
    """The shortest of some waits in seconds; None where nothing is waited for."""
    return min((wait for wait in waits if wait is not None), default=None)

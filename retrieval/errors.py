"""What can go wrong, each class meaning one thing to a caller.

IqtibasError            anything below; its text is one line for a person, with the mend in it
├── CorpusError         the corpus as a whole cannot be served (not there, nothing in it)
├── UnreadableError     one file cannot be read; the others are served
│   ├── UnreachedError  it cannot be read now; it is tried again
│   └── UnreadScansError  pages of it are pictures that a machine reads in a while
├── EngineError         an index engine is not there, or not for this corpus
│   └── AwayError       a cluster cannot be reached now; it is asked again
├── ServedError         what is to be deleted is served still
├── ReaderError         the networks cannot be loaded; sentences are ranked without them
└── TooMuchError        preparing a corpus takes more than the bounds that were given for it
    └── TooLongError    its texts are longer than these
"""

from collections.abc import Sequence
from enum import StrEnum


class IqtibasError(Exception):
    """Base of all errors that a user or an operator can cause. ``str()`` of it is fit to show."""


class CorpusError(IqtibasError):
    """There is no corpus at the path, or nothing in it can be served."""


class Cause(StrEnum):
    """Why a file gave no document, for whoever tells a person in words of their own."""

    UNNAMED = "unreadable"
    """Where it is none of the others."""
    EMPTY = "empty"
    LOCKED = "locked"
    SCAN = "scan"
    """Its pages are pictures, which are not read."""
    BLURRED = "blurred"
    """Its pages are pictures, in which a machine cannot tell the letters."""
    LETTERS = "letters"
    """It does not say which letters a reader sees."""
    NOT_TEXT = "not_text"
    """Its bytes are no letters of an encoding that is known."""
    OLDER = "older"
    OTHER_KIND = "other_kind"
    TOO_MUCH = "too_hard"
    """It takes more to read than it may."""
    DAMAGED = "damaged"
    """Or it is not what its name says."""


class UnreadableError(IqtibasError):
    """One file gave no document: what it is and why, in one line, and the kind of that."""

    def __init__(self, why: str, cause: Cause = Cause.UNNAMED) -> None:
        super().__init__(why)
        self.cause = cause


class UnreachedError(UnreadableError):
    """One file cannot be read now: time, permission, memory or a disk stood in the way, and may do so no more later."""


class UnreadScansError(UnreadableError):
    """Pages of a file, ``pages`` by their numbers from 0, are pictures that a machine has yet to read."""

    def __init__(self, why: str, pages: Sequence[int]) -> None:
        super().__init__(why)
        self.pages = tuple(pages)


class EngineError(IqtibasError):
    """The engine asked for does not exist or cannot serve."""


class AwayError(EngineError):
    """The engine is elsewhere and cannot be reached now: it may be later."""


class ServedError(IqtibasError):
    """What is to be deleted for good stands in the corpus still."""


class ReaderError(IqtibasError):
    """The networks or what runs them cannot be loaded."""


class TooMuchError(IqtibasError):
    """Preparing a corpus takes more time or memory than its bounds."""


class TooLongError(TooMuchError):
    """The texts of a corpus together are longer than its bounds."""

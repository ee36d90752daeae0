"""The questions that readers may ask for example: the operator's own, else made of what the library holds."""

import logging
import time
from collections.abc import Callable
from hashlib import blake2s
from typing import Protocol

from retrieval import Documents, example_questions
from retrieval.errors import IqtibasError
from retrieval.model import Answer

log = logging.getLogger(__name__)


class Exemplary(Protocol):
    """What examples are made of: ``retrieval.Library`` is."""

    @property
    def documents(self) -> Documents:
        """The documents."""
        ...

    def ask(self, question: str) -> Answer:
        """The answer to a question."""
        ...

    @property
    def version(self) -> object:
        """Another one each time that something else is served."""
        ...


class Examples:
    """At most three questions. Those of the operator stay; others are made anew once the library holds something else.

    Made on one thread, read from any.
    """

    def __init__(self, given: tuple[str, ...] = ()) -> None:
        self.questions = given
        self._are_given = bool(given)
        self._made_of: object = None

    def renew(self, library: Exemplary, is_ended: Callable[[], bool]) -> None:
        """Make them of what the library holds now, unless that was done, or they are given."""
        if self._are_given or self._made_of == (of := library.version):
            return
        began = time.monotonic()
        try:
            self.questions = example_questions(library, is_ended)
        except IqtibasError as error:
            log.warning("examples could not be made: %s", error)
        self._made_of = of
        log.info("examples made=%d seconds=%.1f", len(self.questions), time.monotonic() - began)

    def asked(self, key: str) -> str | None:
        """The question with a key; None where it is an example no more."""
        return next((question for question in self.questions if key_of(question) == key), None)


def key_of(question: str) -> str:
    """What names a question on a button: the place of one may be another's later."""
    return blake2s(question.encode(), digest_size=6).hexdigest()

"""What the bot has done since it began, in numbers, and its line in the log for each question."""

import json
import logging
import time
from dataclasses import dataclass, field

from bot.figures import QUESTIONS, SECONDS
from retrieval.model import Answer

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tally:
    """Counts since the start. For use on one thread. ``log_text``: whether a question may stand in the log."""

    log_text: bool = False
    found: int = 0
    refused: int = 0
    errors: int = 0
    began: float = field(default_factory=time.monotonic)

    def count(self, answer: Answer, chat: str, seconds: float) -> None:
        """An answer was made in ``seconds`` for a kind of chat, ``inline`` among them."""
        result = "found" if answer.found else "unreachable" if answer.unreachable else "refused"
        QUESTIONS.labels(chat, result).inc()
        SECONDS.labels("answering").observe(seconds)
        self.found += answer.found
        self.refused += not answer.found
        line = "question chat=%s result=%s confidence=%.2f ms=%.0f"
        values = [chat, result, answer.confidence, seconds * 1000]
        if self.log_text:
            line += " text=%s"
            values.append(json.dumps(answer.question, ensure_ascii=False))
        log.info(line, *values)

    @property
    def running(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.began

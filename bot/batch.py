"""Many questions, a JSON line each; a line that is no question gets its error, and the rest goes on."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.answer_json import answer_json
from retrieval import Library

LONGEST = 100_000  # characters of a line


def answers(lines: Iterable[str], library: Library) -> Iterator[str]:
    """A line of JSON for each line that is not blank, in order."""
    for line in lines:
        if line.strip():
            yield json.dumps(_answered(line, library), ensure_ascii=False)


def _answered(line: str, library: Library) -> dict[str, Any]:
    try:
        asked = _asked(line)
    except ValueError as error:
        return {"id": None, "error": str(error)}
    question = asked.get("question")
    if not isinstance(question, str) or not question.strip():
        return {"id": asked.get("id"), "error": 'no "question", or an empty one'}
    return answer_json(library.ask(question), asked.get("id"))


def _asked(line: str) -> dict[str, Any]:
    if len(line) > LONGEST:
        raise ValueError(f"the line is longer than {LONGEST} characters")
    try:
        asked = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("not a question: nested too deep") from None
    if not isinstance(asked, dict):
        raise ValueError('not an object like {"id": "…", "question": "…"}')
    return asked

"""Many questions, a JSON line each; a line that is no question gets its error, and the rest goes on."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.conversation.talk import heard
from bot.phrases import phrases
from bot.showing.answer_json import answer_json, said_json
from bot.showing.saying import said_of_none, said_to
from retrieval import Library

LONGEST = 200_000  # bytes of a line


def answers(lines: Iterable[bytes], library: Library) -> Iterator[str]:
    """A line of JSON for each line of UTF-8 that is not blank, in order."""
    for line in lines:
        if line.strip():
            yield json.dumps(_answered(line, library), ensure_ascii=False)


def _answered(line: bytes, library: Library) -> dict[str, Any]:
    try:
        asked = _asked(line)
    except ValueError as error:
        return {"id": None, "error": str(error)}
    question = asked.get("question")
    if not isinstance(question, str) or not question.strip():
        return {"id": asked.get("id"), "error": 'no "question", or an empty one'}
    if not _is_text(question):
        return {"id": asked.get("id"), "error": 'the "question" holds half a character (a lone surrogate)'}
    previous = asked.get("previous")
    if not (previous is None or (isinstance(previous, str) and _is_text(previous))):
        return {"id": asked.get("id"), "error": 'the "previous" question is no string, or holds half a character'}
    last = library.ask(previous) if previous and heard(question) else None
    if said := said_to(question, last, phrases("ar")):
        return said_json(said, question, asked.get("id"))
    answer = library.ask(question, previous=previous)
    if said := said_of_none(answer, phrases("ar")):
        return said_json(said, question, asked.get("id"))
    return answer_json(answer, asked.get("id"))


def _asked(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST:
        raise ValueError(f"the line is longer than {LONGEST} bytes")
    try:
        asked = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("not a question: nested too deep") from None
    if not isinstance(asked, dict):
        raise ValueError('not an object like {"id": "…", "question": "…"}')
    return asked


def _is_text(question: str) -> bool:
    """Whether a question can be written as UTF-8: JSON and command lines can hold halves of characters."""
    return not any("\ud800" <= character <= "\udfff" for character in question)

"""Many questions, a JSON line each; a line that is no question gets its error, and the rest goes on."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Never

from bot.conversation.reading import read
from bot.phrases import phrases
from bot.showing.answer_json import answer_json, said_json
from bot.showing.saying import Said, replied
from bot.terminal.printing.plain import json_line
from retrieval import Library

LONGEST = 200_000  # bytes of a line
LONGEST_NUMBER = 1000  # digits


def answers(file: BinaryIO, library: Library) -> Iterator[str]:
    """A line of JSON for each line of UTF-8, in order."""
    for line in _lines(file):
        yield _answered(line, library)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; of one that is too long what tells that it is."""
    while line := file.readline(LONGEST + 1):
        yield line
        while len(line) > LONGEST and not line.endswith(b"\n"):
            line = file.readline(LONGEST + 1)


def _answered(line: bytes, library: Library) -> str:
    question_id = None
    try:
        asked = _asked(line)
        question_id = _id(asked.get("id"))
        question, previous = _question(asked)
        return json_line(_told(question, previous, question_id, library))
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except ValueError as error:
        why = str(error)
    except BaseException as error:  # of one question, a panic of a library among them: the others are answered
        why = f"it could not be answered ({type(error).__name__}: {error})"
    return json_line({"id": question_id, "error": why})


def _told(question: str, previous: str | None, question_id: object, library: Library) -> dict[str, Any]:
    """The answer to a question; what is said where it asks nothing of the documents."""
    told = replied(read(question), previous, library, phrases("ar"))
    if isinstance(told, Said):
        return said_json(told, question, question_id)
    return answer_json(told, question_id)


def _id(given: object) -> object:
    """The id of a question, any JSON. Raises ValueError where it cannot be given back."""
    try:
        json.dumps(given, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        raise ValueError('the "id" holds half a character (a lone surrogate)') from None
    except (ValueError, RecursionError):
        raise ValueError('the "id" holds a number that is too large, or is nested too deep') from None
    return given


def _question(asked: dict[str, Any]) -> tuple[str, str | None]:
    """The question and the one before it. Raises ValueError."""
    question, previous = asked.get("question"), asked.get("previous")
    if not isinstance(question, str) or not question.strip():
        raise ValueError('no "question", or an empty one')
    if not _is_text(question):
        raise ValueError('the "question" holds half a character (a lone surrogate)')
    if not (previous is None or (isinstance(previous, str) and _is_text(previous))):
        raise ValueError('the "previous" question is no string, or holds half a character')
    return question, previous


def _asked(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST:
        raise ValueError(f"the line is longer than {LONGEST} bytes")
    if not line.strip():
        raise ValueError("the line is empty")
    try:
        asked = json.loads(line.decode("utf-8-sig"), parse_constant=_no_number, parse_int=_number)
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("not a question: nested too deep") from None
    if not isinstance(asked, dict):
        raise ValueError('not an object like {"id": "…", "question": "…"}')
    return asked


def _number(digits: str) -> int:
    """A number; Python reads none of more than 4,300 digits."""
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"a number has more than {LONGEST_NUMBER} digits")
    return int(digits)


def _no_number(name: str) -> Never:
    """Python reads NaN and Infinity, which JSON does not have."""
    raise ValueError(f"not JSON: {name}")


def _is_text(question: str) -> bool:
    """Whether a question can be written as UTF-8: JSON and command lines can hold halves of characters."""
    return not any("\ud800" <= character <= "\udfff" for character in question)

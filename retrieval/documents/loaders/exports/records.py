"""Loads ``.json``: a list of documents, each an object as a line of ``.jsonl``; an object that holds such a list; or
one of questions with their answers."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from retrieval.documents.fields import kind_of
from retrieval.documents.loaders.jsonl import document_of
from retrieval.documents.loaders.markup import fragment_text
from retrieval.documents.loaders.office.rows import Sheet, documents, is_arabic, told_beside
from retrieval.documents.loaders.reading import decoded
from retrieval.documents.structure import asks
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document

MOST = 100_000  # documents of a file
_HTML = re.compile(r"</(?:p|div|b|strong|em|i|a|ul|ol|li|h[1-6]|span|table)>|<br ?/?>", re.I)
_DEEPEST = 4  # objects in objects in which a list is looked for


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The documents of a list, or what is wrong with one; of a list without texts that of its rows. Raises
    UnreadableError for the whole."""
    listed = _listed(_parsed(content, name))
    if listed is None:
        raise UnreadableError(
            f'{name}: no list of objects like {{"id": "…", "title": "…", "text": "…"}}', Cause.DAMAGED
        )
    if _is_table(listed):
        yield from documents([Sheet("", _rows(listed[:MOST]))], name)
    else:
        yield from _texts(listed, name)


def _parsed(content: bytes, name: str) -> object:
    try:
        return json.loads(decoded(content, name))
    except json.JSONDecodeError as error:
        raise UnreadableError(f"{name}: not JSON: {error.msg} at line {error.lineno}", Cause.DAMAGED) from None
    except (ValueError, RecursionError):
        raise UnreadableError(f"{name}: a number in it is too long, or it is nested too deep", Cause.TOO_MUCH) from None


def _texts(listed: Sequence[object], name: str) -> Iterator[Document | UnreadableError]:
    for number, each in enumerate(listed[:MOST], 1):
        where = f"{name}: object {number}"
        try:
            yield _with_values(document_of(plain := _plain(each), where, name, number), plain)
        except UnicodeEncodeError:
            yield UnreadableError(f"{where}: not a text: it holds half a character, such as \\ud800", Cause.NOT_TEXT)
        except UnreadableError as error:
            yield error
    if len(listed) > MOST:
        yield UnreadableError(
            f"{name}: more than {MOST:,} objects; only those before are served; split it", Cause.TOO_MUCH
        )


def _is_table(listed: Sequence[object]) -> bool:
    """Whether objects have values in Arabic, and none is named as a text."""
    records = [each for each in listed if isinstance(each, dict)]
    kinds = (kind for record in records for key in record if (kind := kind_of(key)))
    if len(records) < len(listed) or any(kind in ("text", "answer") for kind, _ in kinds):
        return False
    return any(is_arabic(value) for record in records for value in _values(record).values())


def _rows(listed: Sequence[object]) -> Iterator[list[str]]:
    """Records that are no texts as rows of a sheet, below the names of their values."""
    records = [_values(each) for each in listed]
    names = list(dict.fromkeys(name for record in records for name in record))
    yield names
    yield from ([record.get(name, "") for name in names] for record in records)


def _values(each: object) -> dict[str, str]:
    """The values of a record that are words or numbers, by their names."""
    found = each.items() if isinstance(each, dict) else ()
    kinds = (str, int, float)
    return {key: str(value) for key, value in found if isinstance(value, kinds) and not isinstance(value, bool)}


def _with_values(document: Document, each: object) -> Document:
    """A document with the values of its record that are none of what it is made of."""
    beside = told_beside({name: value for name, value in _values(each).items() if not kind_of(name)})
    return replace(document, text=document.text + beside) if beside else document


def _plain(each: object) -> object:
    """An object with the words of what in it is HTML, as services give articles."""
    if not isinstance(each, dict):
        return each
    return {
        key: fragment_text(value) if isinstance(value, str) and _HTML.search(value) else value
        for key, value in each.items()
    }


def _listed(found: object, deep: int = 0) -> list[object] | None:
    """The list of objects of a file, which may stand deeper in it; or its questions, each with its answer."""
    if isinstance(found, list):
        return found
    if not isinstance(found, dict) or deep > _DEEPEST:
        return None
    if found and all(isinstance(value, str) for value in found.values()):
        asked = sum(asks(key) for key in found)
        return [{"question": key, "answer": value} for key, value in found.items()] if asked * 2 > len(found) else None
    lists = [each for value in found.values() if (each := _listed(value, deep + 1)) and isinstance(each[0], dict)]
    return lists[0] if len(lists) == 1 else None

"""A document as a row of the store: the columns that hold it, and what tells that it changed."""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date
from hashlib import sha256
from typing import Any

from retrieval.model import Document

_FIELDS = tuple(field.name for field in fields(Document))
COLUMNS = ", ".join(_FIELDS)
"""Their names, as SQL lists them."""


def row_of(document: Document) -> tuple[object, ...]:
    """The values of the columns, in their order."""
    found = asdict(document)
    found["published"] = document.published and document.published.isoformat()
    found["pages"] = json.dumps(document.pages)
    return tuple(found[name] for name in _FIELDS)


def document_of(row: Sequence[Any]) -> Document:
    """The document that they hold."""
    found = dict(zip(_FIELDS, row, strict=True))
    found["published"] = found["published"] and date.fromisoformat(found["published"])
    found["pages"] = tuple(json.loads(found["pages"]))
    return Document(**found)


def fingerprint(document: Document) -> str:
    """What changes with anything that is shown or indexed of a document."""
    known = [getattr(document, name) for name in _FIELDS if name != "text"]  # the digest stands for it
    return sha256(repr(known).encode("utf-8", "surrogatepass")).hexdigest()

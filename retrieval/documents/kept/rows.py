"""A document as a row of the store: the tables, the columns that hold it, and what tells that it changed."""

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from hashlib import sha256
from typing import Any

from retrieval.errors import UnreadableError
from retrieval.model import Document, Part, digest_of

_FIELDS = tuple(field.name for field in fields(Document) if field.name not in ("parts", "recognised"))
COLUMNS = ", ".join(_FIELDS)
"""Their names, as SQL lists them."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, stamp TEXT NOT NULL, problems TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL, file TEXT NOT NULL, "offset" INTEGER, state INTEGER NOT NULL,
    fingerprint TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, url TEXT, published TEXT, path TEXT,
    heading INTEGER NOT NULL, author TEXT, language TEXT, pages TEXT NOT NULL, digest TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS document_ids ON documents (id);
CREATE INDEX IF NOT EXISTS document_digests ON documents (digest);
CREATE INDEX IF NOT EXISTS document_files ON documents (file, key);
CREATE INDEX IF NOT EXISTS listed ON documents (file, key) WHERE state <> 2;
CREATE INDEX IF NOT EXISTS newest ON documents (published DESC, file, key) WHERE published IS NOT NULL AND state <> 2;
CREATE INDEX IF NOT EXISTS pending ON documents (state) WHERE state <> 1;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
"""The tables of the store, made where there are none."""


def row_of(document: Document) -> tuple[object, ...]:
    """The values of the columns, in their order."""
    found = {name: getattr(document, name) for name in _FIELDS}
    found["published"] = document.published and document.published.isoformat()
    parts = [part.told() for part in document.parts]
    # All in one column: so an index that was written before documents had parts is still read.
    layout = {"pages": document.pages, "parts": parts, "recognised": document.recognised}
    found["pages"] = json.dumps(layout if parts or document.recognised is not None else document.pages)
    return tuple(found.values())


def document_of(row: Sequence[Any]) -> Document:
    """The document that they hold."""
    found = dict(zip(_FIELDS, row, strict=True))
    found["published"] = found["published"] and date.fromisoformat(found["published"])
    layout = json.loads(found.pop("pages"))
    if not isinstance(layout, dict):
        layout = {"pages": layout, "parts": ()}
    parts = tuple(map(Part.of, layout["parts"]))
    return Document(**found, pages=tuple(layout["pages"]), parts=parts, recognised=layout.get("recognised"))


def stored_of(row: Sequence[Any]) -> Document:
    """The same, with the text that was stored. Raises UnreadableError where it is another one now."""
    if document := undamaged(row):
        return document
    raise UnreadableError(f"{row[0]}: its stored text is damaged")


def undamaged(row: Sequence[Any]) -> Document | None:
    """The same; None where it is another one."""
    document = document_of(row)
    return document if digest_of(document.text) == document.digest else None


def fingerprint(document: Document) -> str:
    """What changes with anything that is shown or indexed of a document."""
    known = [getattr(document, name) for name in _FIELDS if name != "text"]  # the digest stands for it
    known += [part.told() for part in document.parts]
    known += [] if document.recognised is None else [document.recognised]
    return sha256(repr(known).encode("utf-8", "surrogatepass")).hexdigest()

"""The permanent name of a quote, and what is told of it: what stood there, and what stands there now.

A reference is made of nothing but the quote: of the text that it is of, by its digest, of the document's id, and of the
characters. So it is the same whoever asks, and needs no list of those that were given.
"""

import re
from base64 import b32decode, b32encode
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Literal, Self

from retrieval.model import Change, Document, Quote, Span

LONGEST_QUOTE = 4000
"""Characters of the longest stretch that a reference names: a little more than the longest quote."""

_TEXT, _NAME = 15, 5  # hexadecimal digits of the digests of text and id: together 80 bits, 16 letters
_FORM = re.compile(r"([a-z2-7]{16})-(\d{1,9})-(\d{1,9})", re.ASCII)
_DIGITS = {0x660 + digit: str(digit) for digit in range(10)} | {0x6F0 + digit: str(digit) for digit in range(10)}
_SHAPELESS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"))

Kind = Literal["unchanged", "changed", "withdrawn", "unreached"]


@dataclass(frozen=True, slots=True)
class Reference:
    """The name of a stretch of one version of a document: «b3okd6yz5l2nq4xa-120-231» as ``str``.

    ``version``: the first digits of the digest of its text; ``name``: those of the digest of its document's id;
    ``span``: characters of that text.
    """

    version: str
    name: str
    span: Span

    @classmethod
    def of(cls, document: Document, span: Span) -> Self:
        """The name of a stretch of a document."""
        return cls(document.digest[:_TEXT], _name(document.id), span)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What a text names: a reference, or an address of the web that ends with one; None where that is none."""
        told = text.strip().rpartition("/")[2].translate(_SHAPELESS).translate(_DIGITS)
        found = _FORM.fullmatch(told.strip().lower())
        if found is None:
            return None
        start, end = int(found[2]), int(found[3])
        if not start < end <= start + LONGEST_QUOTE:
            return None
        digits = b32decode(found[1].upper()).hex()
        return cls(digits[:_TEXT], digits[_TEXT:], Span(start, end))

    def __str__(self) -> str:
        key = b32encode(bytes.fromhex(self.version + self.name)).decode().lower()
        return f"{key}-{self.span.start}-{self.span.end}"

    def is_of(self, document: Document) -> bool:
        """Whether it names a stretch of this version of this document, if that is long enough."""
        return document.digest.startswith(self.version) and _name(document.id) == self.name


@dataclass(frozen=True, slots=True)
class Cited:
    """What a reference shows.

    ``reference``: in its plain form. ``kind``: "unchanged" where the words stand word for word in the document as it is
    now, be it edited elsewhere; "changed" where they stand there otherwise; "withdrawn" where neither does: the
    document is gone, or these words of it, or the operator had the version purged; "unreached" where what stands now
    cannot be told, as while a disk is away.

    ``then``: what stood there, a quote of that version of its document; None only where it was purged. ``now``: what
    stands there now, read afresh: of the same document or, where that moved, of the one with its text; None where
    nothing does. ``changes``: the words in which they differ, in order: ``start`` and ``end`` count characters of
    ``then.document.text``, ``source_start`` and ``source_end`` of ``now.document.text``; "added" ones stand only now,
    "dropped" ones stood only then. ``until``: the day from which that version was no longer served; None where it is
    still, or nobody saw it go.
    """

    reference: str
    kind: Kind
    then: Quote | None = None
    now: Quote | None = None
    changes: tuple[Change, ...] = ()
    until: date | None = None


def _name(document_id: str) -> str:
    return sha256(document_id.encode("utf-8", "surrogatepass")).hexdigest()[:_NAME]

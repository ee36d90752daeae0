"""The values that pass through the library. Pure, frozen, importing nothing of ours.

Every offset in this file counts characters (Unicode code points) of ``Document.text``; ends are excluded.
What a reader is shown is always ``document.text[start:end]``: no type here can hold any other text to show.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, Literal

_LONGEST_TITLE = 40  # characters of a title that leave room for a question beside it
Role = Literal["question", "heading", "columns", "item"]
Standing = Literal["exact", "spelling", "altered", "pieced", "absent"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document's text: characters ``start`` to ``end``, ``end`` excluded, never empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: {self.start} to {self.end}")

    def of(self, text: str) -> str:
        """The stretch of ``text`` that this span names."""
        return text[self.start : self.end]

    def holds(self, other: "Span") -> bool:
        """Whether ``other`` lies within this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Part:
    """What a stretch of a document is: a ``question`` of an FAQ, a ``heading``, the row that names the ``columns`` of a
    table, or an ``item`` of a list.

    ``level``: of a heading, from 1, the highest; of a question that is no heading 0. ``under``: what stands under it,
    the answer of a question; None for items, and where nothing does.
    """

    role: Role
    span: Span
    level: int = 0
    under: Span | None = None

    def told(self) -> tuple[Any, ...]:
        """The same in strings, numbers and None, for a file or a pipe."""
        under = (self.under.start, self.under.end) if self.under else (None, None)
        return (self.role, self.span.start, self.span.end, self.level, *under)

    @staticmethod
    def of(told: Sequence[Any]) -> "Part":
        """What ``told`` gave."""
        role, start, end, level, under, last = told
        return Part(role, Span(start, end), level, None if under is None else Span(under, last))


@dataclass(frozen=True, slots=True)
class Document:
    """One source. ``text`` is what the loader made of the file, and is never edited.

    ``id`` is the path relative to the corpus, or the id of a ``.jsonl`` line. ``published`` is the day that
    the source itself was published, not a day that its text speaks of. ``heading`` counts the characters at
    the start of the text that are its title and are not quoted. ``language`` is a code such as "ar". ``pages``: the
    characters at which its pages begin; empty where it has none. ``parts``: what its markup and its lines say of its
    structure (``retrieval.documents.structure``), in the order of their beginnings. ``recognised``: where a machine
    read it from pictures of pages, how sure it was of the letters, from 0 to 1; None where its file had the letters.
    """

    id: str
    title: str
    text: str
    url: str | None = None
    published: date | None = None
    path: str | None = None
    heading: int = 0
    author: str | None = None
    language: str | None = None
    pages: tuple[int, ...] = ()
    parts: tuple[Part, ...] = field(default=(), repr=False, hash=False)
    recognised: float | None = None
    digest: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not self.digest:
            object.__setattr__(self, "digest", digest_of(self.text))

    def part_over(self, span: Span, role: Role) -> Part | None:
        """The innermost part of a role under which a stretch stands; None where it stands under none."""
        for place in range(bisect_right(self.parts, span.start, key=_start), 0, -1):
            part = self.parts[place - 1]
            if part.role == role and part.under:
                if part.under.holds(span):
                    return part
                if role == "question":  # one ends where the next one begins
                    return None
        return None

    def part_at(self, span: Span) -> Part | None:
        """The part, with something under it, of whose own words a stretch is; None where it is of none."""
        place = bisect_right(self.parts, span.start, key=_start)
        part = self.parts[place - 1] if place else None
        return part if part and part.under and part.span.holds(span) else None

    @property
    def questions(self) -> list[Part]:
        """The questions of an FAQ, in order."""
        return [part for part in self.parts if part.role == "question"]

    @property
    def headings(self) -> frozenset[int]:
        """The characters at which headings begin under which something stands."""
        return frozenset(part.span.start for part in self.parts if part.role == "heading" and part.under)

    def titled(self, span: Span) -> str:
        """What a stretch stands under: the document's title and, where there is one, the question that it answers, or
        the heading that is not in it; that alone where the title is long, or in it."""
        part = self.part_over(span, "question") or self.part_over(span, "heading")
        words = " ".join(part.span.of(self.text).split()) if part and not span.holds(part.span) else ""
        if not words or words in self.title:
            return self.title
        says_more = len(self.title) <= _LONGEST_TITLE and self.title not in words
        return f"{self.title}: {words}" if says_more else words


def _start(part: Part) -> int:
    return part.span.start


def digest_of(text: str) -> str:
    """The hash that tells whether a stored text is still the one that was indexed."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Passage:
    """What is indexed: a paragraph of a document, or short ones joined, or a part of a long one.

    ``version`` is the digest of the text that ``span`` is of: while a document is replaced there may be two.
    """

    document_id: str
    span: Span
    version: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that shares a term with the query, and its score (any real number, larger is better)."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class Source:
    """The name of a document, for lists that show no text of it."""

    document_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a document that answers, word for word.

    ``highlights`` are the words in it that answer, best first: spans of the document inside ``span``.
    ``paragraph`` counts those below the heading, from 1. ``also`` names other documents with nearly the same words.
    ``probability``: how sure it is that it answers, between 0 and 1. ``heading``: the question that it answers, or the
    heading or the columns of the table under which it stands, where a reader needs that: a span of the document.
    """

    document: Document
    span: Span
    highlights: tuple[Span, ...] = ()
    score: float = 0.0
    paragraph: int = 1
    also: tuple[Source, ...] = ()
    probability: float = 0.0
    heading: Span | None = None

    def __post_init__(self) -> None:
        if self.span.end > len(self.document.text):
            raise ValueError(f"a quote ends outside its document: {self.document.id}, {self.span}")
        if not all(self.span.holds(h) for h in self.highlights):
            raise ValueError(f"a highlight lies outside its quote: {self.document.id}, {self.span}")

    @property
    def text(self) -> str:
        """The quoted words, exactly as the source has them."""
        return self.span.of(self.document.text)

    @property
    def place(self) -> str:
        """Where in the document the quote stands, in words for the reader: its page, else its paragraph."""
        return f"صفحة {self.page}" if self.page else f"فقرة {self.paragraph}"

    @property
    def page(self) -> int | None:
        """The page of the document on which the quote begins, from 1; None where it has no pages."""
        return bisect_right(self.document.pages, self.span.start) or None


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both ends included, that a question speaks of. ``is_relative``: named from today («اليوم»), so that a
    source's own day is meant; a date that is named outright may be the day of what is told instead."""

    first: date
    last: date
    is_relative: bool = False

    def holds(self, day: date | None) -> bool:
        """Whether a day, if it is known, lies within."""
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Answer:
    """What the library says to a question: quotes, or a refusal that still helps.

    ``question`` is as asked, ``searched`` what was looked for instead where a word was mended, else the same.
    ``confidence`` is between 0 and 1, for refusals too. ``found_words`` and ``missing_words`` are the
    question's own words, which the best passage, or what it stands under, holds or does not; ``nearest`` names the
    documents that come closest, for a refusal, and ``openings`` are their first sentences, as far as they have any.
    ``meant``: the question with one word repaired, which would be answered.
    ``differ``: the first quotes are of dated documents that disagree, the newest first; of one day, the best first.
    ``period``: the days of publication that the question asked for, where that changed the answer, or of which there is
    nothing to be told; ``in_period``: whether the quotes are of those days, or of others because those hold no answer.
    ``newest_first``: the newest was asked for, and quotes of several days are in that order. ``leans``: the question
    was joined to the one before it.
    ``shown``: how many of the first quotes are shown at once; the others a reader may ask for. ``unreachable``: there
    are no quotes because sources that may hold some cannot be read now, as where a disk is away. ``news``: news were
    wanted, and each quote is the first sentence of a document, the newest first. ``names_only``: the question is in
    another language, and only the names in it were searched for. ``unsaid``: of a question that yes or no would answer,
    its words of which the quotes shown at once say nothing.
    """

    question: str
    searched: str
    quotes: tuple[Quote, ...] = ()
    confidence: float = 0.0
    found_words: tuple[str, ...] = ()
    missing_words: tuple[str, ...] = ()
    nearest: tuple[Source, ...] = ()
    differ: bool = False
    period: Period | None = None
    in_period: bool = False
    newest_first: bool = False
    leans: bool = False
    shown: int = 1
    unreachable: bool = False
    openings: tuple[Quote, ...] = ()
    meant: str | None = None
    news: bool = False
    names_only: bool = False
    unsaid: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether there is anything to quote."""
        return bool(self.quotes)

    @property
    def at_once(self) -> tuple[Quote, ...]:
        """The quotes that are shown at once."""
        return self.quotes[: self.shown]


@dataclass(frozen=True, slots=True)
class Change:
    """Words in which a text that is checked differs from its source: ``added`` there, ``dropped``, or ``changed``.

    Characters ``start`` to ``end`` are of the text, the others of the source's document; the two are equal, a place
    between words, where there are none.
    """

    kind: Literal["added", "dropped", "changed"]
    start: int
    end: int
    source_start: int
    source_end: int


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence of a text that is checked, and where it stands.

    ``kind``: "exact" as it stands in its source, "spelling" but for spelling, marks or punctuation, "altered" in its
    words, "pieced" from places that are apart, "absent". ``quotes``: what it was taken from, each highlighting what
    was changed; several where it is pieced. ``changed``: the changes, each with the quote from which it departs.
    ``is_part``: the source's own sentence has more words.
    """

    span: Span
    kind: Standing
    quotes: tuple[Quote, ...] = ()
    changed: tuple[tuple[Quote, Change], ...] = ()
    is_part: bool = False

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes alone."""
        return tuple(change for _, change in self.changed)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the sources say to a text that is checked. ``kind`` is of the whole of it, ``sentences`` make it up but for
    white space. ``unreachable``: it may stand in sources that cannot be read now. ``is_cut``: it was too long, and this
    is of its first sentences alone."""

    text: str
    kind: Standing
    sentences: tuple[Checked, ...] = ()
    unreachable: bool = False
    is_cut: bool = False

    @property
    def stands(self) -> bool:
        """Whether all of it is quoted word for word, or but for spelling."""
        return self.kind in ("exact", "spelling") and not self.is_cut

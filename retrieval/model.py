"""The values that pass through the library. Pure, frozen, importing nothing of ours.

Every offset in this file counts characters (Unicode code points) of ``Document.text``; ends are excluded.
What a reader is shown is always ``document.text[start:end]``: no type here can hold any other text to show.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256


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
class Document:
    """One source. ``text`` is what the loader made of the file, and is never edited.

    ``id`` is the path relative to the corpus, or the id of a ``.jsonl`` line. ``published`` is the day that
    the source itself was published, not a day that its text speaks of. ``heading`` counts the characters at
    the start of the text that are its title and are not quoted. ``language`` is a code such as "ar". ``pages``: the
    characters at which its pages begin; empty where it has none.
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
    digest: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not self.digest:
            object.__setattr__(self, "digest", digest_of(self.text))


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
    ``probability``: how sure it is that it answers, between 0 and 1.
    """

    document: Document
    span: Span
    highlights: tuple[Span, ...] = ()
    score: float = 0.0
    paragraph: int = 1
    also: tuple[Source, ...] = ()
    probability: float = 0.0

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
    question's own words; ``nearest`` names the documents that come closest, for a refusal.
    ``differ``: the first quotes are of dated documents that disagree, the newest first; of one day, the best first.
    ``period``: the days of publication that the question asked for, where that changed the answer; ``in_period``:
    whether the quotes are of those days, or of others because those hold no answer. ``newest_first``: the newest was
    asked for, and quotes of several days are in that order. ``leans``: the question was joined to the one before it.
    ``shown``: how many of the first quotes are shown at once; the others a reader may ask for. ``unreachable``: there
    are no quotes because sources that may hold some cannot be read now, as where a disk is away.
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

    @property
    def found(self) -> bool:
        """Whether there is anything to quote."""
        return bool(self.quotes)

    @property
    def at_once(self) -> tuple[Quote, ...]:
        """The quotes that are shown at once."""
        return self.quotes[: self.shown]

"""Loads ``.pdf``: the text of its pages, letters in the order in which they are read, and where each page begins.

A page whose letters nobody can tell is left out and named with the reason. One that is a picture is read by a machine
where that is installed (``retrieval.documents.scans``), and stands in a document of its own; else it is named as well.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from retrieval.documents.loaders.reading import LONGEST, first_words, title_of
from retrieval.documents.pdf import fonts, pdfium
from retrieval.documents.pdf.judging import PICTURE, Trouble, trouble
from retrieval.documents.pdf.layout import joined
from retrieval.documents.pdf.lines import SENTENCE_END, Line, usual_size
from retrieval.documents.pdf.pictures import picture
from retrieval.documents.pdf.reading import read
from retrieval.documents.progress import tell
from retrieval.documents.said import author, day_of, title
from retrieval.documents.scans import recognition
from retrieval.documents.scans.pages import MOST, Recognised, heard
from retrieval.errors import Cause, UnreadableError, UnreadScansError
from retrieval.model import Document, Span

_LONGEST_HEADING = 200  # characters
_TOP, _PARAGRAPHS = 2000, 5  # characters, and paragraphs, of a text among which its headline stands
_LARGER = 1.3  # times the usual size
_TOLD_EACH = 20  # pages
_BLURRED = Trouble(Cause.BLURRED, "a scan that cannot be read well enough; scan it again, larger and cleaner")


def load(
    content: bytes, name: str, *, scans: Mapping[str, Sequence[object]] | None = None, most: int = MOST
) -> Iterator[Document | UnreadableError]:
    """The document of a PDF, and that of its scanned pages, after the pages that cannot be read. Raises UnreadableError
    where none can.

    ``scans``: what a machine read of scanned pages (``told`` of ``scans.pages``), where others are to be read later;
    by itself they are read at once. ``most``: how many are, at most.
    """
    with closing(pdfium.opened(content, name)) as document:
        said = document.get_metadata_dict()
        pages = []
        for number, page in enumerate(pdfium.pages(document, fonts.rooms(content)), 1):
            pages.append(_Page(page))
            if number % _TOLD_EACH == 0:
                tell(number, len(document))
        scanned, unread = _scanned(document, pages, scans, most)
    problems = list(_problems(pages, name))
    if unread:
        why = f"page {_ranges(number + 1 for number in unread)}: a scan, which a machine reads in a while"
        problems.insert(0, UnreadScansError(f"{name}: {why}", unread))
    lines = [[] if page.trouble else page.lines for page in pages]
    text, starts = joined(lines, from_right=sum(page.from_right for page in pages) * 2 >= len(pages))
    if not text and not scanned:
        raise problems[0] if problems else UnreadableError(f"{name}: no text in it", Cause.EMPTY)
    if len(text) > LONGEST:
        raise UnreadableError(f"{name}: more than {LONGEST} characters; split it", Cause.TOO_MUCH)
    yield from problems
    if scanned:
        yield _scan(scanned, len(pages), name if not text else f"{name}#scan", name)
    if not text:
        return
    headline = _headline(text, lines)
    yield Document(
        id=name,
        title=title_of(title(said.get("Title", "")) or headline.of(text)),
        text=text,
        published=day_of(said.get("CreationDate", "")),
        path=name,
        heading=_heading(text, headline),
        author=author(said.get("Author", "")),
        pages=starts,
    )


class _Page:
    """A page's lines in reading order; ``trouble`` says why it has none that may be shown."""

    def __init__(self, page: pdfium.Page) -> None:
        found = read(page)
        self.from_right = found.from_right
        self.trouble = trouble(found, page)
        self.lines = found.lines


def _scanned(
    document: Any, pages: list[_Page], scans: Mapping[str, Sequence[object]] | None, most: int
) -> tuple[list[tuple[int, Recognised]], list[int]]:
    """The scanned pages as a machine read them, and those that it has yet to read, by their numbers from 0."""
    known = heard(scans or {})
    unread = list(_unread(pages, known, most))
    if scans is None:
        known, unread = dict(_recognised(document, unread)), []
    return list(_told_well(pages, known)), unread


def _unread(pages: list[_Page], known: Mapping[int, Recognised], most: int) -> Iterator[int]:
    """The scanned pages that a machine can read and has not, by their numbers from 0; of those that are not to be read
    that is said."""
    wanted = [number for number, page in enumerate(pages) if page.trouble == PICTURE] if recognition.data() else []
    for number in wanted[most:]:
        pages[number].trouble = Trouble(
            Cause.SCAN, f"a scan after the first {most} of a file, which are read; split it"
        )
    for number in wanted[:most]:
        if number not in known:
            pages[number].trouble = None
            yield number


def _recognised(document: Any, numbers: Sequence[int]) -> Iterator[tuple[int, Recognised]]:
    for done, number in enumerate(numbers, 1):
        yield number, recognition.recognised(picture(document, number, recognition.RESOLUTION))
        tell(done, len(numbers))


def _told_well(pages: list[_Page], known: Mapping[int, Recognised]) -> Iterator[tuple[int, Recognised]]:
    """The scanned pages that a machine could read, by their numbers from 0; of the others that is said."""
    for number, found in sorted(known.items()):
        pages[number].trouble = None
        if found.text and found.confidence * 100 >= recognition.ILLEGIBLE:
            yield number, found
        else:
            pages[number].trouble = _BLURRED


def _scan(scanned: list[tuple[int, Recognised]], count: int, where: str, name: str) -> Document:
    """The document of the pages that a machine read."""
    text, starts = "", []
    by_number = dict(scanned)
    for number in range(count):
        text += "\n\n" if number in by_number and text else ""
        starts.append(len(text))
        text += by_number[number].text if number in by_number else ""
    letters = sum(len(found.text) for _, found in scanned)
    sure = sum(found.confidence * len(found.text) for _, found in scanned) / letters
    return Document(
        id=where,
        title=first_words(text.partition("\n")[0]),
        text=text,
        path=name,
        pages=tuple(starts),
        recognised=round(sure, 3),
    )


def _problems(pages: list[_Page], name: str) -> Iterator[UnreadableError]:
    """What is said of the pages that are left out, those of one reason together."""
    for one in dict.fromkeys(page.trouble for page in pages if page.trouble):
        numbers = [number for number, page in enumerate(pages, 1) if page.trouble == one]
        yield UnreadableError(f"{name}: page {_ranges(numbers)}: {one.said}", one.cause)


def _ranges(numbers: Iterable[int]) -> str:
    """Numbers in a row as «3-5, 8»."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][-1] == number - 1:
            found[-1][1:] = [number]
        else:
            found.append([number])
    return ", ".join("-".join(map(str, ends)) for ends in found)


def _headline(text: str, pages: Sequence[Sequence[Line]]) -> Span:
    """The first line or, where one of the first paragraphs is set larger than it and than all else, that paragraph:
    below the name of a newspaper and the day stands what the page is about."""
    first = Span(0, len(text.partition("\n")[0]))
    lines = next(filter(None, pages), [])
    largest = max(lines, key=lambda line: line.size, default=None)
    if largest is None or largest.size < usual_size(line for page in pages for line in page) * _LARGER:
        return first
    start = 0
    for paragraph in text[:_TOP].split("\n\n")[:_PARAGRAPHS]:
        is_whole = start + len(paragraph) < min(len(text), _TOP) and len(paragraph) <= _LONGEST_HEADING
        if is_whole and paragraph.startswith(largest.text):
            return Span(start, start + len(paragraph))
        start += len(paragraph) + 2
    return first


def _heading(text: str, headline: Span) -> int:
    """Where the headline ends, if it reads like one."""
    words = headline.of(text)
    is_one = headline.end < len(text) and len(words) <= _LONGEST_HEADING and not SENTENCE_END.search(words)
    return headline.end if is_one else 0

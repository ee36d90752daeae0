"""A document as a page shows it: leaf by leaf, in blocks, with the words of a quote marked. All of it is slices."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.showing.markup import as_seen
from retrieval.model import Document, Part, Span

LEAF = 15_000
"""Characters of a leaf: some ten minutes of reading, and a page that a phone lays out at once."""
DEEPEST = 4
"""The level of the deepest heading; the title of the page has the first."""

Kind = Literal["heading", "item", "text"]


@dataclass(frozen=True, slots=True)
class Run:
    """Some characters of a text as a reader sees them. ``is_first``: of the marked ones, those with which they begin;
    ``is_last``: those with which they end."""

    text: str
    is_marked: bool = False
    is_first: bool = False
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A line of a document. ``level``: of a heading, from 2; ``is_apart``: an empty line stands before it."""

    kind: Kind
    runs: tuple[Run, ...]
    level: int = 0
    is_apart: bool = False


def leaves(document: Document) -> list[Span]:
    """The stretches of a document, one after another, that a page shows each; without its title where that begins it.

    Each ends with a line, or with a word where none does.
    """
    text, start, found = document.text, _beginning(document), []
    while len(text) - start > LEAF:
        middle, last = start + LEAF // 2, start + LEAF
        stop = max(text.rfind("\n", middle, last), -1) + 1 or text.rfind(" ", middle, last) + 1 or last
        found.append(Span(start, stop))
        start = stop
    return [*found, Span(start, len(text))] if start < len(text) else found


def leaf_of(parts: Sequence[Span], span: Span) -> int:
    """The number, from 0, of the leaf on which a stretch begins."""
    return max(0, bisect_right(parts, span.start, key=lambda part: part.start) - 1)


def blocks(document: Document, shown: Span, mark: Span | None = None) -> list[Block]:
    """The lines of a stretch of a document, with what of ``mark`` stands in them marked."""
    found: list[Block] = []
    level, is_apart = 1, False
    for line in _lines(document.text, shown):
        runs = tuple(_runs(document.text, line, mark))
        if not "".join(run.text for run in runs).strip():
            is_apart = bool(found)
            continue
        part = _part_at(document, line)
        kind = _kind(part)
        if kind == "heading":
            level = min(level + 1, 1 + max(1, part.level if part else 1), DEEPEST)
        found.append(Block(kind, runs, level if kind == "heading" else 0, is_apart))
        is_apart = False
    return found


def runs(text: str, span: Span, marks: Sequence[Span]) -> list[Run]:
    """A stretch of a text, the characters of ``marks`` marked, those of several once."""
    found, at = [], span.start
    for mark in sorted(marks, key=lambda one: one.start):
        start, end = max(mark.start, at), min(max(mark.end, at), span.end)
        if start < end:
            found += [Run(as_seen(text[at:start]))] if at < start else []
            found.append(Run(as_seen(text[start:end]), is_marked=True))
            at = end
    return [*found, Run(as_seen(text[at : span.end]))] if at < span.end else found


def _beginning(document: Document) -> int:
    """Where the text begins below the title that the page shows over it."""
    title = document.text[: document.heading]
    return document.heading if title.split() == document.title.split() else 0


def _lines(text: str, shown: Span) -> Iterator[Span]:
    start = shown.start
    while start < shown.end:
        stop = text.find("\n", start, shown.end)
        stop = shown.end if stop < 0 else stop
        if start < stop:
            yield Span(start, stop)
        start = stop + 1


def _runs(text: str, line: Span, mark: Span | None) -> Iterator[Run]:
    if mark is None or mark.end <= line.start or line.end <= mark.start:
        yield Run(as_seen(line.of(text)))
        return
    start, end = max(mark.start, line.start), min(mark.end, line.end)
    if line.start < start:
        yield Run(as_seen(text[line.start : start]))
    # an end of the mark may be white space alone, whose line is not shown
    is_first = not text[mark.start : start].strip()
    is_last = not text[end : mark.end].strip()
    yield Run(as_seen(text[start:end]), is_marked=True, is_first=is_first, is_last=is_last)
    if end < line.end:
        yield Run(as_seen(text[end : line.end]))


def _part_at(document: Document, line: Span) -> Part | None:
    """The part of the document's structure that a line begins."""
    place = bisect_right(document.parts, line.end - 1, key=lambda part: part.span.start)
    found = document.parts[place - 1] if place else None
    return found if found and line.start <= found.span.start else None


def _kind(part: Part | None) -> Kind:
    if part is None or part.role == "columns":
        return "text"
    return "item" if part.role == "item" else "heading"

"""The rows of a sheet, as they are shown, to documents: a question and its answer each, an article each where columns
are of titles and of texts, or a sheet whose rows name the heads of their columns, or whose values stand behind labels.

A cell is a text without white space around it, "" where it is empty.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import PurePosixPath

from retrieval.documents.columns import LONGEST_NAME
from retrieval.documents.days import day_of
from retrieval.documents.fields import columns_of, is_label
from retrieval.documents.loaders.reading import bounded, first_words, heading_of, title_of, web_address
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document

MOST = 50_000  # rows of a file that are read
WIDEST = 100  # cells of a row that are read

_SEARCHED = 20  # rows at the top among which the heads of the columns stand
_COMPARED = 5  # rows that are looked at
_QUESTION = re.compile(r"[؟?]\s*$")
_ASKED_AND_TOLD = {"question", "answer"}
_MOSTLY = 0.6  # of the rows of questions and answers end in a question mark
_UNNAMED = re.compile(
    r"(?:sheet|ورقة|feuille|table|tableau)?\s*_?\d{0,3}", re.I
)  # what a program calls a sheet by itself
_NUMBER = re.compile(r"[\d\s.,:/٠-٩٪%+-]*")
_FEWEST, _HALF = 3, 0.5  # rows of values behind labels, and the share of labels that are known as such


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a file: what it is called there, and its rows from the top."""

    name: str
    rows: Iterable[Sequence[str]]


def spread(rows: Iterable[tuple[list[str], Iterable[tuple[int, int]]]]) -> Iterator[list[str]]:
    """The rows of a sheet, a cell that spans several standing in each that has nothing there. With each row come its
    cells that span more: the column of each, from 0, and over how many rows it goes."""
    above: dict[int, tuple[int, str]] = {}  # by column: how many rows are left, and what is shown
    for cells, spanning in rows:
        above |= {at: (down, cells[at] if at < len(cells) else "") for at, down in spanning if at < WIDEST}
        for at, (left, shown) in list(above.items()):
            if at < len(cells):
                cells[at] = cells[at] or shown
            above[at] = left - 1, shown
            if left <= 1:
                del above[at]
        yield cells


def documents(sheets: Iterable[Sheet], name: str) -> Iterator[Document | UnreadableError]:
    """The documents of the sheets of a file, their ids ``name`` and the place in it; last, that it holds more rows than
    are read. Raises UnreadableError where there is no row."""
    left, is_any = MOST, False
    for sheet in sheets:
        rows = [row for row in map(_trimmed, islice(sheet.rows, left + 1)) if row]
        is_full = len(rows) > left
        for document in _documents(Sheet(sheet.name, rows[:left]), name):
            is_any = True
            yield document
        left -= len(rows)
        if is_full:
            yield UnreadableError(
                f"{name}: more than {MOST:,} rows; only those before are served; split it", Cause.TOO_MUCH
            )
            return
    if not is_any:
        raise UnreadableError(f"{name}: no rows in it", Cause.EMPTY)


def _trimmed(row: Sequence[str]) -> list[str]:
    cells = list(islice(row, WIDEST))
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _documents(sheet: Sheet, name: str) -> Iterator[Document]:
    rows = list(sheet.rows)
    if not rows:
        return
    if pair := _pair(rows):
        yield from _answered(rows, pair, sheet, name)
    elif articles := _articles(rows):
        yield from _told(rows, *articles, sheet, name)
    else:
        yield _listed(rows, sheet, name)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Where questions and answers stand: their columns, and the row at which they begin."""

    question: int
    answer: int
    first: int


def _pair(rows: Sequence[Sequence[str]]) -> _Pair | None:
    """By the heads of the columns; else by the question marks of two columns. None where it is no such sheet."""
    for at, row in enumerate(rows[:_SEARCHED]):
        named = columns_of(row)
        is_named_below = columns_of(rows[at + 1] if at + 1 < len(rows) else ()).keys() >= _ASKED_AND_TOLD
        if named.keys() >= _ASKED_AND_TOLD and not is_named_below:
            return _Pair(named["question"], named["answer"], at + 1)
    used = sorted({at for row in rows for at, cell in enumerate(row) if cell and not _NUMBER.fullmatch(cell)})
    if len(used) == 2:
        for question, answer in (used, used[::-1]):
            asked = [bool(_QUESTION.search(_cell(row, question))) for row in rows if _cell(row, answer)]
            if asked and sum(asked) >= _MOSTLY * len(asked):
                return _Pair(question, answer, 0)
    return None


def _answered(rows: Sequence[Sequence[str]], pair: _Pair, sheet: Sheet, name: str) -> Iterator[Document]:
    for number, row in enumerate(rows[pair.first :], pair.first + 1):
        question, answer = _cell(row, pair.question), _cell(row, pair.answer)
        if not question or not answer:
            continue
        question = " ".join(question.split())
        where = f"{name}#{sheet.name}!{number}" if sheet.name else f"{name}#{number}"
        text = bounded(f"{question}\n{answer}", where)
        yield Document(id=where, title=title_of(question), text=text, path=name, heading=len(question))


def _articles(rows: Sequence[Sequence[str]]) -> tuple[dict[str, int], int] | None:
    """The columns of a sheet of articles, by what they are, and the row at which these begin; None for another."""
    for at, row in enumerate(rows[:_SEARCHED]):
        named = columns_of(row)
        if "title" in named and "text" in named:
            return named, at + 1
    return None


def _told(
    rows: Sequence[Sequence[str]], named: Mapping[str, int], first: int, sheet: Sheet, name: str
) -> Iterator[Document]:
    heads = rows[first - 1]
    for number, row in enumerate(rows[first:], first + 1):
        cells = {kind: _cell(row, at) for kind, at in named.items()}
        if not cells["text"]:
            continue
        where = f"{name}#{sheet.name}!{number}" if sheet.name else f"{name}#{number}"
        beside = told_beside({head: _cell(row, at) for at, head in enumerate(heads) if at not in named.values()})
        yield Document(
            id=where,
            title=title_of(cells["title"]) or first_words(cells["text"]),
            text=bounded(f"{cells['text']}{beside}", where),
            url=web_address(cells.get("url")),
            published=day_of(cells.get("published")),
            path=name,
        )


def _listed(rows: Sequence[Sequence[str]], sheet: Sheet, name: str) -> Document:
    """A sheet as one document: what stands above the heads, then a paragraph for each row."""
    is_labelled = _are_labelled(rows)
    at = None if is_labelled else _heads(rows)
    heads, first = _names(rows, at) if at is not None else ([], 0)
    above, below = rows[: at or 0], rows[first:]
    told = [_labelled(row) for row in below] if is_labelled else [_line(row, heads) for row in below]
    lines = [" ".join(filter(None, row)) for row in above] + told
    where = f"{name}#{sheet.name}" if sheet.name else name
    text = bounded("\n\n".join(lines), where)
    is_headed = bool(above) or (is_labelled and len(list(filter(None, rows[0]))) == 1)
    own = "" if _UNNAMED.fullmatch(sheet.name) else sheet.name
    said = title_of(lines[0]) if is_headed else ""
    title = ": ".join(filter(None, dict.fromkeys((said, own)))) or title_of(PurePosixPath(name).stem)
    return Document(id=where, title=title, text=text, path=name, heading=heading_of(text, said) if said else 0)


def _are_labelled(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a sheet is no table but of values behind labels, a pair a row, as a form or a card of a thing is."""
    pairs = [cells for row in rows if len(cells := list(filter(None, row))) > 1]
    if len(pairs) < _FEWEST or any(len(cells) > 2 for cells in pairs):
        return False
    labels = [label for label, _ in pairs]
    are_names = all(len(label) <= LONGEST_NAME and not _NUMBER.fullmatch(label) for label in labels)
    return are_names and sum(map(is_label, labels)) >= _HALF * len(labels)


def _heads(rows: Sequence[Sequence[str]]) -> int | None:
    """The row that names the columns: the first of several cells, if they are words, and no values behind labels, and
    such rows follow."""
    for at, row in enumerate(rows[:_SEARCHED]):
        if sum(map(bool, row)) > 1:
            ended = [cell.endswith(":") for cell in row if cell]
            is_words = all(ended) is any(ended) and not any(_NUMBER.fullmatch(cell) for cell in row if cell)
            return at if is_words and any(sum(map(bool, each)) > 1 for each in rows[at + 1 :]) else None
    return None


def _names(rows: Sequence[Sequence[str]], at: int) -> tuple[list[str], int]:
    """The heads of the columns that a row names, alone or with the next, and the row below them."""
    first, second = ([" ".join(head.split()).rstrip(":؛،") for head in row] for row in (rows[at], rows[at + 1]))
    both = list(zip_longest(first, second, fillvalue=""))
    if not (any(own and not above for above, own in both) and _goes_on(both, rows[at + 2 :])):
        return first, at + 1
    heads, over = list[str](), ""
    for above, own in both:
        over = "" if above == own else above or over  # a head stands over the columns that have none of their own
        heads.append(f"{over} {own}".strip() if own else above)
    return heads, at + 2


def _goes_on(both: Iterable[tuple[str, str]], below: Sequence[Sequence[str]]) -> bool:
    """Whether heads go on in the row below: one spans both, or that is of words and those below it have numbers."""
    rows = [row for row in below if sum(map(bool, row)) > 1][:_COMPARED]
    are_told = all(any(_NUMBER.fullmatch(cell) for cell in row if cell) for row in rows)
    return any(own == above for above, own in both if own) or (
        bool(rows) and are_told and not any(_NUMBER.fullmatch(own) for _, own in both if own)
    )


def _line(row: Sequence[str], heads: Sequence[str]) -> str:
    """A row as one line, each cell behind the head of its column, or behind its label; a first cell that is alone is
    said of the rows, under no head."""
    cells = [(head, " ".join(cell.split())) for head, cell in zip_longest(heads, row, fillvalue="")]
    told = [f"{head}: {cell}" if head else cell for head, cell in cells if cell]
    if len(told) == 1 and len(heads) > 1 and cells[0][1]:
        return cells[0][1]
    return "".join(f"{cell}{_parting(cell)}" for cell in told[:-1]) + told[-1] if told else ""


def _labelled(row: Sequence[str]) -> str:
    label, *values = (" ".join(cell.split()) for cell in row if cell)
    return f"{label.rstrip(' :')}: {values[0]}" if values else label


def _parting(cell: str) -> str:
    return " " if cell.endswith(":") else "، "


def is_arabic(words: str) -> bool:
    """Whether any letter is."""
    return any("ء" <= letter <= "ي" for letter in words)


def told_beside(values: Mapping[str, str]) -> str:
    """The paragraph that stands below the text of a record for its other values, each behind its name: those that are
    named for readers, in Arabic; empty where there are none."""
    named = {name: value for name, value in values.items() if is_arabic(name)}
    line = _line(list(named.values()), list(named))
    return f"\n\n{line}" if line else ""


def _cell(row: Sequence[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""

"""The tables of a page: lines that stand beside each other, row below row, told from columns of text."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from retrieval.documents.pdf.lines import Line

_CELL = "\t"
_LONGEST_CELL = 4  # lines; what is longer is a column of text
_STEP = 2.0  # sizes from a line of a cell to its next
_FEWEST_ROWS = 2
_FEWEST_ALIKE, _FARTHEST_ALIKE = 3, 4.0  # cells, and sizes between rows, whose cells need not stand above each other

Row = list[list[Line]]


def blocks(lines: Sequence[Line], *, from_right: bool) -> Iterator[list[Line] | str]:
    """The lines of a page in runs of text, and the text of each table among them: its rows, parted by line breaks, of
    cells parted by tabs."""
    text: list[Line] = []
    for table in _tables(_rows(lines)):
        if len(table) >= _FEWEST_ROWS and all(len(row) > 1 for row in table):
            if text:
                yield text
                text = []
            yield "\n".join(_told(row, from_right) for row in table)
        else:
            text += (line for row in table for line in _lines(row, from_right))
    if text:
        yield text


def _rows(lines: Sequence[Line]) -> list[Row]:
    """Lines in the order in which they were drawn as rows of cells; a line of text is a row of one."""
    rows: list[Row] = []
    for line in lines:
        row = rows[-1] if rows else []
        if row and _is_next_cell(row, line):
            row.append([line])
        elif len(row) > 1 and _goes_on(row, line):
            row[-1].append(line)
        elif not _joins_above(rows, line):
            rows.append([[line]])
    return rows


def _is_next_cell(row: Row, line: Line) -> bool:
    return all(line.is_beside(cell[0]) or not _overlap(cell, line) for cell in row) and line.is_beside(row[0][0])


def _joins_above(rows: list[Row], line: Line) -> bool:
    """Makes the last lines of text the first cell of a row where this line stands beside the first of them."""
    for back in range(1, min(len(rows), _LONGEST_CELL) + 1):
        if len(rows[-back]) > 1 or (back > 1 and not _goes_on([rows[-back][0]], rows[1 - back][0][0])):
            return False
        if back > 1 and line.is_beside(rows[-back][0][0]):
            cell = [row[0][0] for row in rows[-back:]]
            if any(_overlap([each], line) for each in cell):
                return False
            rows[-back:] = [[cell, [line]]]
            return True
    return False


def _goes_on(row: Row, line: Line) -> bool:
    """Whether a line is the next of the last cell of a row, and of no other."""
    last = row[-1][-1]
    is_near = 0 < last.foot - line.foot < _STEP * last.size
    return is_near and _overlap(row[-1], line) and not any(_overlap(cell, line) for cell in row[:-1])


def _overlap(cell: Sequence[Line], line: Line) -> bool:
    return any(line.left < each.right and each.left < line.right for each in cell)


def _tables(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows that make one table, or one by one: of several cells, none of them long, each row below the one before, and
    one column at least in one place."""
    table: list[Row] = []
    for row in rows:
        if table and not _is_one_table(table[-1], row):
            yield table
            table = []
        table.append(row)
    if table:
        yield table


def _is_one_table(above: Row, row: Row) -> bool:
    if min(len(above), len(row)) < 2 or max(len(cell) for cell in above + row) > _LONGEST_CELL:
        return False
    lowest = min(cell[-1].foot for cell in above)
    shared = sum(any(_overlap(cell, line) for line in other) for cell in above for other in row)
    is_below = row[0][0].foot < lowest
    return is_below and (shared >= min(len(above), len(row)) or _is_alike(above, row, lowest - row[0][0].foot))


def _is_alike(above: Row, row: Row, step: float) -> bool:
    """Whether rows that are near have as many cells, each in the room of one: names may stand in the middle of their
    columns, and short words at their sides."""
    if len(above) != len(row) or len(row) < _FEWEST_ALIKE or step > _FARTHEST_ALIKE * row[0][0].size:
        return False
    rooms = [
        (min(line.left for line in cells), max(line.right for line in cells))
        for cells in map(list.__add__, _ordered(above, from_right=False), _ordered(row, from_right=False))
    ]
    return all(right < left for (_, right), (left, _) in pairwise(rooms))


def _lines(row: Row, from_right: bool) -> Iterator[Line]:
    """The lines of a row that is none of a table: a line with wide holes in it, such as one that is drawn out to its
    margin, and what goes on below; or columns in the order in which they were drawn."""
    if sum(len(cell) > 1 for cell in row) > 1:
        yield from (line for cell in row for line in cell)
        return
    yield from (cell[0] for cell in _ordered(row, from_right))
    yield from (line for cell in row for line in cell[1:])


def _ordered(row: Row, from_right: bool) -> Row:
    return sorted(row, key=lambda cell: -cell[0].right if from_right else cell[0].left)


def _told(row: Row, from_right: bool) -> str:
    cells = _ordered(row, from_right)
    return _CELL.join(" ".join(line.text for line in cell) for cell in cells)

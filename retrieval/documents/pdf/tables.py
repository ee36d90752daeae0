"""The tables of a page: cells that lines are drawn around, and lines that stand beside each other, row below row, told
from columns of text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise, product

from lxml import etree

from retrieval.documents.grid import straighten
from retrieval.documents.pdf.lines import Cell, Line

_CELL = "\t"
_LONGEST_CELL = 4  # lines; what is longer is a column of text
_STEP = 2.0  # sizes from a line of a cell to its next
_FEWEST_ROWS = 2
_FEWEST_ALIKE, _FARTHEST_ALIKE = 3, 4.0  # cells, and sizes between rows, whose cells need not stand above each other

_NEAR = 4.0  # points: sides of cells no farther apart are one
_FEWEST_CELLS, _LONGEST_DRAWN = 4, 8  # cells that are drawn, and lines of one
_FILLED = 0.4  # of the places of a table that is drawn have cells with words

Row = list[list[Line]]


def blocks(lines: Sequence[Line], *, from_right: bool) -> Iterator[list[Line] | str]:
    """The lines of a page in runs of text, and the text of each table among them: its rows, parted by line breaks, of
    cells parted by tabs."""
    tables = list(_drawn(lines))
    places = {id(line): at for at, table in enumerate(tables) for cell in table.values() for line in cell}
    others: list[Line] = []
    told: set[int] = set()
    for line in lines:
        at = places.get(id(line))
        if at is None:
            others.append(line)
        elif at not in told:
            told.add(at)
            yield from _blocks(others, from_right=from_right)
            yield from _rows_drawn(tables[at], from_right=from_right)
            others = []
    yield from _blocks(others, from_right=from_right)


def _drawn(lines: Sequence[Line]) -> Iterator[dict[Cell, list[Line]]]:
    """The tables whose cells have lines around them: the lines of text in each cell."""
    left: dict[Cell, list[Line]] = {}
    for line in lines:
        if line.cell:
            left.setdefault(line.cell, []).append(line)
    while left:
        table = dict([left.popitem()])
        waiting = list(table)
        while waiting:
            cell = waiting.pop()
            near = [other for other in left if cell.touches(other, _NEAR)]
            table |= {other: left.pop(other) for other in near}
            waiting += near
        if _is_table(table) and not any(_is_amid(line, table) for line in lines):
            yield table


def _is_table(cells: Mapping[Cell, Sequence[Line]]) -> bool:
    """Whether cells are those of a table, and no boxes that lay out a page."""
    columns, rows = _sides(cells)
    places = (len(columns) - 1) * (len(rows) - 1)
    is_wide = min(len(columns), len(rows)) > _FEWEST_ROWS and len(cells) >= _FEWEST_CELLS
    if not is_wide or max(map(len, cells.values())) > _LONGEST_DRAWN:
        return False
    taken = [place for cell in cells for place in product(*_spanned(cell, columns, rows))]
    return len(taken) == len(set(taken)) >= _FILLED * places


def _is_amid(line: Line, cells: Mapping[Cell, Sequence[Line]]) -> bool:
    """Whether a line stands among cells and in none of them, as where every second row has a ground of its own."""
    if line.cell in cells:
        return False
    left, right = min(cell.left for cell in cells), max(cell.right for cell in cells)
    floor, ceiling = min(cell.floor for cell in cells), max(cell.ceiling for cell in cells)
    return floor < line.foot < ceiling and left < (line.left + line.right) / 2 < right


def _sides(cells: Iterable[Cell]) -> tuple[list[float], list[float]]:
    """The upright sides of cells from the left, and the level ones from the top."""
    columns, rows = list[float](), list[float]()
    for x in sorted(x for cell in cells for x in (cell.left, cell.right)):
        columns += [x] if not columns or x - columns[-1] > _NEAR else []
    for y in sorted((y for cell in cells for y in (cell.floor, cell.ceiling)), reverse=True):
        rows += [y] if not rows or rows[-1] - y > _NEAR else []
    return columns, rows


def _spanned(cell: Cell, columns: Sequence[float], rows: Sequence[float]) -> tuple[range, range]:
    """The columns and the rows over which a cell goes."""
    left, right, top, bottom = (
        min(range(len(sides)), key=lambda at: abs(sides[at] - side))
        for sides, side in ((columns, cell.left), (columns, cell.right), (rows, cell.ceiling), (rows, cell.floor))
    )
    return range(left, right), range(top, bottom)


def _rows_drawn(cells: Mapping[Cell, Sequence[Line]], *, from_right: bool) -> Iterator[str]:
    """The text of a table by its cells, those that span several in each; a row of one cell is said of those below."""
    columns, rows = _sides(cells)
    table = etree.Element("table")
    placed = {}
    for cell, lines in cells.items():
        across, down = _spanned(cell, columns, rows)
        first = len(columns) - 1 - across.stop if from_right else across.start
        placed[down.start, first] = (across, down, " ".join(line.text for line in _in_order(lines, from_right)))
    taken: set[tuple[int, int]] = set()
    for at in range(len(rows) - 1):
        row = etree.SubElement(table, "tr")
        for column in range(len(columns) - 1):
            if (at, column) in taken:
                continue
            across, down, text = placed.get((at, column), (range(1), range(1), ""))
            cell_of = etree.SubElement(row, "td", rowspan=str(len(down)), colspan=str(len(across)))
            cell_of.text = text
            taken |= {(at + below, column + beside) for below in range(len(down)) for beside in range(len(across))}
    straighten(table)
    told = [[" ".join((cell.text or "").split()) for cell in row] for row in table]
    for _, run in groupby(filter(any, told), key=lambda row: sum(map(bool, row)) > 1):
        yield "\n".join(_CELL.join(row).rstrip(_CELL) for row in run)


def _in_order(lines: Sequence[Line], from_right: bool) -> list[Line]:
    return sorted(lines, key=lambda line: (-round(line.foot), -line.right if from_right else line.left))


def _blocks(lines: Sequence[Line], *, from_right: bool) -> Iterator[list[Line] | str]:
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

"""Tables whose cells span several rows or columns, or are empty, brought to rows of as many cells each: what spans rows
stands in each of them, and a dash where nothing does, so that no value slips below the name of another column.

Elements have HTML's names (``table``, ``tr``, ``td``, ``th``, ``rowspan``, ``colspan``).
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import islice

from lxml import etree

EMPTY = "—"
"""What stands for a cell without words before one that has some."""

_CELLS, _ROWS, _GROUPS = ("td", "th"), "tr", ("tbody", "thead", "tfoot")
_MOST_ROWS, _MOST_COLUMNS = 5000, 100  # of a table that is looked at
_LONGEST_CELL = 500  # characters; a table with a longer one lays out a page
_FEWEST = 2  # rows, and columns, of a table
_FILLED = 0.5  # of the rows of a column that counts have words in it
_DRAWN = ("img", "svg", "input", "object", "graphic")

Grid = list[list[etree._Element | None]]


def straighten(tree: etree._Element) -> None:
    """Changes the tables below an element, in place."""
    for table in [node for node in tree.iter("table") if next(node.iterdescendants("table"), None) is None]:
        rows = list(islice(_rows_of(table), _MOST_ROWS + 1))
        if _FEWEST <= len(rows) <= _MOST_ROWS and not any(map(_is_long, _cells_of(rows))):
            grid = _spread(rows)
            _lay(rows, grid)
            _fill(grid)


def _rows_of(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == _ROWS:
            yield child
        elif child.tag in _GROUPS:
            yield from child.iterchildren(_ROWS)


def _cells_of(rows: Sequence[etree._Element]) -> Iterator[etree._Element]:
    return (cell for row in rows for cell in row.iterchildren(*_CELLS))


def _is_long(cell: etree._Element) -> bool:
    return sum(len(text) for text in islice(cell.itertext(), _LONGEST_CELL)) > _LONGEST_CELL


def _spread(rows: Sequence[etree._Element]) -> Grid:
    """The cells of each row by their columns; one that spans rows again in each, None where one spans columns."""
    grid: Grid = []
    over: dict[int, tuple[int, etree._Element | None]] = {}  # what spans from above, by column: rows left, and the cell
    for row in rows:
        line: list[etree._Element | None] = []
        cells = list(row.iterchildren(*_CELLS))
        while len(line) < _MOST_COLUMNS and (cells or any(at >= len(line) for at in over)):
            if left := over.pop(len(line), None):
                count, cell = left
                if count > 1:
                    over[len(line)] = count - 1, cell
                line.append(None if cell is None else deepcopy(cell))
            elif cells:
                cell = cells.pop(0)
                down, across = _span(cell, "rowspan", len(rows) - len(grid)), _span(cell, "colspan", _MOST_COLUMNS)
                for extra in range(across):
                    if down > 1:
                        over[len(line)] = down - 1, None if extra else cell
                    line.append(None if extra else cell)
            else:
                line.append(None)
        grid.append(line)
    return grid


def _span(cell: etree._Element, name: str, most: int) -> int:
    written = str(cell.attrib.pop(name, "1"))
    return min(max(int(written), 1), most) if written.isdecimal() and len(written) < 5 else 1


def _lay(rows: Sequence[etree._Element], grid: Grid) -> None:
    """Puts the cells of a grid into their rows, new ones where there are none."""
    for row, line in zip(rows, grid, strict=True):
        for at, cell in enumerate(line):
            placed = etree.SubElement(row, "td") if cell is None else cell
            placed.tail = None
            row.append(placed)
            line[at] = placed


def _fill(grid: Grid) -> None:
    """Puts a dash into what is empty before a cell with words, in columns that have some."""
    widest = max(map(len, grid))
    filled = [[_has_words(cell) for cell in line] for line in grid]
    rows = [line for line in filled if sum(line) > 1]
    counts = [sum(line[at] for line in rows if at < len(line)) for at in range(widest)]
    if len(rows) < _FEWEST or sum(count >= _FILLED * len(rows) for count in counts) < _FEWEST:
        return
    for line, words in zip(grid, filled, strict=True):
        last = max((at for at, has in enumerate(words) if has), default=0)
        for at in range(last):
            cell = line[at]
            is_drawn = cell is None or next(cell.iter(*_DRAWN), None) is not None
            if cell is not None and not is_drawn and not words[at] and counts[at]:
                for child in list(cell):
                    cell.remove(child)
                cell.text = EMPTY


def _has_words(cell: etree._Element | None) -> bool:
    return cell is not None and any(text.strip() for text in cell.itertext())

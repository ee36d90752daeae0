"""Tables whose cells span several rows or columns, or are empty, brought to rows of as many cells each: what spans rows
stands in each of them, and a dash where nothing does, so that no value slips below the name of another column.

Of two rows of names, where some of the first span columns and others both rows, one is made.

Elements have HTML's names (``table``, ``tr``, ``td``, ``th``, ``rowspan``, ``colspan``).
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import islice, zip_longest

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
            _join_names(rows, grid)
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


def _join_names(rows: list[etree._Element], grid: Grid) -> None:
    """Writes what the first row names several columns together before what the second names each of them, and takes
    the first away."""
    if len(rows) <= _FEWEST or None not in grid[0] or not _are_names(rows, grid):
        return
    over: etree._Element | None = None
    for cell, above in zip_longest(grid[1], grid[0][: len(grid[1])]):
        over = over if above is None else above
        if cell is not None:
            cell.tag = "th"
            if cell.getparent() is rows[1] and _has_words(over):
                cell.text = f"{_words(over)} {cell.text or ''}"
    first, _ = rows.pop(0), grid.pop(0)
    if (holder := first.getparent()) is not None:
        holder.remove(first)


def _are_names(rows: Sequence[etree._Element], grid: Grid) -> bool:
    """Whether both of the first rows name columns: all of their cells are said to, or some of the first go over both
    and no farther."""
    named = [cell for row in rows[:2] for cell in row.iterchildren(*_CELLS)]
    if sum(map(_has_words, rows[0].iterchildren(*_CELLS))) < _FEWEST:
        return False
    both = [at for at, cell in enumerate(grid[1]) if cell is not None and cell.getparent() is not rows[1]]
    below = [grid[2][at] for at in both if at < len(grid[2])]
    ends = bool(both) and all(cell is None or cell.getparent() is rows[2] for cell in below)
    return ends or all(cell.tag == "th" for cell in named)


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


def _words(cell: etree._Element | None) -> str:
    return " ".join("".join(map(str, cell.itertext())).split()) if cell is not None else ""

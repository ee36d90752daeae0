"""Which row of a table names its columns."""

import pytest

from retrieval.documents.structure import structured
from retrieval.model import Document

ROWS = "مركز الميناء\t7\t1975\nمركز الجبل\t4\t1981"
NAMES = "المركز\tالسيارات\tسنة الافتتاح"


def columns(text: str) -> list[tuple[str, str]]:
    parts = structured(Document("a.rtf", "مراكز", text)).parts
    return [(p.span.of(text), p.under.of(text)) for p in parts if p.role == "columns" and p.under]


@pytest.mark.parametrize("below", ["", "\n\nتعمل المراكز كلها ليلا ونهارا.", "\n"])
def test_a_first_row_without_digits_names_the_columns(below: str) -> None:
    assert columns(f"هذه هي المراكز.\n\n{NAMES}\n{ROWS}{below}") == [(NAMES, ROWS)]


@pytest.mark.parametrize(
    "table",
    [
        ROWS,
        f"{NAMES}\nمركز الميناء\tسبع\tقديم\n{ROWS}",
        f"{NAMES}\t\n{ROWS}",
        f"{'مركز ' * 20}\t{NAMES}\n{ROWS}",
        f"{NAMES}\n\n{ROWS}",
        f"السيارات\tالسنة\n{ROWS}",
    ],
)
def test_another_first_row_names_none(table: str) -> None:
    assert columns(table) == []

"""A PDF of 1,200 pages is read within the memory that a file may take, and heard of meanwhile."""

import sys
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

import pytest
from places import DATA

BENCHMARKS = DATA.parent.parent / "benchmarks"


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="macOS bounds no address space")
def test_a_pdf_of_1200_pages_is_read_with_progress_and_at_most_500_megabytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    long = import_module("long_pdf")
    path = tmp_path / "long.pdf"
    assert long.long_pdf(path, long.PAGES) >= 1_000_000
    # by a process of its own: to the memory of a child counts that of the process that began it, whatever else it did
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        document, heard, megabytes = apart.submit(long.read_told, path).result()
    assert megabytes <= 500  # its address space is bounded by as much
    assert len(document.text) >= 1_000_000
    assert len(document.pages) == long.PAGES
    for page in (0, 599, 1199):
        text = " ".join(document.text[document.pages[page] :][:3000].split())
        assert all(long.line_of(page, at) in text for at in range(long.LINES))
    assert [done for _, done, _ in heard] == list(range(20, long.PAGES + 1, 20))

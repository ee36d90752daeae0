"""What it takes to read a PDF of 1,200 pages, and a scanned page, apart: seconds of the processor, and memory.

The PDF is made here as programs write it: letters by their shape, in the order in which they are seen.
"""

import ctypes
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path

import matplotlib
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from arabic_reshaper import reshape
from bidi.algorithm import get_display

from retrieval.documents.apart.reader import Reader, Told
from retrieval.model import Document

PAGES = 1200
SCANS = Path(__file__).parent.parent / "tests" / "data" / "scans"
FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
LINES = 14
WORDS = (
    *("المعرض", "السوق", "الميناء", "الجسر", "المتحف", "الحديقة", "المكتبة", "المدرسة", "القلعة", "الوادي", "البستان"),
    *("المسرح", "الملعب", "المخبز", "المصنع", "الطريق", "القرية", "البلدة", "الساحة", "المرصد", "الحصن", "الواحة"),
    *("الجزيرة", "المنارة", "البئر", "الطاحونة", "المشفى", "المحكمة", "الجامعة", "المحطة", "الفندق"),
)
"""Of which lines are made: alike at the head of every page they would be taken for its head."""


def line_of(page: int, number: int) -> str:
    """What stands in a line of a page, both counted from 0."""
    words = (WORDS[(page * 7 + number * 5 + at * (at + 3 + page % 11)) % len(WORDS)] for at in range(10))
    return f"{' '.join(words)} {1000 + (page * 37 + number) % 9000}"


def long_pdf(path: Path, pages: int) -> int:
    """Writes it; gives how many characters its lines have together."""
    document = pdfium.PdfDocument.new()
    content = FONT.read_bytes()
    held = (ctypes.c_ubyte * len(content)).from_buffer_copy(content)
    font = raw.FPDFText_LoadFont(document.raw, held, len(content), raw.FPDF_FONT_TRUETYPE, 1)
    written = 0
    for number in range(pages):
        page = document.new_page(595, 842)
        for at in range(LINES):
            text = line_of(number, at)
            written += len(text)
            _write(document, page, font, get_display(reshape(text), base_dir="R"), 780 - at * 20)
        page.gen_content()
        page.close()
    document.save(path)
    document.close()
    return written


def _write(document: pdfium.PdfDocument, page: pdfium.PdfPage, font: object, text: str, foot: float) -> None:
    item = raw.FPDFPageObj_CreateTextObj(document.raw, font, 12.0)
    letters = (ctypes.c_ushort * (len(text) + 1))(*map(ord, text), 0)
    raw.FPDFText_SetText(item, letters)
    raw.FPDFPageObj_Transform(item, 1, 0, 0, 1, 50, foot)
    raw.FPDFPage_InsertObject(page.raw, item)


def read(path: Path, told: Told | None = None) -> Document:
    """The document of a PDF, read apart within the limits. Raises ValueError where there is another number of them."""
    with Reader(told=told) as reader:
        (found,) = (one for one in reader.read(path.read_bytes(), path.name) if isinstance(one, Document))
    return found


def read_told(path: Path) -> tuple[Document, list[tuple[str, int, int]], float]:
    """The same, what was heard of it meanwhile, and the megabytes it took, where this process had no larger child."""
    heard: list[tuple[str, int, int]] = []
    found: list[Document] = []
    _, megabytes = taken(lambda: found.append(read(path, lambda *told: heard.append(told))))
    return found[0], heard, megabytes


def taken(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the processor that children take for some work, and megabytes of the largest child so far. To a child
    counts what this process itself took when it began."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, after.ru_maxrss / 1024


def main() -> None:
    scans = sorted(SCANS.glob("*.pdf"))
    seconds, megabytes = taken(lambda: [read(path) for path in scans])
    print(f"a scanned page, of {len(scans)}: {seconds / len(scans):.1f} s, at most {megabytes:.0f} MB")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.pdf"
        characters = long_pdf(path, PAGES)
        seconds, megabytes = taken(lambda: read(path))
        print(f"{PAGES:,} pages, {characters:,} characters: {seconds:.0f} s, at most {megabytes:.0f} MB")


if __name__ == "__main__":
    main()

"""PDFs of known texts by common programs, fonts and kinds of setting: how much of each is read as it was written.

    python -m benchmarks.pdf_matrix FOLDER [--read-only] [--json FILE] [--beside FILE]

Makes the PDFs in FOLDER with the programs that are on this machine (LibreOffice, Chromium, WeasyPrint, XeLaTeX and
wkhtmltopdf by their commands; fpdf2 with uharfbuzz, and reportlab with arabic-reshaper and python-bidi), reads them,
and prints a table: by program and font, the share of the known text's words that stand in what is read, in their order,
plain / vocalised / justified. «refused»: its pages are named as unreadable. «–»: the program or the font is not there.
``--json`` writes the figures, ``--beside`` shows those of another run in brackets where they differ; ``--read-only``
makes no PDF anew. The plain texts are those of ``tests/data/single``; the vocalised one stands below.
"""

import argparse
import json
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher
from html import escape
from pathlib import Path

from retrieval.documents.loaders import pdf
from retrieval.errors import UnreadableError
from retrieval.model import Document

ROOT = Path(__file__).parent.parent
FONTS = {
    "Amiri": ("Amiri", "Amiri-Regular.ttf"),
    "Noto Naskh": ("Noto Naskh Arabic", "NotoNaskhArabic-Regular.ttf"),
    "Noto Kufi": ("Noto Kufi Arabic", "NotoKufiArabic-Regular.ttf"),
    "Kacst": ("KacstBook", "KacstBook.ttf"),
    "DejaVu": ("DejaVu Sans", "DejaVuSans.ttf"),
}
"""The fonts by their names in the table: family, and file."""

KINDS = ("plain", "vocalised", "justified")
PLAIN = ("02-ministry-licences.txt", "13-bridge-history.txt", "19-agri-bulletin.txt")

VOCALISED = """
كَانَ فِي قَدِيمِ الزَّمَانِ تَاجِرٌ أَمِينٌ يُسَافِرُ بَيْنَ الْمُدُنِ، وَكَانَ لَهُ وَلَدٌ يُحِبُّ الْعِلْمَ وَأَهْلَهُ.
قَالَ لَهُ أَبُوهُ يَوْمًا: «يَا بُنَيَّ، إِنَّ الْمَالَ يَفْنَى وَالْعِلْمَ يَبْقَى، فَاطْلُبْهُ حَيْثُ كَانَ».
فَخَرَجَ الْوَلَدُ إِلَى مَدِينَةٍ بَعِيدَةٍ، وَأَقَامَ فِيهَا ثَلَاثَ سَنَوَاتٍ يَقْرَأُ عَلَى شُيُوخِهَا وَيَسْأَلُ عُلَمَاءَهَا.
ثُمَّ رَجَعَ إِلَى أَبِيهِ وَقَدْ حَفِظَ كُتُبًا كَثِيرَةً، فَفَرِحَ بِهِ فَرَحًا شَدِيدًا وَأَكْرَمَ كُلَّ مَنْ عَلَّمَهُ حَرْفًا.
وَالْحَمْدُ لِلَّهِ الَّذِي لَا يُضِيعُ أَجْرَ مَنْ أَحْسَنَ عَمَلًا، وَلَا يُخَيِّبُ رَجَاءَ الْآمِلِينَ.
"""


def texts(kind: str) -> list[str]:
    """The paragraphs of a kind."""
    if kind == "vocalised":
        return VOCALISED.strip().splitlines()
    files = (ROOT / "tests/data/single" / name for name in PLAIN)
    return [line.strip() for file in files for line in file.read_text("utf-8").splitlines() if line.strip()]


def html(family: str, kind: str) -> str:
    """A page of the paragraphs of a kind. The font is the machine's own: wkhtmltopdf draws others as shapes."""
    align = "justify" if kind == "justified" else "right"
    body = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in texts(kind))
    return f"""<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title></title><style>
body {{ font-family: "{family}"; font-size: 13pt; line-height: 1.7; text-align: {align}; }}
</style></head><body>{body}</body></html>"""


def fodt(family: str, kind: str) -> str:
    """The same as a document of LibreOffice's."""
    align = "justify" if kind == "justified" else "start"
    body = "".join(f'<text:p text:style-name="P">{escape(paragraph)}</text:p>' for paragraph in texts(kind))
    fonts = " ".join(f'style:font-name{suffix}="F"' for suffix in ("", "-complex"))
    return f"""<?xml version="1.0" encoding="UTF-8"?><office:document
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls><style:font-face style:name="F" svg:font-family="'{family}'"/></office:font-face-decls>
<office:automatic-styles><style:style style:name="P" style:family="paragraph">
<style:paragraph-properties fo:text-align="{align}" style:writing-mode="rl-tb" fo:margin-bottom="0.3cm"/>
<style:text-properties {fonts} fo:font-size="13pt" style:font-size-complex="13pt"
 style:language-complex="ar" style:country-complex="SA"/></style:style></office:automatic-styles>
<office:body><office:text>{body}</office:text></office:body></office:document>"""


def tex(file: Path, kind: str) -> str:
    """The same for XeLaTeX."""
    align = "" if kind == "justified" else "\\raggedleft "
    body = "\n\n".join(align + _in_tex(paragraph) for paragraph in texts(kind))
    return rf"""\documentclass[12pt]{{article}}\usepackage{{fontspec}}\usepackage{{bidi}}
\setmainfont[Path={file.parent}/,Script=Arabic]{{{file.name}}}\begin{{document}}\pagestyle{{empty}}\setRL
{body}
\end{{document}}"""


def _in_tex(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "%&#_${}" else letter for letter in text)


def run(*command: str | Path, folder: Path) -> None:
    """Runs a program in a folder, in silence; it may take ten minutes."""
    subprocess.run(command, cwd=folder, check=False, capture_output=True, timeout=600)


def by_libreoffice(folder: Path, font: str, kind: str, out: Path) -> None:
    source = folder / f"{out.stem}.fodt"
    source.write_text(fodt(FONTS[font][0], kind), "utf-8")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run("soffice", profile, "--headless", "--convert-to", "pdf", source, folder=folder)


def by_chromium(folder: Path, font: str, kind: str, out: Path) -> None:
    flags = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        f"--user-data-dir={folder / 'chromium'}",
    )
    run("chromium", *flags, f"--print-to-pdf={out}", _page(folder, font, kind, out), folder=folder)


def by_weasyprint(folder: Path, font: str, kind: str, out: Path) -> None:
    run("weasyprint", _page(folder, font, kind, out), out, folder=folder)


def by_wkhtmltopdf(folder: Path, font: str, kind: str, out: Path) -> None:
    run("wkhtmltopdf", "--enable-local-file-access", _page(folder, font, kind, out), out, folder=folder)


def by_xelatex(folder: Path, font: str, kind: str, out: Path) -> None:
    source = folder / f"{out.stem}.tex"
    source.write_text(tex(font_file(font), kind), "utf-8")
    run("xelatex", "-interaction=batchmode", source, folder=folder)


def by_fpdf2(folder: Path, font: str, kind: str, out: Path) -> None:
    from fpdf import FPDF

    page = FPDF()
    page.add_page()
    page.add_font("F", "", str(font_file(font)))
    page.set_text_shaping(True)
    page.set_font("F", size=13)
    for paragraph in texts(kind):
        page.multi_cell(0, 9, paragraph, align="J" if kind == "justified" else "R", new_x="LMARGIN", new_y="NEXT")
        page.ln(4)
    page.output(str(out))


def by_reportlab(folder: Path, font: str, kind: str, out: Path) -> None:
    from arabic_reshaper import ArabicReshaper
    from bidi import get_display
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont(font, str(font_file(font))))
    reshaper = ArabicReshaper({"delete_harakat": False})
    canvas = Canvas(str(out), pagesize=A4)
    right, top, bottom, step, width = A4[0] - 60, A4[1] - 70, 70, 24, A4[0] - 120
    foot = top

    def line(words: list[str]) -> str:
        return get_display(reshaper.reshape(" ".join(words)), base_dir="R")

    for paragraph in texts(kind):
        words = paragraph.split()
        while words:
            count = len(words)
            while count > 1 and pdfmetrics.stringWidth(line(words[:count]), font, 13) > width:
                count -= 1
            canvas.setFont(font, 13)
            if kind == "justified" and count < len(words):
                _spread(canvas, [line([word]) for word in words[:count]], font, right, foot, width)
            else:
                canvas.drawRightString(right, foot, line(words[:count]))
            words, foot = words[count:], foot - step
            if foot < bottom:
                canvas.showPage()
                foot = top
        foot -= step / 2
    canvas.save()


def _spread(canvas, words: list[str], font: str, right: float, foot: float, width: float) -> None:  # type: ignore[no-untyped-def]
    from reportlab.pdfbase import pdfmetrics

    widths = [pdfmetrics.stringWidth(word, font, 13) for word in words]
    room = (width - sum(widths)) / max(1, len(words) - 1)
    for word, wide in zip(words, widths, strict=True):
        canvas.drawRightString(right, foot, word)
        right -= wide + room


Maker = Callable[[Path, str, str, Path], None]
MAKERS: Mapping[str, tuple[Maker, str]] = {
    "LibreOffice": (by_libreoffice, "soffice"),
    "Chromium": (by_chromium, "chromium"),
    "WeasyPrint": (by_weasyprint, "weasyprint"),
    "fpdf2": (by_fpdf2, "fpdf"),
    "XeLaTeX": (by_xelatex, "xelatex"),
    "wkhtmltopdf": (by_wkhtmltopdf, "wkhtmltopdf"),
    "reportlab": (by_reportlab, "reportlab"),
}
"""The programs by their names, each with the command or the package that it needs."""


def _page(folder: Path, font: str, kind: str, out: Path) -> Path:
    source = folder / f"{out.stem}.html"
    source.write_text(html(FONTS[font][0], kind), "utf-8")
    return source


def font_file(font: str) -> Path:
    """The file of a font; one that is not there where the machine has none."""
    return next(Path("/usr/share/fonts").rglob(FONTS[font][1]), Path(FONTS[font][1]))


def share(known: str, read: str) -> float:
    """Of the words of a text, those that stand in what is read, in their order."""
    one, other = (unicodedata.normalize("NFC", text).split() for text in (known, read))
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(one)


def read(file: Path, kind: str) -> float | str:
    """The share of a PDF that is read, or why none is."""
    try:
        found = list(pdf.load(file.read_bytes(), file.name))
    except UnreadableError:
        return "refused"
    text = "\n".join(document.text for document in found if isinstance(document, Document))
    return round(share("\n".join(texts(kind)), text), 4)


def figures(folder: Path, *, read_only: bool) -> Iterator[tuple[str, float | str]]:
    """«program, font, kind» and its figure."""
    for program, (make, needed) in MAKERS.items():
        for font in FONTS:
            for kind in KINDS:
                out = folder / f"{program}-{font}-{kind}.pdf".replace(" ", "_")
                if not read_only and not out.exists() and font_file(font).exists():
                    try:
                        make(folder, font, kind, out)
                    except (OSError, ImportError, subprocess.TimeoutExpired, RuntimeError, ValueError) as error:
                        print(f"{out.stem}: {needed}: {error}")
                yield f"{program}, {font}, {kind}", read(out, kind) if out.exists() else "–"


def _shown(found: float | str) -> str:
    return found if isinstance(found, str) else f"{found:.3f}".lstrip("0")


def main() -> None:
    """Makes, reads and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--read-only", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--beside", type=Path)
    given = parser.parse_args()
    folder = given.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    found = dict(figures(folder, read_only=given.read_only))
    shutil.rmtree(folder / "profile", ignore_errors=True)
    other = json.loads(given.beside.read_text("utf-8")) if given.beside else found
    print(f"| | {' | '.join(FONTS)} |\n|---{'|---' * len(FONTS)}|")
    for program in MAKERS:
        cells = []
        for font in FONTS:
            names = [f"{program}, {font}, {kind}" for kind in KINDS]
            changed = (
                _shown(found[name]) + (f" ({_shown(other[name])})" if other[name] != found[name] else "")
                for name in names
            )
            cells.append(" / ".join(changed))
        print(f"| {program} | {' | '.join(cells)} |")
    if given.json:
        given.json.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

"""Why a file is not taken is told by what its loader says."""

import pytest

from bot.phrases import phrases
from bot.sources.reasons import reason_of
from retrieval.documents.loaders.formats import not_read
from retrieval.documents.pdf import judging


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (f"7/a.pdf: page 1-3: {judging.PICTURE}", "scan"),
        ("7/a.pdf: page 1: a scan after the first 50 of a file, which are read; split it", "scan"),
        ("7/a.pdf: page 1: a scan that cannot be read well enough; scan it again, larger and cleaner", "blurred"),
        *((f"7/a.pdf: page 2: {why}", "letters") for why in (judging.SHAPES, judging.NAMELESS, judging.LACKING)),
        *((f"7/a.pdf: page 2: {why}", "letters") for why in (judging.GARBLED, judging.GLUED)),
        ("7/a.rtf: its letters are in a code page that it does not name; save it again", "letters"),
        ("7/ب.pdf: locked with a password; save it without one", "locked"),
        ("7/a.epub: locked (DRM); take a copy without a lock", "locked"),
        ("7/a.doc: damaged, or too large; save it as .docx", "too_hard"),
        ("7/a.zip/b.txt: unpacks to more than 20 MB; split it", "too_hard"),
        ("7/a.txt: a file of an older office program under another name; give it its own ending", "damaged"),
        ("7/a.xlsx: no rows in it", "empty"),
        ("7/a.txt: not UTF-8, UTF-16, Windows-1256 or ISO-8859-6; save it as UTF-8", "not_text"),
        ("7/a.xls: of an older format; save it as .xlsx anew", "older"),
        (f"7/{not_read('a.zip/b.exe')}", "nothing_within"),
        ("7/a.json: not JSON: Expecting value at line 1", "damaged"),
        ("7/password.json: not JSON: Expecting value at line 1", "damaged"),
        ("7/a.txt: the disk is gone", "unreadable"),
    ],
)
def test_the_reason_of_what_is_said(said: str, reason: str) -> None:
    assert reason_of([said]) == reason
    for language in ("ar", "en"):
        assert phrases(language).documents[reason].format(name="a", kinds=".txt")


def test_nothing_said_is_no_reason() -> None:
    assert reason_of([]) == "unreadable"

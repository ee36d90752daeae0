"""Reads the picture of a printed page by Tesseract, where the extra ``ocr`` and its Arabic data are there.

A page is brought level and its grain smoothed first. Tesseract finds the lines, of which it then loses some where it
reads a page as a whole; so each is read by itself, again a little larger or smaller where it is unsure, and what it is
surest of counts, word by word. A word of which it is not sure is written as unknown, so that no sentence with it is
quoted.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from statistics import fmean, median
from typing import Any

from retrieval.documents.pdf.pictures import Picture
from retrieval.documents.scans.pages import Recognised

RESOLUTION = 300  # pixels to an inch
UNSURE = 55  # of 100: a word of which it is less sure may be any other
ILLEGIBLE = 60  # of 100: a page of which it is less sure on the whole is not served
_SURE = 88  # of a line that is not read again
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_DATA = (
    os.environ.get("TESSDATA_PREFIX", ""),
    "/usr/share/tesseract-ocr/*/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
_LANGUAGE = "ara"
_DIRECTIONS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_GRAIN = 1.8  # pixels by which it is smoothed
_STEEPEST, _STEP = 3.0, 0.25  # degrees by which a page may be askew
_DARK = 140  # of 255
_TRIES = (
    (False, 0.15, 1.0),
    (False, 0.25, 0.8),
    (True, 0.15, 1.0),
    (True, 0.3, 1.0),
    (False, 0.25, 1.25),
)  # whether a line is taken as it is, which Tesseract else may find empty; room around it, in its height; how large
_FEWEST_DARK = 12  # pixels of a row in which letters stand
_NEAR, _HIGHEST, _LOWEST = 0.25, 1.4, 0.4  # heights of a line: between its marks and letters; of one, at most and least
_Reading = list[tuple[str, int]]
"""The words of a line, and how sure the machine is of each, of 100."""
_Box = tuple[int, int, int, int]
"""Pixels of a page: left, top, right, foot."""
_GAP = 0.7  # of the usual height of a line; a wider one parts paragraphs
_SHORT = 0.8  # of the widest line: one that is shorter ends a paragraph


@dataclass(frozen=True, slots=True)
class Line:
    """A line as a machine reads it, how sure it is, of 100, and where it stands: pixels of the page brought level."""

    left: int
    top: int
    right: int
    foot: int
    text: str
    confidence: float


@cache
def data() -> str | None:
    """The folder that has Tesseract's Arabic data; None where it is not there, or the extra is not installed."""
    try:
        import PIL
        import tesserocr
    except ImportError:
        return None
    assert PIL  # noqa: S101
    assert tesserocr  # noqa: S101
    for pattern in filter(None, _DATA):
        root, _, rest = pattern.partition("*")
        folders = sorted(Path(root).glob(f"*{rest}")) if rest else [Path(root)]
        for folder in folders:
            if (folder / f"{_LANGUAGE}.traineddata").is_file():
                return str(folder)
    return None


def recognised(picture: Picture) -> Recognised:
    """What stands on a page. Only where ``data`` is there."""
    _, lines = read(picture)
    if not any(line.confidence for line in lines):
        return Recognised("", 0.0)
    letters = sum(len(line.text) for line in lines)
    sure = sum(line.confidence * len(line.text) for line in lines) / letters
    return Recognised("".join(_joined(lines)).strip(), sure / 100)


def read(picture: Picture) -> tuple[Any, list[Line]]:
    """A page brought level, as Pillow has it, and its lines in their order. Only where ``data`` is there."""
    import tesserocr

    page = _level(picture)
    with tesserocr.PyTessBaseAPI(path=data(), lang=_LANGUAGE, psm=tesserocr.PSM.SINGLE_COLUMN) as engine:
        return page, list(_lines(engine, page, picture.resolution))


def _level(picture: Picture) -> Any:
    """The page without its grain, its lines level."""
    from PIL import Image, ImageFilter

    page = Image.frombytes("L", (picture.width, picture.height), picture.pixels)
    page = page.filter(ImageFilter.GaussianBlur(_GRAIN * picture.resolution / RESOLUTION))
    small = page.reduce(3).point(lambda shade: 255 if shade < _DARK else 0)
    steps = round(_STEEPEST / _STEP)
    angles = (step * _STEP for step in range(-steps, steps + 1))
    angle = max(angles, key=lambda angle: (_evenness(small.rotate(angle)), -abs(angle)))
    return page.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255) if angle else page


def _evenness(page: Any) -> float:
    """How much the rows of a page differ from those below: most where lines of letters lie level."""
    import numpy as np

    rows = np.asarray(page).sum(axis=1, dtype=float)
    return float(((rows[1:] - rows[:-1]) ** 2).sum())


def _lines(engine: Any, page: Any, resolution: int) -> Iterator[Line]:
    """The lines of a page in their order, each read by itself."""
    from tesserocr import PSM

    _show(engine, page, resolution)
    boxes = _boxes(engine)
    height = median(box[3] - box[1] for box in boxes) if boxes else 0
    for box in _missed(page, boxes, height):
        at = next((place for place, other in enumerate(boxes) if other[1] > box[1]), len(boxes))
        boxes.insert(at, box)
    for left, top, right, foot in boxes:
        readings: list[_Reading] = []
        for is_raw, room, size in _TRIES:
            engine.SetPageSegMode(PSM.RAW_LINE if is_raw else PSM.SINGLE_LINE)
            pad = int(height * room)
            line = page.crop((left - pad - 10, max(0, top - pad), right + pad + 10, min(page.height, foot + pad)))
            if size != 1:
                line = line.resize((max(1, int(line.width * size)), max(1, int(line.height * size))))
            _show(engine, line, int(resolution * size))
            readings.append(_read(engine))
            if _sure(readings[-1]) >= _SURE and all(sure >= UNSURE for _, sure in readings[-1]):
                break
        words = _together(readings)
        if words or right - left > height:  # a line that cannot be read is unknown, not absent; a speck is no line
            text = " ".join(word if sure >= UNSURE else _UNKNOWN for word, sure in words)
            yield Line(left, top, right, foot, text or _UNKNOWN, _sure(words))


def _together(readings: Sequence[_Reading]) -> _Reading:
    """The surest reading of a line; of its words those that another reading is surer of as that one has them."""
    best = max(readings, key=_sure)
    words = list(best)
    for other in readings:
        matcher = SequenceMatcher(None, [word for word, _ in best], [word for word, _ in other], autojunk=False)
        for _, first, last, start, end in matcher.get_opcodes():
            if last - first == end - start:
                words[first:last] = map(_surer, words[first:last], other[start:end])
    return words


def _surer(one: tuple[str, int], other: tuple[str, int]) -> tuple[str, int]:
    is_it = one[1] < UNSURE or one[0] == other[0]
    return max(one, other, key=lambda word: word[1]) if is_it else one


def _sure(words: _Reading) -> float:
    return fmean(sure for _, sure in words) if words else 0.0


def _boxes(engine: Any) -> list[_Box]:
    """Where Tesseract finds lines, in the order in which they are read."""
    from tesserocr import RIL, iterate_level

    layout = engine.AnalyseLayout()
    found = [line.BoundingBox(RIL.TEXTLINE) for line in iterate_level(layout, RIL.TEXTLINE)] if layout else []
    return [box for box in found if box]


def _missed(page: Any, boxes: list[_Box], height: float) -> list[_Box]:
    """The rows of ink that lie in no line that was found: Tesseract leaves out short lines at a paragraph's end."""
    import numpy as np

    ink = np.asarray(page) < _DARK
    rows = np.concatenate([[0], (ink.sum(axis=1) > _FEWEST_DARK).astype(int), [0]])
    edges = np.flatnonzero(np.diff(rows))
    bands: list[list[int]] = []
    for top, foot in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if bands and top - bands[-1][1] < height * _NEAR and foot - bands[-1][0] < height * _HIGHEST:
            bands[-1][1] = foot
        else:
            bands.append([top, foot])
    found = []
    for top, foot in bands:
        covered = max((min(foot, box[3]) - max(top, box[1]) for box in boxes), default=0)
        if foot - top >= height * _LOWEST and covered < (foot - top) / 2:
            columns = np.flatnonzero(ink[top:foot].sum(axis=0) > 1)
            if len(columns):
                found.append((int(columns[0]), top, int(columns[-1]), foot))
    return found


def _show(engine: Any, picture: Any, resolution: int) -> None:
    engine.SetImageBytes(picture.tobytes(), picture.width, picture.height, 1, picture.width)
    engine.SetSourceResolution(resolution)


def _read(engine: Any) -> _Reading:
    """The words of a line, and how sure it is of each, of 100."""
    words = engine.GetUTF8Text().translate(_DIRECTIONS).split()
    sure = engine.AllWordConfidences()
    return list(zip(words, sure, strict=True)) if len(words) == len(sure) else []  # Tesseract promises as many


def _joined(lines: list[Line]) -> Iterator[str]:
    """The lines as text: a paragraph ends with a line that is shorter than others, or before a wide gap."""
    height = median(line.foot - line.top for line in lines)
    widest = max(line.right for line in lines) - min(line.left for line in lines)
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        yield line.text
        if following is None:
            return
        is_short = line.right - line.left < widest * _SHORT
        is_apart = following.top - line.foot > height * _GAP or following.top < line.top
        yield "\n\n" if is_short or is_apart else " "

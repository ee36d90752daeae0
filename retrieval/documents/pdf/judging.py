"""Whether the letters of a page are those that a reader sees, and what is wrong where they are not."""

import re
from typing import NamedTuple

from retrieval.documents.pdf.glyphs import UNKNOWN
from retrieval.documents.pdf.pdfium import Page
from retrieval.documents.pdf.reading import Read
from retrieval.documents.pdf.visual import known_words
from retrieval.errors import Cause


class Trouble(NamedTuple):
    """Why a page may not be shown: the kind of that, and what is said of it."""

    cause: Cause
    said: str


PICTURE = Trouble(Cause.SCAN, "a picture without text, such as a scan; run text recognition (OCR) on it first")
SHAPES = Trouble(
    Cause.LETTERS,
    "its letters are shapes or not drawn at all; save it anew with another program, or run text recognition (OCR)",
)
NAMELESS = Trouble(
    Cause.LETTERS, "its fonts do not say which letters they draw; save it anew, or run text recognition (OCR)"
)
LACKING = Trouble(
    Cause.LETTERS, "its font does not have all of its letters, which are left out; save it anew with another font"
)
GARBLED = Trouble(Cause.LETTERS, "its letters cannot be put in order; save it anew, with its fonts embedded")
GLUED = Trouble(
    Cause.LETTERS,
    "its words are not parted by spaces; save it anew with another program, or run text recognition (OCR)",
)

_MOST_UNKNOWN = 0.1  # of a page's letters
_MOST_LACKING = 0.05  # of a page's words: with an unknown letter in them
_FEWEST_WORDS = 20  # to judge a text by
_FEWEST_KNOWN = 0.04  # of its words; of Arabic prose, at least 0.2
_LONGEST_WORD = 16  # letters; an Arabic word has 14 at most
_MOST_GLUED = 0.15  # of the letters
_OLD_LETTERS = re.compile("[À-ÖØ-öø-ÿ]")  # the letters of Windows-1256, taken for Latin
_ARABIC = re.compile("[ء-ي]")
_MIXED = re.compile(r"[ء-ي][A-Za-z`~#$^&_|<>{}\\@]|[A-Za-z`~#$^&_|<>{}\\@][ء-ي]")
_SIGN_AMID = re.compile(r"[^\W\d_][^\w\s.'’\-‐–/@&:,·\u00ad]+[^\W\d_]")
_MOST_TORN = 0.3  # of the words
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[ء-ي]+")
_MOST_OLD = 0.5
_FEWEST_LETTERS = 0.35  # of what is seen of a page; one of tables of numbers has fewer, and no signs amid them
_SIGN = re.compile(r"[^\w\s.,:/()%٪،\-–—…_]")  # beside those that stand among numbers


def trouble(page: Read, drawn: Page) -> Trouble | None:
    """Why a page may not be shown; None where it may. ``drawn``: the same before it was read."""
    if drawn.is_picture:
        return PICTURE
    if drawn.is_of_shapes:
        return SHAPES
    text = "\n".join(line.text for line in page.lines)
    if _lacks_letters(text):
        return LACKING if page.is_lacking else NAMELESS
    if _is_glued(text):
        return GLUED
    return GARBLED if is_garbled(text) else None


def _lacks_letters(text: str) -> bool:
    """Whether so many glyphs are unknown that the others of the same fonts are not to be trusted."""
    unknown = text.count(UNKNOWN)
    if not unknown:
        return False
    seen = sum(not letter.isspace() for letter in text)
    words = text.split()
    lacking = sum(UNKNOWN in word and len(word) > 1 for word in words)
    is_short = len(words) < _FEWEST_WORDS
    return unknown > seen * _MOST_UNKNOWN or (not is_short and lacking > len(words) * _MOST_LACKING)


def _is_glued(text: str) -> bool:
    words = [len(word) for word in _WORD.findall(text)]
    glued = sum(length for length in words if length > _LONGEST_WORD)
    return sum(words) >= _FEWEST_WORDS and glued > sum(words) * _MOST_GLUED


def is_garbled(text: str) -> bool:
    """Whether a text's letters are not those that a reader saw: Arabic without any common word, or torn and mixed with
    signs, or letters of another code, or signs in the place of letters."""
    known, _, words = known_words(text)
    tokens = text.split()
    arabic = [word for word in tokens if _ARABIC.search(word)]
    torn = sum(bool(_MIXED.search(word)) or (len(word) == 1 and word != "و") for word in arabic)
    foreign = [word for word in tokens if not _ARABIC.search(word) and _LETTER.search(word)]
    broken = sum(bool(_SIGN_AMID.search(word)) for word in foreign)
    letters = len(_LETTER.findall(text))
    return (
        (words >= _FEWEST_WORDS and known < words * _FEWEST_KNOWN)
        or (len(arabic) >= _FEWEST_WORDS and torn > len(arabic) * _MOST_TORN)
        or (len(foreign) >= _FEWEST_WORDS and broken > len(foreign) * _MOST_TORN)
        or (letters >= _FEWEST_WORDS and len(_OLD_LETTERS.findall(text)) > letters * _MOST_OLD)
        or _is_of_signs(text, letters)
    )


def _is_of_signs(text: str, letters: int) -> bool:
    """Whether signs that stand in no text stand where letters should."""
    seen = sum(not letter.isspace() for letter in text)
    signs = len(_SIGN.findall(text))
    return seen >= _FEWEST_WORDS * 2 and letters < seen * _FEWEST_LETTERS and signs > letters

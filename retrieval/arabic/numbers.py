"""Cardinal numbers written as words, read into digits: the table ``numbers.toml``, walked.

pyarabic's ``text2number`` reads the same compounds, but needs the letters that folding takes away, skips what it
does not know without a sign, and does not say where a number ends.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from retrieval.arabic.clitics import particles_and_article
from retrieval.arabic.folding import fold_text
from retrieval.arabic.phrases import Phrases
from retrieval.arabic.tables import table

_VALUES = table("numbers")["values"]
_AND, _THE, _AND_THE = "و", "ال", "وال"
_END = ("", "")  # after the last word: no word

# What may come next in a number below a thousand, after what was read of it: unit, ten, hundred, or 10 to 19 (C).
# «مئة وخمسة وعشرون» is HUT; years are also said upwards, «خمس وعشرين ومئة», UTH.
_NEXT = {"": "UTCH", "U": "TH", "T": "H", "C": "H", "UT": "H", "H": "UTC", "HU": "T"}
_DIGITS = re.compile(r"\d{1,12}(?:[.,٫]\d{1,6})?")
_YEAR = re.compile(r"1\d{3}|20\d\d")


class Atom(NamedTuple):
    """A number word: its kind (a letter of ``_NEXT``, S a scale, F a fraction), value, and what is written onto it."""

    kind: str
    value: Decimal
    prefix: str


class Read(NamedTuple):
    """A number read from words: its value, the place after it, the kinds of its words, and its last scale."""

    value: Decimal
    end: int
    kinds: str
    scale: Decimal = Decimal(1)


def _folded(forms: str) -> list[str]:
    return fold_text(forms).split()


def _forms() -> Iterator[tuple[str, str, Decimal]]:
    for kind, key, unit in (("U", "units", 1), ("T", "tens", 10), ("H", "hundreds", 100)):
        for times, forms in enumerate(_VALUES[key], 1):
            yield from ((form, kind, Decimal(times * unit)) for form in _folded(forms))
    for more, forms in enumerate(_VALUES["teens"], 1):
        yield from ((form, "C", Decimal(10 + more)) for form in _folded(forms))
    yield from ((form, "C", Decimal(10)) for form in _folded(_VALUES["teen"]))
    for scale, (one, two, _) in _VALUES["scales"].items():
        yield from ((form, "S", Decimal(scale)) for form in _folded(one))
        yield from ((form, "S", 2 * Decimal(scale)) for form in _folded(two))
    for value, forms in _VALUES["fractions"].items():
        yield from ((form, "F", Decimal(value)) for form in _folded(forms))


def _atoms() -> dict[str, Atom]:
    atoms: dict[str, Atom] = {}
    for form, kind, value in sorted(_forms(), key=lambda form: -len(form[0])):
        for prefix, glued in particles_and_article(form):
            atoms.setdefault(glued, Atom(kind, value, prefix))
    for form, kind, value in _forms():
        atoms[form] = Atom(kind, value, "")
    return {word: atom for word, atom in atoms.items() if word not in _folded(_VALUES["never"])}


_ATOMS = _atoms()
_TEEN = frozenset(_folded(_VALUES["teen"]))
_ONE_HUNDRED = frozenset(_folded(_VALUES["hundreds"][0]))
_SCALES = {
    glued: Decimal(scale)
    for scale, (one, _, many) in _VALUES["scales"].items()
    for form in _folded(f"{one} {many}")
    for glued in (form, _THE + form)
}
_NEED_COMPANY = {glued for form in _folded(_VALUES["needs_company"]) for _, glued in particles_and_article(form)}
_COUNTED = frozenset(_folded(_VALUES["counted"]))
_PERCENT = Phrases((fold_text(form), fold_text(_VALUES["percent"][0])) for form in _VALUES["percent"])
BEGIN = _PERCENT.begin | _ATOMS.keys() | _SCALES.keys()


def settle_percent(words: list[str], places: Sequence[int]) -> None:
    """Put one form for all ways to write "percent"."""
    _PERCENT.join(words, places)


def join_numbers(words: list[str], places: Sequence[int]) -> None:
    """Put digits for each number written as words or as digits and a scale («3 ملايين»).

    One and two alone stay words («واحد منهم»), and so do the words of ``needs_company``. Not told apart:
    «ألّف» before «و» and a number, «خُمس» and «خمس», water and a hundred («ميه»).
    """
    padded, done = [*words, *_END], 0
    for place in [i for i in places if words[i] in _ATOMS or words[i] in _SCALES]:
        begin = place - 1 if place and words[place] in _SCALES and _DIGITS.fullmatch(words[place - 1]) else place
        if begin >= done and (read := _number(padded, begin)):
            done = read.end
            words[begin:done] = [format(read.value.normalize(), "f"), *[""] * (done - begin - 1)]


def joined_ten(words: Sequence[str], place: int) -> tuple[int, int] | None:
    """The ten that «والعشرين» at a place adds to what stands before, and the place after it."""
    at, atom = _joined([*words[place : place + 2], *_END], 0)
    return (int(atom.value), place + at + 1) if atom and atom.kind == "T" else None


def _number(words: Sequence[str], place: int) -> Read | None:
    read = _chunk(words, place, first=True)
    if read is None:
        return None
    whole = _upwards(words, read) if read.scale == 1 else _downwards(words, read)
    return whole if whole.end > place + 1 or _speaks_alone(words, place, whole) else None


def _speaks_alone(words: Sequence[str], place: int, read: Read) -> bool:
    return read.value > 2 and (words[place] not in _NEED_COMPANY or words[read.end] in _COUNTED)


def _downwards(words: Sequence[str], read: Read) -> Read:
    """What follows a scale: smaller parts («مليون وألفان وثلاثة»), or a fraction of it («مليون ونصف المليون»)."""
    while read.scale > 1:
        at, atom = _joined(words, read.end)
        if atom and atom.kind == "F":
            again = _SCALES.get(words[at + 1]) == read.scale and words[at + 1].startswith(_THE)
            return Read(read.value + atom.value * read.scale, at + 1 + again, read.kinds)
        part = _chunk(words, read.end, first=False)
        if part is None or part.value >= read.scale:
            return read
        read = part._replace(value=read.value + part.value)
    return read


def _upwards(words: Sequence[str], read: Read) -> Read:
    """The thousand that ends a year said upwards: «خمس وسبعين وثلاثمئة وألف»."""
    at, atom = _joined(words, read.end)
    if atom and atom.kind == "S" and atom.value <= 2000 and read.kinds != "U":
        return Read(read.value + atom.value, at + 1, read.kinds)
    return read


def _chunk(words: Sequence[str], place: int, first: bool) -> Read | None:
    """A number below a thousand, or digits, with the scale it counts."""
    read = _digits(words, place, first) or _scale(words, place, first) or _below_thousand(words, place, first)
    if read is None:
        return None
    value, end, kinds, scale = read
    while (larger := _SCALES.get(words[end], Decimal(0))) > scale:
        value, end, scale = value * larger, end + 1, larger
    uncounted = scale == 1 and first and kinds in ("D", "F")
    return None if uncounted else Read(value, end, kinds, scale)


def _digits(words: Sequence[str], place: int, first: bool) -> Read | None:
    at = place if first else place + 1
    if not (first or words[place] == _AND) or not _DIGITS.fullmatch(words[at]):
        return None
    if _YEAR.fullmatch(words[at]) and words[at + 1] in _NEED_COMPANY:  # «في 1967 ألف كتابا»
        return None
    value = Decimal(words[at].replace(",", ".").replace("٫", "."))
    return Read(value, at + 1, "D") if value < _SCALES.get(words[at + 1], value + 1) else None


def _scale(words: Sequence[str], place: int, first: bool) -> Read | None:
    at, atom = _atom(words, place, first)
    if atom is None or atom.kind not in "SF":
        return None
    scale = Decimal(1) if atom.kind == "F" else Decimal(10) ** atom.value.adjusted()
    return Read(atom.value, at + 1, atom.kind, scale)


def _below_thousand(words: Sequence[str], place: int, first: bool) -> Read | None:
    value, end, kinds = Decimal(0), place, ""
    while (piece := _piece(words, end, first and not kinds)) and piece.kinds in _NEXT.get(kinds, ""):
        value, end, kinds = value + piece.value, piece.end, kinds + piece.kinds
    return Read(value, end, kinds) if kinds else None


def _piece(words: Sequence[str], place: int, first: bool) -> Read | None:
    at, atom = _atom(words, place, first)
    if atom is None or atom.kind in "SF":
        return None
    if atom.kind == "U" and words[at + 1] in _TEEN:
        return Read(10 + atom.value, at + 2, "C")
    if atom.kind == "U" and atom.value > 2 and words[at + 1] in _ONE_HUNDRED:
        return Read(100 * atom.value, at + 2, "H")
    return Read(atom.value, at + 1, atom.kind)


def _atom(words: Sequence[str], place: int, first: bool) -> tuple[int, Atom | None]:
    return (place, _ATOMS.get(words[place])) if first else _joined(words, place)


def _joined(words: Sequence[str], place: int) -> tuple[int, Atom | None]:
    """The number word that «و», written onto it or apart, joins to what stands before."""
    if words[place] == _AND:
        atom = _ATOMS.get(words[place + 1])
        return place + 1, atom if atom and atom.prefix in ("", _THE) else None
    atom = _ATOMS.get(words[place])
    return place, atom if atom and atom.prefix in (_AND, _AND_THE) else None

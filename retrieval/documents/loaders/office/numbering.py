"""The numbers that Word itself writes before paragraphs: «المادة (4):», «أ-», "1.2". They are part of what a reader
sees, and stand in no paragraph's text (ECMA-376, part 1, 17.9).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml import etree

MOST_STYLES = 20  # on which one is based, one on the other
LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_ALPHABET = "أبتثجحخدذرزسشصضطظعغفقكلمنهوي"
_ABJAD = "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"
_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X")),
    *((9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_LARGEST_ROMAN = 5000


@dataclass(frozen=True, slots=True)
class Level:
    """How the paragraphs of a level are numbered: ``text`` with «%1» for the number of the first level."""

    start: int
    form: str
    text: str
    is_plain: bool
    restarts: int


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of its paragraphs; None for what it leaves to the one that it is based on."""

    name: str
    based_on: str | None
    list_id: str | None
    level: int | None
    outline: int | None
    hides: bool | None


@dataclass(slots=True)
class Numbering:
    """The lists of a document, counted as its paragraphs come, in their order."""

    levels: dict[str, dict[int, Level]]
    lists: dict[str, str]
    starts: dict[str, dict[int, int]]
    styles: dict[str, Style]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, numbering: etree._Element | None, styles: etree._Element | None) -> "Numbering":
        """That of the parts of a file that hold them; None for one that has not."""
        found = cls({}, {}, {}, dict(_styles(styles)) if styles is not None else {})
        if numbering is None:
            return found
        for abstract in numbering.iter(qn("w:abstractNum")):
            found.levels[abstract.get(qn("w:abstractNumId"), "")] = dict(map(_level, abstract.iter(qn("w:lvl"))))
        for one in numbering.iter(qn("w:num")):
            name, of = one.get(qn("w:numId"), ""), value_of(one, "w:abstractNumId") or ""
            found.lists[name], found.starts[name] = of, {}
            for override in one.iter(qn("w:lvlOverride")):
                number = integer_of(override.get(qn("w:ilvl")), 0)
                if (level := override.find(qn("w:lvl"))) is not None:
                    found.lists[name] = f"{of} {name}"
                    found.levels.setdefault(found.lists[name], dict(found.levels.get(of, {})))[number] = _level(level)[
                        1
                    ]
                if (start := value_of(override, "w:startOverride")) is not None:
                    found.starts[name][number] = integer_of(start, 1)
        return found

    def style(self, paragraph: etree._Element) -> Style | None:
        """What the style of a paragraph, with those that it is based on, says."""
        return self._style(value_of(paragraph.find(qn("w:pPr")), "w:pStyle"))

    def hides(self, name: str | None) -> bool:
        """Whether a style, with those that it is based on, hides what is in it."""
        style = self._style(name)
        return bool(style and style.hides)

    def _style(self, name: str | None) -> Style | None:
        found = self.styles.get(name or "")
        for _ in range(MOST_STYLES):
            if found is None or found.based_on is None or (base := self.styles.get(found.based_on)) is None:
                break
            found = Style(
                found.name,
                base.based_on,
                base.list_id if found.list_id is None else found.list_id,
                base.level if found.level is None else found.level,
                base.outline if found.outline is None else found.outline,
                base.hides if found.hides is None else found.hides,
            )
        return found

    def label(self, paragraph: etree._Element) -> str | None:
        """What Word writes before the next paragraph; "" for a mark, None for one of no list."""
        style = self.style(paragraph)
        properties = paragraph.find(qn("w:pPr"))
        own = properties.find(qn("w:numPr")) if properties is not None else None
        name = value_of(own, "w:numId") or (style.list_id if style else None)
        levels = self.levels.get(self.lists.get(name or "", ""))
        if not name or name == "0" or not levels:
            return None
        level = integer_of(value_of(own, "w:ilvl"), (style.level if style else None) or 0)
        if level not in levels:
            return None
        return self._counted(name, level, levels)

    def _counted(self, name: str, level: int, levels: dict[int, Level]) -> str:
        counts = self._counts.setdefault(self.lists[name], {})
        if name not in self._begun:
            self._begun.add(name)
            for number, start in self.starts[name].items():
                counts[number] = start - 1
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [number for number in counts if number > level]:
            if deeper not in levels or levels[deeper].restarts > level:
                del counts[deeper]
        own = levels[level]
        if own.form in ("bullet", "none"):
            return "" if own.form == "bullet" else own.text
        return _PLACE.sub(lambda place: self._number(int(place[1]) - 1, counts, levels, own), own.text).strip()

    def _number(self, level: int, counts: dict[int, int], levels: dict[int, Level], own: Level) -> str:
        if level not in levels:
            return ""
        number = counts.get(level, levels[level].start)
        return written(number, "decimal" if own.is_plain else levels[level].form)


def written(number: int, form: str) -> str:
    """A number, at least 0, in a form that Word names: "decimal", "lowerRoman", "arabicAbjad" …; an unknown one in
    digits."""
    if form in ("lowerRoman", "upperRoman") and 0 < number < _LARGEST_ROMAN:
        return _roman(number) if form == "upperRoman" else _roman(number).lower()
    letters = {
        "arabicAlpha": _ALPHABET,
        "arabicAbjad": _ABJAD,
        "lowerLetter": "abcdefghijklmnopqrstuvwxyz",
        "upperLetter": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    }.get(form)
    if letters and number > 0:
        times, place = divmod(number - 1, len(letters))
        return letters[place] * min(times + 1, LEVELS)
    if form == "hindiNumbers":
        return "".join(chr(ord("٠") + int(digit)) for digit in str(number))
    return f"{number:02}" if form == "decimalZero" else str(number)


def _roman(number: int) -> str:
    found = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        found += letters * times
    return found


def _level(level: etree._Element) -> tuple[int, Level]:
    number = integer_of(level.get(qn("w:ilvl")), 0)
    is_plain = level.find(qn("w:isLgl")) is not None
    form, text = value_of(level, "w:numFmt") or "decimal", value_of(level, "w:lvlText") or ""
    start = integer_of(value_of(level, "w:start"), 0 if value_of(level, "w:start") is None else 1)
    return number, Level(start, form, text, is_plain, integer_of(value_of(level, "w:lvlRestart"), number))


def _styles(styles: etree._Element) -> Iterator[tuple[str, Style]]:
    for style in styles.iter(qn("w:style")):
        properties = style.find(qn("w:pPr"))
        listed = properties.find(qn("w:numPr")) if properties is not None else None
        letters = style.find(qn("w:rPr"))
        hidden = letters.find(qn("w:vanish")) if letters is not None else None
        level, outline = value_of(listed, "w:ilvl"), value_of(properties, "w:outlineLvl")
        yield (
            style.get(qn("w:styleId"), ""),
            Style(
                value_of(style, "w:name") or "",
                value_of(style, "w:basedOn"),
                value_of(listed, "w:numId"),
                None if level is None else integer_of(level, 0),
                None if outline is None else integer_of(outline, LEVELS),
                None if hidden is None else is_on(hidden),
            ),
        )


def value_of(parent: etree._Element | None, name: str) -> str | None:
    """The value of a child of an element, by Word's name; None where there is none."""
    found = parent.find(qn(name)) if parent is not None else None
    return found.get(qn("w:val")) if found is not None else None


def is_on(mark: etree._Element) -> bool:
    """Whether a mark that is there turns on what it names, as Word reads it."""
    return mark.get(qn("w:val"), "1") not in ("0", "false", "off")


def integer_of(value: str | None, otherwise: int) -> int:
    """A whole number of a few digits; ``otherwise`` where it is none."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < LEVELS else otherwise

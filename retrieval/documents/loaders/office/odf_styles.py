"""What the styles of an OpenDocument text say that changes what a reader sees: which words are hidden, struck out or
raised, which paragraph is the title, and the numbers before items and headings (OpenDocument 1.3, part 3, 16 and 19).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from retrieval.documents.loaders.office.numbering import integer_of, written

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _STYLE = f"{{{_OASIS}text:1.0}}", f"{{{_OASIS}style:1.0}}"
LIST, ITEM, HEADER, HEADING = _TEXT + "list", _TEXT + "list-item", _TEXT + "list-header", _TEXT + "h"
_NAME, _PARENT, _PROPERTIES = _STYLE + "name", _STYLE + "parent-style-name", _STYLE + "text-properties"
_OUTLINE = ""  # the name that the list of the headings has here; no style has it
_MOST_STYLES = 20  # on which one is based, one on the other
_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_BEGINNINGS = (("١", "hindiNumbers"), ("أ, ب, ج", "arabicAbjad"), ("أ", "arabicAlpha"), ("ا", "arabicAlpha"))


@dataclass(frozen=True, slots=True)
class Level:
    """How a level of a list is numbered; ``form`` "" for one without a number."""

    form: str
    before: str
    after: str
    shown: int
    start: int


@dataclass(slots=True)
class Styles:
    """The styles of a document by their names."""

    styles: dict[str, etree._Element]
    lists: dict[str, dict[int, Level]]

    @classmethod
    def of(cls, parts: Iterable[etree._Element]) -> "Styles":
        """Those of the parts of a file that hold styles, the common ones first."""
        found = cls({}, {})
        for part in parts:
            for style in part.iter(_STYLE + "style"):
                found.styles[style.get(_NAME, "")] = style
            for style in part.iter(_TEXT + "list-style", _TEXT + "outline-style"):
                name = _OUTLINE if style.tag == _TEXT + "outline-style" else style.get(_NAME, "")
                found.lists[name] = dict(_levels(style))
        return found

    def says(self, name: str | None, key: str) -> str:
        """What a style, or the first above it that says so, says of its letters; "" where none does."""
        return next(filter(None, (style.get(key) for style in self._letters(name))), "")

    def is_hidden(self, name: str | None) -> bool:
        """Whether a style hides its words, or strikes them out."""
        through = self.says(name, _STYLE + "text-line-through-style")
        return self.says(name, _TEXT + "display") == "none" or through not in ("", "none")

    def position(self, name: str | None) -> str:
        """«super», «sub», "" in the line; a height in percent is one of the two."""
        words = self.says(name, _STYLE + "text-position").split()
        height = words[0] if words else ""
        if height.endswith("%"):
            return "sub" if height.startswith("-") else "super" if height.strip("0%.") else ""
        return height

    def is_title(self, name: str | None) -> bool:
        """Whether a style is that of a document's title, or based on it."""
        return any(style.get(_NAME) == "Title" for style in self._above(name))

    def _above(self, name: str | None) -> Iterator[etree._Element]:
        for _ in range(_MOST_STYLES):
            style = self.styles.get(name or "")
            if style is None:
                return
            yield style
            name = style.get(_PARENT)

    def _letters(self, name: str | None) -> Iterator[etree._Element]:
        for style in self._above(name):
            yield from style.iterchildren(_PROPERTIES)

    def labels(self, body: etree._Element) -> dict[etree._Element, str]:
        """What the program writes before the items and the headings below an element."""
        found: dict[etree._Element, str] = {}
        headings: dict[int, int] = {}
        ended: dict[str, dict[int, int]] = {}  # the numbers at which lists ended, by style and by their own names
        for node in body.iter(LIST, HEADING):
            if node.tag == HEADING:
                level = integer_of(node.get(_TEXT + "outline-level"), 1)
                if next(node.iterancestors(ITEM), None) is None and node.get(_TEXT + "is-list-header") != "true":
                    found[node] = self._counted(_OUTLINE, level, headings, node)
            elif next(node.iterancestors(LIST), None) is None:
                style = node.get(_TEXT + "style-name") or ""
                counts = self._continued(node, style, ended)
                self._count(node, style, 1, counts, found)
                ended[f"style {style}"] = counts
                ended[f"list {node.get('{http://www.w3.org/XML/1998/namespace}id')}"] = counts
        return {node: label for node, label in found.items() if label}

    def _continued(self, node: etree._Element, style: str, ended: dict[str, dict[int, int]]) -> dict[int, int]:
        if of := node.get(_TEXT + "continue-list"):
            return ended.get(f"list {of}", {})
        return ended.get(f"style {style}", {}) if node.get(_TEXT + "continue-numbering") == "true" else {}

    def _count(
        self, node: etree._Element, style: str, level: int, counts: dict[int, int], found: dict[etree._Element, str]
    ) -> None:
        """Numbers the items of a list and of those in it."""
        for item in node.iterchildren(ITEM, HEADER):
            told = next((child for child in item if child.tag != LIST), None)
            if item.tag == ITEM and told is not None:
                found[told] = self._counted(style, level, counts, item)
            for inner in item.iterchildren(LIST):
                self._count(inner, inner.get(_TEXT + "style-name") or style, level + 1, counts, found)

    def _counted(self, style: str, level: int, counts: dict[int, int], node: etree._Element) -> str:
        levels = self.lists.get(style, {})
        own = levels.get(level)
        if own is None:
            return ""
        start = integer_of(node.get(_TEXT + "start-value"), 0)
        counts[level] = start or counts.get(level, own.start - 1) + 1
        for deeper in [number for number in counts if number > level]:
            del counts[deeper]
        if not own.form:
            return f"{own.before}{own.after}".strip()
        shown = range(level - own.shown + 1, level + 1)
        told = (levels[each] for each in shown if each in levels and levels[each].form)
        numbers = (counts.get(each, levels[each].start) for each in shown if each in levels and levels[each].form)
        joined = ".".join(written(number, each.form) for number, each in zip(numbers, told, strict=True))
        return f"{own.before}{joined}{own.after}".strip()


def _levels(style: etree._Element) -> Iterator[tuple[int, Level]]:
    for each in style:
        if each.tag in (_TEXT + "list-level-style-number", _TEXT + "outline-level-style"):
            yield (
                integer_of(each.get(_TEXT + "level"), 1),
                Level(
                    _form(each.get(_STYLE + "num-format", "")),
                    each.get(_STYLE + "num-prefix", ""),
                    each.get(_STYLE + "num-suffix", ""),
                    integer_of(each.get(_TEXT + "display-levels"), 1),
                    integer_of(each.get(_TEXT + "start-value"), 1),
                ),
            )


def _form(written_as: str) -> str:
    """The name that Word has for a form of numbers that an example tells; "" for none."""
    if not written_as:
        return ""
    return _FORMS.get(written_as) or next(
        (form for begins, form in _BEGINNINGS if written_as.startswith(begins)), "decimal"
    )

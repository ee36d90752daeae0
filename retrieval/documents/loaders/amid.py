"""What stands amid the words of a page and is none of them: marks of notes, what was struck out, raised and lowered
figures, formulas. Left as plain text they would join a word or a number: «1931» and note 1 are not 19311, «30» struck
out before «45» is not 3045.
"""

import re

from lxml import html

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
"""What stands for what cannot be written in a line, as a formula: its sentence is never quoted."""

_RAISED = str.maketrans("0123456789+-−()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾")
_LOWERED = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_FIGURES = re.compile(r"[0-9+\-−()]{1,6}")
_STRUCK_OUT = ("s", "strike", "del")
_LINE_THROUGH = re.compile(r"text-decoration[a-z-]*\s*:[^;]*line-through", re.I)
_NOTE_MARK = re.compile(r"\W*(?:\d{1,4}|[*†‡↩↑^]+|[a-zأ-ي])?\W*")
_LEADS_BACK = re.compile(r"\W*[↩↑^]\W*")
_IN_BRACKETS = re.compile(r"\s*\[\s*(?:\d{1,4}|[*†‡]+|[a-zأ-ي])\s*\]\s*")
_OF_NOTE = re.compile(
    r"(?<![a-z])(?:sd)?(?:foot|end)?_?(?:note|notes|ref|fn|fnref|ftn|ftnref|edn|ednref|reference|noteref|cite|backlink|backref)"
    r"(?![a-z])|(?:foot|end)note|noteref|backlink|cite_(?:ref|note)",
    re.I,
)
_SAID = ("href", "class", "id", "name", "role", "epub:type")


def raised(words: str) -> str:
    """Figures that stand above the line, as the letters that say so; other words as they are."""
    return words.translate(_RAISED) if _FIGURES.fullmatch(words) else words


def lowered(words: str) -> str:
    """The same of those below it."""
    return words.translate(_LOWERED) if _FIGURES.fullmatch(words) else words


def settle(tree: html.HtmlElement) -> None:
    """Takes out of a page, in place, the marks that lead to notes and back and what was struck out; writes raised and
    lowered figures as such, and formulas as unknown."""
    for node in [node for node in tree.iter(*_STRUCK_OUT, "span") if _is_struck_out(node)]:
        _drop(node)
    for link in [link for link in tree.iter("a") if _leads_to_note(link)]:
        _drop(link)
    for node in list(tree.iter("sup", "sub")):
        _settle_raised(node)
    for formula in list(tree.iter("math")):
        _write(formula, UNKNOWN)


def _settle_raised(node: html.HtmlElement) -> None:
    words = "".join(node.itertext()).strip()
    is_emptied = not words and len(node) == 0  # a mark stood in it
    is_mark = _IN_BRACKETS.fullmatch(words) or (_is_named(node) and _NOTE_MARK.fullmatch(words))
    if is_emptied or (node.tag == "sup" and is_mark):
        _drop(node)
    elif _FIGURES.fullmatch(words):
        _write(node, raised(words) if node.tag == "sup" else lowered(words))


def _write(node: html.HtmlElement, words: str) -> None:
    """Puts words in the place of an element."""
    tail = node.tail
    node.clear()
    node.tail, node.text = tail, words
    if node.getparent() is not None:
        node.drop_tag()


def _leads_to_note(link: html.HtmlElement) -> bool:
    """Whether a link is the mark of a note: it leads to a place of the page, its words are a number or a mark, and it
    stands raised, in brackets, or is called so."""
    words = link.text_content()
    if "#" not in link.get("href", "") or not _NOTE_MARK.fullmatch(words):
        return False
    parent = link.getparent()
    is_raised = link.find(".//sup") is not None or (parent is not None and parent.tag == "sup")
    return bool(is_raised or _LEADS_BACK.fullmatch(words) or _IN_BRACKETS.fullmatch(words) or _is_named(link))


def _is_named(node: html.HtmlElement) -> bool:
    return any(_OF_NOTE.search(node.get(key, "").rpartition("#")[2]) for key in _SAID)


def _is_struck_out(node: html.HtmlElement) -> bool:
    return node.tag != "span" or bool(_LINE_THROUGH.search(node.get("style", "")))


def _drop(node: html.HtmlElement) -> None:
    if node.getparent() is not None:
        node.drop_tree()

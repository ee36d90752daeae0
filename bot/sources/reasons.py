"""Why a file of a chat is not taken, as a person is told: what its loader says of it, to a key of the phrases."""

import re
from collections.abc import Iterable

UNREADABLE = "unreadable"
"""Where nothing more is known."""

_SAID = (
    ("damaged", r"under another name"),
    ("locked", r"password|locked"),
    ("blurred", r"a scan that cannot be read well enough"),
    ("scan", r"a picture without text|a scan after the first"),
    ("letters", r"its (?:letters|fonts?|words) (?:are|cannot|do|does|is) |in a code page that it does not name"),
    ("older", r"of an older format|an old Word file|saved as plain XML|plain XML or a web page"),
    ("not_text", r"not UTF-8|not a text:|half a character"),
    ("nothing_within", r"not a kind of file that is read"),
    ("empty", r"is empty|no (?:text|rows|files|articles|page|messages)\b.* in it"),
    ("too_hard", r"split it|more than|larger than|too large|too long|too deep|longer than|memory|seconds"),
    ("damaged", r"\bnot |damaged|cannot be unpacked|leads out|a link"),
)
_PLACED = re.compile(r"^.*?: (?=\S)")


def reason_of(problems: Iterable[str]) -> str:
    """The key for what was said of a file and its parts, each line with its name first; the first that is known."""
    said = [_PLACED.sub("", problem, count=1) for problem in problems]
    found = (key for problem in said for key, told in _SAID if re.search(told, problem))
    return next(found, UNREADABLE)

"""The numbers and days of a cell as Excel shows them by the cell's format. A format that says more than is known here
shows the plain number, or the day as ISO writes it: never another value."""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

_SECTION = re.compile(r'(?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[])*')
_BARE = re.compile(r"\[(?!\$)[^\]]*\]|_.|\*.")  # colours and conditions; room for a letter; what fills the cell
_WORDS = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]')  # currencies in the last
_SPARED = 0xE000  # a letter that no format has stands for words in it
_DIGITS = re.compile(r"[#0,]*[#0](?:\.([0#]+))?")
_ABOUT = re.compile(r"[^#0?@/.,A-Za-z]*")  # what else may stand in a format that is known
_DATE_PART = re.compile(r"yyyy|yy|mm|m|dd|d|[/\-. ]")
_DIRECTED = str.maketrans("", "", "\u200e\u200f")
_PARTED = re.compile(r"\(?[#0]+(?:[-() ]+[#0]+)+")  # as numbers of telephones are
_LARGEST = 1e15  # of whole numbers that a float holds


def shown_number(value: float, form: str) -> str:
    """A number by the first part of its format, as «12%» for .12 with «0%»; "" for what is none."""
    if isinstance(value, float) and not isfinite(value):
        return ""
    section = _SECTION.match(form.translate(_DIRECTED))
    pattern = _BARE.sub("", section[0] if section else "")
    words = ["".join(filter(None, found)) for found in _WORDS.findall(pattern)]
    spared = iter(range(_SPARED, _SPARED + len(words)))
    pattern = _WORDS.sub(lambda _: chr(next(spared)), pattern)
    if (parted := _PARTED.fullmatch(pattern)) and value >= 0 and float(value).is_integer():
        return _filled(str(int(value)), parted[0])
    digits = _DIGITS.search(pattern)
    if digits is None or not _ABOUT.fullmatch(pattern[: digits.start()] + pattern[digits.end() :]):
        return _general(value)
    number = _rounded(Decimal(repr(value)) * 100 ** pattern.count("%"), digits[1] or "", commas="," in digits[0])
    if "," not in digits[0]:
        number = _with_zeros(number, digits[0].partition(".")[0].count("0"))
    shown = f"{pattern[: digits.start()]}{number}{pattern[digits.end() :]}"
    for at, each in enumerate(words):
        shown = shown.replace(chr(_SPARED + at), each)
    return shown.strip()


def shown_date(value: date | time, form: str) -> str:
    """A day, or a time, in the order that its format names."""
    if isinstance(value, time):
        return value.strftime("%H:%M")
    hours = f" {value:%H:%M}" if isinstance(value, datetime) and (value.hour or value.minute) else ""
    section = _SECTION.match(form.translate(_DIRECTED))
    pattern = re.sub(r"\[[^\]]*\]|[\"\\]", "", section[0] if section else "").lower()
    pattern = re.sub(r"[\s,]*h.*", "", pattern).strip()
    parts = _DATE_PART.findall(pattern)
    if "".join(parts) != pattern or "mmm" in pattern or not {"y", "d"} <= set(pattern):
        return f"{value:%Y-%m-%d}{hours}"
    written = {"yyyy": f"{value.year:04}", "yy": f"{value:%y}", "mm": f"{value:%m}", "m": str(value.month)}
    written |= {"dd": f"{value:%d}", "d": str(value.day)}
    return "".join(written.get(part, part) for part in parts) + hours


def shown_length(value: timedelta, form: str) -> str:
    """A length of time in hours, its seconds where its format has them."""
    minutes, seconds = divmod(int(abs(value).total_seconds()), 60)
    sign = "-" if value < timedelta() else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if "s" in form.lower() else "")


def _with_zeros(number: str, least: int) -> str:
    """A number with at least so many digits before the point."""
    sign, whole, rest = re.fullmatch(r"(-?)(\d*)(.*)", number).groups()  # type: ignore[union-attr]
    return f"{sign}{whole.zfill(least)}{rest}"


def _filled(digits: str, pattern: str) -> str:
    """Digits in their places from the right, those that are left over before them; a zero where one is always shown."""
    left, found = list(digits), ""
    for sign in reversed(pattern):
        if sign not in "#0":
            found = sign + found
        elif left:
            found = left.pop() + found
        elif sign == "0":
            found = "0" + found
    return "".join(left) + found


def _rounded(value: Decimal, decimals: str, *, commas: bool) -> str:
    """``decimals``: a «0» for each that is always shown, a «#» for each that is shown unless it is 0."""
    number = value.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    whole, _, rest = f"{number:{',' if commas else ''}f}".partition(".")
    rest = rest[: max(len(rest.rstrip("0")), len(decimals.rstrip("#")))]
    return f"{whole}.{rest}" if rest else whole


def _general(value: float) -> str:
    """A number as it is written without a format: eleven digits at most."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < _LARGEST):
        return str(int(value))
    return f"{value:.11g}"

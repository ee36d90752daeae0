"""What a file says of itself, where a person said it: what a program or a template filled in is none."""

import re
from datetime import date, datetime, timedelta

from retrieval.arabic.letters import likelihood
from retrieval.arabic.tables import table

_AT_ONCE = timedelta(minutes=1)
_FILLED_IN = frozenset(date(year, 1, 1) for year in (1601, 1900, 1904, 1970, 1980, 2000)) | {date(2013, 12, 23)}
"""The days where clocks begin, and that of python-docx's template."""

_DAY = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)?(\d\d)?)?")
_OLD_LETTERS = re.compile("[À-ÖØ-öø-ÿ]{2,}")  # of Windows-1256, taken for Latin
_BEFORE_AUTHOR = re.compile(
    rf"(?:{'|'.join(table('said')['before_authors'].strip().splitlines())})\s*(?::\s*|\s)(?=\S)", re.IGNORECASE
)
_FILE = re.compile(r"\S+\.[A-Za-z]\w{1,4}|.*\.(?:docx?|html?|pdf|indd|qxd|odt|rtf|txt|pptx?|xlsx?)", re.IGNORECASE)


def title(value: str) -> str | None:
    """A title; None for the name of a file, and for what programs put where there is none."""
    value = _mended(value)
    return None if not value or _FILE.fullmatch(value) or _is_one_of("titles", value) else value


def author(value: str) -> str | None:
    """An author, without what pages write before one; None for the names of programs, of templates and of nobody."""
    value = _mended(value)
    if before := _BEFORE_AUTHOR.match(value):
        value = value[before.end() :]
    return None if not value or _FILE.fullmatch(value) or _is_one_of("authors", value) else value


def day_of(value: str) -> date | None:
    """The day of a time as PDF writes it, «D:20211114», where a person named it: one with a clock's time is that at
    which a program made the file, and no day of publication."""
    found = _DAY.match(value)
    if not found or any(part and int(part) for part in found.groups()[3:]):
        return None
    try:
        day = date(*map(int, found.groups()[:3]))
    except ValueError:
        return None
    return None if day in _FILLED_IN else day


def day_written(created: datetime | None, changed: datetime | None) -> date | None:
    """The day on which a document was begun; None where it was made in one go, as conversions are."""
    at_once = created is not None and changed is not None and abs(changed - created) < _AT_ONCE
    return None if created is None or at_once or created.date() in _FILLED_IN else created.date()


def _is_one_of(kind: str, value: str) -> bool:
    return any(re.fullmatch(pattern, value, re.IGNORECASE) for pattern in table("said")[kind].strip().splitlines())


def _mended(value: str) -> str:
    """A value in Windows-1256 that was read as Latin, as it was meant."""
    value = value.strip().strip("\x00")
    if _OLD_LETTERS.search(value):
        try:
            meant = value.encode("cp1252").decode("cp1256")
        except UnicodeError:
            return value
        if likelihood(meant) > likelihood(value):
            return meant.strip()
    return value

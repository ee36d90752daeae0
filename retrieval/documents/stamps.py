"""What a site stamps on an article, above it or below, on lines of their own: days and times, counters, places where it
is shared, tags with «#», the marks by which an agency signs."""

import re
from collections.abc import Iterator, Sequence

from retrieval.arabic.calendar_names import is_month, is_weekday
from retrieval.arabic.canonical import canonical
from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.words import folded_words

_PROSE_WORDS, _FEW_WORDS, _MOST_WORDS = 15, 9, 14
_ABOVE, _BELOW = 6, 10  # lines above the first sentence of an article, and below its last, that are looked at
_ENDED = re.compile(r"[.؟!»\"]\s*$")
_SURE = re.compile(r"\d{4}|\d[:./-]\d")  # of a time: «الأحد 3 مايو» may name what stands below
_DIGITS = re.compile(r"\d")
_TAGS = re.compile(r"\s*(?:#[^\s#]+[\s،,|]*)+")
_SIGNED = re.compile(r"[\s(\[–—-]*(?:[ء-ي]{1,2}[\s./\\*)\]–—-]+){0,7}(?:[ء-ي]{1,2}[\s)\]./–—-]*)?")
_TABLE = table("furniture")


def _plain(text: str) -> str:
    return " ".join(folded_words(text))


_COUNTERS, _FOLLOW, _CREDITS = (tuple(map(_plain, _TABLE[name])) for name in ("counters", "follow", "credits"))
_FOLLOWED, _STAMPS = (frozenset(map(_plain, _TABLE[name])) for name in ("followed", "stamps"))
_NETWORKS = sorted(map(_plain, _TABLE["networks"]), key=len, reverse=True)


def stamped(lines: Sequence[str]) -> Iterator[int]:
    """The numbers of such lines, above the first sentence of an article or below its last."""
    prose = [at for at, line in enumerate(lines) if len(line.split()) >= _PROSE_WORDS and _ENDED.search(line)]
    if not prose:
        return
    for at in range(max(0, prose[0] - _ABOVE), prose[0]):
        if _is_stamp(lines[at]):
            yield at
    for at in range(prose[-1] + 1, min(len(lines), prose[-1] + 1 + _BELOW)):
        if _is_stamp(lines[at]) or _is_signed(lines[at]) or _TAGS.fullmatch(lines[at]):
            yield at


def _is_stamp(line: str) -> bool:
    if len(line.split()) > _MOST_WORDS:
        return False
    plain = _plain(line)
    words = plain.split()
    return bool(words) and (
        _is_time(line, words)
        or (len(words) <= _FEW_WORDS and _counts(plain, line))
        or (words[0] in _FOLLOW and not _FOLLOWED.isdisjoint(words))
        or _is_of_networks(plain)
    )


def _is_time(line: str, words: Sequence[str]) -> bool:
    """Whether a line is a day or a time, and nothing else."""
    rest = [word for word in canonical(words) if word and word not in _STAMPS and not word.isdigit()]
    return bool(_SURE.search(line)) and all(is_month(word) or is_weekday(word) for word in rest)


def _counts(plain: str, line: str) -> bool:
    """Whether a line begins as counters do: of one word, it is that alone or goes on with a number."""
    bare = plain.lstrip("0123456789 ")
    found = max((counter for counter in _COUNTERS if f"{bare} ".startswith(f"{counter} ")), key=len, default="")
    return found == bare != "" or " " in found or (found != "" and _DIGITS.search(line) is not None)


def _is_of_networks(plain: str) -> bool:
    left = f" {plain} "
    for name in _NETWORKS:
        left = left.replace(f" {name} ", "  ")
    return not left.strip()


def _is_signed(line: str) -> bool:
    """Whether a line is the name of an agency with what it signs by, or that alone: «--بترا س ق/ع أ»."""
    if len(line.split()) > _FEW_WORDS or _ENDED.search(line):
        return False
    plain = fold_text(line).strip(" -–—()[]")
    name = next(
        (credit for credit in _CREDITS if plain == credit or re.match(rf"{re.escape(credit)}[\s/\\)(-]", plain)), ""
    )
    rest = plain[len(name) :]
    return bool(
        (name and (not rest.strip() or rest[0] in "/\\" or _SIGNED.fullmatch(rest)))
        or ("/" in rest and _SIGNED.fullmatch(rest))
    )

"""From a text to passages and sentences, as spans. Nothing is lost between them but white space.

A passage is what is indexed: a paragraph, or short ones joined, or part of a long one. A sentence is what is
quoted. Lengths count characters.
"""

import re
from collections.abc import Container, Iterator
from itertools import pairwise

from retrieval.arabic import fold_text
from retrieval.arabic.enclosed import Enclosures, enclosed
from retrieval.arabic.tables import table
from retrieval.arabic.words import first_word, words
from retrieval.model import Passage, Span

SHORT = 160  # paragraphs below this are joined with the next
JOINED = 480  # but never beyond this
LONG = 1600  # paragraphs above this are split at sentences
LONGEST_SENTENCE = 700  # a sentence above this is cut where it reads best
LONGEST_UNMARKED = 350  # a part of one that has no commas
SHORTEST_PART = 230  # what is cut off is no shorter
LONGEST_HELD = 400  # the sentences of a longer quotation are quoted each by itself

_ARTICLE = r"(?:ال)?ماد[ةه]\s*(?:رقم\s*)?[(\[]?\s*"
_ORDINAL = r"ال[ء-ي]{3,7}(?:\s(?:عشرة?|وال[ء-ي]{5,8}))?"
LAW = re.compile(rf"{_ARTICLE}(?:\d{{1,4}}(?:\sمكررا?)?|{_ORDINAL})\s?[)\]]?\s?[:–—-]")
"""What an article of a law begins with, wherever it stands: «المادة (4):», «مادة 5 –»; «المادة (9) من» names one."""
_LAW_AMID = rf"(?<=[.؛:؟!»])[^\S\n]+(?={LAW.pattern})"
_APART = rf"\n[^\S\n]*\n\s*|\n\s*(?={_ARTICLE}(?:\d{{1,4}}\b|{_ORDINAL}\s*[:()\-–—.\n]))"
_BLANK_LINE, _BLANK = re.compile(rf"{_APART}|{_LAW_AMID}"), re.compile(_APART)
_LINE_BREAK = re.compile(rf"\n\s*|{_LAW_AMID}")
_CLOSING = r"""[»”“"')\]]*"""
_NOTES = r"(?:\[\d{1,3}\])*"
_GLUED = rf"(?:(?<=[ء-ْ]{{2}})|(?<=\d\d)|(?<=[)\]»”\"%]))[.؟!]{_CLOSING}{_NOTES}(?=[ء-ي]{{2}})"
_END = re.compile(rf"[.!?؟؛…]+{_CLOSING}{_NOTES}(?=\s|$)|{_GLUED}|\n")
_ELLIPSIS = re.compile(r"\.\.+|…+")
_LABEL = re.compile(r"\s*(?:[-–—•*·]|[(\[]?(?:\d{1,3}|[ء-يA-Za-z])\s?[.)\]-]+)\s*")  # of an item: «1.», «أ)», «-»
_LABEL_AMID = re.compile(r"(?:\n\s*[(\[]?(?:\d{1,3}|[ء-ي])|:\s*[(\[]?[1١أ])\s?[.)\]-]+$")  # «الشروط: 1. …»
_BEFORE = re.compile(r"[^\s«“\"(\[.]+$")
_LONGEST_LABEL = 8  # characters
_YEAR = re.compile(r"\d\s?(?:م|هـ|ه)$")
_LONGEST_WORD = 24
_LONGEST_PART = 4  # digits
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_JOINED = ("و", "ف")
_QUOTED = frozenset('»”“"')
_COMMA = re.compile(r"[،,؛]\s")
_INNER_END = re.compile(rf"(?<!\b\w)[.!?؟؛…]{_CLOSING}\s")  # after a letter alone it is a short form
_SPACE = re.compile(r"\s+")
_VERB = re.compile(r"و[يت][ء-ي]{3,}")  # «ويقول»

_ABBREVIATIONS, _LETTERS = (frozenset(map(fold_text, table("abbreviations")[n].split())) for n in ("words", "letters"))
_COUNTED = "|".join(re.escape(each).replace("_", r"\s") for each in table("abbreviations")["counted"].split())
_FRACTION = re.compile(rf"(?<![\d.,])\d{{1,3}}\.\s\d{{1,2}}\s?(?:{_COUNTED})")
_WORDS = {name: frozenset(map(fold_text, listed.split())) for name, listed in table("sentences").items()}
_SAYS, _GOES_ON, _CLINGS, _BEGINS = (_WORDS[name] for name in ("says", "goes_on", "clings", "begins"))
_HOLDS = _WORDS["holds"] | _SAYS


def paragraphs(text: str, within: Span) -> list[Span]:
    """The paragraphs of a stretch of a text: parted by blank lines or, where it has none, by line breaks."""
    body = within.of(text)
    edges = [0, *(m.end() for m in _parting(body).finditer(body)), len(body)]
    spans = (_trimmed(text, within.start + a, within.start + b) for a, b in pairwise(edges))
    return [span for span in spans if span]


def passages(document_id: str, text: str, within: Span, headings: Container[int] = frozenset()) -> list[Passage]:
    """The passages of a stretch of a text. ``headings``: the characters at which headings begin: each begins a passage,
    with what stands under it."""
    found: list[Passage] = []
    is_bare = False  # whether the last passage is headings alone
    for paragraph in paragraphs(text, within):
        last = found[-1].span if found else None
        is_heading = paragraph.start in headings
        joins = _joinable(last, paragraph) if last else False
        if last and is_bare:
            joins = paragraph.end - last.start <= LONG
        elif is_heading:
            joins = False
        is_bare = is_heading and (is_bare or not joins)
        if last and joins:
            found[-1] = Passage(document_id, Span(last.start, paragraph.end))
        else:
            found += (Passage(document_id, part) for part in _parts(text, paragraph))
    return found


def paragraph_number(text: str, within: Span, index: int) -> int:
    """Which of the paragraphs of a stretch, from 1, holds character ``index``."""
    body = within.of(text)
    starts = (within.start + m.end() for m in _parting(body).finditer(body.rstrip()))
    first = within.start + len(body) - len(body.lstrip())
    return 1 + sum(first < start <= index for start in starts)


def _parting(body: str) -> re.Pattern[str]:
    return _BLANK_LINE if _BLANK.search(body.strip()) else _LINE_BREAK


def _joinable(last: Span, following: Span) -> bool:
    shortest = min(last.end - last.start, following.end - following.start)
    return shortest < SHORT and following.end - last.start <= JOINED


def _parts(text: str, paragraph: Span) -> Iterator[Span]:
    if paragraph.end - paragraph.start <= LONG:
        yield paragraph
        return
    quotations = Enclosures(enclosed(text, paragraph))
    start, end = paragraph.start, paragraph.start
    for sentence in sentences(text, paragraph):
        longest = LONG if quotations.parted(sentence.start) else LONG // 2
        if end > start and sentence.end - start > longest:
            yield Span(start, end)
            start = sentence.start
        end = sentence.end
    yield Span(start, end)


def sentences(text: str, within: Span) -> list[Span]:
    """The sentences of a stretch of a text, in order. Joined, they give back all of it but white space."""
    edges = [within.start, *_ends(text, within), within.end]
    spans = (_trimmed(text, a, b) for a, b in pairwise(edges))
    return [part for span in spans if span for part in _bounded(text, span)]


def known(text: str, within: Span) -> list[Span]:
    """The parts of a stretch of a text without the sentences in which a letter is unknown, U+FFFD: nobody can say what
    they say, so they are not quoted."""
    if _UNKNOWN not in within.of(text):
        return [within]
    parts: list[Span] = []
    goes_on = False
    for sentence in sentences(text, within):
        whole = _UNKNOWN not in sentence.of(text)
        if whole:
            start = parts.pop().start if goes_on else sentence.start
            parts.append(Span(start, sentence.end))
        goes_on = whole
    return parts


def _ends(text: str, within: Span) -> Iterator[int]:
    """Where sentences end: after a mark that ends one, outside quotation marks and brackets."""
    quotations = Enclosures(span for span in enclosed(text, within) if span.end - span.start <= LONGEST_HELD)
    last = within.start
    for mark in _END.finditer(text, within.start, within.end):
        is_line = mark.group() == "\n"
        end = text[max(last, mark.end() - _LONGEST_LABEL) : mark.end()]
        if _LABEL.fullmatch(text, last, mark.end()) or _LABEL_AMID.search(end):
            continue
        inside = not is_line and quotations.parted(mark.end())
        if not inside and not _goes_on(text, Span(last, within.end), mark):
            last = mark.start() if is_line else mark.end()
            yield last


def _goes_on(text: str, within: Span, mark: re.Match[str]) -> bool:
    """Whether the sentence goes on after a mark that could end it. ``within`` begins where the sentence does."""
    if mark.group() == "\n":
        return _holds(text, within.start, mark.start()) or _is_in_number(text, mark.start() - 1)
    after = _word_after(text, mark.end(), within.end)
    if _ELLIPSIS.match(mark.group()):
        return _is_spaced(text, within, mark) or after in _GOES_ON or after.startswith(_JOINED)
    if mark.group()[-1] in _QUOTED and after in _SAYS:
        return True
    return _is_abbreviation(text, within, mark, after) or _is_in_number(text, mark.start())


def _is_spaced(text: str, within: Span, mark: re.Match[str]) -> bool:
    """Whether an ellipsis stands by itself: words left out, or the pause between the two halves of a verse."""
    inner = within.start < mark.start() and mark.end() < within.end
    return inner and text[mark.start() - 1] in " \t" and text[mark.end()] in " \t"


def _is_in_number(text: str, stop: int) -> bool:
    """Whether a full stop stands amid a number that is written with a space: «3. 5 في المئة»."""
    first = stop
    while first > 0 and stop - first < _LONGEST_PART and text[first - 1].isdigit():
        first -= 1
    return first < stop and _FRACTION.match(text, first) is not None


def _is_abbreviation(text: str, within: Span, mark: re.Match[str], after: str) -> bool:
    """Whether the full stop belongs to the word before it: «د.», «ق.م.», an initial; not so in «1990 م.».

    ``after``: the folded word behind it. The name of a letter is an initial unless one stands before it without a full
    stop, «بي بي سي.», or somebody speaks next.
    """
    start, stop = within.start, mark.start()
    if mark.group() != "." or _YEAR.search(text, max(start, stop - 4), stop):
        return False
    before = _BEFORE.search(text, max(start, stop - 12), stop)
    word = fold_text(before.group()) if before else ""
    if word in _LETTERS and before:
        earlier = _BEFORE.search(
            text, max(start, before.start() - _LONGEST_WORD), text.rfind(" ", start, before.start())
        )
        spelled = earlier is not None and fold_text(earlier.group()).lstrip("ول") in _LETTERS
        return not spelled and after.removeprefix("و") not in _SAYS
    return word in _ABBREVIATIONS or word.removeprefix("و") in _ABBREVIATIONS


def _bounded(text: str, sentence: Span) -> Iterator[Span]:
    """The sentence, or its parts where it is too long to quote."""
    start = sentence.start
    if sentence.end - start > LONGEST_SENTENCE:
        quotations = Enclosures(enclosed(text, sentence))
        while sentence.end - start > LONGEST_SENTENCE:
            cut = _cut(text, Span(start, sentence.end), quotations)
            if part := _trimmed(text, start, cut):
                yield part
            start = cut
    if rest := _trimmed(text, start, sentence.end):
        yield rest


def _cut(text: str, sentence: Span, quotations: Enclosures) -> int:
    """Where to cut a sentence that is too long: at the last place of the best kind within reach."""
    commas = _places(_COMMA, text, sentence.start, LONGEST_SENTENCE)
    spaces = _places(_SPACE, text, sentence.start, LONGEST_UNMARKED)
    after = {place: _word_after(text, place, sentence.end) for place in commas + spaces}
    reading = {place for place, word in after.items() if not (word in _CLINGS or _holds(text, sentence.start, place))}
    apart = {place for place in reading if not quotations.parted(place)}
    kinds = (
        [place for place in commas if place in apart],
        _places(_INNER_END, text, sentence.start, LONGEST_SENTENCE),
        commas,
        [place for place in spaces if place in apart and _begins(after[place])],
        [place for place in spaces if place in reading],
        spaces or _places(_SPACE, text, sentence.start, LONGEST_SENTENCE),
    )
    return next((places[-1] for places in kinds if places), sentence.start + LONGEST_SENTENCE)


def _places(mark: re.Pattern[str], text: str, start: int, reach: int) -> list[int]:
    return [m.end() for m in mark.finditer(text, start + SHORTEST_PART, start + reach)]


def _holds(text: str, start: int, place: int) -> bool:
    """Whether the word before a place belongs to what follows: «لم», «وقال», «في»."""
    word = next((word.folded for word in reversed(words(text[max(start, place - _LONGEST_WORD) : place]))), "")
    return word in _HOLDS or (word.startswith(_JOINED) and word[1:] in _HOLDS)


def _begins(word: str) -> bool:
    """Whether a word begins a clause: «ثم», «ويقول»."""
    return word in _BEGINS or _VERB.fullmatch(word) is not None


def _word_after(text: str, place: int, end: int) -> str:
    """The folded word that follows a place; empty where none does."""
    return first_word(text[place : min(place + _LONGEST_WORD, end)])


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """The stretch without the white space around it; None where nothing is left."""
    stretch = text[start:end]
    start, end = end - len(stretch.lstrip()), start + len(stretch.rstrip())
    return Span(start, end) if start < end else None

"""Page furniture: what stands around an article and is not it. Kept in the stored text, left out of what is found.

Judged by structure: an article is paragraphs one after the other, and what the page puts around it is short lines with
a paragraph here and there. So it ends at a short line that announces comments, related articles, sharing or rights,
where the paragraphs above outweigh the short lines most; it begins below the menus; a line amid it that leads elsewhere
is left out, and so is a box that ends in a button. And by repetition: a short line that stands in documents of several
stories belongs to the page.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, groupby

from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.documents.stamps import stamped
from retrieval.documents.structure import EDIT, asked_in, without
from retrieval.model import Document, Span
from retrieval.segmentation import known

HEADING_WORDS = 9  # a line that announces furniture is no longer
PROSE_WORDS = 15  # a line of as many, ended by a full stop, reads like an article
MOST_WEIGHT = 3  # of a line; a comment has a name, a time and a button around it, of weight -1 each
MOST_BETWEEN = 6  # short lines between menus and the article, at both of its ends: a name, a day, labels
MENU_PARTS, PART_WORDS = 3, 3  # a line of so many parts or more, each of so few words, is a menu
MOST_IN_BOX = 4  # lines of a box above its button
LED_WORDS = 25  # a line that leads elsewhere, «اقرأ أيضا: …», is no longer
LONGEST_KNOWN, LONGEST_POLICY, LONGEST_CREDIT = 250, 600, 60  # characters
CREDITS = 4  # lines at each end of an article that may say who wrote it
REMEMBERED = 4096  # short lines, folded
STORIES, SHARE = 3, 0.05  # a short line is the page's if so many stories have it, and so many of all
_LINE = re.compile(r"[^\n]+")
_SENTENCE_END = re.compile(r"[.؟!»\"]\s*$")
_BARE_END = re.compile(r"[.؟!»\":]\s*$")
_SIGN = re.compile(r"\s*[:：/|]\s*|\s+[-–—]+\s*|\s*[–—]+\s+")
_CREDIT = re.compile(r"[.؟!»\")]\s+([(\[]?[^\s.؟!()«»][^.؟!()«»\n]{1,30}[)\]]?)\s*[.]?\s*$")
_RECORD = re.compile(r"(?:[^:،,;؛|\n]+:[ \t]*[^:،,;؛|\s][^:،,;؛|\n]*(?:[،,;؛|]|$)){2,}")
_MENU = re.compile(r"[|•·»›>]|(?<!\d)[:/]|[:/](?!\d)| {2,}")  # but «8:00», «3/5»
_LED = re.compile(r"\s*[:：|]\s*|\s+[-–—]\s+")
_NOT_LETTERS = re.compile(r"[\W\d_]+")


def _folded(text: str) -> str:
    return _NOT_LETTERS.sub(" ", fold_text(text)).strip()


def _plain(text: str) -> str:
    """Folded words with single spaces: digits, punctuation, arrows and emoji of a button do not count. Empty for what
    is longer than any line of furniture that is known by its words."""
    return _remembered(text) if len(text) <= LONGEST_KNOWN else ""


@lru_cache(REMEMBERED)
def _remembered(text: str) -> str:  # every rule below asks for the same lines
    return _folded(text)


_HEADINGS = frozenset(filter(None, map(_plain, table("furniture")["headings"])))
_LEADS = frozenset(map(_plain, table("furniture")["leads"]))
_BUTTONS = frozenset(map(_plain, table("furniture")["buttons"]))
_LINKS, _TAGS, _BYLINES = (tuple(map(_plain, table("furniture")[name])) for name in ("links", "tags", "bylines"))
_CREDITS = frozenset(map(_plain, table("furniture")["credits"]))
_POLICIES = tuple(map(_plain, table("furniture")["policies"]))
_SIGNED = [tuple(map(_plain, words)) for words in table("furniture")["signed"]]
_LONGEST = max(len(heading.split()) for heading in _HEADINGS)


def bodies(document: Document, repeated: frozenset[str] = frozenset()) -> list[Span]:
    """The stretches of a document's text that may be found, in order: without its heading, without furniture, and
    parted by the questions of an FAQ, which are found and shown with what answers them, and without sentences in which
    a letter is unknown.

    ``repeated``: lines that the page puts on every document, from ``repeated_lines``.
    """
    lines = _lines(document)
    texts = [line.of(document.text) for line in lines]
    ours = _is_article(texts, repeated)
    groups = (list(group) for is_ours, group in groupby(range(len(lines)), ours.__getitem__) if is_ours)
    spans = (Span(lines[group[0]].start, lines[group[-1]].end) for group in groups)
    left_out = sorted((*asked_in(document), *_amid(document.text, lines)), key=lambda span: span.start)
    stretches = (part for span in spans for part in without(span, left_out))
    return [part for stretch in stretches for part in known(document.text, stretch)]


def repeated_lines(documents: Iterable[Document]) -> frozenset[str]:
    """The short lines, in plain form, that stand in documents of several stories.

    Documents with one and the same longest line are one story, told again: what they share is not the page's.
    """
    stories: dict[str, set[str]] = {}
    for document in documents:
        texts = [line.of(document.text) for line in _lines(document)]
        if texts:
            short = {_plain(text) for text in texts if len(text.split()) < PROSE_WORDS}
            longest = _NOT_LETTERS.sub(" ", fold_text(max(texts, key=len)))
            stories.setdefault(longest, set()).update(short)
    counts = Counter(line for lines in stories.values() for line in lines if line)
    least = max(STORIES, SHARE * len(stories))
    return frozenset(line for line, count in counts.items() if count >= least)


def is_button(text: str) -> bool:
    """Whether a text is what a button says, or a heading of furniture."""
    return _plain(text) in _BUTTONS | _HEADINGS | _LEADS


def is_prose(line: str) -> bool:
    """Whether a line reads like a paragraph of an article: long, and ended as a sentence is."""
    return len(line.split()) >= PROSE_WORDS and bool(_SENTENCE_END.search(line))


def _lines(document: Document) -> list[Span]:
    """The lines below a document's heading that are not empty."""
    matches = _LINE.finditer(document.text, document.heading)
    return [Span(match.start(), match.end()) for match in matches if match.group().strip()]


def _is_article(lines: Sequence[str], repeated: frozenset[str]) -> list[bool]:
    """Of each line, whether it is the article's."""
    led = frozenset(
        (*_led_elsewhere(lines), *_boxed(lines), *_policies(lines), *_signed(lines), *_credited(lines), *stamped(lines))
    )
    start = _article_start(lines)
    end = _furniture_start(lines, start, led)
    return [start <= at < end and at not in led and _plain(line) not in repeated for at, line in enumerate(lines)]


def _article_start(lines: Sequence[str]) -> int:
    """The index of the first line below the menus at the start, and below the few short lines that follow each."""
    start = 0
    for at, line in enumerate(lines):
        if at - start > MOST_BETWEEN:
            return start
        if is_prose(line):
            return at if start else 0
        if _is_menu(line) or _is_row_alone(lines, at):
            start = at + 1
        elif _SENTENCE_END.search(line):
            return start
    return start if start < len(lines) else 0  # nothing but menus: then it is no page, and stays


def _is_menu(line: str) -> bool:
    """Whether a line before an article is the page's: a known heading alone, or several parts with one among them."""
    return any(_plain(part) in _HEADINGS for part in (line, *_MENU.split(line))) and not is_prose(line)


def _is_row_alone(lines: Sequence[str], at: int) -> bool:
    """Whether a line is several short parts, and those beside it are not: then it is a menu and no table's row, unless
    it names each of its parts («المدينة: جبلة، الرقم: 12»)."""
    if _RECORD.fullmatch(lines[at].strip()):
        return False
    return _parts(lines[at]) >= MENU_PARTS and all(
        _parts(line) != _parts(lines[at]) for line in (*lines[max(at - 1, 0) : at], *lines[at + 1 : at + 2])
    )


def _parts(line: str) -> int:
    """How many short parts a line is made of; 0 where it is not."""
    parts = [part for part in _MENU.split(line.strip()) if part.strip()]
    return len(parts) if all(len(part.split()) <= PART_WORDS for part in parts) else 0


def _led_elsewhere(lines: Sequence[str]) -> Iterator[int]:
    """The lines amid an article that lead to others: «اقرأ أيضا: …», or that alone and the titles below it."""
    below = False
    for at, line in enumerate(lines):
        lead, *rests = _LED.split(line.strip(), maxsplit=1)
        rest = "".join(rests)
        alone = _plain(line) in _LEADS
        leads = _plain(lead) in _LEADS or (rest and _plain(lead).startswith(_LINKS))
        if alone or (leads and len(rest.split()) <= LED_WORDS):
            yield at
        elif below and not _SENTENCE_END.search(line) and len(line.split()) < PROSE_WORDS:
            yield at
            continue
        below = alone


def _policies(lines: Sequence[str]) -> Iterator[int]:
    """The lines that tell those who comment what a site asks of them; in a document of little else they are its own."""
    found = [
        at
        for at, line in enumerate(lines)
        if len(line) <= LONGEST_POLICY and any(f" {policy} " in f" {_folded(line)} " for policy in _POLICIES)
    ]
    prose = [at for at, line in enumerate(lines) if is_prose(line) and at not in found]
    if len(prose) > len(found):
        yield from (at for at in found if at > prose[0])


def _signed(lines: Sequence[str]) -> Iterator[int]:
    """The last line of an article in a feed, where a program wrote there of which site it is."""
    words = _folded(lines[-1]) if lines and len(lines[-1]) <= LONGEST_POLICY else ""
    if any(words.startswith(f"{begins} ") and f" {amid} " in words for begins, amid in _SIGNED):
        yield len(lines) - 1


def _credited(lines: Sequence[str]) -> Iterator[int]:
    """Among the first and the last lines of an article, those that say who wrote or brought it, and its tags."""
    if not any(map(is_prose, lines)):
        return
    prose = [at for at, line in enumerate(lines) if is_prose(line)]
    for at in (*range(min(prose[0], CREDITS)), *range(max(prose[-1] + 1, len(lines) - CREDITS), len(lines))):
        line = lines[at]
        if _SENTENCE_END.search(line) or len(line.split()) > LED_WORDS:
            continue
        head = _plain(_SIGN.split(line.strip(), maxsplit=1)[0])
        is_byline = _SIGN.search(line.strip()) and head in _BYLINES and len(line.split()) <= HEADING_WORDS
        is_of_tags = at > prose[-1] and any(f"{_plain(line)} ".startswith(f"{tag} ") for tag in _TAGS)
        if is_byline or is_of_tags or _plain(line) in _CREDITS:
            yield at


def _amid(text: str, lines: Sequence[Span]) -> Iterator[Span]:
    """The stretches of lines that are furniture: «[عدل]» behind a heading, «متابعات» behind the last sentence."""
    for line in lines:
        if "[" in (words := line.of(text)):
            for edit in EDIT.finditer(words):
                yield Span(line.start + edit.start(), line.start + edit.end())
        credit = _CREDIT.search(words, max(len(words) - LONGEST_CREDIT, 0))
        if credit and _plain(credit[1]) in _CREDITS:
            yield Span(line.start + credit.start(1), line.end)


def _boxed(lines: Sequence[str]) -> Iterator[int]:
    """The lines of boxes amid an article: a short line, a paragraph at most, and a button."""
    for at, line in enumerate(lines):
        if _plain(line) not in _BUTTONS:
            continue
        yield at
        above = range(at - 1, max(at - 1 - MOST_IN_BOX, -1), -1)
        heading = next((n for n in above if not is_prose(lines[n]) and _plain(lines[n]) not in _BUTTONS), None)
        if heading is not None and sum(is_prose(lines[n]) for n in range(heading, at)) <= 1:
            yield from range(heading, at)


def _furniture_start(lines: Sequence[str], start: int, led: frozenset[int]) -> int:
    """The index of the first line of the furniture at the end; the number of lines where there is none.

    Of the lines that announce furniture, and the end, that one above which the weights add up to most (Pasternack and
    Roth, "Extracting article text from the web with maximum subsequence segmentation", 2009). So a section of the
    article may be called «تعليقات» too, and comments may hold a long one.
    """
    weights = [0.0 if at in led else _weight(line) for at, line in enumerate(lines)]
    above = list(accumulate(weights[start:], initial=0))
    headings = (at for at in range(start + 1, len(lines)) if _is_heading(lines[at]))
    # With a title of its own it announces only that.
    ends = [at for at in headings if at not in led or _plain(lines[at]) in _LEADS]
    return _without_labels(lines, max([*ends, len(lines)], key=lambda at: above[at - start]))


def _without_labels(lines: Sequence[str], end: int) -> int:
    """``end``, before the few short lines above it, such as who posted it; a list that a colon announces stays."""
    if end == len(lines):
        return end
    last = next((at for at in reversed(range(end)) if not _is_bare(lines[at])), end)
    is_list = last == end or lines[last].rstrip().endswith(":")
    return end if is_list or end - last - 1 > MOST_BETWEEN else last + 1


def _is_bare(line: str) -> bool:
    """Whether a line is short and neither ends a sentence nor announces what follows."""
    return len(line.split()) < PROSE_WORDS and not _BARE_END.search(line)


def _weight(line: str) -> float:
    """How much a line speaks for what is around it being the article, from -1 to ``MOST_WEIGHT``."""
    return min(len(line.split()) / PROSE_WORDS, MOST_WEIGHT) if is_prose(line) else -1.0


def _is_heading(line: str) -> bool:
    """Whether a line announces furniture: it is a known heading, or a menu that holds one, or begins with one
    of two words or more («شارك أحمد في السباق» begins with a heading too, and is none)."""
    if any(_plain(part) in _HEADINGS for part in (line, *_MENU.split(line))):
        return True
    words = _plain(line).split()
    if len(words) > HEADING_WORDS or _SENTENCE_END.search(line):
        return False
    return any(" ".join(words[:n]) in _HEADINGS for n in range(2, _LONGEST + 1))

"""What the parts of a document are: questions of an FAQ, headings, rows of column names, items of lists.

Loaders mark what the markup of a file says; here its lines are read beside that, as a text has them: a question on a
line of its own, numbered or labelled («س: … ج: …»), or in the first cell of a row. And of each is found what stands
under it. All spans count characters of the document's text; lines below its heading are looked at.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.words import folded_words
from retrieval.documents.columns import named_columns
from retrieval.documents.fields import asking_columns
from retrieval.model import Document, Part, Span

LONGEST_QUESTION = 300  # characters of a question on a line
LONGEST_LABELLED = 1500  # of one that is labelled, up to its answer's label
LONGEST_HEADING, LONGEST_TITLE = 8, 60  # words, and characters, of a line without markup that is a heading
FEWEST, SEVERAL = 2, 4  # questions without labels by which a text is seen to be of questions
FEWEST_WORDS = 3  # of a question that has a label and no mark

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_EDITS = "|".join(map(re.escape, table("furniture")["edits"]))
EDIT = re.compile(rf"[^\S\n]*\[\s?(?:{_EDITS})(?:\s?\|\s?(?:{_EDITS}))?\s?\]", re.IGNORECASE)
"""What Wikipedia puts behind a heading: «[عدل]», «[عدل | عدل المصدر]»."""
_BLANK = re.compile(r"[^\S\n]*\n[^\S\n]*\n")
_TABLE = table("faq")
_DIGITS = "0-9٠-٩۰-۹"
_NUMBER = rf"(?:\s{{0,2}}(?:رقم\s)?\(?[{_DIGITS}]{{1,3}}\)?|\s(?:ال[ء-ي]{{3,7}})(?:\sعشرة?)?)?"


def _labels(name: str) -> str:
    every = sorted((re.escape(word) for word in _TABLE[name]), key=len, reverse=True)
    return rf"(?:{'|'.join(every)}){_NUMBER}\s{{0,2}}"


_ASKED = re.compile(
    rf"[\s*_#>•○●▪◦‣☐❓❔()\[\]-]{{0,6}}{_labels('questions')}(?:[:：/.)\]–—-]+\s*|(?=\n|$))", re.IGNORECASE
)
_ANSWERED = re.compile(
    rf"[\s*_#>•○●▪◦‣()\[\]-]{{0,6}}{_labels('answers')}(?:[:：/)\]–—-]+\s*|\.\s+|(?=\n|$))", re.IGNORECASE
)
_AMID = re.compile(rf"(?<=[؟?!.:])\s{{1,4}}{_labels('answers')}[:：/–—-]+\s*", re.IGNORECASE)
_NEXT = re.compile(rf"(?<=[؟?!.»\"])\s{{1,4}}(?={_labels('questions')}[:：/–—-])", re.IGNORECASE)
_NUMBERED = re.compile(
    rf"\s*(?:[(\[]?([{_DIGITS}]{{1,3}})\s?[.)\]/:–—-]+\s*|(?:{'|'.join(_TABLE['ordinals'])})\s?[:：–—-]+\s*)"
)
_MARKED = re.compile(r"[\s*_#>•▪●◦‣❓❔]{0,6}")
_FOLDS = "+−▼▾▸►⌄❯"  # what a page draws behind a question that folds out
_MARK = re.compile(rf"([؟?][!؟?]{{0,3}}[»”\"')\]*_]{{0,3}})\s*[{_FOLDS}]?\s*$")
_CELL = re.compile(r"(?:[^\t\n]{0,8}\t)?([^\t\n]{4,300}[؟?])\t")
_DASH = re.compile(r"\s*[-–—ـ]")
_END = re.compile(r"[.!؟?؛:،…»\")\]]\s*$")
_OPENS = [fold_text(words).split() for words in _TABLE["opens"]]
_ASKING = frozenset(word for words in table("question_words")["words"].values() for word in fold_text(words).split())
_JOINING = frozenset(map(fold_text, _TABLE["joins"]))
_ENDED = re.compile(r"[.!؟?:]\s*$")
_HAS_DIGIT = re.compile(r"\d").search
_ADDRESS = re.compile(r"\w@\w|\w\.\w|//|\d[\d\s-]{5,}\d").search  # of post, of a site, of a telephone
_LABEL = re.compile(r"\W*\w{1,2}\s?[.)\]\-–—/ـ]|\W*[-–—•*·]")  # of an item
_LEVEL_OF_EDITED, _LEVEL_OF_PLAIN = 3, 8
_DEEPEST = 9  # of all headings, that of a question that is none


def structured(document: Document) -> Document:
    """The document with its parts: those that its loader marked, what they say stands under none yet, and those of its
    lines."""
    return replace(document, parts=tuple(_parts(document)))


def asks(text: str) -> bool:
    """Whether a heading or a line is a question: it ends as one, or begins as one that has no mark at its end."""
    if _MARK.search(text):
        return True
    opening = folded_words(text[:40])
    return any(opening[: len(words)] == words for words in _OPENS) and not _END.search(text)


def asked_in(document: Document) -> list[Span]:
    """The stretches that are questions of a document, each with its label and that of its answer."""
    found: list[Span] = []
    end = 0
    for part in document.questions:
        line = document.text.rfind("\n", 0, part.span.start) + 1
        until = part.under.start if part.under else part.span.end
        found.append(Span(max(line, min(end, part.span.start)), until))
        end = part.under.end if part.under else until
    return found


def without(span: Span, others: Sequence[Span]) -> Iterator[Span]:
    """What is left of a stretch without others, which are in order."""
    start = span.start
    for other in others:
        if other.end <= start or other.start >= span.end:
            continue
        if other.start > start:
            yield Span(start, other.start)
        start = other.end
    if start < span.end:
        yield Span(start, span.end)


@dataclass(frozen=True, slots=True)
class _Head:
    """A question or a heading: where its line or its label begins, its words, and where what follows it begins."""

    start: int
    span: Span
    after: int
    level: int
    asks: bool

    @property
    def depth(self) -> int:
        return self.level or _DEEPEST


def _parts(document: Document) -> Iterator[Part]:
    text, marks = document.text, document.parts
    heads = _heads(document)
    last = {fold_text(head.span.of(text)): place for place, head in enumerate(heads) if head.asks}
    sections = [_under(text, heads, place, last) for place in range(len(heads))]
    sections = list(_bounded(text, heads, sections))
    has_answers = any(under for head, under in zip(heads, sections, strict=True) if head.asks)
    found = [
        Part("question" if head.asks else "heading", head.span, head.level, under)
        for head, under in zip(heads, sections, strict=True)
        if under or (head.asks and has_answers)
    ]
    found += named_columns(document)
    found += (mark for mark in marks if mark.role == "item")
    return iter(sorted(found, key=lambda part: (part.span.start, -part.span.end)))


def _heads(document: Document) -> list[_Head]:
    """The questions and headings, in order: those that are marked, and those that the lines between them show."""
    text = document.text
    marked = {
        _line_start(text, mark.span.start): mark for mark in document.parts if mark.role in ("question", "heading")
    }
    found: list[_Head] = []
    end = document.heading
    bare: set[Span] = set()
    is_unmarked = not any(mark.role == "heading" for mark in document.parts)
    columns = asking_columns(text[: document.heading].split("\t"))
    for line in (Span(*line.span()) for line in _LINE.finditer(text, document.heading)):
        if line.start < end:
            continue
        cells = line.of(text).split("\t")
        columns = (asking_columns(cells) or columns) if len(cells) > 1 else None
        if columns and (head := _of_row(line, cells, *columns)):
            heads = [head]
        elif mark := marked.get(line.start):
            heads = [_of_mark(text, mark, line)]
        elif edit := _edited(text, line):
            heads = [edit]
        elif not (heads := list(_labelled(text, line))) and (head := _bare(text, line) or _next(text, found, line)):
            heads = [head]
            bare.add(head.span)
        elif is_unmarked and not heads and not _is_of_answer(text, found, line):
            heads = list(_plain_heading(text, line))
        found += (_answered(text, head) for head in heads)
        end = found[-1].after if heads else end
    return list(_likely(text, found, bare))


def _likely(text: str, heads: Sequence[_Head], bare: Set[Span]) -> Iterator[_Head]:
    """The heads without those questions without a label that may be the author's own, in the course of an article: in a
    document of few, they must open as questions do, and a single one stand alone in its paragraph."""
    sure = [head.span not in bare or _opens(text, head.span) for head in heads]
    count = sum(head.asks for head, is_sure in zip(heads, sure, strict=True) if is_sure)
    before_stays = False
    for head, is_sure in zip(heads, sure, strict=True):
        stays = head.span not in bare or (_is_apart(text, head) if count < FEWEST else is_sure or count >= SEVERAL)
        before_stays = stays or (before_stays and not asks(head.span.of(text)))  # numbered next, it goes with that
        if before_stays:
            yield head


def _opens(text: str, question: Span) -> bool:
    """Whether a word that asks is among its first three, and no «و» or «لكن» joins it to what stands before."""
    opening = folded_words(question.of(text)[:60])[:3]
    return bool(opening) and opening[0] not in _JOINING and not _ASKING.isdisjoint(opening)


def _is_apart(text: str, head: _Head) -> bool:
    before, after = text[: head.start], text[head.after : head.after + 4]
    is_first = not before.strip() or _BLANK.search(before[-4:])
    return bool(is_first and _BLANK.match(after)) and _opens(text, head.span)


def _of_row(line: Span, cells: Sequence[str], question: int, answer: int) -> _Head | None:
    """The question of a row, which its answer stands behind; None for the names of the columns and for short rows."""
    if len(cells) <= answer or not cells[question].strip() or asking_columns(cells):
        return None
    start = line.start + sum(len(cell) + 1 for cell in cells[:question])
    after = line.start + sum(len(cell) + 1 for cell in cells[:answer])
    return _Head(line.start, Span(start, start + len(cells[question])), after, 0, asks=True)


def _of_mark(text: str, mark: Part, line: Span) -> _Head:
    """The head that a loader marked; «س:» or a number before its words are not part of it."""
    span = mark.span
    label = _ASKED.match(text, span.start, span.end) or _NUMBERED.match(text, span.start, span.end)
    is_question = mark.role == "question" or asks(span.of(text))
    if is_question and label and label.end() < span.end:
        span = Span(label.end(), span.end)
    if is_question and (ended := _MARK.search(text, span.start, span.end)):
        span = Span(span.start, ended.end(1))
    rest = text[span.end : line.end]
    after = span.end if rest.strip(f" :：.-–—{_FOLDS}") else line.end
    return _Head(line.start, span, after, mark.level, is_question)


def _edited(text: str, line: Span) -> _Head | None:
    """The heading of a line behind which Wikipedia offers to edit what stands under it."""
    edit = EDIT.search(text, line.start, line.end)
    if edit is None or text[edit.end() : line.end].strip():
        return None
    heading = _trimmed(text, line.start, edit.start())
    return _Head(line.start, heading, line.end, _LEVEL_OF_EDITED, asks(heading.of(text))) if heading else None


def _is_of_answer(text: str, heads: Sequence[_Head], line: Span) -> bool:
    """Whether the last head is a question which a line answers, be it as short as a heading: nothing stands between, or
    what leads in to a list or is of one."""
    if not (heads and heads[-1].asks):
        return False
    start = max(heads[-1].after, line.start - LONGEST_QUESTION)
    above = [Span(*each.span()) for each in _LINE.finditer(text, start, line.start)]
    return not above or _leads_on(text, above)


def _leads_on(text: str, lines: Sequence[Span]) -> bool:
    """Whether what follows lines of an answer is an item of it: the last announces it, or is one itself."""
    last = lines[-1].of(text)
    return last.rstrip().endswith((":", "،")) or (len(lines) > 1 and not _END.search(last))


def _plain_heading(text: str, line: Span) -> Iterator[_Head]:
    """The heading of a text that has no markup: a short line that begins its paragraph and is not ended, above one that
    is, or is long; or the first of two lines that are a paragraph."""
    heading = _trimmed(text, line.start, line.end)
    begins_paragraph = _BLANK.search(text, max(line.start - 8, 0), line.start) is not None
    if not (heading and begins_paragraph and _may_be_heading(heading.of(text))):
        return
    below = _LINE.search(text, line.end, min(line.end + LONGEST_LABELLED, len(text)))
    if below is None:
        return
    words = below.group().strip()
    is_told = len(words) > LONGEST_TITLE or _ENDED.search(words)
    is_apart = _BLANK.match(text, line.end) is not None
    ends_paragraph = _BLANK.match(text, below.end()) is not None or not text[below.end() : below.end() + 8].strip()
    is_value = not is_apart and ends_paragraph and _HAS_DIGIT(words)
    if is_told or is_value:
        yield _Head(line.start, heading, line.end, _LEVEL_OF_PLAIN, asks=False)


def _may_be_heading(words: str) -> bool:
    is_short = len(words) <= LONGEST_TITLE and len(words.split()) <= LONGEST_HEADING
    is_other = "\t" in words or any(found(words) for found in (_END.search, _HAS_DIGIT, _ADDRESS, _LABEL.match))
    return is_short and not is_other


def _labelled(text: str, line: Span) -> Iterator[_Head]:
    """The questions of a line with labels, and what answers each in it or stands below."""
    starts = [line.start, *(m.end() for m in _NEXT.finditer(text, line.start, line.end))]
    for start, stop in pairwise([*starts, line.end]):
        label = _ASKED.match(text, start, stop)
        if not label:
            continue
        answer = _AMID.search(text, label.end(), stop)
        if answer:
            question = _trimmed(text, label.end(), answer.start())
        elif (mark := text.rfind("؟", label.end(), stop)) > 0 and text[mark + 1 : stop].strip():
            question = _trimmed(text, label.end(), mark + 1)
        else:
            question = _question_below(text, label.end(), line) if stop == line.end else None
        if question:
            yield _Head(start, question, answer.end() if answer else question.end, 0, asks=True)


def _question_below(text: str, start: int, line: Span) -> Span | None:
    """The words of a labelled question: of its line, or all up to the line that the answer's label begins."""
    for below in _LINE.finditer(text, line.end, min(start + LONGEST_LABELLED, len(text))):
        if _ASKED.match(text, *below.span()):
            break
        if _ANSWERED.match(text, *below.span()):
            return _trimmed(text, start, below.start())
    question = _trimmed(text, start, line.end)
    if question is None and (following := _LINE.search(text, line.end)):
        question = _trimmed(text, *following.span())
    if question is None or question.end - question.start > LONGEST_QUESTION:
        return None
    words = question.of(text)
    return question if _MARK.search(words) or (start < line.end and len(words.split()) >= FEWEST_WORDS) else None


def _bare(text: str, line: Span) -> _Head | None:
    """The question of a line without a label, with a number or without; or in the first cell of a row."""
    if cell := _CELL.match(text, line.start, line.end):
        return _Head(line.start, Span(*cell.span(1)), cell.end(), 0, asks=True)
    mark = _MARK.search(text, line.start, line.end)
    if line.end - line.start > LONGEST_QUESTION or not mark:
        return None
    if _DASH.match(text, line.start, line.end):  # speech
        return None
    number = _NUMBERED.match(text, line.start, line.end) or _MARKED.match(text, line.start, line.end)
    question = _trimmed(text, number.end() if number else line.start, mark.end(1))
    if question is None or ":" in question.of(text) or "\t" in question.of(text):
        return None
    return _Head(line.start, question, line.end, 0, asks=True)


def _next(text: str, heads: Sequence[_Head], line: Span) -> _Head | None:
    """The head of a line that is numbered next after a question: what stands in the place of one, «3. شروط القبول»."""
    if not (heads and heads[-1].asks):
        return None
    before, own = (_NUMBERED.match(text, start) for start in (heads[-1].start, line.start))
    if not (before and own and before[1] and own[1] and int(own[1]) == int(before[1]) + 1):
        return None
    words = _trimmed(text, own.end(), line.end)
    is_title = words is not None and len(words.of(text)) <= LONGEST_TITLE and not _END.search(words.of(text))
    return _Head(line.start, words, line.end, 0, asks=True) if words and is_title and _told_below(text, line) else None


def _told_below(text: str, line: Span) -> bool:
    """Whether what stands below a line is a sentence and no further item of a list."""
    below = _LINE.search(text, line.end)
    return below is not None and not _NUMBERED.match(text, below.start()) and bool(_ENDED.search(below.group()))


def _answered(text: str, head: _Head) -> _Head:
    """The head, with the label of the answer that follows it passed over."""
    label = _ANSWERED.match(text, head.after) if head.asks and head.after < len(text) else None
    if label and label.end() > head.after:
        return replace(head, after=label.end())
    return head


def _under(text: str, heads: Sequence[_Head], place: int, last: Mapping[str, int]) -> Span | None:
    """What stands under a head: all up to the next one that is not under it."""
    head = heads[place]
    following = (other.start for other in heads[place + 1 :] if (other.asks and head.asks) or other.depth <= head.depth)
    under = _trimmed(text, head.after, next(following, len(text)))
    if not (under and head.asks):
        return under
    nearest = heads[place + 1].start if place + 1 < len(heads) else len(text)
    is_listed = last[fold_text(head.span.of(text))] != place  # in a table of contents: it is answered further down
    return under if _trimmed(text, head.after, nearest) and not is_listed else None


def _bounded(text: str, heads: Sequence[_Head], sections: Sequence[Span | None]) -> Iterator[Span | None]:
    """The sections, those of questions without what belongs to the text around: a line that announces the questions
    after it, and what follows the last answer where all before are of one paragraph."""
    asked = [place for place, head in enumerate(heads) if head.asks and sections[place]]
    short = 0
    for place, (head, under) in enumerate(zip(heads, sections, strict=True)):
        if not (under and head.asks and head.level == 0):
            yield under
            continue
        first, *rest = _paragraphs(text, under)
        is_last = place == asked[-1]
        if rest and is_last and short >= FEWEST and short == len(asked) - 1:
            under = first
        elif rest and not is_last and _is_announcing(text, [first, *rest]):
            under = Span(under.start, rest[-2].end if len(rest) > 1 else first.end)
        short += not _BLANK.search(under.of(text))
        yield under


def _is_announcing(text: str, answer: Sequence[Span]) -> bool:
    """Whether the last paragraph below a question announces what follows, and is not the last item of its answer."""
    *above, last = answer
    words = last.of(text)
    is_short = "\n" not in words and len(words.split()) <= LONGEST_HEADING
    return is_short and not _leads_on(text, above) and not _END.search(words) and not _ADDRESS(words)


def _paragraphs(text: str, within: Span) -> list[Span]:
    edges = [within.start, *(m.end() for m in _BLANK.finditer(within.of(text)))]
    starts = [within.start, *(within.start + edge for edge in edges[1:])]
    return [span for a, b in pairwise([*starts, within.end]) if (span := _trimmed(text, a, b))]


def _line_start(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


def _trimmed(text: str, start: int, end: int) -> Span | None:
    stretch = text[start:end]
    start, end = start + len(stretch) - len(stretch.lstrip()), start + len(stretch.rstrip())
    return Span(start, end) if start < end else None

"""An answer in a terminal: its quotes that are shown at once, each with its answer bold and its source below; colours
only where there are any.

Terminals that order right-to-left text themselves get it as it is. For the others ``visual`` joins the letters
and orders each line: what it shows is for the eye, not for copying.
"""

import shutil
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.util import find_spec

import click

from bot.phrases import phrases
from bot.showing.saying import asked_for_arabic
from bot.terminal.printing.plain import one_line, plain
from retrieval.errors import IqtibasError
from retrieval.model import Answer, Quote

Shape = Callable[[str], str]
WIDEST = 100  # columns


def shown(answer: Answer, shape: Shape | None = None) -> str:
    """The lines that show an answer. ``shape``, from ``visual()``, orders them for the eye."""
    note = asked_for_arabic(answer, phrases("ar"))
    if note and not (answer.found or answer.found_words or answer.unreachable):
        return ordered([note], shape)
    lines = [
        *([note] if note else []),
        *_searched(answer, dim=shape is None),
        *(_quoted(answer, bold=shape is None) if answer.found else _refused(answer)),
    ]
    return ordered(lines, shape)


def in_parts(parts: Iterable[tuple[Quote | None, Sequence[str]]], shape: Shape | None = None) -> str:
    """Quotes, each with its source, and what is said of them below, a blank line between the parts."""
    told: list[str] = []
    for quote, lines in parts:
        told += [""] if told else []
        if quote:
            told.append(f"«{_with_bold(quote) if shape is None else plain(quote.text)}»")
            told += [_dim(line) if shape is None else line for line in _sources(quote)]
        told += map(plain, lines)
    return ordered(told, shape)


def ordered(lines: Iterable[str], shape: Shape | None = None) -> str:
    """Lines as one text; ``shape`` orders them for the eye, as wide as the terminal."""
    if shape is None:
        return "\n".join(lines)
    width = min(WIDEST, shutil.get_terminal_size().columns)
    wrapped = (part for line in lines for part in textwrap.wrap(line, width) or [""])
    return "\n".join(shape(part).rjust(width) for part in wrapped)


def visual() -> Shape:
    """What joins and orders a line. Raises IqtibasError where the extra that does it is not installed."""
    if not (find_spec("bidi") and find_spec("arabic_reshaper")):
        raise IqtibasError('--visual needs the extra "terminal": pip install "iqtibas[terminal]"')
    from arabic_reshaper import reshape
    from bidi import get_display

    return lambda line: str(get_display(reshape(line)))


def _searched(answer: Answer, *, dim: bool) -> Iterator[str]:
    """What was looked for, where that is not what was asked."""
    if answer.searched != answer.question:
        line = f"بحثتُ عن: {one_line(answer.searched)}"
        yield _dim(line) if dim else line


def _quoted(answer: Answer, *, bold: bool) -> Iterator[str]:
    for line in phrases("ar").remarks(answer):
        yield _dim(line) if bold else line
    for number, quote in enumerate(answer.at_once, 1):
        if number > 1:
            yield ""
        if quote.heading:
            heading = plain(" ".join(quote.heading.of(quote.document.text).split()))
            yield click.style(heading, bold=True) if bold else heading
        yield f"«{_with_bold(quote) if bold else plain(quote.text)}»"
        for line in _sources(quote):
            yield _dim(line) if bold else line


def _with_bold(quote: Quote) -> str:
    """The quote's text, its highlights bold."""
    text, at, parts = quote.document.text, quote.span.start, []
    for highlight in sorted(quote.highlights, key=lambda h: h.start):
        parts += [plain(text[at : highlight.start]), click.style(plain(highlight.of(text)), bold=True, fg="green")]
        at = highlight.end
    return "".join([*parts, plain(text[at : quote.span.end])])


def _sources(quote: Quote) -> Iterator[str]:
    document = quote.document
    day = document.published.isoformat() if document.published else None
    yield "— " + " · ".join(map(one_line, filter(None, [document.title, day, quote.place, document.url])))
    if document.recognised is not None:
        yield phrases("ar").read_by_machine
    if quote.also:
        yield phrases("ar").also.format(titles="، ".join(one_line(source.title) for source in quote.also))


def _refused(answer: Answer) -> Iterator[str]:
    if answer.unreachable:
        yield phrases("ar").unreachable
        return
    if answer.period:
        yield phrases("ar").none_of_days.format(days=phrases("ar").stretch(answer.period))
        return
    yield "لا أجد جوابا."
    if answer.found_words:
        yield f"وجدتُ في أقرب موضع: {'، '.join(map(one_line, answer.found_words))}"
    if answer.missing_words:
        there = " فيه" if answer.found_words else ""
        yield f"لم أجد{there}: {'، '.join(map(one_line, answer.missing_words))}"
    if answer.meant:
        yield phrases("ar").meant.format(text=one_line(answer.meant))
    if answer.nearest:
        yield f"أقرب العناوين: {'؛ '.join(one_line(source.title) for source in answer.nearest)}"


def _dim(text: str) -> str:
    return click.style(text, dim=True)

"""Loads ``.pptx``: the text of the slides that are shown, each a page of one document.

Nothing in it runs: macros are bytes that nobody opens. What the speaker noted, what stands in the margins of every
slide (its date, footer and number) and pictures are left out.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.oxml.ns import qn

from retrieval.documents.loaders.amid import lowered, raised
from retrieval.documents.loaders.packages import opened
from retrieval.documents.loaders.reading import LONGEST, bounded, heading_of, title_of
from retrieval.documents.said import author, day_written, title
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document

_MARGINS = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.HEADER}
_NOT_STRUCK = "noStrike"
_DEEPEST = 20  # groups inside groups


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The one document of a presentation; ``name`` is its id. Raises UnreadableError."""
    with opened(content, name, "a PowerPoint presentation"):
        deck = Presentation(BytesIO(content))
        texts = ["\n\n".join(_blocks(slide)) for slide in deck.slides]
        if sum(map(len, texts)) > LONGEST:
            raise UnreadableError(f"{name}: its text is longer than {LONGEST:,} characters; split it", Cause.TOO_MUCH)
        text, starts = _joined(texts)
        text = bounded(text, name)
        said = deck.core_properties
        named = title_of(title(said.title) or text.partition("\n")[0])
        yield Document(
            id=name,
            title=named,
            text=text,
            published=day_written(said.created, said.modified) if author(said.author) else None,
            path=name,
            heading=heading_of(text, named),
            author=author(said.author),
            pages=starts,
        )


def _joined(texts: Iterable[str]) -> tuple[str, tuple[int, ...]]:
    """The texts of the slides as one, and where each begins in it; one that says nothing begins where the next does."""
    text, starts = "", []
    for each in texts:
        text += "\n\n" if text and each and not text.endswith("\n\n") else ""
        starts.append(len(text))
        text += each
    return text, tuple(starts)


def _blocks(slide: Any) -> Iterator[str]:
    """What a slide says, its title first, then as it is drawn; nothing of one that is hidden."""
    if slide.element.get("show") == "0":
        return
    _settle(slide)
    title = slide.shapes.title
    shapes = sorted(_shapes(slide.shapes, 0), key=lambda shape: title is None or shape.shape_id != title.shape_id)
    for shape in shapes:
        if shape.is_placeholder and shape.placeholder_format.type in _MARGINS:
            continue
        if shape.has_text_frame:
            lines = [
                " ".join(filter(None, paragraph.text.replace("\v", "\n").split(" ")))
                for paragraph in shape.text_frame.paragraphs
            ]
        elif getattr(shape, "has_table", False) and shape.has_table:
            lines = ["\t".join(" ".join(cell.text.split()) for cell in row.cells) for row in shape.table.rows]
        else:
            continue
        if text := "\n".join(line.strip() for line in lines if line.strip()):
            yield text


def _settle(slide: Any) -> None:
    """Takes out what is struck out, and writes raised and lowered figures as such."""
    for run in slide.element.iter(qn("a:r")):
        said, text = run.find(qn("a:rPr")), run.find(qn("a:t"))
        if said is None or text is None:
            continue
        height = said.get("baseline", "0").rstrip("%")
        if said.get("strike", _NOT_STRUCK) != _NOT_STRUCK:
            text.text = ""
        elif height.strip("0"):
            text.text = (lowered if height.startswith("-") else raised)(text.text or "")


def _shapes(shapes: Iterable[Any], depth: int) -> Iterator[Any]:
    for shape in shapes:
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            if depth < _DEEPEST:
                yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape

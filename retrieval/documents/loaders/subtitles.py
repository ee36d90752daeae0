"""Loads ``.srt`` and ``.vtt``: what is said in a film or a lecture, its lines joined to sentences again, without what
is only heard in it."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import PurePosixPath

import pysubs2

from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.documents.loaders.reading import bounded, decoded, title_of
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document

_SILENCE = 4000  # milliseconds; what is said after it is a paragraph of its own
_LONG = 500  # characters; a paragraph that has more ends with its sentence
_MOST = 200_000  # lines of a file
_DIRECTED = str.maketrans("", "", "\u200e\u200f\u202a\u202b\u202c")  # which way a line runs
_LONGEST = 10_000  # characters of a line
_OVERLONG = re.compile(rf"[^\n]{{{_LONGEST + 1}}}")
_ENDS = (".", "؟", "?", "!", "…", "»", "]", ")")
_TIME = re.compile(r"<[\d:.]{5,12}>")  # at which a word is said
_NAME = re.compile(r"((?:\A|\n)[^\S\n]*\n)(?!\d+[^\S\n]*\n)[^\n]+\n(?=[\d:.,]+ +--> )")  # of a cue, before its time
_IN_BRACKETS = re.compile(r"\[([^][]{1,60})\]|\(([^()]{1,60})\)")
_SOUNDS = re.compile(
    rf"(?:ال)?(?:{'|'.join(fold_text(sound) for sound in table('furniture')['sounds'])})\b(?:\W+\w+){{0,3}}\W*"
)
_BEFORE_END = re.compile(r"(?<=\S) (?=[.،؛!؟,](?:\s|$))")  # the room of a sound before the mark that ends a sentence
_SUNG = re.compile(r"[♩-♬]+")  # around the words of songs
_SPOKEN = ("-", "–", "—")  # before what another speaker says


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The one document of a file; ``name`` is its id, the words of its name the title. Raises UnreadableError."""
    text = decoded(content, name).lstrip("\ufeff")
    if _OVERLONG.search(text):  # by which pysubs2 would take a time beyond measure
        raise UnreadableError(f"{name}: not subtitles: a line of more than {_LONGEST:,} characters", Cause.DAMAGED)
    if text.count("-->") > _MOST:
        raise UnreadableError(f"{name}: more than {_MOST:,} lines; split it", Cause.TOO_MUCH)
    text = _NAME.sub(r"\1", text)
    try:
        said = pysubs2.SSAFile.from_string(text, format_=PurePosixPath(name).suffix.lower()[1:])
    except (pysubs2.exceptions.Pysubs2Error, ValueError, IndexError) as error:
        raise UnreadableError(
            f"{name}: not subtitles ({type(error).__name__}); save it again as SRT", Cause.DAMAGED
        ) from None
    stem = PurePosixPath(name).stem
    yield Document(
        id=name, title=title_of(stem.replace("_", " ").replace(".", " ")), text=bounded(_text(said), name), path=name
    )


def _words(written: str) -> str:
    """The words of a line, its entities decoded, without the names of sounds."""
    said = unescape(_TIME.sub("", written)).translate(_DIRECTED)
    return _BEFORE_END.sub("", " ".join(_SUNG.sub(" ", _IN_BRACKETS.sub(_unless_heard, said)).split()))


def _unless_heard(found: re.Match[str]) -> str:
    """Words in brackets as they stand, a space where they name a sound."""
    return " " if _SOUNDS.fullmatch(fold_text(found[1] or found[2]).strip()) else found[0]


def _text(said: pysubs2.SSAFile) -> str:
    """The lines joined: a space within a paragraph, a line for each speaker, a blank line after silence."""
    parts: list[str] = []
    end = length = 0
    last = ""
    for line in said:
        is_over = line.start - end > _SILENCE or (length > _LONG and last.endswith(_ENDS))
        for words in filter(None, map(_words, line.plaintext.split("\n"))):
            if words == last:  # captions that roll show a line twice
                continue
            if parts:
                parts.append("\n\n" if is_over else "\n" if words.startswith(_SPOKEN) else " ")
            parts.append(words)
            length = len(words) + (0 if is_over else length)
            last, is_over = words, False
        end = max(end, line.end)
    return "".join(parts)

"""The groups of an RTF source, walked once: what a reader does not see is taken out, and what stands elsewhere on the
page than its source says is brought where striprtf finds it."""

import re
from dataclasses import dataclass, replace

from retrieval.documents.loaders.amid import lowered, raised

_TOLD = re.compile(r"\\(?:deleted|v|strike|striked|super|sub|shptxt|listtext)(?![a-z])")
_TOKEN = re.compile(r"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'[0-9a-fA-F]{2}|\\[^a-z]|[{}]|[^\\{}]+", re.S)
_UNSEEN = ("deleted", "v", "strike", "striked")
_BOX, _NUMBER = "shptxt", "listtext"


@dataclass(frozen=True, slots=True)
class _State:
    """What holds in a group: by which words its text is unseen, and where it stands."""

    unseen: frozenset[str] = frozenset()
    place: str = ""
    is_number: bool = False


def seen(source: str) -> str:
    """The source without what is deleted, hidden or struck out, raised figures as their own letters, a space behind
    numbers of lists in place of a tab, and the words of a text box behind the paragraph that holds it."""
    return "".join(_Walk().pieces(source)) if _TOLD.search(source) else source


class _Walk:
    def __init__(self) -> None:
        self._state, self._above = _State(), list[_State]()
        self._written: list[str] = []
        self._boxes: list[str] = []
        self._box: list[str] | None = None
        self._box_depth = 0

    def pieces(self, source: str) -> list[str]:
        """The tokens of the source that are left, in their order."""
        for token in _TOKEN.finditer(source):
            whole, word = token[0], token[1]
            if whole == "{":
                self._above.append(self._state)
                self._write(whole)
            elif whole == "}":
                self._close()
            elif word and word != "u":
                self._say(word, token[2], whole)
            elif not self._state.unseen:
                self._write(self._placed(whole))
        return [*self._written, *self._boxes]

    def _close(self) -> None:
        if self._box is not None and len(self._above) == self._box_depth:
            self._boxes.append(rf"\par {{{''.join(self._box)}}}\par ")
            self._box = None
        self._state = self._above.pop() if self._above else _State()
        self._write("}")

    def _say(self, word: str, number: str | None, whole: str) -> None:
        """Takes note of a control word, and writes it."""
        is_on = number != "0"
        if word in _UNSEEN:
            unseen = self._state.unseen | {word} if is_on else self._state.unseen - {word}
            self._state = replace(self._state, unseen=unseen)
        elif word in ("super", "sub", "nosupersub"):
            self._state = replace(self._state, place=word if is_on and word != "nosupersub" else "")
        elif word == "plain":
            self._state = replace(self._state, unseen=self._state.unseen & {"deleted"}, place="")
        elif word == _NUMBER:
            self._state = replace(self._state, is_number=True)
        elif word == _BOX and self._box is None:
            self._box, self._box_depth = [], len(self._above)
            return
        self._write(" " if word == "tab" and self._state.is_number else whole)
        if word == "par" and self._box is None and self._boxes:
            self._written += self._boxes
            self._boxes.clear()

    def _placed(self, words: str) -> str:
        """Figures above or below the line, in Unicode as RTF writes it."""
        if not self._state.place or words.startswith("\\"):
            return words
        write = raised if self._state.place == "super" else lowered
        written = write(words.strip())
        return "".join(rf"{{\uc0\u{ord(letter)} }}" for letter in written) if written != words.strip() else words

    def _write(self, token: str) -> None:
        (self._written if self._box is None else self._box).append(token)

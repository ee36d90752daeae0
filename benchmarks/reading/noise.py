"""Questions as people type them, for training: without hamzas, with slips, without their mark; and of another
number."""

import re
from random import Random

_LETTERS = (
    ("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ة", "ه"), ("ى", "ي"), ("ئ", "ي"), ("ؤ", "و"), ("ي ", "ى "), ("ه ", "ة "),
)  # fmt: skip
_COMMON = _LETTERS[:5]  # that most people leave out or mix up
_NEAR = {
    "ض": "ظ", "ظ": "ض", "س": "ص", "ص": "س", "ت": "ط", "ط": "ت", "د": "ذ", "ذ": "د", "ث": "ت", "ز": "ذ", "ح": "خ",
    "ه": "ح", "ق": "ف", "ب": "ي", "ن": "ت", "ء": "",
}  # fmt: skip
_AS_WRITTEN, _WITHOUT_HAMZAS, _CARELESS, _UNMARKED = 0.45, 0.30, 0.15, 0.10  # shares of questions
_OFTEN, _SELDOM = 0.7, 0.4  # how likely each of the letters is changed
_STILL_UNMARKED = 0.2  # of those with other letters
_SHORT = 4  # letters of words in which nobody slips
_NUMBER = re.compile(r"\d{2,4}")
_YEARS, _NUMBERS = (-7, -4, -3, -2, -1, 1, 2, 3, 5, 8), (-9, -5, -2, 3, 6, 11)
_LEAST_NUMBER = 11


def noisy(text: str, chance: Random) -> str:
    """A question as it may be typed; as it is, nearly every second time."""
    (how,) = chance.choices(range(4), (_AS_WRITTEN, _WITHOUT_HAMZAS, _CARELESS, _UNMARKED))
    if how == 0:
        return text
    if how == 1:
        text = _respelt(text, _COMMON, _OFTEN, chance)
    elif how == 2:
        text = _slipped(_respelt(text, _LETTERS, _SELDOM, chance), chance)
    return _unmarked(text) if how == 3 or chance.random() < _STILL_UNMARKED else text


def altered(text: str, chance: Random) -> str | None:
    """A question of another year or number, which the same sentence does not answer; None where it has none."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    number = chance.choice(found)
    is_year = len(number.group()) == 4
    other = int(number.group()) + chance.choice(_YEARS if is_year else _NUMBERS)
    return f"{text[: number.start()]}{other if is_year else max(_LEAST_NUMBER, other)}{text[number.end() :]}"


def _respelt(text: str, letters: tuple[tuple[str, str], ...], share: float, chance: Random) -> str:
    for written, typed in letters:
        if chance.random() < share:
            text = text.replace(written, typed)
    return text


def _slipped(text: str, chance: Random) -> str:
    """With a slip in one of its words, if that is long enough."""
    words = text.split()
    at = chance.randrange(len(words))
    if len(words[at]) > _SHORT:
        words[at] = _slip(words[at], chance)
    return " ".join(words)


def _slip(word: str, chance: Random) -> str:
    """A word with a letter left out, doubled, swapped with the next, or mistaken."""
    at = chance.randrange(1, len(word) - 1)
    before, letter, after, rest = word[:at], word[at], word[at + 1], word[at + 2 :]
    typed = ("", letter * 2, None, _NEAR.get(letter, letter))[chance.randrange(4)]
    return f"{before}{after}{letter}{rest}" if typed is None else f"{before}{typed}{after}{rest}"


def _unmarked(text: str) -> str:
    return text.replace("؟", "").strip()

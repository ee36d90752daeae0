"""Phrases of a table found among words: the longest that begins at a place."""

from collections.abc import Iterable, Sequence

from retrieval.arabic.clitics import particles


class Phrases:
    """Phrases of several folded words, each with the one form that stands for it."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """From pairs of a phrase and its form. Particles may be written onto the first word."""
        self._by_first: dict[str, list[tuple[list[str], str]]] = {}
        for phrase, form in pairs:
            first, *rest = phrase.split()
            for _, glued in particles(first):
                self._by_first.setdefault(glued, []).append((rest, form))
        for found in self._by_first.values():
            found.sort(key=lambda pair: -len(pair[0]))

        self.begin = frozenset(self._by_first)

    def join(self, words: list[str], places: Sequence[int]) -> None:
        """Put the form of each phrase that begins at one of the places there, the empty string at its others."""
        for place in [i for i in places if words[i] in self.begin]:
            form, length = self._at(words, place)
            if length:
                words[place : place + length] = [form, *[""] * (length - 1)]

    def _at(self, words: Sequence[str], place: int) -> tuple[str, int]:
        for rest, form in self._by_first.get(words[place], ()):
            if words[place + 1 : place + 1 + len(rest)] == rest:
                return form, 1 + len(rest)
        return "", 0

"""One-letter words and the article, which Arabic writes together with the word that follows."""

from collections.abc import Iterator

_PARTICLES = ("", "و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "فل")
_ARTICLES = ("ال", "وال", "فال", "بال", "كال", "لل", "ولل", "وبال")
_ONTO_ARTICLE = ("", "و", "ف", "ب", "ك", "وب")


def particles(folded: str) -> Iterator[tuple[str, str]]:
    """Each particle that can stand before a word, none first, and the two written together."""
    if not folded.startswith("ال"):
        yield from ((particle, particle + folded) for particle in _PARTICLES)
        return
    yield from ((particle, particle + folded) for particle in _ONTO_ARTICLE)
    yield from ((particle, particle + folded[1:]) for particle in ("ل", "ول"))


def particles_and_article(folded: str) -> Iterator[tuple[str, str]]:
    """The same, and then with the article."""
    yield from particles(folded)
    yield from ((article, article + folded) for article in _ARTICLES)

"""What a folded word of talk may be without what is joined to it."""

ARTICLE, SHORTEST = "ال", 3
_THIS = "هال"
_ENDINGS = ("ين", "ون", "ات", "ه", "ا", "ي")
_JOINED = ("و", "ف", "ب", "ل", "ال", "بال", "لل", "وال", "هال", "بهال")
_PRONOUNS = ("ك", "كم", "ه", "ها", "ي", "ني", "نا", "لي", "لنا", "لك", "ا")


def bare_forms(word: str) -> set[str]:
    """A word, and what it may be without what is joined to it: «بالمصدر», «مصدرك»."""
    openings = {word.removeprefix(joined) for joined in ("", *_JOINED)}
    if word.startswith(_THIS):
        openings.add(ARTICLE + word.removeprefix(_THIS))
    forms = {opened.removesuffix(joined) for opened in openings for joined in ("", *_PRONOUNS)}
    return {form for form in forms if len(form) >= SHORTEST} | {word}


def base(word: str) -> str:
    """A word without its article and ending: «الرائعة» is «رائع»."""
    bare = word.removeprefix(ARTICLE) if len(word) > SHORTEST + 1 else word
    ending = next((e for e in _ENDINGS if bare.endswith(e) and len(bare) - len(e) >= SHORTEST), "")
    return bare.removesuffix(ending)


def has_article(word: str) -> bool:
    """Whether a word is long enough to have an article, and has it."""
    return word.startswith(ARTICLE) and len(word) - len(ARTICLE) >= SHORTEST

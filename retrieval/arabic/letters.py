"""Whether a text reads like Arabic, by how often its letters stand in Arabic prose."""

import re
from math import log

from retrieval.arabic.tables import table

_SHARES = {letter: count / 1000 for letter, count in table("letters")["letters"].items()}
_MARK = 0.02  # a haraka or a tatweel, where it follows a letter
_PUNCTUATION = dict.fromkeys("،؛؟«»–—…“”‘’•·\N{NO-BREAK SPACE}", 0.01)
_FOREIGN = 1e-5  # anything else beyond ASCII
_COMMON = _SHARES | _PUNCTUATION
_MARKED = re.compile(r"(?<=[ء-ْ])[ـً-ْ]")
_ARTICLE = re.compile(r"(?<![ء-ْ])[وفبك]?ال(?=[ء-ي]{2})")
_ARTICLE_LOG = 3.0  # that a word begins with «ال» by chance is about e⁻³ as likely


def likelihood(text: str) -> float:
    """How likely the characters beyond ASCII are in Arabic prose: the sum of the logarithms of their shares.

    Of two decodings of the same bytes the likelier is right: nearly always from five words on.
    """
    found = sum(log(_COMMON.get(c, _FOREIGN)) for c in text if c > "\x7f")
    marks, articles = len(_MARKED.findall(text)), len(_ARTICLE.findall(text))
    return found + marks * (log(_MARK) - log(_FOREIGN)) + articles * _ARTICLE_LOG

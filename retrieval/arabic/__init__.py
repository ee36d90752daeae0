"""Arabic text comes in, and its words go out in one form each, with the terms that passages and questions share.

Facts about the language stand in ``tables/``: add a word there, never in code.
"""

from retrieval.arabic.analysis import analyze
from retrieval.arabic.folding import Folded, fold, fold_text
from retrieval.arabic.words import words

__all__ = ["Folded", "analyze", "fold", "fold_text", "words"]

"""The Arabic language: folding, words, terms, and the tables of facts that they walk.

Facts about the language stand in ``tables/``: add a word there, never in code.
"""

from retrieval.arabic.analysis import analyze
from retrieval.arabic.folding import Folded, fold, fold_text
from retrieval.arabic.words import words

__all__ = ["Folded", "analyze", "fold", "fold_text", "words"]

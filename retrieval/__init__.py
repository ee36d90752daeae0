"""Answers questions by quoting documents. Knows nothing of Telegram. These are the public names."""

from retrieval.arabic import analyze, fold
from retrieval.corpus import Documents
from retrieval.documents.loaders import ENDINGS
from retrieval.library import Library, index_folder, prune
from retrieval.model import Answer, Document, Hit, Passage, Quote, Source, Span

__all__ = [
    "ENDINGS",
    "Answer",
    "Document",
    "Documents",
    "Hit",
    "Library",
    "Passage",
    "Quote",
    "Source",
    "Span",
    "analyze",
    "fold",
    "index_folder",
    "prune",
]

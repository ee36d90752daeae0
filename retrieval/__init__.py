"""Answers questions by quoting documents. Knows nothing of Telegram. These are the public names.

Each is imported when it is first asked for, so that who wants one of them does not pay for all.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.arabic.analysis import analyze
    from retrieval.arabic.folding import fold
    from retrieval.corpus.folders import has_index, index_folder, prune
    from retrieval.corpus.passages import health
    from retrieval.corpus.preparing import Bounds, Preparer
    from retrieval.corpus.snapshot import Documents, Refreshed
    from retrieval.documents.kept.own import keep_out
    from retrieval.documents.kept.past import PastVersions
    from retrieval.documents.loaders.formats import ENDINGS
    from retrieval.documents.pages.proof import has_page
    from retrieval.examples import example_questions
    from retrieval.index.addresses import Cluster
    from retrieval.library import Library
    from retrieval.model import Answer, Document, Hit, Passage, Quote, Source, Span, Verdict
    from retrieval.question.latin import spelled_out
    from retrieval.question.news import asks_for_news
    from retrieval.reader.encoder import load_ahead
    from retrieval.reference import Cited, Reference
    from retrieval.verifying.checking import LONGEST_TEXT
else:
    _HOMES = {
        "ENDINGS": "documents.loaders.formats",
        "Bounds": "corpus.preparing",
        "Cited": "reference",
        "Cluster": "index.addresses",
        "Documents": "corpus.snapshot",
        "LONGEST_TEXT": "verifying.checking",
        "Library": "library",
        "PastVersions": "documents.kept.past",
        "has_index": "corpus.folders",
        "example_questions": "examples",
        "Preparer": "corpus.preparing",
        "Reference": "reference",
        "Refreshed": "corpus.snapshot",
        "analyze": "arabic.analysis",
        "asks_for_news": "question.news",
        "fold": "arabic.folding",
        "has_page": "documents.pages.proof",
        "health": "corpus.passages",
        "index_folder": "corpus.folders",
        "keep_out": "documents.kept.own",
        "load_ahead": "reader.encoder",
        "prune": "corpus.folders",
        "spelled_out": "question.latin",
    }

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'model')}"), name)
        globals()[name] = found
        return found


__all__ = [
    "ENDINGS",
    "LONGEST_TEXT",
    "Answer",
    "Bounds",
    "Cited",
    "Cluster",
    "Document",
    "Documents",
    "Hit",
    "Library",
    "Passage",
    "PastVersions",
    "Preparer",
    "Quote",
    "Reference",
    "Refreshed",
    "Source",
    "Span",
    "Verdict",
    "analyze",
    "asks_for_news",
    "example_questions",
    "fold",
    "has_index",
    "has_page",
    "health",
    "index_folder",
    "keep_out",
    "load_ahead",
    "prune",
    "spelled_out",
]

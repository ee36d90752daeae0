"""Answers questions by quoting documents. Knows nothing of Telegram. These are the public names.

Each is imported when it is first asked for, so that who wants one of them does not pay for all.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.arabic.analysis import analyze
    from retrieval.arabic.folding import fold
    from retrieval.corpus.folders import index_folder, prune
    from retrieval.corpus.preparing import Bounds, Preparer
    from retrieval.corpus.snapshot import Documents, Refreshed
    from retrieval.documents.kept.own import keep_out
    from retrieval.documents.loaders.formats import ENDINGS
    from retrieval.library import Library
    from retrieval.model import Answer, Document, Hit, Passage, Quote, Source, Span
else:
    _HOMES = {
        "ENDINGS": "documents.loaders.formats",
        "Bounds": "corpus.preparing",
        "Documents": "corpus.snapshot",
        "Library": "library",
        "Preparer": "corpus.preparing",
        "Refreshed": "corpus.snapshot",
        "analyze": "arabic.analysis",
        "fold": "arabic.folding",
        "index_folder": "corpus.folders",
        "keep_out": "documents.kept.own",
        "prune": "corpus.folders",
    }

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'model')}"), name)
        globals()[name] = found
        return found


__all__ = [
    "ENDINGS",
    "Answer",
    "Bounds",
    "Document",
    "Documents",
    "Hit",
    "Library",
    "Passage",
    "Preparer",
    "Quote",
    "Refreshed",
    "Source",
    "Span",
    "analyze",
    "fold",
    "index_folder",
    "keep_out",
    "prune",
]

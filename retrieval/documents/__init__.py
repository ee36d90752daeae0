"""From disk to documents: a loader for each format, the cleaning of page furniture, the catalogue."""

from retrieval.documents.catalogue import Catalogue, Problem
from retrieval.documents.furniture import bodies, repeated_lines
from retrieval.documents.reader import Reader

__all__ = ["Catalogue", "Problem", "Reader", "bodies", "repeated_lines"]

"""From disk to documents: a loader for each format, the cleaning of page furniture, the catalogue."""

from retrieval.documents.catalogue import Catalogue, Problem
from retrieval.documents.furniture import bodies, repeated_lines

__all__ = ["Catalogue", "Problem", "bodies", "repeated_lines"]

"""From disk to documents: a loader for each format, the cleaning of page furniture, the catalogue."""

from retrieval.documents.catalogue import Catalogue, Problem
from retrieval.documents.furniture import body

__all__ = ["Catalogue", "Problem", "body"]

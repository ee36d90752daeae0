"""The documents of a corpus with their days and sizes, and the files that gave none, as text or as JSON."""

from typing import Any

from bot.showing.answer_json import document_json
from bot.terminal.printing.plain import one_line
from retrieval import Library


def sources_json(library: Library) -> dict[str, Any]:
    """``documents`` in the order of their paths, ``problems`` a line each. ``characters`` counts the stored text."""
    return {
        "documents": [document_json(document) for document in library.documents],
        "problems": [problem.reason for problem in library.problems],
    }


def sources_text(library: Library) -> list[str]:
    """A line for each document: its day, its size, its name, its title; then what could not be read, with why."""
    documents = library.documents
    width = max((len(one_line(document.id)) for document in documents), default=0)
    lines = [
        f"{own.published or '—'!s:<10}  {len(own.text):>9,}  {one_line(own.id):<{width}}  {one_line(own.title)}"
        for own in documents
    ]
    total = sum(len(document.text) for document in documents)
    problems = [f"not read: {problem.reason}" for problem in library.problems]
    return [*lines, f"{len(documents)} documents, {total:,} characters, {len(problems)} not read", *problems]

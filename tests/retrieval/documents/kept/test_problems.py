"""What is kept of a file that gave no document."""

import ast
import json

import pytest
from places import ROOT

from retrieval.documents.kept.problems import Problem, problem_of
from retrieval.errors import Cause, UnreadableError

READING = sorted(
    path for part in ("apart", "loaders", "pdf") for path in (ROOT / "retrieval/documents" / part).rglob("*.py")
)


@pytest.mark.parametrize("cause", Cause)
def test_a_problem_is_kept_with_its_cause(cause: Cause) -> None:
    problem = problem_of(UnreadableError("a.pdf: why", cause))
    assert problem == Problem("a.pdf: why", cause)
    assert Problem.of(json.loads(json.dumps(problem.told()))) == problem


def test_one_that_was_kept_without_a_cause_has_none() -> None:
    assert Problem.of("a.pdf: why") == Problem("a.pdf: why", Cause.UNNAMED)


def test_whatever_reads_a_file_names_the_cause() -> None:
    calls = [
        (path.name, call.lineno, len(call.args))
        for path in READING
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "UnreadableError"
    ]
    assert calls
    assert [where for *where, given in calls if given < 2] == []

"""The shape of the code: imports point downward without circles, each library has one user, files stay short."""

import ast
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(chain((ROOT / "retrieval").rglob("*.py"), (ROOT / "bot").rglob("*.py")))
}
LONGEST = 400  # lines

# From the top down. A module may import from the rows below its own and, inside its own part, its siblings.
LAYERS = (
    ("bot",),
    ("retrieval",),
    ("retrieval.evaluation",),
    ("retrieval.library",),
    ("retrieval.stored",),
    ("retrieval.building",),
    ("retrieval.analysts", "retrieval.indexes"),
    ("retrieval.corpus",),
    ("retrieval.documents", "retrieval.index", "retrieval.answering"),
    ("retrieval.segmentation",),
    ("retrieval.arabic", "retrieval.versions"),
    ("retrieval.model", "retrieval.errors", "retrieval.sqlite"),
)
PARTS = sorted(chain.from_iterable(LAYERS), key=len, reverse=True)


def part_of(module: str) -> str:
    """The part of the layout to which a module belongs; only ``retrieval/__init__`` is "retrieval" itself."""
    if module == "retrieval":
        return module
    return next((p for p in PARTS if p != "retrieval" and (module == p or module.startswith(f"{p}."))), "")


def layer_of(module: str) -> int:
    return next(i for i, parts in enumerate(LAYERS) if part_of(module) in parts)


@cache
def imports(module: str) -> frozenset[str]:
    """What a module imports anywhere in it, absolute; a name that is itself a module counts as that module."""
    found = set()
    for node in ast.walk(ast.parse(FILES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in FILES else str(node.module))
    return frozenset(found)


def ours(module: str) -> list[str]:
    return sorted(name for name in imports(module) if name in FILES)


def users_of(library: str) -> set[str]:
    return {m for m in FILES if any(name == library or name.startswith(f"{library}.") for name in imports(m))}


def test_the_modules_are_found_at_all() -> None:
    assert {"retrieval.library", "retrieval.arabic.folding", "bot.cli", "bot"} <= FILES.keys()
    assert "retrieval.documents" in ours("retrieval.library")


@pytest.mark.parametrize("module", FILES)
def test_every_module_has_a_place_in_the_layout(module: str) -> None:
    assert part_of(module)


@pytest.mark.parametrize("module", FILES)
def test_imports_point_downward_only(module: str) -> None:
    upward = [name for name in ours(module) if part_of(name) != part_of(module) and layer_of(name) <= layer_of(module)]
    assert upward == []


@pytest.mark.parametrize("module", FILES)
def test_no_module_imports_itself_by_way_of_others(module: str) -> None:
    reached: set[str] = set()
    waiting = list(ours(module))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += ours(name)
    assert module not in reached


@pytest.mark.parametrize("module", [m for m in FILES if m.startswith("bot")])
def test_the_bot_knows_nothing_of_ranking(module: str) -> None:
    public = {"retrieval", "retrieval.model", "retrieval.errors", "retrieval.evaluation"}
    assert {name for name in ours(module) if name.startswith("retrieval")} <= public


@pytest.mark.parametrize("library", ["telegram", "aiohttp", "httpx", "click"])
def test_only_the_bot_speaks_to_people(library: str) -> None:
    users = users_of(library)
    assert all(module.startswith("bot.") for module in users)


@pytest.mark.parametrize("library", ["pyarabic", "Stemmer"])
def test_only_the_language_uses_the_libraries_of_the_language(library: str) -> None:
    users = users_of(library)
    assert users
    assert all(module.startswith("retrieval.arabic.") for module in users)


def test_only_the_engine_in_memory_uses_rank_bm25() -> None:
    assert users_of("rank_bm25") == {"retrieval.index.memory"}


def test_only_its_adapter_uses_pdfium() -> None:
    assert users_of("pypdfium2") == {"retrieval.documents.pdfium"}


@pytest.mark.parametrize("module", ["retrieval.model", "retrieval.errors"])
def test_values_and_errors_import_nothing_of_ours(module: str) -> None:
    assert ours(module) == []


def test_the_package_holds_its_public_names_and_nothing_else() -> None:
    body = ast.parse(FILES["retrieval"].read_text("utf-8")).body
    assert all(isinstance(node, ast.Expr | ast.ImportFrom | ast.Assign) for node in body)
    (names,) = [ast.literal_eval(node.value) for node in body if isinstance(node, ast.Assign)]
    imported = {alias.name for node in body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert set(names) == imported


@pytest.mark.parametrize("module", [m for m, path in FILES.items() if path.read_text("utf-8").strip()])
def test_a_module_says_what_it_is(module: str) -> None:
    assert ast.get_docstring(ast.parse(FILES[module].read_text("utf-8")))


@pytest.mark.parametrize("module", FILES)
def test_a_file_is_short(module: str) -> None:
    assert len(FILES[module].read_text("utf-8").splitlines()) <= LONGEST

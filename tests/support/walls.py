"""The rules of what lies where and who may import whom, held against sources: the project's, or some made up.

A rule gives a line for each breach, which names the import, or the file, and the rule.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Self

LONGEST = 400  # lines of a file
MOST = 15  # modules of a folder

STATIONS = (
    ("evaluation", "examples"),
    ("library",),
    ("answering",),
    ("latest", "placing", "citing"),
    ("corpus", "composing", "verifying", "recent"),
    ("ranking",),
    ("finding",),
    ("index", "reader", "question", "documents"),
    ("segmentation",),
    ("arabic",),
    ("reference", "tables"),
    ("model", "errors"),
)
"""The parts of ``retrieval`` from the top down: each imports from the rows below its own, and nothing beside it."""

FACES = ("terminal", "telegram", "web")
SHARED = (
    ("conversation", "sources", "showing", "operation"),
    ("phrases", "store"),
    ("settings", "logs", "figures", "values", "proxies", "interrupting"),
)
"""The parts of ``bot`` that faces share, from the top down: each imports from its own row and those below."""
STARTS = "bot.terminal.commands"
"""The only ones that import other faces: they start them."""
PUBLIC = {"retrieval", "retrieval.model", "retrieval.errors", "retrieval.evaluation"}
"""What ``bot`` may import of ``retrieval``."""

LIBRARIES = {
    "telegram": ("bot.telegram",),
    "httpx": ("bot.telegram",),
    "aiohttp": ("bot.telegram", "bot.web"),
    "click": ("bot.terminal",),
    "psycopg": ("bot.store.shared", "retrieval.tables.postgresql"),
    "watchfiles": ("bot.sources.live",),
    "pyarabic": ("retrieval.arabic",),
    "Stemmer": ("retrieval.arabic",),
    "rank_bm25": ("retrieval.index.memory",),
    "tantivy": ("retrieval.index.disk",),
    "opensearchpy": ("retrieval.index.nodes",),
    "onnxruntime": ("retrieval.reader.encoder",),
    "pypdfium2": tuple(f"retrieval.documents.pdf.{name}" for name in ("pdfium", "fonts", "pictures")),
    "tesserocr": ("retrieval.documents.scans.recognition",),
}
"""Who may import a library: one place has its quirks."""


@dataclass(frozen=True)
class Sources:
    """The text of each file, by its path from the root: ``bot/settings.py``."""

    files: Mapping[str, str]
    _trees: dict[str, ast.Module] = field(default_factory=dict)

    @classmethod
    def under(cls, root: Path, *folders: str) -> Self:
        """Those of the folders of a checkout."""
        paths = (path for folder in folders for path in sorted((root / folder).rglob("*.py")))
        return cls({path.relative_to(root).as_posix(): path.read_text("utf-8") for path in paths})

    @cached_property
    def modules(self) -> dict[str, str]:
        """The path of each module by its name, packages among them."""
        return {".".join(PurePosixPath(p).with_suffix("").parts).removesuffix(".__init__"): p for p in self.files}

    @cached_property
    def imports(self) -> dict[str, frozenset[str]]:
        """What each module imports anywhere in it; a name that is itself a module counts as that module."""
        return {module: frozenset(self._imported(module)) for module in self.modules}

    def tree(self, module: str) -> ast.Module:
        return self._trees.setdefault(module, ast.parse(self.files[self.modules[module]]))

    def ours(self, module: str) -> list[str]:
        """What it imports of these sources."""
        return sorted(name for name in self.imports[module] if name in self.modules)

    def folder(self, module: str) -> str:
        """The folder of a module. A file of the first floor, as ``retrieval/library.py``, stands for itself."""
        if module.count(".") < 2 or self.modules[module].endswith("__init__.py"):
            return module
        return module.rpartition(".")[0]

    def _imported(self, module: str) -> Iterator[str]:
        for node in ast.walk(self.tree(module)):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    whole = f"{'.' * node.level}{node.module or ''}.{alias.name}"
                    yield whole if whole in self.modules else whole.rpartition(".")[0]


def all_have_a_place(sources: Sources) -> Iterator[str]:
    known = {part for row in (*STATIONS, FACES, *SHARED) for part in row} | {"__main__"}
    for module in sources.modules:
        if "." in module and _part(module) not in known:
            yield f"{module}: the layout has no part {_part(module)!r}"


def stations_look_downward(sources: Sources) -> Iterator[str]:
    rows = {part: number for number, row in enumerate(STATIONS) for part in row}
    for module, name in _between_parts(sources, "retrieval"):
        if rows.get(_part(name), 0) <= rows.get(_part(module), 0):
            yield f"{module} imports {name}: {_part(module)} does not stand above {_part(name)}"


def retrieval_knows_no_bot(sources: Sources) -> Iterator[str]:
    for module, name in _pairs(sources):
        if _within(module, "retrieval") and _within(name, "bot"):
            yield f"{module} imports {name}: retrieval knows nothing of people"


def bot_knows_nothing_of_ranking(sources: Sources) -> Iterator[str]:
    for module, name in _pairs(sources):
        if _within(module, "bot") and _within(name, "retrieval") and name not in PUBLIC:
            yield f"{module} imports {name}: bot imports only the public names of retrieval"


def faces_do_not_know_each_other(sources: Sources) -> Iterator[str]:
    for module, name in _between_parts(sources, "bot"):
        if {_part(module), _part(name)} <= set(FACES) and not _within(module, STARTS):
            yield f"{module} imports {name}: faces never import each other; only {STARTS} starts the others"


def what_is_shared_knows_no_face(sources: Sources) -> Iterator[str]:
    rows = {part: number for number, row in enumerate(SHARED) for part in row}
    for module, name in _between_parts(sources, "bot"):
        if _part(module) in rows and _part(name) in FACES:
            yield f"{module} imports {name}: what faces share never imports a face; have it handed in"
        elif rows.get(_part(name), 9) < rows.get(_part(module), 0):
            yield f"{module} imports {name}: {_part(module)} stands below {_part(name)}"


def libraries_have_one_user(sources: Sources) -> Iterator[str]:
    for module, names in sources.imports.items():
        for name in sorted(names):
            places = LIBRARIES.get(name.partition(".")[0], (module,))
            if not any(_within(module, place) for place in places):
                yield f"{module} imports {name}: only {' and '.join(places)} may"


def folders_have_no_circles(sources: Sources) -> Iterator[str]:
    used: dict[str, set[str]] = {}
    for module, name in _pairs(sources):
        used.setdefault(sources.folder(module), set()).add(sources.folder(name))
    for folder in used:
        if circle := _way(used, folder):
            yield f"{' → '.join(circle)}: folders import each other in a circle"


def modules_have_no_circles(sources: Sources) -> Iterator[str]:
    used = {module: set(sources.ours(module)) | {module} for module in sources.modules}
    for module in used:
        if circle := _way(used, module):
            yield f"{' → '.join(circle)}: modules import each other in a circle"


def folders_are_small(sources: Sources) -> Iterator[str]:
    files = [PurePosixPath(path) for path in sources.files if not path.endswith("__init__.py")]
    for folder, count in Counter(path.parent.as_posix() for path in files).items():
        if count > MOST:
            yield f"{folder}: {count} modules, more than {MOST}; part it"


def files_are_not_called_like_their_folder(sources: Sources) -> Iterator[str]:
    for path in map(PurePosixPath, sources.files):
        if path.stem == path.parent.name:
            yield f"{path}: called like its folder; say what of it is in the file"


def files_are_short(sources: Sources) -> Iterator[str]:
    for path, text in sources.files.items():
        if len(text.splitlines()) > LONGEST:
            yield f"{path}: longer than {LONGEST} lines"


def files_say_what_they_are(sources: Sources) -> Iterator[str]:
    folders = {PurePosixPath(path).parent.as_posix() for path in sources.files}
    yield from (f"{folder}: has no __init__.py" for folder in folders if f"{folder}/__init__.py" not in sources.files)
    for module, path in sources.modules.items():
        if not ast.get_docstring(sources.tree(module)):
            yield f"{path}: does not say what it is"


def imports_are_absolute(sources: Sources) -> Iterator[str]:
    for module, names in sources.imports.items():
        yield from (f"{module} imports {name}: imports are absolute" for name in sorted(names) if name.startswith("."))


RULES: tuple[Callable[[Sources], Iterator[str]], ...] = (
    all_have_a_place,
    stations_look_downward,
    retrieval_knows_no_bot,
    bot_knows_nothing_of_ranking,
    faces_do_not_know_each_other,
    what_is_shared_knows_no_face,
    libraries_have_one_user,
    folders_have_no_circles,
    modules_have_no_circles,
    folders_are_small,
    files_are_not_called_like_their_folder,
    files_are_short,
    files_say_what_they_are,
    imports_are_absolute,
)


def _part(module: str) -> str:
    """The part of ``retrieval`` or ``bot`` to which a module belongs: "index" of ``retrieval.index.memory``."""
    return module.partition(".")[2].partition(".")[0]


def _within(module: str, place: str) -> bool:
    return f"{module}.".startswith(f"{place}.")


def _pairs(sources: Sources) -> Iterator[tuple[str, str]]:
    """Each import of one of ours by another."""
    return ((module, name) for module in sources.modules for name in sources.ours(module))


def _between_parts(sources: Sources, package: str) -> Iterator[tuple[str, str]]:
    """Those within a package that lead from one of its parts to another."""
    for module, name in _pairs(sources):
        if module.startswith(f"{package}.") and name.startswith(f"{package}.") and _part(module) != _part(name):
            yield module, name


def _way(used: Mapping[str, set[str]], start: str) -> list[str]:
    """The shortest way from a node by way of others back to it; what it uses of itself is none."""
    ways = [[start]]
    reached = {start}
    for way in ways:
        for name in sorted(used.get(way[-1], ())):
            if name == start and len(way) > 1:
                return [*way, name]
            if name not in reached:
                reached.add(name)
                ways.append([*way, name])
    return []

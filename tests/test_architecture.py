"""The shape of the code: what lies where, who may import whom, each library with one user, files that stay short."""

import ast
from collections.abc import Callable, Iterator
from importlib import import_module

import pytest
import walls
from places import ROOT

import retrieval

SOURCES = walls.Sources.under(ROOT, "retrieval", "bot")
Rule = Callable[[walls.Sources], Iterator[str]]


@pytest.mark.parametrize("rule", walls.RULES, ids=lambda rule: rule.__name__)
def test_the_project_keeps_to_the_rule(rule: Rule) -> None:
    assert list(rule(SOURCES)) == []


def test_the_modules_and_their_imports_are_found_at_all() -> None:
    assert {"retrieval", "retrieval.library", "retrieval.arabic.folding", "bot.terminal.cli"} <= SOURCES.modules.keys()
    assert "retrieval.documents.kept.problems" in SOURCES.ours("retrieval.library")
    assert "retrieval.reader.encoder" in SOURCES.ours("retrieval.ranking.reading")
    users = {library for library in walls.LIBRARIES if any(library in names for names in SOURCES.imports.values())}
    assert {"telegram", "pyarabic", "Stemmer", "rank_bm25", "pypdfium2", "onnxruntime"} <= users


@pytest.mark.parametrize(
    ("rule", "files", "breach"),
    [
        (
            walls.stations_look_downward,
            {
                "retrieval/ranking/ranker.py": "from retrieval.composing import answer",
                "retrieval/composing/answer.py": "",
            },
            "retrieval.ranking.ranker imports retrieval.composing.answer: ranking does not stand above composing",
        ),
        (
            walls.stations_look_downward,
            {
                "retrieval/verifying/places.py": "from retrieval.corpus.snapshot import Corpus",
                "retrieval/corpus/snapshot.py": "",
            },
            "retrieval.verifying.places imports retrieval.corpus.snapshot: verifying does not stand above corpus",
        ),
        (
            walls.stations_look_downward,
            {"retrieval/reader/encoder.py": "import retrieval.index.memory", "retrieval/index/memory.py": ""},
            "retrieval.reader.encoder imports retrieval.index.memory: reader does not stand above index",
        ),
        (
            walls.stations_look_downward,
            {"retrieval/index/vectors.py": "import retrieval.reader.encoder", "retrieval/reader/encoder.py": ""},
            "retrieval.index.vectors imports retrieval.reader.encoder: index does not stand above reader",
        ),
        (
            walls.retrieval_knows_no_bot,
            {"retrieval/library.py": "from bot.settings import load", "bot/settings.py": ""},
            "retrieval.library imports bot.settings: retrieval knows nothing of people",
        ),
        (
            walls.bot_knows_nothing_of_ranking,
            {"bot/showing/cards.py": "from retrieval.ranking import ranker", "retrieval/ranking/ranker.py": ""},
            "bot.showing.cards imports retrieval.ranking.ranker: bot imports only the public names of retrieval",
        ),
        (
            walls.faces_do_not_know_each_other,
            {"bot/web/pages.py": "from bot.telegram.menu import register", "bot/telegram/menu.py": ""},
            "bot.web.pages imports bot.telegram.menu: "
            "faces never import each other; only bot.terminal.commands starts the others",
        ),
        (
            walls.faces_do_not_know_each_other,
            {"bot/terminal/printing/answers.py": "def f():\n    import bot.web.pages", "bot/web/pages.py": ""},
            "bot.terminal.printing.answers imports bot.web.pages: "
            "faces never import each other; only bot.terminal.commands starts the others",
        ),
        (
            walls.what_is_shared_knows_no_face,
            {
                "bot/conversation/threads.py": "from bot.telegram.transport.handling import at_end",
                "bot/telegram/transport/handling.py": "",
            },
            "bot.conversation.threads imports bot.telegram.transport.handling: "
            "what faces share never imports a face; have it handed in",
        ),
        (
            walls.what_is_shared_knows_no_face,
            {"bot/store/answers.py": "from bot.showing import cards", "bot/showing/cards.py": ""},
            "bot.store.answers imports bot.showing.cards: store stands below showing",
        ),
        (
            walls.libraries_have_one_user,
            {"bot/operation/doctor.py": "def f():\n    from telegram.error import InvalidToken"},
            "bot.operation.doctor imports telegram.error: only bot.telegram may",
        ),
        (
            walls.libraries_have_one_user,
            {"bot/showing/pages.py": "import aiohttp"},
            "bot.showing.pages imports aiohttp: only bot.telegram and bot.web may",
        ),
        (
            walls.libraries_have_one_user,
            {"retrieval/ranking/reading.py": "def f():\n    import onnxruntime"},
            "retrieval.ranking.reading imports onnxruntime: only retrieval.reader.encoder may",
        ),
        (
            walls.folders_have_no_circles,
            {
                "bot/telegram/app.py": "import bot.telegram.transport.order",
                "bot/telegram/transport/order.py": "",
                "bot/telegram/transport/polling.py": "from bot.telegram import app",
            },
            "bot.telegram → bot.telegram.transport → bot.telegram: folders import each other in a circle",
        ),
        (
            walls.modules_have_no_circles,
            {"bot/store/a.py": "import bot.store.b", "bot/store/b.py": "import bot.store.a"},
            "bot.store.a → bot.store.b → bot.store.a: modules import each other in a circle",
        ),
        (
            walls.folders_are_small,
            {f"bot/store/{number}.py": "" for number in range(16)},
            "bot/store: 16 modules, more than 15; part it",
        ),
        (
            walls.files_are_not_called_like_their_folder,
            {"retrieval/ranking/ranking.py": ""},
            "retrieval/ranking/ranking.py: called like its folder; say what of it is in the file",
        ),
        (walls.files_are_short, {"bot/logs.py": "\n" * 401}, "bot/logs.py: longer than 400 lines"),
        (
            walls.files_say_what_they_are,
            {"bot/__init__.py": "'''Says.'''", "bot/logs.py": "import logging"},
            "bot/logs.py: does not say what it is",
        ),
        (
            walls.files_say_what_they_are,
            {"bot/logs.py": "'''The log.'''"},
            "bot: has no __init__.py",
        ),
        (walls.all_have_a_place, {"bot/utils.py": ""}, "bot.utils: the layout has no part 'utils'"),
        (
            walls.imports_are_absolute,
            {"bot/store/chats.py": "from .database import Database"},
            "bot.store.chats imports .database: imports are absolute",
        ),
    ],
)
def test_a_breach_is_named_with_its_rule(rule: Rule, files: dict[str, str], breach: str) -> None:
    assert breach in list(rule(walls.Sources(files)))


def test_every_rule_is_seen_to_fail() -> None:
    (cases,) = [mark.args[1] for mark in test_a_breach_is_named_with_its_rule.pytestmark]  # type: ignore[attr-defined]
    assert {case[0] for case in cases} == set(walls.RULES)


@pytest.mark.parametrize(
    "files",
    [
        {"bot/web/pages.py": "import bot.sources.shelves\nimport aiohttp", "bot/sources/shelves.py": ""},
        {"bot/terminal/commands/web.py": "def f():\n    import bot.web.pages", "bot/web/pages.py": ""},
        {"retrieval/library.py": "import retrieval.verifying.places", "retrieval/verifying/places.py": ""},
    ],
)
def test_the_rooms_to_come_have_their_place(files: dict[str, str]) -> None:
    found = [breach for rule in walls.RULES for breach in rule(walls.Sources(files))]
    assert [breach for breach in found if "does not say" not in breach and "no __init__" not in breach] == []


@pytest.mark.parametrize("module", ["retrieval.model", "retrieval.errors"])
def test_values_and_errors_import_nothing_of_ours(module: str) -> None:
    assert SOURCES.ours(module) == []


def test_the_package_gives_its_public_names_as_types_say_and_no_others() -> None:
    (typed,) = [node for node in SOURCES.tree("retrieval").body if isinstance(node, ast.If)]
    homes = {alias.name: node.module for node in typed.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert set(retrieval.__all__) == homes.keys()
    for name, home in homes.items():
        assert getattr(retrieval, name) is getattr(import_module(str(home)), name)
    with pytest.raises(AttributeError, match="no attribute 'Index'"):
        _ = retrieval.Index

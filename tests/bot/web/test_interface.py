"""The JSON interface: its forms are those of --json, and its description says what there is, word for word."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from web_face import SETTINGS, Face, Got, face_of

from bot.showing.answer_json import answer_json, verdict_json
from bot.web.app import build_application
from retrieval import Library

SENTENCE = "كلف ترميم الجسر الحجري القديم مليوني دينار في سنة 1998."
TOKEN = "0123456789abcdef"  # noqa: S105
DESCRIPTION = json.loads(files("bot.web").joinpath("openapi.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    corpus = tmp_path_factory.mktemp("interface")
    (corpus / "bridge.txt").write_text(f"أخبار الجسر\n\nافتتح العمدة السوق.\n\n{SENTENCE} وحضر أهل البلدة.\n", "utf-8")
    (corpus / "year.txt").write_text(f"حصاد العام\n\nقال العمدة إن السنة طيبة. {SENTENCE}\n", "utf-8")
    opened = Library.open(corpus, engine="memory", reader=False)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def face(library: Library) -> Iterator[Face]:
    with face_of(library, web_address="https://quotes.example.org") as served:
        yield served


def fitting(value: Any, schema: dict[str, Any], where: str = "$") -> list[str]:
    """How a value departs from a schema of the description: a line for each place. Every key must be described."""
    if "$ref" in schema:
        return fitting(value, DESCRIPTION["components"]["schemas"][schema["$ref"].rpartition("/")[2]], where)
    if "oneOf" in schema:
        tried = [fitting(value, each, where) for each in schema["oneOf"]]
        return [] if [] in tried else min(tried, key=len)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    known = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}
    if value is None:
        return [] if "null" in kinds else [f"{where}: null"]
    if not any(kind != "null" and isinstance(value, known[kind]) for kind in kinds):
        return [f"{where}: {type(value).__name__} is no {kinds}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{where}: {value!r} is none of {schema['enum']}"]
    if isinstance(value, list):
        return [line for at, one in enumerate(value) for line in fitting(one, schema["items"], f"{where}[{at}]")]
    if isinstance(value, dict) and "properties" in schema:
        properties = schema["properties"]
        lines = [f"{where}.{name}: missing" for name in schema.get("required", []) if name not in value]
        lines += [f"{where}.{name}: not described" for name in value if name not in properties]
        both = (name for name in value if name in properties)
        return lines + [line for name in both for line in fitting(value[name], properties[name], f"{where}.{name}")]
    return []


def described(got: Got, path: str, method: str) -> Any:
    """What came back, held to the description."""
    answers = DESCRIPTION["paths"][path][method]["responses"]
    assert str(got.status) in answers, f"{method} {path}: {got.status} is not described"
    content = answers[str(got.status)]["content"]["application/json"]
    assert fitting(got.json, content["schema"]) == []
    return got.json


def test_the_description_names_every_route_and_no_other(library: Library) -> None:
    routes: set[tuple[str, str]] = set()
    for route in build_application(SETTINGS, library).router.routes():
        path = re.sub(r":[^}]*}", "}", route.resource.canonical if route.resource else "")
        if path.startswith("/api/") and route.method != "HEAD":
            routes.add((path, route.method.lower()))
    assert routes == {(path, method) for path, methods in DESCRIPTION["paths"].items() for method in methods}
    assert isinstance(build_application(SETTINGS, library), web.Application)


def test_an_answer_has_the_form_of_the_command_line_and_the_page_of_each_quote(face: Face, library: Library) -> None:
    question = "كم كلف ترميم الجسر الحجري؟"
    got = described(face.post_json("/api/ask", {"question": question}), "/api/ask", "post")
    pages = [quote.pop("page") for quote in got["quotes"]]
    assert got == json.loads(json.dumps(answer_json(library.ask(question))))
    assert pages[0].startswith("https://quotes.example.org/read?document=bridge.txt&start=")
    assert got["quotes"][0]["also"]
    for other in ("ما هي عاصمة فرنسا؟", "شكرا", "المصدر"):
        described(face.post_json("/api/ask", {"question": other}), "/api/ask", "post")
    after = face.post_json("/api/ask", {"question": "ومتى؟", "previous": question, "k": 1}).json
    assert len(after["quotes"]) == 1


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        SENTENCE.replace("مليوني", "ثلاثة ملايين"),
        "قال الشاعر في مدح الخيل كلاما",
        f"{SENTENCE} وزاد عليه.",
    ],
)
def test_a_verdict_has_the_form_of_the_command_line(face: Face, library: Library, text: str) -> None:
    got = described(face.post_json("/api/verify", {"text": text}), "/api/verify", "post")
    assert got == json.loads(json.dumps(verdict_json(library.verify(text))))


def test_documents_are_listed_searched_and_read(face: Face, library: Library) -> None:
    path = "/api/documents"
    listed = described(face.get(path), path, "get")
    assert [one["document"] for one in listed["documents"]] == ["bridge.txt", "year.txt"]
    assert [one["document"] for one in face.get(path, start=1, count=1).json["documents"]] == ["year.txt"]
    assert [one["document"] for one in face.get(path, title="حصاد").json["documents"]] == ["year.txt"]
    assert face.get(path, count=0).json["documents"] == []
    own = described(face.get(listed["documents"][0]["self"]), "/api/documents/{document}", "get")
    assert own["text"] == library.documents.stored("bridge.txt").text
    start = own["text"].index(SENTENCE)
    part = face.document("bridge.txt", start=start, end=start + len(SENTENCE)).json
    assert (part["text"], part["start"]) == (SENTENCE, start)


def test_the_description_is_served_as_it_stands(face: Face) -> None:
    assert described(face.get("/api/openapi.json"), "/api/openapi.json", "get") == DESCRIPTION


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        ("/api/ask", {}, 400),
        ("/api/ask", {"question": " "}, 400),
        ("/api/ask", {"question": 7}, 400),
        ("/api/ask", {"question": "متى؟", "k": 99}, 400),
        ("/api/ask", {"question": "متى؟", "k": True}, 400),
        ("/api/ask", {"question": "\ud800"}, 400),
        ("/api/ask", {"question": "م" * 3000}, 413),
        ("/api/ask", ["متى؟"], 400),
        ("/api/verify", {"text": "كلمة"}, 400),
        ("/api/verify", {"text": "كلمة " * 5000}, 413),
        ("/api/verify", {"text": "x" * 300_000}, 413),
    ],
)
def test_what_cannot_be_answered_is_an_error_of_one_line(face: Face, path: str, sent: object, status: int) -> None:
    got = face.post_json(path, sent)
    assert got.status == status
    assert described(got, path, "post")["error"].count("\n") == 0


def test_a_stretch_beyond_the_text_and_a_document_that_is_not_there_are_errors(face: Face) -> None:
    path = "/api/documents/{document}"
    assert described(face.document("bridge.txt", start=0, end=999_999), path, "get")["error"]
    assert described(face.document("nothing.txt"), path, "get")["error"]
    assert face.document("bridge.txt", start=-1).status == 400
    assert face.get("/api/nothing").status == 404
    assert face.get("/api/ask").status == 405


def test_with_a_token_only_who_has_it_is_answered_and_never_too_many_times(library: Library) -> None:
    question = {"question": "كم كلف ترميم الجسر الحجري؟"}
    with face_of(library, web_token=TOKEN, questions_per_minute=1) as face:
        for told in ("", "Bearer x", f"Basic {TOKEN}", "bear"):
            given = {"Authorization": told} if told else {}
            assert described(face.post_json("/api/ask", question, given), "/api/ask", "post")["error"]
        mine = {"Authorization": f"Bearer {TOKEN}"}
        assert {face.post_json("/api/ask", question, mine).status for _ in range(5)} == {200}
        assert face.get("/api/openapi.json").status == 200
        assert face.get("/").status == 200


def test_without_one_it_is_open_and_bounded(library: Library) -> None:
    with face_of(library, questions_per_minute=2) as face:
        got = [face.post_json("/api/ask", {"question": "متى افتتح السوق؟"}) for _ in range(3)]
        assert [one.status for one in got] == [200, 200, 429]
        assert described(got[2], "/api/ask", "post")["error"]
        assert int(got[2].headers["Retry-After"]) >= 1


def test_the_paths_of_documents_are_those_of_the_corpus(face: Face) -> None:
    assert all(not Path(one["path"]).is_absolute() for one in face.get("/api/documents").json["documents"])

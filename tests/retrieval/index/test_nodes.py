"""The nodes of a cluster, played by small servers: another is asked where one fails, within a bound, in one line."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic

import pytest
from places import DATA

from retrieval import Cluster
from retrieval.errors import AwayError, EngineError
from retrieval.index import FIELDS, nodes
from retrieval.index.cluster import make
from retrieval.index.nodes import Nodes

CERTIFICATE = DATA / "certificate"
Answer = Callable[[int], tuple[int, object]]
"""Of the number of a request, from 0: the status and the body of its answer."""


class Node:
    """A server that answers so, and remembers what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.asked: list[tuple[str, str, str | None, bytes]] = []
        node = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                node.asked.append((self.command, self.path, self.headers.get("Authorization"), body))
                status, told = answer(len(node.asked) - 1)
                text = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_PUT = do_POST  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


@contextmanager
def serving(*answers: Answer) -> Iterator[list[Node]]:
    each = [Node(answer) for answer in answers]
    for node in each:
        threading.Thread(target=node.server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield each
    finally:
        for node in each:
            node.server.shutdown()
            node.server.server_close()


def good(_: int) -> tuple[int, object]:
    return 200, {"good": True}


def refusing(status: int) -> Answer:
    return lambda _: (status, {"error": {"type": "some_exception", "reason": "so it is"}, "status": status})


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "ASKING", 1.0)
    monkeypatch.setattr(nodes, "CHANGING", 1.0)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_where_a_node_fails_another_is_asked(status: int) -> None:
    with serving(refusing(status), good) as (bad, other):
        asked = Nodes(Cluster((bad.url, other.url)))
        assert [asked.ask("GET", "/x") for _ in range(4)] == [{"good": True}] * 4
        assert len(bad.asked) < 4 == len(other.asked)


def test_a_node_that_is_gone_is_passed_over() -> None:
    with serving(good, good) as (gone, other):
        asked = Nodes(Cluster((gone.url, other.url)))
        gone.server.server_close()
        assert [asked.ask("GET", "/x") for _ in range(4)] == [{"good": True}] * 4


def test_the_only_node_is_asked_again() -> None:
    with serving(lambda number: good(number) if number > 1 else refusing(503)(number)) as (node,):
        assert Nodes(Cluster((node.url,))).ask("GET", "/x") == {"good": True}
        assert len(node.asked) == 3


def test_trying_again_has_an_end_and_is_told_in_one_line_without_the_password() -> None:
    with serving(refusing(503)) as (node,):
        asked = Nodes(Cluster((node.url.replace("://", "://reader:s3cret@"),)))
        begun = monotonic()
        with pytest.raises(AwayError) as caught:
            asked.ask("GET", "/x")
        assert monotonic() - begun < 5
        told = str(caught.value)
        assert f"127.0.0.1:{node.server.server_port}" in told
        assert "start it" in told
        assert "s3cret" not in told
        assert "\n" not in told


@pytest.mark.parametrize(
    ("status", "says"),
    [(401, "name and the password"), (403, "may do"), (404, "index --engine cluster"), (400, "so it is")],
)
def test_what_would_be_refused_again_is_not_asked_again(status: int, says: str) -> None:
    with serving(refusing(status)) as (node,):
        with pytest.raises(EngineError, match=says) as caught:
            Nodes(Cluster((node.url,))).ask("GET", "/x")
        assert not isinstance(caught.value, AwayError)
        assert len(node.asked) == 1


def test_name_and_password_of_an_address_go_with_each_request_and_show_nowhere() -> None:
    with serving(good) as (node,):
        cluster = Cluster((node.url.replace("://", "://reader:p%40ss@"),))
        Nodes(cluster).ask("GET", "/x")
        assert node.asked[0][2] == "Basic cmVhZGVyOnBAc3M="
        assert "p%40ss" not in repr(cluster)
        assert "p@ss" not in cluster.places


def test_over_tls_a_node_shows_a_certificate_of_a_trusted_authority() -> None:
    with serving(good) as (node,):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATE / "certificate.pem", CERTIFICATE / "key.pem")
        node.server.socket = context.wrap_socket(node.server.socket, server_side=True)
        url = node.url.replace("http://", "https://me:s3cret@")
        assert Nodes(Cluster((url,), ca=CERTIFICATE / "certificate.pem")).ask("GET", "/x") == {"good": True}
        with pytest.raises(EngineError, match="not trusted") as caught:
            Nodes(Cluster((url,))).ask("GET", "/x")
        assert not isinstance(caught.value, AwayError)
        assert "s3cret" not in str(caught.value)
        assert len(node.asked) == 1


def test_a_file_of_an_authority_that_is_not_there_is_named_in_one_line() -> None:
    with pytest.raises(EngineError, match=r"no-such-ca\.pem"):
        Nodes(Cluster(("https://127.0.0.1:9",), ca=Path("no-such-ca.pem"))).ask("GET", "/x")


def test_of_many_changes_those_that_were_too_many_are_done_again() -> None:
    busy = {"error": {"type": "rejected_execution_exception"}, "status": 429}
    done = {"status": 201}

    def answer(number: int) -> tuple[int, object]:
        if number == 0:
            return 200, {"errors": True, "items": [{"index": done}, {"index": busy}, {"delete": {"status": 404}}]}
        return 200, {"errors": False, "items": [{"index": done}]}

    with serving(answer) as (node,):
        Nodes(Cluster((node.url,))).bulk("written", ["one\n", "two\n", "three\n"])
        assert [body for *_, body in node.asked] == [b"one\ntwo\nthree\n", b"two\n"]
        assert "require_alias=true" in node.asked[0][1]


def test_a_change_that_is_refused_is_an_error() -> None:
    wrong = {"error": {"type": "mapper_parsing_exception", "reason": "a field too many"}, "status": 400}
    with (
        serving(lambda _: (200, {"errors": True, "items": [{"index": wrong}]})) as (node,),
        pytest.raises(EngineError, match="a field too many"),
    ):
        Nodes(Cluster((node.url,))).bulk("written", ["one\n"])


def test_what_was_not_refreshed_on_all_copies_is_refreshed_again() -> None:
    with serving(lambda number: (200, {"_shards": {"total": 2, "failed": 0 if number else 1}})) as (node,):
        Nodes(Cluster((node.url,))).refresh("some")
        assert [path for _, path, *_ in node.asked] == ["/some/_refresh"] * 2


def test_of_many_questions_none_is_left_without_an_answer() -> None:
    away = {"error": {"type": "search_phase_execution_exception"}, "status": 503}
    whole = {"responses": [{"hits": 1, "status": 200}, {"hits": 2, "status": 200}]}

    def answer(number: int) -> tuple[int, object]:
        return 200, whole if number else {"responses": [{"hits": 1, "status": 200}, away]}

    with serving(answer) as (node,):
        assert [each["hits"] for each in Nodes(Cluster((node.url,))).ask_many("/_msearch", "", "responses.hits")] == [
            1,
            2,
        ]
        assert len(node.asked) == 2


@pytest.mark.parametrize(("version", "formula"), [("2.19.6", "BM25"), ("3.0.0", "LegacyBM25"), ("3.6.0", "LegacyBM25")])
def test_an_index_is_made_with_the_formula_of_the_engine_on_disk_by_its_name_in_that_version(
    version: str, formula: str
) -> None:
    def answer(number: int) -> tuple[int, object]:
        return 200, {"version": {"number": version}} if number == 0 else {"acknowledged": True}

    with serving(answer) as (node,):
        make(Cluster((node.url,), shards=4, replicas=2), "some")
        _, (method, path, _, body) = node.asked
        told = json.loads(body)
        assert (method, path) == ("PUT", "/some")
        assert told["settings"]["similarity"]["iqtibas"] == {"type": formula, "k1": 1.2, "b": 0.75}
        assert (told["settings"]["number_of_shards"], told["settings"]["number_of_replicas"]) == (4, 2)
        assert {told["mappings"]["properties"][name]["similarity"] for name in FIELDS} == {"iqtibas"}

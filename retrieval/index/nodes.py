"""The nodes of an OpenSearch cluster, asked over HTTP: on another node where one fails, within a bound, in one line.

Its quirks are here. What is asked twice must be the same twice: an answer may be lost after it was done.
"""

import logging
from collections.abc import Callable, Sequence
from time import monotonic, sleep
from typing import Any, TypeVar

from opensearchpy import ImproperlyConfigured, OpenSearch, OpenSearchException, TransportError
from opensearchpy.exceptions import ConnectionError as NotReached
from opensearchpy.exceptions import SSLError

from retrieval.errors import AwayError, EngineError
from retrieval.index.addresses import Cluster

ASKING, CHANGING = 20.0, 60.0
"""Seconds in which a question, or a change, is tried again before it is given up. A cluster that lost its manager takes
changes again after seconds; two nodes without a third vote, only when both are back."""
ANSWER, DONE = 5.0, 30.0  # seconds that one node has to answer a question, or to do a change
FIRST_WAIT, LONGEST_WAIT = 0.1, 5.0  # seconds between tries: twice as long each time
DEAD = 5.0  # seconds, and twice as long each time, for which a node that failed is not asked where others are
_AGAIN = frozenset((429, 500, 502, 503, 504))  # too busy, or a node that just lost another one

T = TypeVar("T")


class Nodes:
    """The nodes of a cluster. Safe to ask from many threads."""

    def __init__(self, cluster: Cluster) -> None:
        """Asks nothing yet. Raises EngineError where an address, or the file of the authority, cannot be one."""
        if cluster.ca and not cluster.ca.is_file():  # the client would say that no node answers
            raise EngineError(f"{cluster.ca}: there is no such file; name that of the authority (IQTIBAS_CLUSTER_CA)")
        logging.getLogger("opensearch").setLevel(logging.CRITICAL)  # it logs traces of what is tried again
        try:
            self._client = OpenSearch(
                cluster.hosts,
                ca_certs=str(cluster.ca) if cluster.ca else None,
                max_retries=len(cluster.addresses) - 1,
                retry_on_status=sorted(_AGAIN),
                retry_on_timeout=True,
                timeout=ANSWER,
                dead_timeout=DEAD,
            )
        except (ValueError, OSError, ImproperlyConfigured) as error:
            raise EngineError(f"the cluster at {cluster.places} cannot be asked ({error}); mend its address") from None
        self._places = cluster.places

    def version(self) -> str:
        """Which OpenSearch it is, as in 2.19.6."""
        return str(self.ask("GET", "/")["version"]["number"])

    def ask(self, method: str, path: str, body: object = None, **params: str) -> Any:
        """What the cluster answers. Raises AwayError where it cannot be reached in time, EngineError where it says
        no."""
        return self._tried(lambda: self._done(method, path, body, params, ANSWER), ASKING)

    def change(self, method: str, path: str, body: object = None, **params: str) -> Any:
        """The same for what changes something, with more patience."""
        return self._tried(lambda: self._done(method, path, body, params, DONE), CHANGING)

    def ask_many(self, path: str, body: str, only: str) -> list[dict[str, Any]]:
        """The answers to several questions in one; ``only``: what of them is of use."""

        def answers() -> list[dict[str, Any]]:
            params = {"filter_path": f"{only},responses.error,responses.status"}
            given: list[dict[str, Any]] = self._done("POST", path, body, params, ANSWER)["responses"]
            for each in given:
                if "error" in each:
                    raise TransportError(each["status"], each["error"].get("type", ""), each)
            return given

        return self._tried(answers, ASKING)

    def bulk(self, alias: str, lines: Sequence[str]) -> None:
        """Does many changes together, those that the cluster was too busy for again."""
        left = list(lines)

        def do() -> None:
            params = {"filter_path": "errors,items.*.status,items.*.error", "require_alias": "true"}
            told = self._done("POST", f"/{alias}/_bulk", "".join(left), params, DONE)
            if not told["errors"]:
                return
            items = [next(iter(item.values())) for item in told["items"]]
            failed = [(line, item) for line, item in zip(left, items, strict=True) if "error" in item]
            left[:] = [line for line, _ in failed]
            if worst := next((item for _, item in failed if item["status"] not in _AGAIN), None):
                raise TransportError(worst["status"], worst["error"].get("type", ""), worst)
            if failed:
                busy = failed[0][1]
                raise TransportError(busy["status"], busy["error"].get("type", ""), busy)

        self._tried(do, CHANGING)

    def refresh(self, index: str) -> None:
        """Has what was written found from now on, on all copies that are there."""

        def do() -> None:
            told = self._done("POST", f"/{index}/_refresh", None, {}, DONE)
            if told["_shards"]["failed"]:  # of a copy that was just lost; the answer is good all the same
                raise TransportError(503, "refresh", told["_shards"])

        self._tried(do, CHANGING)

    def close(self) -> None:
        """Lets go of the connections."""
        self._client.close()

    def _done(self, method: str, path: str, body: object, params: dict[str, str], seconds: float) -> Any:
        return self._client.transport.perform_request(method, path, params=params, body=body, timeout=seconds)

    def _tried(self, action: Callable[[], T], patience: float) -> T:
        """What an action gives, tried again for so many seconds where a node failed or is too busy."""
        ended, wait = monotonic() + patience, FIRST_WAIT
        while True:
            try:
                return action()
            except OpenSearchException as error:
                if not _is_passing(error):
                    raise self._refused(error) from None
                if monotonic() + wait > ended:
                    raise AwayError(
                        f"the cluster at {self._places} cannot be reached ({_why(error)}); start it"
                    ) from None
            sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    def _refused(self, error: OpenSearchException) -> EngineError:
        """What is said where trying again is of no use."""
        where = f"the cluster at {self._places}"
        status = error.status_code if isinstance(error, TransportError) else None
        if isinstance(error, SSLError):
            return EngineError(f"{where} shows a certificate that is not trusted; name the authority that signed it")
        if status in (401, 403):
            return EngineError(f"{where} refuses the name and the password, or what they may do; mend them")
        if status == 404:
            return EngineError(f"{where} has no such index; iqtibas index --engine cluster builds it")
        return EngineError(f"{where} says no ({_why(error)}); mend that")


def _is_passing(error: OpenSearchException) -> bool:
    """Whether the same may be answered a moment later."""
    if isinstance(error, SSLError):
        return False
    return isinstance(error, NotReached) or (isinstance(error, TransportError) and error.status_code in _AGAIN)


def _why(error: OpenSearchException) -> str:
    """What went wrong, in a few words of one line."""
    if isinstance(error, NotReached):
        return "no answer"
    if isinstance(error, TransportError):
        reason = error.info.get("error", error.info) if isinstance(error.info, dict) else {}
        reason = reason.get("reason", "") if isinstance(reason, dict) else ""
        return " ".join(f"{error.status_code} {error.error} {reason}".split())[:200]
    return type(error).__name__

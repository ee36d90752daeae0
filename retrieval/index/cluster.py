"""The engine of several machines: an index in an OpenSearch cluster, on the terms that the analysis gives.

What is kept there are terms, places, days and versions of passages; never the text that is shown. Its BM25 is Lucene's,
as that of the engine on disk (k1 1.2, b 0.75), so that one shard gives the same scores in the same order. Of several
shards each counts for itself, so that terms are weighed by all of them before they are searched.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from hashlib import sha256
from heapq import nlargest
from itertools import chain, islice
from operator import itemgetter
from time import monotonic
from typing import Any
from zlib import crc32

import numpy as np

from retrieval.errors import EngineError
from retrieval.index import FIELDS, STEMS, Entry, Query, Terms
from retrieval.index.addresses import Cluster
from retrieval.index.nodes import Nodes
from retrieval.model import Hit, Passage, Period, Span

FRESH = 5.0
"""Seconds for which what was asked of the cluster's numbers is kept: how many passages there are, and hold a term. What
another process changes counts at once where passages are found, and so late where words are weighed."""
REMEMBERED = 1 << 16  # terms
BULK = 4 * 2**20  # bytes that are sent together
CLAUSES = 1000  # terms of a query at most: OpenSearch takes 1,024; beyond, those that weigh least are left out
LONGEST = 255  # letters of a term: the analyzer of OpenSearch parts longer ones there
TOGETHER = 500  # documents whose passages are looked for together
PAGE = 10_000  # hits at most that OpenSearch gives at once
_ALL: dict[str, object] = {"match_all": {}}
_MARK = {"iqtibas": 1}  # by what made it, and in which form
_WHOLE = {"allow_partial_search_results": "false"}  # or an answer of the shards that are there


@dataclass(frozen=True, slots=True)
class Health:
    """How a cluster is: its ``version``, how many ``nodes`` it has, and its ``status``: "green" where all copies of all
    indexes are there, "yellow" where one of each is, "red" where some are gone."""

    version: str
    status: str
    nodes: int


@dataclass(slots=True)
class _Numbers:
    """What was asked of the cluster and is kept for a while."""

    until: float = 0.0
    size: int = 0
    often: dict[tuple[str, str], int] = field(default_factory=dict)


class ClusterIndex:
    """An index in a cluster. One process at a time may write; what it wrote is found by all after ``commit``."""

    def __init__(self, cluster: Cluster, name: str, *, writable: bool = False) -> None:
        """Opens the index of that name, which ``make`` made. Raises EngineError where it cannot be used, AwayError
        where the cluster is out of reach."""
        self._nodes, self._name, self._writable = Nodes(cluster), name, writable
        self._numbers = _Numbers()
        self._waiting: list[str] = []
        self._bytes = 0
        self._next: int | None = None
        (told,) = self._nodes.ask("GET", f"/{name}/_settings", flat_settings="true").values()
        self._search_type = "query_then_fetch"
        if int(told["settings"]["index.number_of_shards"]) > 1:
            self._search_type = f"dfs_{self._search_type}"

    def __len__(self) -> int:
        return self._known(STEMS, ()).size

    def add(self, entries: Iterable[Entry]) -> None:
        """Adds passages; they are found once they are committed."""
        number = self._begun()
        for entry in entries:
            self._send({"index": {"_id": str(number)}}, _document(entry, number))
            self._next = number = number + 1

    def delete(self, document_ids: Iterable[str]) -> None:
        """Takes away all passages of these documents that were committed, once that is."""
        self._begun()
        keys = map(_key, document_ids)
        while some := list(islice(keys, TOGETHER)):
            for number in self._numbers_of(some):
                self._send({"delete": {"_id": number}})

    def commit(self) -> None:
        """Makes what was added and deleted durable, and what is searched from now on."""
        self._begun()
        self._flush()
        self._nodes.refresh(self._name)
        self.reload()

    def give_up(self) -> None:
        """Forgets what was not sent, after a failure; what was sent is taken away with its document the next time."""
        self._waiting, self._bytes, self._next = [], 0, None

    def reload(self) -> None:
        """Asks anew for what was kept of the cluster's numbers."""
        self._numbers = _Numbers()

    def search(self, query: Query, k: int) -> list[Hit]:
        """The ``k`` best passages that share a term with the query, best first, equal ones as added."""
        found: list[Hit] = []
        after: list[object] | None = None
        while len(found) < k:
            hits = self._page(query, min(k - len(found), PAGE), after)
            found += (Hit(_passage(hit["_source"]), float(np.float32(hit["sort"][0]))) for hit in hits)
            if len(hits) < PAGE:
                break
            after = hits[-1]["sort"]
        return found

    def frequencies(self, field: str, terms: Iterable[str]) -> dict[str, int]:
        """How many passages hold each of some terms in a field; those lately asked are not asked again."""
        asked = list(terms)
        often = self._known(field, asked).often
        return {term: often[field, term] for term in asked}

    def passages_of(self, document_ids: Sequence[str]) -> dict[str, int]:
        """How many passages of each of some documents there are."""
        keys = {_key(document_id): document_id for document_id in document_ids}
        body = {
            "size": 0,
            "query": {"terms": {"of": list(keys)}},
            "aggs": {"of": {"terms": {"field": "of", "size": len(keys) or 1}}},
        }
        counted = self._nodes.ask("POST", f"/{self._name}/_search", body, **_WHOLE)
        found = {bucket["key"]: int(bucket["doc_count"]) for bucket in counted["aggregations"]["of"]["buckets"]}
        return {document_id: found.get(key, 0) for key, document_id in keys.items()}

    def close(self) -> None:
        """Lets go of the connections. What was not committed may be there or not."""
        self._nodes.close()

    def _begun(self) -> int:
        """The number of the next passage to be added: above all that are there. What somebody who was killed sent and
        did not commit is there from now on, so that it can be taken away."""
        if not self._writable:
            raise EngineError("this index was opened to be read only")
        if self._next is None:
            self._nodes.refresh(self._name)
            body = {"size": 0, "aggs": {"last": {"max": {"field": "order"}}}}
            last = self._nodes.ask("POST", f"/{self._name}/_search", body, **_WHOLE)
            self._next = int(last["aggregations"]["last"]["value"] or 0) + 1
        return self._next

    def _send(self, *lines: Mapping[str, object]) -> None:
        """Sends what is to be done, with others together. The numbers of passages are their ids: done twice, because an
        answer was lost, it is the same."""
        told = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
        self._waiting.append(told)
        self._bytes += 2 * len(told)  # nearly all Arabic letters
        if self._bytes > BULK:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._nodes.bulk(_written(self._name), self._waiting)
            self._waiting, self._bytes = [], 0

    def _numbers_of(self, keys: Sequence[str]) -> Iterator[str]:
        """The numbers of all committed passages of documents."""
        body: dict[str, object] = {
            "size": PAGE,
            "query": {"terms": {"of": keys}},
            "sort": [{"order": "asc"}],
            "_source": False,
        }
        while True:
            hits = self._nodes.ask("POST", f"/{self._name}/_search", body, **_WHOLE)
            rows = hits["hits"]["hits"]
            yield from map(itemgetter("_id"), rows)
            if len(rows) < PAGE:
                return
            body["search_after"] = rows[-1]["sort"]

    def _known(self, field: str, terms: Iterable[str]) -> _Numbers:
        """The cluster's numbers, among them how often these terms are held, asked together for what is not known."""
        numbers = self._numbers
        if monotonic() > numbers.until or len(numbers.often) > REMEMBERED:
            numbers = _Numbers()  # another thread may still read the other ones
        new = [term for term in dict.fromkeys(terms) if (field, term) not in numbers.often]
        if new or not numbers.until:
            size, *often = self._counted([_ALL, *({"term": {field: _cut(term)}} for term in new)])
            numbers.often |= {(field, term): count for term, count in zip(new, often, strict=True)}
            numbers.size = size
            numbers.until = numbers.until or monotonic() + FRESH
            self._numbers = numbers
        return numbers

    def _counted(self, queries: Iterable[Mapping[str, object]]) -> list[int]:
        """How many passages each query finds."""
        head = json.dumps({"allow_partial_search_results": False})
        lines = (
            json.dumps({"size": 0, "track_total_hits": True, "query": query}, ensure_ascii=False) for query in queries
        )
        body = "".join(f"{head}\n{line}\n" for line in lines)
        return [
            int(each["hits"]["total"]["value"])
            for each in self._nodes.ask_many(f"/{self._name}/_msearch", body, "responses.hits.total")
        ]

    def _page(self, query: Query, k: int, after: list[object] | None) -> list[dict[str, Any]]:
        sought = _sought(query)
        body: dict[str, object] = {
            "size": k,
            "query": sought,
            "sort": [{"_score": "desc"}, {"order": "asc"}],
            "track_total_hits": False,
        }
        if after:
            body["search_after"] = after
        whole: dict[str, Any] = self._nodes.ask(
            "POST",
            f"/{self._name}/_search",
            body,
            **_WHOLE,
            search_type=self._search_type,
            preference=f"same{crc32(repr(sought).encode())}",  # each copy of a shard counts what was deleted otherwise
            filter_path="hits.hits._source,hits.hits.sort",
        )
        hits: list[dict[str, Any]] = whole.get("hits", {}).get("hits", [])
        return hits


def is_there(cluster: Cluster, name: str) -> bool:
    """Whether there is an index of that name. Raises EngineError where that cannot be told."""
    with closing(Nodes(cluster)) as nodes:
        return bool(nodes.ask("HEAD", f"/{name}"))


def make(cluster: Cluster, name: str) -> None:
    """Makes an index of that name. Raises EngineError where that cannot be done."""
    with closing(Nodes(cluster)) as nodes:
        shape = _shape(cluster.shards, cluster.replicas, nodes.version())
        try:
            nodes.change("PUT", f"/{name}", {**shape, "aliases": {_written(name): {}}})
        except EngineError:  # where the first answer was lost, the second is that there is one
            if not nodes.ask("HEAD", f"/{name}"):
                raise


def health(cluster: Cluster) -> Health:
    """How a cluster is. Raises EngineError where it cannot be told."""
    with closing(Nodes(cluster)) as nodes:
        told = nodes.ask("GET", "/_cluster/health")
        return Health(nodes.version(), told["status"], told["number_of_nodes"])


def delete(cluster: Cluster, name: str) -> None:
    """Deletes the index of that name, if there is one. Raises EngineError where that cannot be done."""
    with closing(Nodes(cluster)) as nodes:
        nodes.change("DELETE", f"/{name}", ignore_unavailable="true")


def _written(name: str) -> str:
    """The other name by which an index is written: OpenSearch makes an index of any name that is written, with fields
    of its own choosing, but not where it is said to be such a one."""
    return f"{name}-written"


def _shape(shards: int, replicas: int, version: str) -> dict[str, object]:
    """What an index in a cluster of a version of OpenSearch is made as."""
    # from 3.0 on "BM25" is without the factor k1 + 1
    similarity = "LegacyBM25" if int(version.partition(".")[0]) >= 3 else "BM25"
    whole = {"type": "keyword", "index": False, "doc_values": False}
    number = {"type": "integer", "index": False, "doc_values": False}
    terms = {"type": "text", "analyzer": "whitespace", "index_options": "freqs", "similarity": "iqtibas"}
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": replicas,
            "refresh_interval": "-1",  # what is added is found when all of it is there
            "similarity": {"iqtibas": {"type": similarity, "k1": 1.2, "b": 0.75}},
        },
        "mappings": {
            "_meta": _MARK,
            "dynamic": "strict",
            "_source": {"includes": ["document", "version", "start", "end"]},
            "properties": {
                "document": whole,
                "version": whole,
                "start": number,
                "end": number,
                "of": {"type": "keyword"},
                "order": {"type": "long"},
                "day": {"type": "integer"},
                **dict.fromkeys(FIELDS, terms),
            },
        },
    }


def _key(document_id: str) -> str:
    """By what the passages of a document are found: an id may be longer than a keyword."""
    return sha256(document_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _document(entry: Entry, number: int) -> dict[str, object]:
    passage = entry.passage
    day = {"day": entry.published.toordinal()} if entry.published else {}
    return {
        "document": passage.document_id,
        "version": passage.version,
        "start": passage.span.start,
        "end": passage.span.end,
        "of": _key(passage.document_id),
        "order": number,
        **day,
        **entry.terms,
    }


def _passage(source: Mapping[str, Any]) -> Passage:
    return Passage(source["document"], Span(source["start"], source["end"]), source["version"])


def _cut(term: str) -> str:
    return term[:LONGEST]


def _sought(query: Query) -> dict[str, object]:
    bounded = _bounded(query)
    wanted = _any_of(_parts(bounded))
    if query.period is None:
        return wanted
    return {"bool": {"must": [wanted], "filter": [_within(query.period)]}}


def _parts(query: Query) -> Iterator[dict[str, object]]:
    yield from _weighted(query.terms)
    for choice in query.choices:
        if any(any(of.values()) for of in choice):
            yield {"dis_max": {"queries": [_any_of(_weighted(terms)) for terms in choice]}}


def _any_of(parts: Iterable[dict[str, object]]) -> dict[str, object]:
    """What any of some queries finds; of none nothing, where OpenSearch would give everything."""
    each = list(parts)
    return {"bool": {"should": each}} if each else {"match_none": {}}


def _weighted(terms: Terms) -> Iterator[dict[str, object]]:
    for name, weights in terms.items():
        for term, weight in weights.items():
            yield {"term": {name: {"value": _cut(term), "boost": weight}}}


def _within(period: Period) -> dict[str, object]:
    return {"range": {"day": {"gte": period.first.toordinal(), "lte": period.last.toordinal()}}}


def _bounded(query: Query) -> Query:
    """A query of so many terms as OpenSearch takes: of more, the weightiest."""
    every = (query.terms, *chain.from_iterable(query.choices))
    weights = {(field, term): w for terms in every for field, of in terms.items() for term, w in of.items()}
    if len(weights) <= CLAUSES:
        return query
    kept = frozenset(nlargest(CLAUSES, weights, key=weights.__getitem__))

    def cut(terms: Terms) -> Terms:
        return {field: {t: w for t, w in of.items() if (field, t) in kept} for field, of in terms.items()}

    choices = [[less for terms in choice if any((less := cut(terms)).values())] for choice in query.choices]
    return replace(query, terms=cut(query.terms), choices=list(filter(None, choices)))

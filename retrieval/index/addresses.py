"""Where the cluster is that keeps an index. What asks it is in ``nodes``, with a library that not everybody has."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

PORT = 9200
"""At which OpenSearch answers where an address names none."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where a cluster is: the ``addresses`` of its nodes, as in https://name:password@host:9200; the certificate
    authority ``ca`` that signed theirs, by itself the system's. New indexes have so many ``shards``, each with so many
    ``replicas``. ``texts``: the PostgreSQL server that keeps texts, words and vectors beside them, as in
    postgresql://name:password@host/database; by itself each machine's disk does."""

    addresses: tuple[str, ...] = field(repr=False)
    ca: Path | None = None
    shards: int = 1
    replicas: int = 1
    texts: str | None = field(default=None, repr=False)

    @property
    def hosts(self) -> list[dict[str, Any]]:
        """The nodes as opensearch-py takes them."""
        return list(map(_host, self.addresses))

    @property
    def places(self) -> str:
        """The hosts and ports, without names and passwords."""
        return ", ".join(f"{host['host']}:{host['port']}" for host in self.hosts)


def _host(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    host: dict[str, Any] = {
        "host": parts.hostname or "",
        "port": parts.port or PORT,
        "use_ssl": parts.scheme == "https",
    }
    if parts.username:
        host["http_auth"] = (unquote(parts.username), unquote(parts.password or ""))
    if parts.path.strip("/"):
        host["url_prefix"] = parts.path.strip("/")
    return host

"""OpenSearch on this machine, one node or several, for the tests and benchmarks of the cluster.

    python tests/support/search_servers.py --nodes 3     starts them, says where they are, stops them at Ctrl-C

It comes from Maven Central (the distribution that is made for tests, 56 MB) and is unpacked once, outside the checkout,
in IQTIBAS_SERVERS_FOLDER, else /var/tmp. It runs on Java 17. OpenSearch refuses to be root's: there it is nobody's.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.request import urlopen

VERSION = os.environ.get("OPENSEARCH", "2.19.6")  # 3.x needs Java 21, which JAVA_HOME then names
ARTIFACT = f"org.opensearch.distribution.integ-test-zip:opensearch:{VERSION}:zip"
HEAP = "512m"
PATIENCE = 240.0  # seconds until a node answers: on a busy machine Java takes its time
NOBODY = 65534


def folder() -> Path:
    """Where what was fetched is kept: whoever runs the servers must be able to read it, root's home would not do."""
    return Path(os.environ.get("IQTIBAS_SERVERS_FOLDER") or "/var/tmp/iqtibas-servers")  # noqa: S108


def missing() -> str | None:
    """What is missing here to fetch and run the servers; None where nothing is."""
    if not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        return "Java 17 is not installed (Debian: openjdk-17-jre-headless)"
    if not _home().exists() and not shutil.which("mvn"):
        return "Maven is not installed (Debian: maven)"
    return None


def fetched() -> Path:
    """The unpacked distribution, fetched where it is not there yet."""
    home = _home()
    if not home.exists():
        where = folder()
        where.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=where) as scratch:
            copy = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={scratch}"]
            subprocess.run(copy, check=True, cwd=scratch, stdout=sys.stderr)
            with zipfile.ZipFile(Path(scratch, f"opensearch-{VERSION}.zip")) as packed:
                packed.extractall(scratch)
            unpacked = Path(scratch, home.name)
            for program in (unpacked / "bin").iterdir():
                program.chmod(0o755)
            with suppress(OSError):  # another process was quicker
                unpacked.rename(home)
    return home


def _home() -> Path:
    return folder() / f"opensearch-{VERSION}"


@dataclass
class Node:
    """One node: its name, where it answers, its process while it runs."""

    name: str
    http: int
    transport: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http}"

    @property
    def is_up(self) -> bool:
        with suppress(OSError, ValueError):
            return bool(self.ask("/"))
        return False

    def ask(self, path: str) -> Any:
        """What it answers to a GET, as JSON."""
        with urlopen(self.url + path, timeout=20) as answer:
            return json.load(answer)

    def kill(self) -> None:
        """As kill -9 does, at once."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None


@dataclass
class Servers:
    """A cluster of so many nodes, whose data goes with it."""

    count: int = 1
    nodes: list[Node] = field(default_factory=list)

    def start(self) -> None:
        """Starts them all, and waits until the cluster is whole."""
        self._scratch = tempfile.TemporaryDirectory(prefix="iqtibas-opensearch-", ignore_cleanup_errors=True)
        _hand_over(Path(self._scratch.name))
        ports = _free_ports(2 * self.count)
        self.nodes = [Node(f"node{n}", *ports[2 * n : 2 * n + 2]) for n in range(self.count)]
        for node in self.nodes:
            self.run(node)
        self.wait("green")

    def run(self, node: Node) -> None:
        """Starts one, with the data it had."""
        home, own = fetched(), Path(self._scratch.name, node.name)
        if not own.exists():
            shutil.copytree(home / "config", own / "config")
            options = (own / "config" / "jvm.options").read_text("utf-8").splitlines()
            kept = (option for option in options if "logs/" not in option)  # of its home, which it may not write
            (own / "config" / "jvm.options").write_text("\n".join(kept) + "\n", "utf-8")
            for name in ("data", "logs", "tmp"):
                (own / name).mkdir()
            _hand_over(own)
        names = ",".join(each.name for each in self.nodes)
        settings = {
            "cluster.name": f"iqtibas-{self.nodes[0].transport}",
            "node.name": node.name,
            "network.host": "127.0.0.1",
            "http.port": node.http,
            "transport.port": node.transport,
            "discovery.seed_hosts": ",".join(f"127.0.0.1:{each.transport}" for each in self.nodes),
            "cluster.initial_cluster_manager_nodes": names,
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            "path.data": own / "data",
            "path.logs": own / "logs",
        }
        environ = {
            **os.environ,
            "OPENSEARCH_PATH_CONF": str(own / "config"),
            "JAVA_HOME": os.environ.get("JAVA_HOME") or str(Path(shutil.which("java") or "").resolve().parents[1]),
            "OPENSEARCH_TMPDIR": str(own / "tmp"),
            "OPENSEARCH_JAVA_OPTS": f"-Xms{HEAP} -Xmx{HEAP}",
        }
        # so that it does not outlive whoever started it, however that ends
        bound = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
        command = [*bound, str(home / "bin" / "opensearch"), *(f"-E{name}={value}" for name, value in settings.items())]
        own_user: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if _is_root() else {}
        with (own / "logs" / "said.log").open("wb") as said:
            node.process = subprocess.Popen(
                command, env=environ, cwd=own, start_new_session=True, stdout=said, stderr=said, **own_user
            )

    def wait(self, health: str) -> None:
        """Waits until the nodes that run are one cluster of this health."""
        wanted, ended = sum(node.process is not None for node in self.nodes), monotonic() + PATIENCE
        while True:
            for node in self.nodes:
                if node.process and node.process.poll() is not None:
                    raise RuntimeError(f"{node.name} ended with status {node.process.returncode}: {self._log(node)}")
            with suppress(OSError, ValueError):
                said = next(node for node in self.nodes if node.process).ask("/_cluster/health")
                if said["number_of_nodes"] == wanted and said["status"] in (health, "green"):
                    return
            if monotonic() > ended:
                raise TimeoutError(f"no {health} cluster of {wanted} nodes after {PATIENCE:.0f} s")
            sleep(0.2)

    @property
    def url(self) -> str:
        """All addresses, as IQTIBAS_CLUSTER has them."""
        return ",".join(node.url for node in self.nodes)

    @property
    def manager(self) -> Node:
        """The node that leads the others."""
        (told,) = next(node for node in self.nodes if node.process).ask("/_cat/cluster_manager?format=json")
        return next(node for node in self.nodes if node.name == told["node"])

    def stop(self) -> None:
        """Ends them all; their data goes too."""
        for node in self.nodes:
            node.kill()
        self._scratch.cleanup()

    def _log(self, node: Node) -> str:
        logs = sorted(Path(self._scratch.name, node.name, "logs").glob("*.log"))
        return "\n".join(log.read_text("utf-8", "replace")[-2000:] for log in logs)


@contextmanager
def running(count: int = 1) -> Iterator[Servers]:
    """So many nodes, for as long as the context."""
    servers = Servers(count)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()


def _is_root() -> bool:
    return os.geteuid() == 0


def _hand_over(path: Path) -> None:
    """Gives a folder and what is in it to whom the servers run as."""
    for each in [path, *path.rglob("*")] if _is_root() else []:
        os.chown(each, NOBODY, NOBODY)


def _free_ports(count: int) -> Sequence[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def main() -> None:
    arguments = argparse.ArgumentParser(description="OpenSearch on this machine, for trying things out")
    arguments.add_argument("--nodes", type=int, default=1)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # or it would end without ending them
    with suppress(KeyboardInterrupt), running(arguments.parse_args().nodes) as servers:
        print(f"IQTIBAS_CLUSTER={servers.url}", flush=True)  # noqa: T201
        signal.pause()


if __name__ == "__main__":
    main()

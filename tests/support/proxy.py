"""A proxy on this machine, by http or SOCKS 5, that notes where it was asked to connect."""

import socket
import threading
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit


class Proxy:
    """A context. ``address``: its host and port.

    ``asked``: the ``host:port`` of each connection; ``heads``: the first bytes of those by http."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.heads: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError, ValueError), client:
            first = client.recv(1, socket.MSG_PEEK)
            server = self._socks(client) if first == b"\x05" else self._http(client)
            with server:
                back = threading.Thread(target=_pipe, args=(server, client), daemon=True)
                back.start()
                _pipe(client, server)
                back.join()

    def _socks(self, client: socket.socket) -> socket.socket:
        _, count = client.recv(2)
        client.recv(count)
        client.sendall(b"\x05\x00")
        kind = client.recv(4)[3]
        host = client.recv(client.recv(1)[0]).decode() if kind == 3 else socket.inet_ntoa(client.recv(4))
        port = int.from_bytes(client.recv(2), "big")
        server = self._connected(host, port)
        client.sendall(b"\x05\x00\x00\x01" + bytes(6))
        return server

    def _http(self, client: socket.socket) -> socket.socket:
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(65536)
        self.heads.append(head)
        method, target, rest = head.split(b" ", 2)
        parts = urlsplit(target.decode())
        server = self._connected(parts.hostname or "", parts.port or 80)
        server.sendall(b" ".join((method, parts.path.encode(), rest)))
        return server

    def _connected(self, host: str, port: int) -> socket.socket:
        self.asked.append(f"{host}:{port}")
        return socket.create_connection((host, port))


def _pipe(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)

"""A relay to a server on 127.0.0.1 for containers, which cannot reach that address."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any


@contextmanager
def relay(address: str, port: int) -> Iterator[None]:
    """Forward a port of an address to the same port of 127.0.0.1 during the block."""
    with _Relay((address, port), _Relayed) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            server.close_connections()


class _Relay(ThreadingTCPServer):
    allow_reuse_address = True

    def __init__(self, at: tuple[str, int], handler: type[BaseRequestHandler]) -> None:
        super().__init__(at, handler)
        self.port = at[1]
        self.connected: list[socket.socket] = []

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's own types
        """Remember the connection for its end."""
        self.connected.append(request)
        super().process_request(request, client_address)

    def close_connections(self) -> None:
        """Close both sides of each connection: a removed container or an idle server never closes its own."""
        for one in self.connected:
            _shut(one, socket.SHUT_RDWR)


class _Relayed(BaseRequestHandler):
    request: socket.socket
    server: _Relay

    def handle(self) -> None:
        """Copy in both directions until both sides have ended."""
        with socket.create_connection(("127.0.0.1", self.server.port)) as inside:
            self.server.connected.append(inside)
            back = threading.Thread(target=_copy, args=(inside, self.request))
            back.start()
            _copy(self.request, inside)
            back.join()


def _copy(source: socket.socket, to: socket.socket) -> None:
    with suppress(OSError):  # the other side has closed the connection
        while data := source.recv(65_536):
            to.sendall(data)
    _shut(to, socket.SHUT_WR)


def _shut(one: socket.socket, how: int) -> None:
    with suppress(OSError):
        one.shutdown(how)

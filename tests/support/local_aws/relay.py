"""Lets containers talk to a server that listens on 127.0.0.1 only."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any


@contextmanager
def relay(address: str, port: int) -> Iterator[None]:
    """Pass on what comes to that port of that address to the same port of 127.0.0.1 while the block lasts."""
    with _Relay((address, port), _Relayed) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            server.hang_up()


class _Relay(ThreadingTCPServer):
    allow_reuse_address = True

    def __init__(self, at: tuple[str, int], handler: type[BaseRequestHandler]) -> None:
        super().__init__(at, handler)
        self.port = at[1]
        self.connected: list[socket.socket] = []

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's own types
        """Remember it before anything else happens to it."""
        self.connected.append(request)
        super().process_request(request, client_address)

    def hang_up(self) -> None:
        """End each connection on both sides: neither a removed container nor a patient server says goodbye."""
        for one in self.connected:
            _shut(one, socket.SHUT_RDWR)


class _Relayed(BaseRequestHandler):
    """One connection, both ways."""

    request: socket.socket
    server: _Relay

    def handle(self) -> None:
        """Copy until both sides have said all."""
        with socket.create_connection(("127.0.0.1", self.server.port)) as inside:
            self.server.connected.append(inside)
            back = threading.Thread(target=_copy, args=(inside, self.request))
            back.start()
            _copy(self.request, inside)
            back.join()


def _copy(source: socket.socket, to: socket.socket) -> None:
    with suppress(OSError):  # a side that is gone has nothing more to say
        while data := source.recv(65_536):
            to.sendall(data)
    _shut(to, socket.SHUT_WR)


def _shut(one: socket.socket, how: int) -> None:
    with suppress(OSError):
        one.shutdown(how)

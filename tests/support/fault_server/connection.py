"""One connection of the fault server: an optional fault, the TLS handshake, requests, the end."""

import io
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from tests.support.fault_server.tls_stream import TlsStream
from tests.support.fault_server.wire import Behaviour, End, Exchange, Incoming, Request, hang_up, read_request

type OnConnect = Literal["serve", "reset", "close", "close_in_handshake", "no_tls", "stall", "drip"]
"""`serve` requests, or fail before the first: `no_tls` answers the client's hello with plain text, `drip` sends the TLS
handshake byte by byte."""


@dataclass(frozen=True)
class Connection:
    raw: socket.socket
    number: int
    on_connect: OnConnect
    context: ssl.SSLContext | None
    every: float
    """Seconds per byte of a dripped handshake."""
    over: threading.Event
    find: Callable[[Request], Behaviour]

    def serve(self) -> None:
        end = End.CLOSE
        try:
            with suppress(OSError):  # the client has closed the connection, or the test is over
                end = self._fail_on_connect() or self._serve_requests()
        finally:
            hang_up(self.raw, end)

    def _fail_on_connect(self) -> End | None:
        match self.on_connect:
            case "reset":
                self.raw.recv(1)  # an earlier reset could be a refused connection
                return End.RESET
            case "close_in_handshake":
                self.raw.recv(65536)  # bytes left unread would turn the close into a reset
            case "no_tls":
                self.raw.recv(65536)
                self.raw.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            case "stall":
                self.over.wait()
            case "serve" | "drip":
                return None
        return End.CLOSE

    def _serve_requests(self) -> End:
        stream: socket.socket | TlsStream = self.raw
        if self.context:
            stream = TlsStream(self.raw, self.context, self.over)
            stream.handshake(self.every if self.on_connect == "drip" else 0.0)
        reader = io.BufferedReader(Incoming(stream))
        while request := read_request(reader, self.number):
            end = self.find(request)(Exchange(request, stream, self.raw, self.over))
            if end is not End.KEEP:
                return end
        return End.CLOSE

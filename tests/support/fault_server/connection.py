"""One connection of the fault server: the door it comes to, the handshake, request after request, the end."""

import io
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from tests.support.fault_server.tls_stream import TlsStream
from tests.support.fault_server.wire import Behaviour, End, Exchange, Incoming, Request, Stream, hang_up, read_request

type Door = Literal["open", "reset", "close", "stall", "drip", "reset_after_handshake"]


@dataclass
class Connection:
    at: float
    """Seconds on the monotonic clock."""
    number: int
    door: Door
    handshake: str = ""
    """`done`, or OpenSSL's reason against it; empty without TLS and where it was cut short."""


@dataclass(frozen=True)
class Reception:
    """What all connections of one server share."""

    context: ssl.SSLContext | None
    every: float
    """Seconds per byte of a dripped handshake."""
    over: threading.Event
    find: Callable[[Request], Behaviour]

    def serve(self, raw: socket.socket, connection: Connection) -> None:
        end = End.CLOSE
        try:
            with suppress(OSError):  # the other side has gone, or the test is over
                end = self._meet(raw, connection)
        finally:
            hang_up(raw, end)

    def _meet(self, raw: socket.socket, connection: Connection) -> End:
        if connection.door in {"reset", "close"}:
            return End(connection.door)
        if connection.door == "stall":
            self.over.wait()
            return End.CLOSE
        stream = self._shake_hands(raw, self.context, connection) if self.context else raw
        return End.RESET if connection.door == "reset_after_handshake" else self._converse(stream, connection.number)

    def _shake_hands(self, raw: socket.socket, context: ssl.SSLContext, connection: Connection) -> Stream:
        stream = TlsStream(raw, context, self.over)
        try:
            stream.handshake(self.every if connection.door == "drip" else 0.0)
        except ssl.SSLError as error:
            connection.handshake = error.reason or type(error).__name__
            raise
        connection.handshake = "done"
        return stream

    def _converse(self, stream: Stream, number: int) -> End:
        reader = io.BufferedReader(Incoming(stream))
        while request := read_request(reader, number):
            end = self.find(request)(Exchange(request, stream, self.over))
            if end is not End.KEEP:
                return end
        return End.CLOSE

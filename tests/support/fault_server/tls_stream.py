"""The server's side of TLS over memory BIOs: the raw socket can still be dripped into, reset or shut down."""

import socket
import ssl
import threading
from collections.abc import Callable

from tests.support.fault_server.wire import ServerOverError


class TlsStream:
    def __init__(self, raw: socket.socket, context: ssl.SSLContext, over: threading.Event) -> None:
        self._raw, self._over = raw, over
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._every = 0.0

    def handshake(self, every: float = 0.0) -> None:
        """Wait for `every` seconds before each byte of the handshake."""
        self._every = every
        self._run(self._tls.do_handshake)
        self._every = 0.0

    def recv(self, size: int, /) -> bytes:
        try:
            return self._run(lambda: self._tls.read(size))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""

    def sendall(self, data: bytes, /) -> None:
        rest = memoryview(data)
        while rest:
            written = self._run(lambda: self._tls.write(rest))  # noqa: B023 - called before rest changes
            rest = rest[written:]

    def _run[T](self, step: Callable[[], T]) -> T:
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                pass
            finally:
                self._flush()  # a failure has sent an alert
            self._fill()

    def _fill(self) -> None:
        data = self._raw.recv(65536)
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    def _flush(self) -> None:
        data = self._outgoing.read()
        pieces = [bytes([byte]) for byte in data] if self._every else [data] if data else []
        for piece in pieces:
            if self._every and self._over.wait(self._every):
                raise ServerOverError
            self._raw.sendall(piece)

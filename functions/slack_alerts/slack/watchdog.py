"""Limit the total time of one exchange: no timeout of urllib3 bounds a slow stream of bytes."""

import contextlib
import http.client
import socket
import threading
from http import HTTPStatus
from types import TracebackType
from typing import ClassVar, Self

from urllib3.connection import HTTPConnection
from urllib3.util import Url

from retry_policies import Deadline
from slack_alerts.slack.connecting import connect, secure

CONNECT_TIMEOUT = 2.0
"""Seconds for name resolution, all addresses and the TLS handshake together."""


class Watchdog:
    """`with Watchdog(seconds) as watchdog:` shuts the connection down when the time is up."""

    def __init__(self, seconds: float) -> None:
        self.ends = Deadline.after(seconds)
        self.seconds = seconds
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_late = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()
        self._timer.join()

    @property
    def connected(self) -> bool:
        """Whether a connection was made: the request may have been sent."""
        return self._socket is not None

    def watch(self, connection: socket.socket) -> None:
        """Shut this connection down when the time is up, now if it is already up."""
        with self._lock:
            self._socket = connection
            connection.settimeout(self.seconds)
            if self._is_late:
                _shut_down(connection)

    def _expire(self) -> None:
        with self._lock:
            self._is_late = True
            if self._socket is not None:
                _shut_down(self._socket)


class FinalResponse(http.client.HTTPResponse):
    """The final answer: http.client skips only 100 of the interim answers (RFC 9110, 15.2)."""

    def _read_status(self) -> tuple[str, int, str]:
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc] # not in the stubs of http.client
            if status == HTTPStatus.SWITCHING_PROTOCOLS or not HTTPStatus.CONTINUE < status < HTTPStatus.OK:
                return version, status, reason
            http.client.parse_headers(self.fp)


class Http(HTTPConnection):
    """A connection that is made before the watchdog's deadline."""

    response_class = FinalResponse

    def __init__(self, host: str, port: int | None, watchdog: Watchdog) -> None:
        super().__init__(host, port, timeout=watchdog.seconds)
        self.watchdog = watchdog

    def connect(self) -> None:
        self.sock = connect(self.host, self.port, self.watchdog.ends.at_most(CONNECT_TIMEOUT))
        self.watchdog.watch(self.sock)


class Https(Http):
    """The same with TLS."""

    default_port: ClassVar[int] = 443  # type: ignore[misc] # a class variable of urllib3, too

    def __init__(self, host: str, port: int | None, watchdog: Watchdog, ca_file: str | None) -> None:
        super().__init__(host, port, watchdog)
        self.ca_file = ca_file

    def connect(self) -> None:
        ends = self.watchdog.ends.at_most(CONNECT_TIMEOUT)
        self.sock = secure(connect(self.host, self.port, ends), self.host, self.ca_file, ends)
        self.watchdog.watch(self.sock)


def watched_connection(url: Url, ca_file: str | None, watchdog: Watchdog) -> Http:
    """Return a connection for one exchange, not yet made."""
    host = url.host or ""
    return Https(host, url.port, watchdog, ca_file) if url.scheme == "https" else Http(host, url.port, watchdog)


def _shut_down(connection: socket.socket) -> None:
    """Shut the TCP connection down, also under TLS: TLS's own shutdown would break the thread that reads."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)

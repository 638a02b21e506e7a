"""A limit on the total time of one exchange. No timeout of requests or urllib3 bounds an answer that drips."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from retry_policies import Deadline
from slack_alerts.slack.connecting import connect, secure

CONNECT_TIMEOUT = 2.0
"""Seconds until a connection must stand: look-up, every address and the TLS handshake together."""


class Watchdog:
    """`with Watchdog(seconds) as watchdog:` shuts the connection down when the time is up; leaves no thread behind."""

    def __init__(self, seconds: float) -> None:
        self.ends = Deadline.after(seconds)
        self._seconds = seconds
        self._timer = threading.Timer(seconds, self._bite)
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
        """Whether a connection stood, so that the request may have been sent."""
        return self._socket is not None

    def watch(self, connection: socket.socket) -> None:
        """This is the connection to shut down, at once if the time is already up."""
        with self._lock:
            self._socket = connection
            connection.settimeout(self._seconds)
            if self._is_late:
                _shut_down(connection)

    def _bite(self) -> None:
        with self._lock:
            self._is_late = True
            if self._socket is not None:
                _shut_down(self._socket)


class WatchedAdapter(HTTPAdapter):
    """requests' adapter whose connections stand in time, and are told to a watchdog then; it repeats nothing."""

    def __init__(self, watchdog: Watchdog) -> None:
        self._watchdog = watchdog
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: object, **kwargs: object) -> None:
        """As requests does, with connections of ours."""
        super().init_poolmanager(*args, **kwargs)  # type: ignore[arg-type] # handed through
        watchdog = self._watchdog

        class Http(HTTPConnection):
            def connect(self) -> None:
                self.sock = connect(self.host, self.port, watchdog.ends.at_most(CONNECT_TIMEOUT))
                watchdog.watch(self.sock)

        class Https(HTTPSConnection):
            def connect(self) -> None:
                ends = watchdog.ends.at_most(CONNECT_TIMEOUT)
                self.sock = secure(connect(self.host, self.port, ends), self.host, self.ca_certs, ends)
                self.is_verified = True
                watchdog.watch(self.sock)

        class HttpPool(HTTPConnectionPool):
            ConnectionCls = Http

        class HttpsPool(HTTPSConnectionPool):
            ConnectionCls = Https

        self.poolmanager.pool_classes_by_scheme = {"http": HttpPool, "https": HttpsPool}


def _shut_down(connection: socket.socket) -> None:
    """Of the TCP connection, also under TLS, whose own shutdown would pull the ground from under the reading thread."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)

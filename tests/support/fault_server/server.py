"""A loopback web server that fails on purpose: by path, by script, or before the first request."""

import socket
import threading
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self
from urllib.parse import urlsplit

from tests.support.fault_server.behaviours import ask, behaviour
from tests.support.fault_server.certificates import Certificate, authority, server_context
from tests.support.fault_server.connection import Connection, OnConnect
from tests.support.fault_server.wire import Behaviour, Request


class FaultServer:
    """`every` is the seconds per byte of a handshake that drips."""

    def __init__(self, tls: Certificate | None = None, *, on_connect: OnConnect = "serve", every: float = 0.05) -> None:
        self.requests: list[Request] = []
        self.connections: list[Connection] = []
        self._context = server_context(tls) if tls else None
        self._on_connect, self._every = on_connect, every
        self._over = threading.Event()
        self._scripts: dict[str, tuple[deque[Behaviour], Behaviour]] = {}
        self._finding = threading.Lock()
        self._mistakes: list[str] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._last = socket.socket()
        self._last.bind(("127.0.0.1", 0))
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._over.set()
        with self._last, self._listener:  # all earlier connections are accepted before this one
            self._last.connect(self._listener.getsockname())
            self._accepting.join()
        for connection, thread in zip(self.connections, self._threads, strict=True):
            with suppress(OSError):  # it is closed already
                connection.raw.shutdown(socket.SHUT_RDWR)
            thread.join()
        self._folder.cleanup()
        if kind is None and self._mistakes:
            raise AssertionError(f"unknown behaviours: {self._mistakes}")

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def ca_file(self) -> str:
        """The certificate authority that a client has to trust; the same for all servers of a process."""
        path = Path(self._folder.name) / "ca.pem"
        authority().cert_pem.write_to_path(str(path))
        return str(path)

    def url(self, path: str, *, host: str = "127.0.0.1", **query: str | float | list[str]) -> str:
        return f"{'https' if self._context else 'http'}://{host}:{self.port}{ask(path, **query)}"

    def script(self, path: str, turns: Iterable[str | Behaviour] = (), *, then: str | Behaviour = "/ok") -> None:
        """Answer requests to the path with the turns, one each, and then with `then`. A text is a behaviour's path."""
        behaviours = [behaviour(turn) if isinstance(turn, str) else turn for turn in (*turns, then)]
        self._scripts[path] = (deque(behaviours[:-1]), behaviours[-1])

    def _accept(self) -> None:
        while True:
            raw, peer = self._listener.accept()
            if peer == self._last.getsockname():
                raw.close()
                return
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or a dripped byte would wait for the next
            number = len(self.connections)
            connection = Connection(raw, number, self._on_connect, self._context, self._every, self._over, self._find)
            self.connections.append(connection)
            self._threads.append(threading.Thread(target=connection.serve))
            self._threads[-1].start()

    def _find(self, request: Request) -> Behaviour:
        with self._finding:
            self.requests.append(request)
            turns, then = self._scripts.get(urlsplit(request.path).path, (None, None))
            if then:
                return turns.popleft() if turns else then
        try:
            return behaviour(request.path)
        except (ValueError, KeyError) as error:
            self._mistakes.append(f"{request.path}: {error}")
            return behaviour("/501")

"""A web server on this machine that goes wrong on purpose: by path, by script, or before a word is said."""

import socket
import threading
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self
from urllib.parse import urlsplit

from tests.support.fault_server.behaviours import ask, behaviour
from tests.support.fault_server.certificates import Certificate, authority, server_context
from tests.support.fault_server.connection import Connection, Door, Reception
from tests.support.fault_server.wire import Behaviour, Request


class FaultServer:
    """`door` is what a connection meets before its first request; `every` the seconds per byte at a `drip` door."""

    def __init__(self, tls: Certificate | None = None, *, door: Door = "open", every: float = 0.05) -> None:
        self.requests: list[Request] = []
        self.connections: list[Connection] = []
        self._over = threading.Event()
        self._reception = Reception(server_context(tls) if tls else None, every, self._over, self._find)
        self._doors: deque[Door] = deque()
        self._usual_door = self._checked(door)
        self._scripts: dict[str, tuple[deque[Behaviour], Behaviour]] = {}
        self._finding = threading.Condition()
        self._mistakes: list[str] = []
        self._open: list[tuple[socket.socket, threading.Thread]] = []

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._farewell = socket.socket()
        self._farewell.bind(("127.0.0.1", 0))
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._over.set()
        with self._farewell, self._listener:  # the last in the queue: whoever came before it is accepted first
            self._farewell.connect(self._listener.getsockname())
            self._accepting.join()
        for raw, thread in self._open:
            with suppress(OSError):  # it has hung up already
                raw.shutdown(socket.SHUT_RDWR)
            thread.join()
        self._folder.cleanup()
        if kind is None and self._mistakes:
            raise AssertionError(f"asked for what the fault server cannot do: {self._mistakes}")

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def ca_file(self) -> str:
        """What a client has to trust, as long as the server runs; the same authority for all servers of a process."""
        path = Path(self._folder.name) / "ca.pem"
        authority().cert_pem.write_to_path(str(path))
        return str(path)

    def url(self, path: str, *, host: str = "127.0.0.1", **query: str | float | list[str]) -> str:
        return f"{'https' if self._reception.context else 'http'}://{host}:{self.port}{ask(path, **query)}"

    def script(self, path: str, turns: Iterable[str | Behaviour] = (), *, then: str | Behaviour = "/ok") -> None:
        """Requests to the path meet the turns, one each, and `then` for ever; a text is the path of a behaviour."""
        behaviours = [behaviour(turn) if isinstance(turn, str) else turn for turn in (*turns, then)]
        self._scripts[path] = (deque(behaviours[:-1]), behaviours[-1])

    def doors(self, *doors: Door) -> None:
        """What the next connections meet, one each; after them the server's own door again."""
        self._doors.extend(self._checked(door) for door in doors)

    def received(self, count: int = 1, *, within: float = 5.0) -> list[Request]:
        """The requests, as soon as there are so many."""
        with self._finding:
            if not self._finding.wait_for(lambda: len(self.requests) >= count, within):
                raise AssertionError(f"{len(self.requests)} requests in {within} s, not {count}")
            return list(self.requests)

    def _checked(self, door: Door) -> Door:
        if door in {"drip", "reset_after_handshake"} and not self._reception.context:
            raise ValueError(f"a {door} door needs TLS")
        return door

    def _accept(self) -> None:
        while True:
            raw, peer = self._listener.accept()
            if peer == self._farewell.getsockname():
                raw.close()
                return
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else a dripped byte waits for the next
            door = self._doors.popleft() if self._doors else self._usual_door
            connection = Connection(time.monotonic(), len(self.connections), door)
            self.connections.append(connection)
            thread = threading.Thread(target=self._reception.serve, args=(raw, connection))
            self._open.append((raw, thread))
            thread.start()

    def _find(self, request: Request) -> Behaviour:
        with self._finding:
            self.requests.append(request)
            self._finding.notify_all()
            turns, then = self._scripts.get(urlsplit(request.path).path, (None, None))
            if then:
                return turns.popleft() if turns else then
        try:
            return behaviour(request.path)
        except (ValueError, KeyError) as error:
            self._mistakes.append(f"{request.path}: {error}")
            return behaviour("/501")

"""Requests to the fault server, and what a behaviour can do with the connection."""

import io
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Any, BinaryIO, Protocol

type Headers = Iterable[tuple[str, str]]


class End(Enum):
    """The end of a behaviour: the connection is kept, closed or reset."""

    KEEP = "keep"
    CLOSE = "close"
    RESET = "reset"


class ServerOverError(ConnectionError):
    """The test has ended, while a behaviour was waiting."""


class Stream(Protocol):
    def recv(self, size: int, /) -> bytes: ...
    def sendall(self, data: bytes, /) -> None: ...


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    """With the query."""
    headers: Mapping[str, str]
    body: bytes
    connection: int
    """The index in the server's connections."""

    @property
    def message(self) -> Any:  # noqa: ANN401 - JSON of any shape
        return json.loads(self.body)

    def echo(self) -> list[str]:
        return [f"{self.method} {self.path}", *(f"{name}: {value}" for name, value in self.headers.items())]


@dataclass(frozen=True)
class Exchange:
    request: Request
    stream: Stream
    raw: socket.socket
    """The socket below TLS."""
    over: threading.Event

    def send(self, data: bytes) -> None:
        self.stream.sendall(data)

    def wait(self, seconds: float | None = None) -> None:
        """Wait for these seconds; raise ServerOverError when the test ends."""
        if self.over.wait(seconds):
            raise ServerOverError

    def drip(self, data: bytes, every: float) -> None:
        for byte in data:
            self.wait(every)
            self.send(bytes([byte]))

    def answer(self, status: int, body: bytes = b"", headers: Headers = (), *, reason: str = "") -> None:
        """Send a correct answer; its end is known from its Content-Length."""
        length = [] if status < HTTPStatus.OK or status in {204, 304} else [("Content-Length", str(len(body)))]
        self.send(head(status, [*headers, *length], reason=reason) + (body if length else b""))


type Behaviour = Callable[[Exchange], End]


def head(status: int, headers: Headers = (), *, reason: str = "") -> bytes:
    known = {known.value: known.phrase for known in HTTPStatus}
    lines = [f"HTTP/1.1 {status} {reason or known.get(status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Incoming(io.RawIOBase):
    """The receiving half of a stream, for a BufferedReader."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - typeshed's WriteableBuffer
        data = self._stream.recv(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def read_request(reader: BinaryIO, connection: int) -> Request | None:
    """Return None if the client stopped before the end or does not speak HTTP."""
    lines = []
    while (line := reader.readline()) != b"\r\n":
        if not line.endswith(b"\r\n"):
            return None
        lines.append(line.decode("latin-1").removesuffix("\r\n"))
    if not lines or lines[0].count(" ") != 2:
        return None
    method, path, _ = lines[0].split(" ")
    headers = {name: value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    length = int({name.lower(): value for name, value in headers.items()}.get("content-length", "0"))
    body = reader.read(length)
    return Request(method, path, headers, body, connection) if len(body) == length else None


def hang_up(raw: socket.socket, end: End) -> None:
    if end is End.RESET:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raw.close()

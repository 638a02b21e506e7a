"""A web server on this machine that answers posts from a script and records them."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: bytes = b"ok"
    headers: tuple[tuple[str, str], ...] = ()


OK = Answer()


@dataclass(frozen=True)
class Request:
    at: float
    """Seconds on the monotonic clock."""
    path: str
    headers: dict[str, str]
    message: Any


@dataclass
class LoopbackSlack:
    """Answer in turn, then with `ok`; a text of `refuse` in path or message has its own answer."""

    answers: list[Answer] = field(default_factory=list)
    refuse: dict[str, Answer] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def webhook(self, token: str = "secret") -> str:  # noqa: S107 - no secret of anybody's
        return f"http://{self.host}/services/T000/B000/{token}"

    def texts(self) -> list[str]:
        return [request.message["text"] for request in self.requests]

    def _answer(self, request: str) -> Answer:
        for text, answer in self.refuse.items():
            if text in request:
                return answer
        return self.answers.pop(0) if self.answers else OK

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        slack = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                at = time.monotonic()
                data = self.rfile.read(int(self.headers["Content-Length"])).decode()
                slack.requests.append(Request(at, self.path, dict(self.headers), json.loads(data)))
                self._send(slack._answer(f"{self.path} {data}"))

            def do_GET(self) -> None:
                slack.requests.append(Request(time.monotonic(), self.path, dict(self.headers), None))
                self._send(OK)

            def _send(self, answer: Answer) -> None:
                self.send_response(answer.status)
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def closed_port() -> int:
    """Return a port of this machine without a server."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextmanager
def raw_server(answer: bytes | None) -> Iterator[int]:
    """Serve one request with these bytes; with None stay silent until the test is over."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                if answer is None:
                    over.wait(10)
                else:
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        over.set()
        thread.join()

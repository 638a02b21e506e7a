"""A server on this machine for one call of CloudWatch, GetMetricWidgetImage, which the local AWS does not have."""

import base64
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from demo.graphs.png import png

OK, BAD = 200, 400


@dataclass
class GraphServer:
    """Draw a grey picture of the right size, or answer from `answers`: bytes, or a code of CloudWatch's.

    `hang` in their place keeps the connection open without an answer until the server ends.
    """

    answers: list[bytes | str] = field(default_factory=list)
    graphs: list[dict[str, Any]] = field(default_factory=list)
    """The graphs that were asked for."""
    headers: dict[str, str] = field(default_factory=dict)
    """More headers of each answer."""

    def __enter__(self) -> Self:
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, body: bytes) -> tuple[int, bytes]:
        """Return the status and the body of an answer."""
        self.graphs.append(json.loads(json.loads(body)["MetricWidget"]))
        answer = self.answers.pop(0) if self.answers else png()
        if answer == "hang":
            self._over.wait(30)
        if isinstance(answer, str):
            return BAD, json.dumps({"__type": answer, "message": ""}).encode()
        return OK, json.dumps({"MetricWidgetImage": base64.b64encode(answer).decode()}).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                status, data = server.answer(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(status)
                for name, value in {
                    "Content-Type": "application/x-amz-json-1.0",
                    "x-amzn-RequestId": "request-1",
                    "Content-Length": str(len(data)),
                    **server.headers,
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

"""Lambda's runtime API for one invocation of awslambdaric."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:under-test"


class RuntimeApi:
    """`with RuntimeApi(event) as api:` run awslambdaric with AWS_LAMBDA_RUNTIME_API=api.address; then api.answer()."""

    def __init__(self, event: object, *, seconds: float = 60.0) -> None:
        self._event = json.dumps(event).encode()
        self._seconds = seconds
        self._has_event = False
        self._answered = threading.Event()
        self._over = threading.Event()
        self._answer: tuple[str, Any] = ("", None)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def answer(self, timeout: float = 30.0) -> tuple[str, Any]:
        """Return `response` or `error`, and its JSON."""
        assert self._answered.wait(timeout), "the runtime did not answer"
        return self._answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if api._has_event:
                    api._over.wait(60)
                    return
                api._has_event = True
                self.send_response(200)
                self.send_header("Lambda-Runtime-Aws-Request-Id", "request-1")
                self.send_header("Lambda-Runtime-Deadline-Ms", str(round((time.time() + api._seconds) * 1000)))
                self.send_header("Lambda-Runtime-Invoked-Function-Arn", ARN)
                # awslambdaric 4.2.2 crashes without one:
                self.send_header("Lambda-Runtime-Trace-Id", "Root=1-00000000-000000000000000000000000")
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(api._event)))
                self.end_headers()
                self.wfile.write(api._event)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                api._answer = (self.path.rpartition("/")[2], json.loads(body))
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()
                api._answered.set()

            def log_message(self, *_: object) -> None:
                pass

        return Handler

"""A local server for the tutorial, which prints what it saw.

/ok       200 ok
/err404   404: no such webhook
/err429   429 with Retry-After: 3, and 200 once the three seconds are over
/err500   500
"""

import logging
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATHS = ("/ok", "/err404", "/err429", "/err500")
PAUSE = 3


class Handler(BaseHTTPRequestHandler):
    server: "StubServer"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status = self.server.answer(self.path.rstrip("/"))
        body = b'{"Parameter": {"Value": "on"}}' if "X-Amz-Target" in self.headers else b"ok"
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", str(PAUSE))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Leave the printing to `try_all`."""


class StubServer(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[str] = []
        self.started = time.monotonic()
        self.throttled_until: float | None = None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def answer(self, path: str) -> int:
        now = time.monotonic()
        if path == "/err429" and self.throttled_until is None:
            self.throttled_until = now + PAUSE
        is_throttled = self.throttled_until is not None and now < self.throttled_until
        status = {"/ok": 200, "/err404": 404, "/err429": 429 if is_throttled else 200}.get(path, 500)
        self.seen.append(f"{now - self.started:4.1f} s  {status}")
        return status


def try_all(post: Callable[[str, str], object], *paths: str) -> None:
    """Post to each path of a server of its own. Print the outcome and what that server saw."""
    logging.basicConfig(format="  log: %(message)s", stream=sys.stdout)
    for path in paths or PATHS:
        server = StubServer()
        print(path)
        try:
            post(server.url(path), "hello")
        except Exception as error:
            print(
                f"  error: {type(error).__name__} {status_of(error) or error}",
                *getattr(error, "__notes__", ()),
                sep="; ",
            )
        else:
            print("  delivered")
        server.shutdown()
        server.server_close()
        for line in server.seen:
            print(f"  server: {line}")


def status_of(error: BaseException | None) -> int | None:
    """Return the status of an error of requests or boto3."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return response["ResponseMetadata"]["HTTPStatusCode"]
    return getattr(response, "status_code", None)

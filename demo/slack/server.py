"""The HTTP server of the Slack stand-in: on 127.0.0.1 only, without a log, with real TCP resets."""

import socket
import struct
import threading
from functools import partial
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


def serve(app: Flask) -> BaseWSGIServer:
    """Serve an application on a free port in a thread, until the server is shut down."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_QuietHandler)
    run = partial(server.serve_forever, poll_interval=0.02)  # a shutdown waits this long
    threading.Thread(target=run, name="slack-standin", daemon=True).start()
    return server


class _QuietHandler(WSGIRequestHandler):
    """A handler that logs no request, since its path is a secret, and resets dropped connections."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""

    def connection_dropped(self, error: BaseException, environ: dict[str, Any] | None = None) -> None:  # noqa: ARG002 - werkzeug's
        """Close the socket with a linger time of 0 s, which sends a reset."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.connection.detach())

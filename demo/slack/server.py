"""The server under the Slack stand-in: this machine only, no log, and a dropped connection is a TCP reset."""

import socket
import struct
import threading
from functools import partial
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


def serve(app: Flask) -> BaseWSGIServer:
    """Serve it on a free port of 127.0.0.1, in a thread, until the server is shut down."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_QuietHandler)
    run = partial(server.serve_forever, poll_interval=0.02)  # how soon it notices that it shall stop
    threading.Thread(target=run, name="slack-standin", daemon=True).start()
    return server


class _QuietHandler(WSGIRequestHandler):
    """Logs no request, for its path is the secret, and ends a dropped connection with a TCP reset."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def connection_dropped(self, error: BaseException, environ: dict[str, Any] | None = None) -> None:  # noqa: ARG002 - werkzeug's
        """Close the socket as one that lingers for 0 s: that sends the reset."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.connection.detach())

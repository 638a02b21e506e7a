"""Loopback ports without a server; they stay reserved while a test uses them."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager


@contextmanager
def refusing_port() -> Iterator[int]:
    """Yield a port that refuses all connections: it is bound and does not listen."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@contextmanager
def full_port() -> Iterator[int]:
    """Yield a port that neither accepts nor refuses connections: its backlog is full."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        try:
            while True:
                waiting = socket.create_connection(listener.getsockname(), timeout=0.1)
                stack.enter_context(waiting)
        except TimeoutError:
            yield listener.getsockname()[1]

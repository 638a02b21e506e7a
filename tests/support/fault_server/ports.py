"""Ports of this machine that no server answers on; nobody else can take them meanwhile."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager


@contextmanager
def refusing_port() -> Iterator[int]:
    """Bound and not listening: every connection is refused."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        yield deaf.getsockname()[1]


@contextmanager
def full_port() -> Iterator[int]:
    """Listening, never accepting, its backlog full: a connection is neither made nor refused."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        try:
            while True:
                waiting = socket.create_connection(listener.getsockname(), timeout=0.1)
                stack.enter_context(waiting)
        except TimeoutError:
            yield listener.getsockname()[1]

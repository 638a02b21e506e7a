"""Waiting for other processes of this machine."""

import socket
import time
from collections.abc import Callable

SECONDS = 60.0


def wait_for[T](read: Callable[[], T], seconds: float = SECONDS) -> T:
    """Call `read` until its result is true or the time is over; return the last result.

    The local AWS works in other processes and tells nobody when it is ready, so this asks it five times a second.
    """
    ends = time.monotonic() + seconds
    while not (found := read()) and time.monotonic() < ends:
        time.sleep(0.2)
    return found


def free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def is_listening(address: str) -> bool:
    host, _, port = address.partition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0

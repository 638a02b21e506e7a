"""A connection that stands in time or not at all, whatever its name resolves to.

The libraries give each address of a name the whole timeout, the handshake as much again, and the look-up no limit.
"""

import queue
import socket
import ssl
import threading
from collections.abc import Sequence

from retry_policies import Deadline

type Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[object, ...]]
"""As getaddrinfo gives it."""


def connect(host: str, port: int, ends: Deadline) -> socket.socket:
    """A TCP connection to the first address that answers; raises OSError."""
    addresses = _look_up(host, port, ends)
    problem: OSError = TimeoutError("no time left to connect")
    for number, address in enumerate(addresses, start=1):
        left = ends.remaining()
        if left <= 0:
            break
        try:
            return _open(address, left if number == len(addresses) else left / 2)
        except OSError as error:
            problem = error
    raise problem


def secure(connection: socket.socket, host: str, ca_file: str | None, ends: Deadline) -> ssl.SSLSocket:
    """The same connection under TLS, its certificate verified; raises OSError."""
    context = ssl.create_default_context(cafile=ca_file)
    try:
        connection.settimeout(max(ends.remaining(), 0.001))  # 0 would mean not to wait at all, and to raise no timeout
        return context.wrap_socket(connection, server_hostname=host)
    except BaseException:
        connection.close()
        raise


def _look_up(host: str, port: int, ends: Deadline) -> Sequence[Address]:
    """In a thread, because nothing can end a look-up: one that hangs is left behind, until RES_OPTIONS ends it."""
    answers: queue.SimpleQueue[Sequence[Address] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            answers.put(error)
        except UnicodeError:  # a label that is empty or too long
            answers.put(socket.gaierror(socket.EAI_NONAME, "no name"))

    asking = threading.Thread(target=ask, name="look-up", daemon=True)
    asking.start()
    try:
        answer = answers.get(timeout=max(ends.remaining(), 0.0))
    except queue.Empty:
        raise TimeoutError("the name was not found in time") from None
    asking.join()
    if isinstance(answer, OSError):
        raise answer
    return answer


def _open(address: Address, seconds: float) -> socket.socket:
    family, kind, protocol, _, place = address
    connection = socket.socket(family, kind, protocol)
    try:
        connection.settimeout(seconds)
        connection.connect(place)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # head and body are two writes
    except BaseException:
        connection.close()
        raise
    return connection

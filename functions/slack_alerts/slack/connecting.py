"""Connect before a deadline that covers name resolution, all addresses and the TLS handshake.

urllib3 applies the whole timeout to each address and again to the handshake, and none to name resolution.
"""

import queue
import socket
import ssl
import threading
from collections.abc import Sequence
from functools import cache

import certifi

from retry_policies import Deadline

type Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[object, ...]]
"""A result of getaddrinfo."""


def connect(host: str, port: int, ends: Deadline) -> socket.socket:
    """Return a TCP connection to the first address that answers. Raises OSError."""
    addresses = _resolve(host, port, ends)
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


@cache
def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Return the process's context for these certificates or certifi's: reading a bundle takes 50 ms of CPU."""
    return ssl.create_default_context(cafile=ca_file or certifi.where())


def secure(connection: socket.socket, host: str, ca_file: str | None, ends: Deadline) -> ssl.SSLSocket:
    """Return the connection with TLS and a verified certificate. Raises OSError."""
    try:
        connection.settimeout(max(ends.remaining(), 0.001))  # 0 would make the socket non-blocking
        return tls_context(ca_file).wrap_socket(connection, server_hostname=host)
    except BaseException:
        connection.close()
        raise


def _resolve(host: str, port: int, ends: Deadline) -> Sequence[Address]:
    """Resolve the name in a thread, because nothing can cancel getaddrinfo. RES_OPTIONS limits its time."""
    answers: queue.SimpleQueue[Sequence[Address] | OSError] = queue.SimpleQueue()

    def resolve() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            answers.put(error)
        except UnicodeError:  # a label that is empty or too long
            answers.put(socket.gaierror(socket.EAI_NONAME, "no name"))

    thread = threading.Thread(target=resolve, name="look-up", daemon=True)
    thread.start()
    try:
        answer = answers.get(timeout=max(ends.remaining(), 0.0))
    except queue.Empty:
        raise TimeoutError("the name was not found in time") from None
    thread.join()
    if isinstance(answer, OSError):
        raise answer
    return answer


def _open(address: Address, seconds: float) -> socket.socket:
    family, kind, protocol, _, sockaddr = address
    connection = socket.socket(family, kind, protocol)
    try:
        connection.settimeout(seconds)
        connection.connect(sockaddr)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # headers and body are two writes
    except BaseException:
        connection.close()
        raise
    return connection

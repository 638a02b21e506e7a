"""A socket on this machine that fails in one exact way, once for each connection."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

type Behaviour = Callable[[socket.socket], None]
"""What is done with a connection; it is closed afterwards."""

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
DRIPS = 200
"""A drip lasts four seconds: longer than any test waits."""


@dataclass
class RawServer:
    behave: Behaviour
    closed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """One for each connection that has been closed."""

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                self.behave(connection)
            self.closed.release()


def read_request(connection: socket.socket) -> None:
    """To its end: closing with something unread would reset the connection."""
    reader = connection.makefile("rb")
    length = 0
    while line := reader.readline().strip():
        name, _, value = line.lower().partition(b": ")
        if name == b"content-length":
            length = int(value)
    reader.read(length)


def reset(connection: socket.socket) -> None:
    """Close with RST in place of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def reset_before_reading(connection: socket.socket) -> None:
    connection.recv(1)  # the connection stands, and some of the request has arrived
    reset(connection)


def reset_after_reading(connection: socket.socket) -> None:
    read_request(connection)
    reset(connection)


def close_after_reading(connection: socket.socket) -> None:
    read_request(connection)


def speak_no_tls(connection: socket.socket) -> None:
    connection.recv(10)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def close_in_handshake(connection: socket.socket) -> None:
    connection.recv(65536)


def say_nothing(connection: socket.socket) -> None:
    read_request(connection)
    wait_for_the_end_of(connection)


def wait_for_the_end_of(connection: socket.socket) -> None:
    """Until the client has closed it."""
    connection.settimeout(5)
    while connection.recv(65536):
        pass


def answer(data: bytes) -> Behaviour:
    def behave(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(data)

    return behave


def stall_in_body(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(HEAD + b"o")
    wait_for_the_end_of(connection)


def drip_body(connection: socket.socket) -> None:
    """A byte now and then: each read is in time, the whole never ends."""
    read_request(connection)
    connection.sendall(HEAD.replace(b"100", b"%d" % DRIPS))
    for _ in range(DRIPS):
        connection.sendall(b".")
        time.sleep(0.02)


def over_tls(certificate: Path, behave: Behaviour) -> Behaviour:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def behave_over_tls(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as tls:
            behave(tls)

    return behave_over_tls


def make_certificate(path: Path, name: str) -> Path:
    """A self-signed certificate with its key, for that host name."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(secret + certificate.public_bytes(pem))
    return path

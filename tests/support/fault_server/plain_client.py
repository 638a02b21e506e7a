"""Clients without manners of their own: what they see is what the server did."""

import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

from tests.support.fault_server.server import FaultServer

MESSAGE = json.dumps({"text": "disk full"}).encode()


@dataclass(frozen=True)
class Reply:
    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes


def connect(server: FaultServer, timeout: float, host: str = "127.0.0.1") -> http.client.HTTPConnection:
    if server.url("/").startswith("https:"):
        trusting = ssl.create_default_context(cafile=server.ca_file)
        return http.client.HTTPSConnection(host, server.port, timeout=timeout, context=trusting)
    return http.client.HTTPConnection(host, server.port, timeout=timeout)


def ask_on(
    connection: http.client.HTTPConnection, path: str, body: bytes = MESSAGE, headers: Mapping[str, str] | None = None
) -> Reply:
    connection.request("POST", path, body, dict(headers or {}))
    response = connection.getresponse()
    return Reply(response.status, response.reason, dict(response.headers), response.read())


def post(
    server: FaultServer, path: str, body: bytes = MESSAGE, headers: Mapping[str, str] | None = None, timeout: float = 5
) -> Reply:
    with closing(connect(server, timeout)) as connection:
        return ask_on(connection, path, body, headers)


def raw(server: FaultServer, path: str, sent: bytes | None = None) -> bytes:
    """Everything the server said until it hung up."""
    request = f"POST {path} HTTP/1.1\r\nContent-Length: 2\r\n\r\n{{}}".encode() if sent is None else sent
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        client.sendall(request)
        return b"".join(iter(lambda: client.recv(65536), b""))

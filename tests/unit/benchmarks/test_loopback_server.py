import ssl
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.loopback_server import loopback_server
from benchmarks.loops import connect, post


def test_it_answers_several_posts_of_a_connection() -> None:
    with loopback_server() as webhook:
        connection = connect(webhook, None)
        for _ in range(2):
            post(connection, webhook, "disk full")
        connection.close()


def test_it_serves_tls_with_an_authority_of_its_own(tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    with loopback_server(ca_file=ca_file) as webhook:
        context = ssl.create_default_context(cafile=ca_file)
        connection = HTTPSConnection("localhost", urlsplit(webhook).port, context=context, timeout=5)
        post(connection, webhook, "disk full")
        connection.close()

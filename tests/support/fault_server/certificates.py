"""A certificate authority for tests, and TLS contexts with good and bad certificates."""

import ssl
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Literal, assert_never

import trustme

type Certificate = Literal["good", "expired", "wrong_name", "self_signed"]

NAMES = ("127.0.0.1", "localhost")


@cache
def authority() -> trustme.CA:
    return trustme.CA()


@cache
def server_context(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.num_tickets = 0  # they would be sent after the handshake
    match certificate:
        case "good":
            authority().issue_cert(*NAMES).configure_cert(context)
        case "expired":
            yesterday = datetime.now(UTC) - timedelta(days=1)
            authority().issue_cert(*NAMES, not_after=yesterday).configure_cert(context)
        case "wrong_name":
            authority().issue_cert("elsewhere.example").configure_cert(context)
        case "self_signed":
            alone = trustme.CA()
            with alone.cert_pem.tempfile() as chain, alone.private_key_pem.tempfile() as key:
                context.load_cert_chain(chain, key)
        case _:
            assert_never(certificate)
    return context

"""Failures of requests and urllib3 before a status came, and after: judged by their causes.

The class does not tell: a refused connection, a reset after the request was read and a timeout within the body of a
200 are all requests.ConnectionError. What they were made from does. tests/unit/retry_policies/test_real_sockets.py
makes each one on a real socket.
"""

import socket
import ssl
import traceback

from retry_policies.causes import causes, class_names
from retry_policies.classification import Classification, ErrorKind

LIBRARIES = frozenset({"http", "requests", "urllib3"})
"""http is Python's own http.client, on which the other two stand."""
ANSWERING = frozenset({"urllib3"})

NEVER_SENT = frozenset(
    {
        "ClosedPoolError",
        "ConnectTimeout",
        "ConnectTimeoutError",
        "EmptyPoolError",
        "NameResolutionError",
        "NewConnectionError",
        "ProxyError",
    }
)
"""There was no connection, a new one or one of the pool: nothing can have taken effect."""
BEFORE_SENDING = (socket.gaierror, ConnectionRefusedError)
"""The same, where it is Python that says so."""
CANNOT_HELP = frozenset(
    {
        "HostChangedError",
        "InvalidHeader",
        "InvalidJSONError",
        "InvalidProxyURL",
        "InvalidSchema",
        "InvalidURL",
        "LocationValueError",
        "MissingSchema",
        "ProxySchemeUnsupported",
        "RetryError",
        "TooManyRedirects",
        "URLRequired",
        "UnrewindableBodyError",
    }
)
"""Wrong before it was sent, or an adapter below us has already retried."""
BODY_CUT_SHORT = frozenset(
    {"ChunkedEncodingError", "ContentDecodingError", "DecodeError", "IncompleteRead", "JSONDecodeError"}
)
"""A status came, its body did not, or is not what it should be."""


def classify_failure(error: BaseException) -> Classification | None:
    """What requests, urllib3 or a socket raised where no status can be read -> its classification; else None."""
    chain = list(causes(error))
    names = set().union(*(class_names(link, LIBRARIES) for link in chain))
    if any(isinstance(link, ssl.SSLCertVerificationError) for link in chain):
        return Classification(ErrorKind.PERMANENT, code="certificate")
    if names & BODY_CUT_SHORT or _timed_out_in_body(error, names) or any(map(_has_strange_headers, chain)):
        return Classification(ErrorKind.AMBIGUOUS, code="body")
    if names & CANNOT_HELP:
        return Classification(ErrorKind.PERMANENT, code=type(error).__name__)
    if names & NEVER_SENT or any(isinstance(link, BEFORE_SENDING) or broke_handshake(link) for link in chain):
        return Classification(ErrorKind.TRANSIENT, code="not_sent")
    if names or any(isinstance(link, ConnectionError | TimeoutError | ssl.SSLError) for link in chain):
        return Classification(ErrorKind.AMBIGUOUS, code="unanswered", answered=False)
    return None


def broke_handshake(error: BaseException) -> bool:
    """Whether TLS failed before anything could be sent; broken later, it says nothing about what had arrived."""
    frames = traceback.walk_tb(error.__traceback__) if isinstance(error, ssl.SSLError) else ()
    return any(frame.f_code.co_name == "do_handshake" for frame, _ in frames)


def _timed_out_in_body(error: BaseException, names: set[str]) -> bool:
    """In requests, a read timeout before the status is a ReadTimeout, one after it a ConnectionError."""
    is_connection_error = "ConnectionError" in class_names(error, LIBRARIES)
    return is_connection_error and "ReadTimeoutError" in names and "MaxRetryError" not in names


def _has_strange_headers(link: BaseException) -> bool:
    """In requests, InvalidHeader is a header of the request; in urllib3, below it, one of the answer."""
    return "InvalidHeader" in class_names(link, ANSWERING)

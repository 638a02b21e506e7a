"""A classifier for network errors of requests and urllib3, by the errors that they wrap.

The class alone does not suffice: a refused connection, a reset after the request was read and a timeout within the
body of a 200 are all requests.ConnectionError. test_http_failures.py produces each on a real socket.
"""

import socket
import ssl

from retry_policies.causes import causes, class_names, raised_through
from retry_policies.classification import Classification, ErrorKind

LIBRARIES = frozenset({"http", "requests", "urllib3"})
"""`http` is Python's http.client, which the other two use."""
URLLIB3 = frozenset({"urllib3"})

NEVER_SENT = frozenset(
    {
        "CannotSendHeader",
        "CannotSendRequest",
        "ClosedPoolError",
        "ConnectTimeout",
        "ConnectTimeoutError",
        "EmptyPoolError",
        "NameResolutionError",
        "NewConnectionError",
        "NotConnected",
        "ProxyError",
    }
)
"""There was no usable connection: nothing can have taken effect."""
NEVER_SENT_ERRORS = (socket.gaierror, ConnectionRefusedError)
"""Python's own errors of the same meaning."""
CONNECTING = frozenset(
    {
        "http.client.HTTPConnection.connect",
        "ssl.SSLSocket.do_handshake",
        "urllib3.connection.HTTPConnection.connect",
        "urllib3.connection.HTTPSConnection.connect",
    }
)
"""Functions that end before the request is sent: they connect, open a proxy's tunnel and perform the TLS handshake."""
REQUESTS_REDIRECT = "requests.sessions.SessionRedirectMixin.resolve_redirects"
URLLIB3_REQUEST = "urllib3.poolmanager.PoolManager.urlopen"
"""It calls itself to follow a redirect."""
PERMANENT = frozenset(
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
"""The request is faulty, or an adapter has already retried."""
BODY_CUT_SHORT = frozenset(
    {"ChunkedEncodingError", "ContentDecodingError", "DecodeError", "IncompleteRead", "JSONDecodeError"}
)
"""A status came, but its body is missing or unreadable."""


def classify_failure(error: BaseException) -> Classification | None:
    """Classify an error of requests, urllib3 or a socket without a status; return None for others."""
    chain = list(causes(error))
    names = set().union(*(class_names(link, LIBRARIES) for link in chain))
    if any(isinstance(link, ssl.SSLCertVerificationError) for link in chain):
        return Classification(ErrorKind.PERMANENT, code="certificate")
    if names & BODY_CUT_SHORT or _timed_out_in_body(error, names) or any(map(_has_invalid_answer_header, chain)):
        return Classification(ErrorKind.AMBIGUOUS, code="body")
    if names & PERMANENT:
        return Classification(ErrorKind.PERMANENT, code=type(error).__name__)
    if names & NEVER_SENT or any(isinstance(link, NEVER_SENT_ERRORS) or failed_to_connect(link) for link in chain):
        if any(map(_was_redirected, chain)):
            return Classification(ErrorKind.AMBIGUOUS, code="redirected")
        return Classification(ErrorKind.TRANSIENT, code="not_sent")
    if names or any(isinstance(link, ConnectionError | TimeoutError | ssl.SSLError) for link in chain):
        return Classification(ErrorKind.AMBIGUOUS, code="unanswered", answered=False)
    return None


def failed_to_connect(error: BaseException) -> bool:
    """Return whether a network error was raised before the request could be sent.

    The class does not say it: a timeout or a reset in the TLS handshake is the same class as one after the request.
    """
    is_of_network = isinstance(error, OSError) or class_names(error, LIBRARIES)
    return bool(is_of_network) and not CONNECTING.isdisjoint(raised_through(error))


def _was_redirected(error: BaseException) -> bool:
    """Return whether the request was answered with a redirect, and the error is of the next request."""
    functions = raised_through(error)
    return REQUESTS_REDIRECT in functions or functions.count(URLLIB3_REQUEST) > 1


def _timed_out_in_body(error: BaseException, names: set[str]) -> bool:
    """Return whether requests timed out after the status: before it, requests raises ReadTimeout."""
    is_connection_error = "ConnectionError" in class_names(error, LIBRARIES)
    return is_connection_error and "ReadTimeoutError" in names and "MaxRetryError" not in names


def _has_invalid_answer_header(error: BaseException) -> bool:
    """Return whether urllib3 raised InvalidHeader: that of requests is about a header of the request."""
    return "InvalidHeader" in class_names(error, URLLIB3)

"""HTTP: which statuses and which failures of requests and urllib3 deserve another attempt.

Judged by module and name, so that the layer imports neither. Tables: RFC 9110, RFC 6585, RFC 8470, and what the
libraries were measured to raise.
"""

import math
import re
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from retry_policies.classification import Classification, ErrorKind

SECONDS = re.compile(r"\s*[0-9]+(\.[0-9]*)?\s*")

THROTTLED_STATUSES = frozenset({429, 509})
TRANSIENT_STATUSES = frozenset({408, 421, 425, 503, 521, 523, 529})
AMBIGUOUS_STATUSES = frozenset({500, 502, 504, 520, 522, 524, 530})
RETRY_AFTER_STATUSES = frozenset({413, 429, 503})
"""Where Retry-After says «not processed, come back»; urllib3 keeps the same three."""

NEVER_SENT = frozenset(
    {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "ConnectTimeout", "ProxyError"}
)
"""The connection was not made: nothing can have taken effect."""
CANNOT_HELP = frozenset(
    {
        "InvalidHeader",
        "InvalidJSONError",
        "InvalidProxyURL",
        "InvalidSchema",
        "InvalidURL",
        "LocationParseError",
        "MissingSchema",
        "RetryError",
        "TooManyRedirects",
        "URLRequired",
        "UnrewindableBodyError",
    }
)
"""Wrong before it was sent, or an adapter below us has already retried."""
BODY_CUT_SHORT = frozenset({"ChunkedEncodingError", "ContentDecodingError", "DecodeError", "IncompleteRead"})
"""A status came, its body did not."""


def classify_status(status: int, retry_after: float | None = None) -> Classification:
    """An HTTP status other than success -> its classification. Total: any number has one."""
    if retry_after is not None and status in RETRY_AFTER_STATUSES:
        return Classification(ErrorKind.THROTTLED, retry_after, str(status))
    if status in THROTTLED_STATUSES:
        kind = ErrorKind.THROTTLED
    elif status in TRANSIENT_STATUSES:
        kind = ErrorKind.TRANSIENT
    elif status in AMBIGUOUS_STATUSES:
        kind = ErrorKind.AMBIGUOUS
    else:
        kind = ErrorKind.PERMANENT
    return Classification(kind, code=str(status))


def classify_http(error: BaseException) -> Classification | None:
    """What requests or urllib3 raised, or a connection error of Python's own -> its classification; else None."""
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", None)
    if isinstance(status, int):
        headers = getattr(response, "headers", None) or {}
        wait = parse_retry_after(headers.get("Retry-After"), date=headers.get("Date"))
        return classify_status(status, wait)
    chain = list(causes(error))
    names = set().union(*map(_library_names, chain))
    if any(isinstance(link, ssl.SSLCertVerificationError) for link in chain):
        return Classification(ErrorKind.PERMANENT, code="certificate")
    if names & CANNOT_HELP:
        return Classification(ErrorKind.PERMANENT, code=type(error).__name__)
    if names & NEVER_SENT or any(isinstance(link, ssl.SSLError | ConnectionRefusedError) for link in chain):
        return Classification(ErrorKind.TRANSIENT, code="not_sent")
    if names & BODY_CUT_SHORT:
        return Classification(ErrorKind.AMBIGUOUS, code="body")
    if names or any(isinstance(link, ConnectionError | TimeoutError) for link in chain):
        return Classification(ErrorKind.AMBIGUOUS, code="unanswered", answered=False)
    return None


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that it wraps (arguments, reason, cause), each once, however they are tied together."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        link = waiting.pop()
        if not isinstance(link, BaseException) or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        waiting += [*link.args, getattr(link, "reason", None), link.__cause__]


def _library_names(error: BaseException) -> set[str]:
    return {cls.__name__ for cls in type(error).__mro__ if cls.__module__.partition(".")[0] in {"requests", "urllib3"}}


def parse_retry_after(value: object, *, date: object = None, now: datetime | None = None) -> float | None:
    """Retry-After -> seconds, never negative; None for anything that is neither a number nor an HTTP date.

    A date is measured against the answer's own Date header where there is one, so that clock skew cancels.
    RFC 9110, 10.2.3.
    """
    if not isinstance(value, str):
        return None
    if SECONDS.fullmatch(value):
        seconds = float(value)
        return seconds if math.isfinite(seconds) else None
    until = _http_date(value)
    since = _http_date(date) or now or datetime.now(UTC)
    return None if until is None else max(0.0, (until - since).total_seconds())


def _http_date(value: object) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(value))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

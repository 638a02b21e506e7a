"""Classifiers for HTTP statuses and for errors of requests and urllib3.

Statuses: RFC 9110, RFC 6585 (429), RFC 8470 (425); 520 to 530 are those of content delivery networks.
"""

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from retry_policies.classification import Classification, ErrorKind
from retry_policies.http_failures import classify_failure

SECONDS = re.compile(r"\s*[0-9]+(\.[0-9]*)?\s*")

THROTTLED_STATUSES = frozenset({429, 509})
TRANSIENT_STATUSES = frozenset({408, 421, 425, 503, 521, 523, 525, 529})
AMBIGUOUS_STATUSES = frozenset({500, 502, 504, 520, 522, 524, 530})
THROTTLED_WITH_RETRY_AFTER = frozenset({403, 413, 503})
"""Statuses that mean throttling if the answer has a Retry-After. GitHub throttles with 403."""
INTERIM = frozenset(range(100, 200)) - {101}
"""Statuses of interim answers (RFC 9110, 15.2): the library did not read the final one. 101 is final."""
SUCCESS = range(200, 300)


def classify_http(error: BaseException) -> Classification | None:
    """Classify an error of requests or urllib3 or a connection error of Python; return None for others."""
    response = error.__dict__.get("response")
    status = getattr(response, "status_code", None)
    if isinstance(status, int) and (status in INTERIM or status >= SUCCESS.stop):
        return classify_status(status, retry_after_header(getattr(response, "headers", None)))
    return classify_failure(error)


def classify_status(status: int, retry_after: float | None = None) -> Classification:
    """Classify an HTTP status other than success. Retry-After counts unless the status is permanent."""
    if status in INTERIM:
        return Classification(ErrorKind.AMBIGUOUS, code=str(status), answered=False)
    if status in THROTTLED_STATUSES or (retry_after is not None and status in THROTTLED_WITH_RETRY_AFTER):
        kind = ErrorKind.THROTTLED
    elif status in TRANSIENT_STATUSES:
        kind = ErrorKind.TRANSIENT
    elif status in AMBIGUOUS_STATUSES:
        kind = ErrorKind.AMBIGUOUS
    else:
        return Classification(ErrorKind.PERMANENT, code=str(status))
    return Classification(kind, retry_after, str(status))


def retry_after_header(headers: object) -> float | None:
    """Return the seconds of the Retry-After in the headers of an answer."""
    return parse_retry_after(header(headers, "retry-after"), date=header(headers, "date"))


def header(headers: object, name: str) -> object:
    """Return the value of a header, whose name may have any case; None if there is none.

    The headers are a dict, a library's mapping, or Python's HTTPMessage, which is no Mapping.
    """
    items = getattr(headers, "items", None)
    pairs = items() if callable(items) else ()
    return next((value for key, value in pairs if isinstance(key, str) and key.lower() == name), None)


def parse_retry_after(value: object, *, date: object = None, now: datetime | None = None) -> float | None:
    """Return the seconds of a Retry-After (RFC 9110, 10.2.3), never negative; None if it is no number and no date.

    Measure a date against the answer's own `date`, so that clock skew cancels, or else against `now`.
    """
    if not isinstance(value, str):
        return None
    if SECONDS.fullmatch(value):
        seconds = float(value)
        return seconds if math.isfinite(seconds) else None
    until = _http_date(value)
    since = _http_date(date) or _in_utc(now or datetime.now(UTC))
    return None if until is None else max(0.0, (until - since).total_seconds())


def _http_date(value: object) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(value))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return _in_utc(moment)


def _in_utc(moment: datetime) -> datetime:
    """Assume UTC, the zone of HTTP dates, if there is none."""
    return moment.replace(tzinfo=UTC) if moment.utcoffset() is None else moment

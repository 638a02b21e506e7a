"""HTTP: which statuses and which failures of requests and urllib3 deserve another attempt.

Statuses: RFC 9110, RFC 6585 (429), RFC 8470 (425); 520 to 530 are those of content delivery networks.
"""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from retry_policies.classification import Classification, ErrorKind
from retry_policies.http_failures import classify_failure

SECONDS = re.compile(r"\s*[0-9]+(\.[0-9]*)?\s*")

THROTTLED_STATUSES = frozenset({429, 509})
TRANSIENT_STATUSES = frozenset({408, 421, 425, 503, 521, 523, 529})
AMBIGUOUS_STATUSES = frozenset({500, 502, 504, 520, 522, 524, 530})
RETRY_AFTER_STATUSES = frozenset({413, 429, 503})
"""Where Retry-After says «not processed, come back»; urllib3 keeps the same three."""
FIRST_UNSUCCESSFUL = 300


def classify_http(error: BaseException) -> Classification | None:
    """What requests or urllib3 raised, or a connection error of Python's own -> its classification; else None."""
    response = error.__dict__.get("response")
    status = getattr(response, "status_code", None)
    if isinstance(status, int) and status >= FIRST_UNSUCCESSFUL:
        return classify_status(status, retry_after_header(getattr(response, "headers", None)))
    return classify_failure(error)


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


def retry_after_header(headers: object) -> float | None:
    """What the headers of an answer ask for, in seconds."""
    if not isinstance(headers, Mapping):
        return None
    value = headers.get("Retry-After") or headers.get("retry-after")  # a plain dict knows one case
    return parse_retry_after(value, date=headers.get("Date") or headers.get("date"))


def parse_retry_after(value: object, *, date: object = None, now: datetime | None = None) -> float | None:
    """Retry-After -> seconds, never negative; None for anything that is neither a number nor an HTTP date.

    A date is measured against the answer's own Date header where there is one, so that clock skew cancels; else against
    `now`, which is in UTC unless it says otherwise.
    RFC 9110, 10.2.3.
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
    """What names no zone is taken for UTC, as HTTP's dates are."""
    return moment.replace(tzinfo=UTC) if moment.utcoffset() is None else moment

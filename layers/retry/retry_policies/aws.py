"""AWS: which error codes deserve another attempt, and a client whose attempts are ours alone.

The codes are those botocore's standard mode retries, and those it misses although the service asks for patience.
"""

from typing import TYPE_CHECKING

from retry_policies.classification import Classification, ErrorKind
from retry_policies.http import AMBIGUOUS_STATUSES, THROTTLED_STATUSES, causes

if TYPE_CHECKING:
    from botocore.config import Config

THROTTLED_CODES = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "KMS.ThrottlingException",
        "KMSThrottling",
        "KMSThrottlingException",
        "KmsThrottled",
        "KmsThrottlingException",
        "OverLimit",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttled",
        "ThrottledException",
        "ThrottledRequestException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestException",
        "TooManyRequestsException",
    }
)
TRANSIENT_CODES = frozenset(
    {
        "408",
        "ConcurrentModificationException",
        "ExpiredToken",
        "ExpiredTokenException",
        "RequestExpired",
        "RequestTimeTooSkewed",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "TooManyUpdates",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
NEVER_SENT = frozenset(
    {
        "ConnectTimeoutError",
        "CredentialRetrievalError",
        "EndpointConnectionError",
        "MetadataRetrievalError",
        "ProxyConnectionError",
    }
)
"""botocore's own exceptions for a request that did not go out."""
UNANSWERED = frozenset({"ConnectionClosedError", "HTTPClientError", "ReadTimeoutError", "ResponseStreamingError"})
"""botocore's own exceptions for a request that may have."""


def classify_aws(error: BaseException) -> Classification | None:
    """What a boto3 call raised -> its classification by error code, then by status; None for anything else."""
    response = getattr(error, "response", None)
    if isinstance(response, dict) and isinstance(details := response.get("Error"), dict):
        metadata = response.get("ResponseMetadata")
        status = metadata.get("HTTPStatusCode") if isinstance(metadata, dict) else None
        return _classify_code(str(details.get("Code", "")), status)
    names = {cls.__name__ for cls in type(error).__mro__ if cls.__module__.partition(".")[0] == "botocore"}
    if names & NEVER_SENT:
        return Classification(ErrorKind.TRANSIENT, code="not_sent")
    if "SSLError" in names:
        certificate = any(type(link).__name__ == "SSLCertVerificationError" for link in causes(error))
        return Classification(ErrorKind.PERMANENT if certificate else ErrorKind.TRANSIENT, code="tls")
    if names & UNANSWERED:
        return Classification(ErrorKind.AMBIGUOUS, code="unanswered", answered=False)
    return Classification(ErrorKind.PERMANENT, code=type(error).__name__) if names else None


def _classify_code(code: str, status: object) -> Classification:
    if code in THROTTLED_CODES:
        kind = ErrorKind.THROTTLED
    elif code in TRANSIENT_CODES:
        kind = ErrorKind.TRANSIENT
    elif status in THROTTLED_STATUSES:
        kind = ErrorKind.THROTTLED
    elif status in AMBIGUOUS_STATUSES:
        kind = ErrorKind.AMBIGUOUS
    elif status in {408, 503}:
        kind = ErrorKind.TRANSIENT
    else:
        kind = ErrorKind.PERMANENT
    return Classification(kind, code=code)


def aws_config(*, connect_timeout: float = 1.0, read_timeout: float = 2.0) -> "Config":
    """A botocore Config with one attempt, because the policy repeats, and with timeouts (seconds) a Lambda can afford.

    botocore's own defaults are 60 s for each and three attempts, blind to any deadline.
    """
    from botocore.config import Config  # noqa: PLC0415 - who only classifies does not pay for botocore

    return Config(
        retries={"mode": "standard", "total_max_attempts": 1},
        connect_timeout=connect_timeout,
        read_timeout=read_timeout,
    )

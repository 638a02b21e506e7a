"""AWS: what a boto3 call raised says about another attempt, and a client whose attempts are ours alone."""

import ssl
from collections.abc import Mapping
from typing import TYPE_CHECKING

from retry_policies import aws_codes
from retry_policies.aws_answers import classify_answer
from retry_policies.causes import causes, class_names
from retry_policies.classification import Classification, Classifier, ErrorKind
from retry_policies.http_failures import broke_handshake

if TYPE_CHECKING:
    from botocore.config import Config

LIBRARY = frozenset({"botocore"})
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
BODY_CUT_SHORT = frozenset({"ChecksumError", "IncompleteReadError", "ResponseParserError", "ResponseStreamingError"})
"""A status came, its body did not, or makes no sense: an empty 408 from a query service among them."""
UNANSWERED = frozenset({"ConnectionClosedError", "ConnectionError", "HTTPClientError", "ReadTimeoutError"})
"""botocore's own exceptions for a request that may have gone out."""


def classify_aws_for(service: str) -> Classifier:
    """A classifier that knows what the codes of this service (its boto3 client's name) mean there.

    A ClientError names the operation, not the service. An error that carries its own classification keeps it.
    """
    throttled = aws_codes.THROTTLED | aws_codes.THROTTLED_BY_SERVICE.get(service, frozenset())
    transient = aws_codes.TRANSIENT | aws_codes.TRANSIENT_BY_SERVICE.get(service, frozenset())

    def classify(error: BaseException) -> Classification | None:
        carried = error.__dict__.get("classification")
        if isinstance(carried, Classification):
            return carried
        response = error.__dict__.get("response")
        if isinstance(response, Mapping) and isinstance(answer := response.get("Error"), Mapping):
            return classify_answer(answer, response, throttled, transient)
        return _classify_exception(error)

    return classify


classify_aws = classify_aws_for("")
"""For calls whose service is not known, or has no codes of its own."""


def _classify_exception(error: BaseException) -> Classification | None:
    """An exception of botocore's own -> its classification; None for anything else."""
    names = class_names(error, LIBRARY)
    if names & NEVER_SENT:
        return Classification(ErrorKind.TRANSIENT, code="not_sent")
    if "SSLError" in names:
        chain = list(causes(error))
        if any(isinstance(link, ssl.SSLCertVerificationError) for link in chain):
            return Classification(ErrorKind.PERMANENT, code="certificate")
        if any(map(broke_handshake, chain)):
            return Classification(ErrorKind.TRANSIENT, code="not_sent")
        return Classification(ErrorKind.AMBIGUOUS, code="unanswered", answered=False)
    if names & BODY_CUT_SHORT:
        return Classification(ErrorKind.AMBIGUOUS, code="body")
    if names & UNANSWERED:
        return Classification(ErrorKind.AMBIGUOUS, code="unanswered", answered=False)
    return Classification(ErrorKind.PERMANENT, code=type(error).__name__) if names else None


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

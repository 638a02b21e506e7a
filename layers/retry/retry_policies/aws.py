"""Classifiers for the errors of boto3, and a client configuration without botocore's own retries."""

import ssl
from collections.abc import Mapping
from typing import TYPE_CHECKING

from retry_policies.aws_answers import UNREAD, classify_answer, classify_unparsed
from retry_policies.causes import causes, class_names, raised_through
from retry_policies.classification import Classification, Classifier, ErrorKind
from retry_policies.http_failures import failed_to_connect
from retry_policies.service_codes import codes_of

if TYPE_CHECKING:
    from botocore.config import Config

LIBRARY = frozenset({"botocore"})
NEVER_SENT = frozenset(
    {
        "CapacityNotAvailableError",
        "ConnectTimeoutError",
        "CredentialRetrievalError",
        "EndpointConnectionError",
        "MetadataRetrievalError",
        "ProxyConnectionError",
        "TokenRetrievalError",
    }
)
"""botocore's exceptions for a request that was not sent."""
BODY_CUT_SHORT = frozenset({"ChecksumError", "FlexibleChecksumError", "IncompleteReadError", "ResponseStreamingError"})
"""botocore's exceptions for a status of success whose body is missing or unreadable."""
WRITING_HEADER = "http.client.HTTPConnection.putheader"
"""A function that ends before anything is sent."""
UNANSWERED = frozenset({"ConnectionClosedError", "ConnectionError", "HTTPClientError", "ReadTimeoutError"})
"""botocore's exceptions for a request that may have been sent."""


def classify_aws_for(service: str) -> Classifier:
    """Return a classifier for this service, the name of its boto3 client: a ClientError does not name the service.

    The attribute `classification` of an error, if it has one, is its classification.
    """
    of_service = codes_of(service)

    def classify(error: BaseException) -> Classification | None:
        own = error.__dict__.get("classification")
        if isinstance(own, Classification):
            return own
        response = error.__dict__.get("response")
        if isinstance(response, Mapping) and isinstance(answer := response.get("Error"), Mapping):
            return classify_answer(answer, response, of_service)
        return _classify_exception(error)

    return classify


classify_aws = classify_aws_for("")
"""For services without codes of their own."""


def _classify_exception(error: BaseException) -> Classification | None:
    """Return the classification of an exception of botocore's; None for any other."""
    names = class_names(error, LIBRARY)
    if not names:
        return None
    chain = list(causes(error))
    if any(isinstance(link, ssl.SSLCertVerificationError) for link in chain):
        return Classification(ErrorKind.PERMANENT, code="certificate")
    if names & NEVER_SENT or any(map(failed_to_connect, chain)):
        return Classification(ErrorKind.TRANSIENT, code="not_sent")
    if any(WRITING_HEADER in raised_through(link) for link in chain):
        return Classification(ErrorKind.PERMANENT, code="invalid_header")
    if "ResponseParserError" in names:
        return classify_unparsed(error)
    if names & BODY_CUT_SHORT:
        return UNREAD
    if names & UNANSWERED:
        return Classification(ErrorKind.AMBIGUOUS, code="unanswered", answered=False)
    return Classification(ErrorKind.PERMANENT, code=type(error).__name__)


def aws_config(*, connect_timeout: float = 1.0, read_timeout: float = 2.0) -> "Config":
    """Return a botocore Config with one attempt, because the policy retries, and timeouts (seconds) for a Lambda.

    botocore's defaults are three attempts and 60 s for each timeout, regardless of the deadline.
    """
    from botocore.config import Config  # noqa: PLC0415 - a classifier must not import botocore

    return Config(
        retries={"mode": "standard", "total_max_attempts": 1},
        connect_timeout=connect_timeout,
        read_timeout=read_timeout,
    )

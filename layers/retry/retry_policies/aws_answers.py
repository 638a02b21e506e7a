"""Classify the error responses of AWS (ClientError.response)."""

import re
from collections.abc import Mapping
from dataclasses import replace

from retry_policies import aws_codes
from retry_policies.causes import local_variable
from retry_policies.classification import DEFERRED, Classification, ErrorKind
from retry_policies.http import SUCCESS, classify_status, header, retry_after_header
from retry_policies.service_codes import ServiceCodes

PARSER = "botocore.parsers.ResponseParser.parse"
UNREAD = Classification(ErrorKind.AMBIGUOUS, code="body")
"""A status came, but its body is missing or unreadable."""
CODE = re.compile(r"[A-Za-z0-9._:-]{1,80}")
MILLISECONDS = re.compile(r"[0-9]{1,9}")
CONFLICTS = frozenset({"TransactionConflict"})
THROTTLES = frozenset({"ProvisionedThroughputExceeded", "ThrottlingError"})
"""Reasons for which DynamoDB cancels a transaction that may succeed later."""


def classify_answer(
    error: Mapping[str, object], response: Mapping[str, object], of_service: ServiceCodes
) -> Classification:
    """Classify by the codes of the response's Error, else by its status."""
    codes = _codes(error)
    status, wait = _status_and_wait(response.get("ResponseMetadata"))
    code, names = codes[0], frozenset(codes)
    if names & of_service.deferred:
        return Classification(ErrorKind.THROTTLED, max(DEFERRED, wait or 0.0), code)
    if names & of_service.throttled:
        return Classification(ErrorKind.THROTTLED, wait, code)
    if names & of_service.transient:
        return Classification(ErrorKind.TRANSIENT, wait, code)
    if names & aws_codes.TRANSIENT_ONCE:
        return Classification(ErrorKind.TRANSIENT, wait, code, once=True)
    if "TransactionCanceledException" in names:
        kind = _kind_of_cancellation(response.get("CancellationReasons"))
        return Classification(kind, None if kind is ErrorKind.PERMANENT else wait, code)
    if any(map(aws_codes.is_permanent, names)):
        return Classification(ErrorKind.PERMANENT, code=code)
    return replace(classify_status(status, wait), code=code)


def classify_unparsed(error: BaseException) -> Classification:
    """Classify an answer that botocore could not parse. The error has no status; a local variable of the parser has it.

    The query protocol of EC2, RDS, SNS and others knows XML only: a proxy's 503 is no ClientError there.
    """
    response = local_variable(error, PARSER, "response")
    answer = response if isinstance(response, Mapping) else {}
    status = answer.get("status_code")
    if not isinstance(status, int) or status in SUCCESS:
        return UNREAD
    return classify_status(status, _wait(answer.get("headers")))


def known_code(value: object) -> str:
    """Return the value if it has the form of a code: other text from outside is not logged."""
    return value if isinstance(value, str) and CODE.fullmatch(value) else "unknown_code"


def _codes(error: Mapping[str, object]) -> list[str]:
    """Return both codes: SQS puts the name from its old API into Code and the new one into QueryErrorCode."""
    return [known_code(error.get("Code")), known_code(error.get("QueryErrorCode"))]


def _status_and_wait(metadata: object) -> tuple[int, float | None]:
    """Return the status, or 400, and the seconds to wait."""
    if not isinstance(metadata, Mapping):
        return 400, None
    status, wait = metadata.get("HTTPStatusCode"), _wait(metadata.get("HTTPHeaders"))
    return status if isinstance(status, int) else 400, wait


def _wait(headers: object) -> float | None:
    """Return the seconds of x-amz-retry-after (milliseconds) or else of Retry-After."""
    milliseconds = header(headers, "x-amz-retry-after")
    if isinstance(milliseconds, str) and MILLISECONDS.fullmatch(milliseconds):
        return int(milliseconds) / 1000
    return retry_after_header(headers)


def _kind_of_cancellation(reasons: object) -> ErrorKind:
    """Return PERMANENT unless all reasons are transient. Nothing of a cancelled transaction takes effect."""
    listed = reasons if isinstance(reasons, list) else []
    codes = {str(reason.get("Code")) for reason in listed if isinstance(reason, Mapping)} - {"None"}
    if not codes or codes - CONFLICTS - THROTTLES:
        return ErrorKind.PERMANENT
    return ErrorKind.THROTTLED if codes & THROTTLES else ErrorKind.TRANSIENT

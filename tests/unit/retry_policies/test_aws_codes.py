"""Compare with the codes that the installed botocore retries: a new code in a new release fails here."""

# ruff: noqa: SLF001 - its lists are private
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore
import botocore.retries.standard
from botocore.exceptions import ClientError

from retry_policies import ErrorKind
from retry_policies.aws import classify_aws_for

NOT_OURS = {
    # A quota of resources: waiting does not help. Only Kinesis throttles with it.
    "LimitExceededException"
}
standard: Any = botocore.retries.standard  # the stubs have none of its lists
NOT_OURS_THOUGH_MODELED = {
    # Refusals by name, in services whose model calls every error retryable.
    "AccessDeniedException",
    "BulkLoadIdNotFoundException",
    "ConstraintViolationException",
    "InvalidTokenException",
    "RangeNotSatisfiableException",
    "ServiceQuotaExceededException",
    "UnprocessableEntityException",
    "ValidationException",
    # Errors of one service each, whose name does not say that nothing was done.
    "InternalServiceErrorException",
    "QueryTimeoutException",
    "S3Exception",
}
RETRYABLE_KINDS = {ErrorKind.THROTTLED, ErrorKind.TRANSIENT}


def kind(code: str, status: int, service: str = "") -> ErrorKind:
    error = ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "Call")  # type: ignore[typeddict-item] # enough of it
    classification = classify_aws_for(service)(error)
    assert classification is not None
    return classification.kind


def test_botocores_throttling_codes_are_throttling() -> None:
    codes = set(standard.ThrottledRetryableChecker._THROTTLED_ERROR_CODES)
    assert len(codes) > 10
    assert {code for code in codes if kind(code, 400) is not ErrorKind.THROTTLED} == NOT_OURS
    assert kind("LimitExceededException", 400, "kinesis") is ErrorKind.THROTTLED


def test_botocores_transient_codes_are_retried() -> None:
    codes = set(standard.TransientRetryableChecker._TRANSIENT_ERROR_CODES)
    assert codes
    assert {code for code in codes if kind(code, 400) not in RETRYABLE_KINDS} == set()


def test_botocores_statuses_are_retried_or_ambiguous() -> None:
    throttled = standard.ThrottlingStatusCodeChecker._THROTTLING_STATUS_CODES
    transient = standard.TransientRetryableChecker._TRANSIENT_STATUS_CODES
    assert {kind("Whatever", status) for status in throttled} == {ErrorKind.THROTTLED}
    assert {status: kind("Whatever", status) for status in transient} == {
        500: ErrorKind.AMBIGUOUS,
        502: ErrorKind.AMBIGUOUS,
        503: ErrorKind.TRANSIENT,
        504: ErrorKind.AMBIGUOUS,
    }


def test_botocores_transient_exceptions_are_those_of_test_aws() -> None:
    families = standard.TransientRetryableChecker._TRANSIENT_EXCEPTION_CLS
    assert {family.__name__ for family in families} == {"ConnectionError", "HTTPClientError"}


def modeled_as_retryable() -> Iterator[tuple[str, str, int, bool]]:
    """Yield (service, code, status, is throttling) of each error with the trait `retryable` in the newest API."""
    for service in sorted((Path(botocore.__file__).parent / "data").iterdir()):
        models = sorted(service.glob("*/service-2.json.gz"))
        text = gzip.decompress(models[-1].read_bytes()) if models else b""
        shapes: dict[str, Any] = json.loads(text)["shapes"] if b'"retryable"' in text else {}
        for name, shape in shapes.items():
            if "retryable" in shape:
                error = shape.get("error", {})
                status = error.get("httpStatusCode", 500 if shape.get("fault") else 400)
                yield service.name, error.get("code", name), status, bool(shape["retryable"].get("throttling"))


def test_errors_that_a_service_models_as_retryable_are_retried_or_ambiguous() -> None:
    modeled = list(modeled_as_retryable())
    assert len(modeled) > 100
    refused = {code for service, code, status, _ in modeled if kind(code, status, service) is ErrorKind.PERMANENT}
    assert refused == NOT_OURS_THOUGH_MODELED
    throttling = {kind(code, status, service) for service, code, status, throttles in modeled if throttles}
    assert throttling == {ErrorKind.THROTTLED}

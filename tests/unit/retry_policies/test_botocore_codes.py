"""What the installed botocore retries, we retry: a new release with a new code fails here, and somebody decides."""

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
    # A quota of resources, which no waiting changes. Kinesis alone throttles with it, and there it is ours.
    "LimitExceededException",
}
standard: Any = botocore.retries.standard  # the stubs know none of its lists
NOT_OURS_THOUGH_MODELED = {
    # Refusals by name, in a service or two whose model calls everything retryable.
    "AccessDeniedException",
    "BulkLoadIdNotFoundException",
    "ConstraintViolationException",
    "InvalidTokenException",
    "RangeNotSatisfiableException",
    "ServiceQuotaExceededException",
    "UnprocessableEntityException",
    "ValidationException",
    # A conflict that passes in four services and stays in a hundred.
    "ConflictException",
    # Known to one service each, none of which this project calls: for a classifier of who does.
    "DirectoryUnavailableException",
    "InsufficientCapacityException",
    "InternalServiceErrorException",
    "QueryTimeoutException",
    "S3Exception",
    "SchemaRegistryUnavailableException",
    "StreamSessionAccessNotReadyException",
}
RETRYABLE_KINDS = {ErrorKind.THROTTLED, ErrorKind.TRANSIENT}


def kind(code: str, status: int, service: str = "") -> ErrorKind:
    error = ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "Call")  # type: ignore[typeddict-item] # enough of it
    judged = classify_aws_for(service)(error)
    assert judged is not None
    return judged.kind


def test_botocores_throttling_codes_are_throttling_to_us() -> None:
    codes = set(standard.ThrottledRetryableChecker._THROTTLED_ERROR_CODES)
    assert len(codes) > 10
    assert {code for code in codes if kind(code, 400) is not ErrorKind.THROTTLED} == NOT_OURS
    assert kind("LimitExceededException", 400, "kinesis") is ErrorKind.THROTTLED


def test_botocores_transient_codes_are_retried_by_us() -> None:
    codes = set(standard.TransientRetryableChecker._TRANSIENT_ERROR_CODES)
    assert codes
    assert {code for code in codes if kind(code, 400) not in RETRYABLE_KINDS} == set()


def test_botocores_statuses_are_retried_by_us_or_may_have_taken_effect() -> None:
    throttled = standard.ThrottlingStatusCodeChecker._THROTTLING_STATUS_CODES
    transient = standard.TransientRetryableChecker._TRANSIENT_STATUS_CODES
    assert {kind("Whatever", status) for status in throttled} == {ErrorKind.THROTTLED}
    assert {status: kind("Whatever", status) for status in transient} == {
        500: ErrorKind.AMBIGUOUS,
        502: ErrorKind.AMBIGUOUS,
        503: ErrorKind.TRANSIENT,
        504: ErrorKind.AMBIGUOUS,
    }


def test_botocores_transient_exceptions_are_retried_by_us_or_may_have_taken_effect() -> None:
    families = standard.TransientRetryableChecker._TRANSIENT_EXCEPTION_CLS
    assert {family.__name__ for family in families} == {"ConnectionError", "HTTPClientError"}  # test_aws.py has each


def modeled_as_retryable() -> Iterator[tuple[str, str, int, bool]]:
    """(service, code, status, whether it throttles) of each error whose model in the newest API has the trait."""
    for service in sorted((Path(botocore.__file__).parent / "data").iterdir()):
        models = sorted(service.glob("*/service-2.json.gz"))
        text = gzip.decompress(models[-1].read_bytes()) if models else b""
        shapes: dict[str, Any] = json.loads(text)["shapes"] if b'"retryable"' in text else {}
        for name, shape in shapes.items():
            if "retryable" in shape:
                error = shape.get("error", {})
                status = error.get("httpStatusCode", 500 if shape.get("fault") else 400)
                yield service.name, error.get("code", name), status, bool(shape["retryable"].get("throttling"))


def test_what_any_service_models_as_retryable_is_retried_by_us_or_may_have_taken_effect() -> None:
    modeled = list(modeled_as_retryable())
    assert len(modeled) > 100
    refused = {code for service, code, status, _ in modeled if kind(code, status, service) is ErrorKind.PERMANENT}
    assert refused == NOT_OURS_THOUGH_MODELED
    throttling = {kind(code, status, service) for service, code, status, throttles in modeled if throttles}
    assert throttling == {ErrorKind.THROTTLED}

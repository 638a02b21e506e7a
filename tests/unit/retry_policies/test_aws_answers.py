"""docs/retry-policies.md has the codes of each kind; test_documentation.py compares them with those of the code."""

import pytest

from retry_policies import Classification, ErrorKind, StopReason, aws_codes, service_codes
from retry_policies.aws import classify_aws, classify_aws_for
from retry_policies.presets import AWS_READ
from tests.support.steps.failing import Scenario, client_error

T, R, A, P = ErrorKind.TRANSIENT, ErrorKind.THROTTLED, ErrorKind.AMBIGUOUS, ErrorKind.PERMANENT

BY_KIND = {T: aws_codes.TRANSIENT, R: aws_codes.THROTTLED, P: aws_codes.PERMANENT}
BY_PATTERN = """
    AccessDenied AccessDeniedException AccessDeniedFault ValidationError ValidationException InvalidParameter
    InvalidParameterValue InvalidParameterCombination ResourceNotFoundException NotFound ParameterNotFound
    NotFoundException EntityNotFoundFault KMSDisabled KMSNotFound KMSInvalidState KMSAccessDenied KMSOptInRequired
    KMS.DisabledException KmsDisabled KmsInvalidState KmsAccessDenied KMS.OptInRequired
"""
OF_A_SERVICE = [
    *((service, code, R) for service, codes in service_codes.THROTTLED_BY_SERVICE.items() for code in sorted(codes)),
    *((service, code, T) for service, codes in service_codes.TRANSIENT_BY_SERVICE.items() for code in sorted(codes)),
    ("secretsmanager", "LimitExceededException", P),
    ("ec2", "AttachmentLimitExceeded", P),
    ("codebuild", "ResourceConflictException", P),
]
UNKNOWN = [
    ("408", 408, T),
    ("AnAccessDeniedToo", 503, T),
    ("NoValidation", 503, T),
    ("NKMSDisabled", 503, T),
    ("Whatever", 400, P),
    ("Whatever", 429, R),
    ("Whatever", 500, A),
    ("Whatever", 502, A),
    ("Whatever", 503, T),
    ("Whatever", 504, A),
]


@pytest.mark.parametrize("status", [400, 403, 429, 500, 502, 503])
@pytest.mark.parametrize(
    ("kind", "codes"), [*((kind, sorted(codes)) for kind, codes in BY_KIND.items()), (P, BY_PATTERN.split())]
)
def test_a_known_code_has_its_kind_with_any_status(kind: ErrorKind, codes: list[str], status: int) -> None:
    expected = [Classification(kind, code=code) for code in codes]
    assert [classify_aws(client_error(code, status)) for code in codes] == expected


@pytest.mark.parametrize(("service", "code", "kind"), OF_A_SERVICE)
def test_a_code_of_one_service_has_its_kind_there_only(service: str, code: str, kind: ErrorKind) -> None:
    assert classify_aws_for(service)(client_error(code)) == Classification(kind, code=code)


@pytest.mark.parametrize(("code", "status", "kind"), UNKNOWN)
def test_an_unknown_code_has_the_kind_of_its_status(code: str, status: int, kind: ErrorKind) -> None:
    assert classify_aws(client_error(code, status)) == Classification(kind, code=code)


@pytest.mark.parametrize(("headers", "wait"), [({}, 60.0), ({"retry-after": "300"}, 300.0)])
def test_a_queue_with_too_many_messages_in_flight_waits_a_minute_at_least(headers: object, wait: float) -> None:
    assert classify_aws(client_error("OverLimit", 403, headers)) == Classification(R, wait, "OverLimit")


@pytest.mark.parametrize(
    ("reasons", "kind"),
    [
        (["TransactionConflict"], T),
        (["None", "TransactionConflict"], T),
        (["ThrottlingError", "None"], R),
        (["ProvisionedThroughputExceeded", "TransactionConflict"], R),
        (["ConditionalCheckFailed"], P),
        (["ConditionalCheckFailed", "TransactionConflict"], P),
        (["ValidationError"], P),
        (["None"], P),
        ([], P),
        (None, P),
        ("x", P),
        ([None, 5], P),
        ({}, P),
    ],
)
def test_a_cancelled_transaction_is_classified_by_all_its_reasons(reasons: object, kind: ErrorKind) -> None:
    is_list = isinstance(reasons, list)
    listed = [{"Code": one} if isinstance(one, str) else one for one in reasons] if is_list else reasons  # type: ignore[attr-defined]
    error = client_error("TransactionCanceledException", CancellationReasons=listed)
    assert classify_aws(error) == Classification(kind, code="TransactionCanceledException")


@pytest.mark.parametrize("status", [400, 403])
@pytest.mark.parametrize("code", sorted(aws_codes.TRANSIENT_ONCE))
def test_a_refused_signature_is_worth_one_more_attempt_and_no_third(code: str, status: int) -> None:
    error = client_error(code, status)
    assert classify_aws(error) == Classification(T, code=code, once=True)
    outcomes = [error, client_error("ThrottlingException"), error]
    run = Scenario([(0.0, outcome) for outcome in outcomes]).run(AWS_READ)
    assert (run.info.attempts, run.info.reason) == (3, StopReason.ATTEMPTS)


def test_both_names_of_a_code_are_matched() -> None:
    error = client_error("AWS.SimpleQueueService.Old")
    error.response["Error"]["QueryErrorCode"] = "ThrottlingException"  # type: ignore[typeddict-unknown-key] # SQS has it
    assert classify_aws(error) == Classification(R, code="AWS.SimpleQueueService.Old")


@pytest.mark.parametrize("code", ["https://secret", "a b", "", None, 5, "x" * 81])
def test_text_that_is_no_code_is_not_kept(code: object) -> None:
    assert classify_aws(client_error(code, 503)) == Classification(T, code="unknown_code")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-amz-retry-after": "1500"}, 1.5),
        ({"x-amz-retry-after": "0"}, 0.0),
        ({"x-amz-retry-after": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "9"}, 9.0),
        ({"x-amz-retry-after": "-1"}, None),
        ({"x-amz-retry-after": "soon", "retry-after": "9"}, 9.0),
        ({"x-amz-retry-after": "9" * 30}, None),
        ("none", None),
        (None, None),
    ],
)
def test_retry_after_is_in_milliseconds_or_seconds(headers: object, seconds: float | None) -> None:
    expected = Classification(R, seconds, "ThrottlingException")
    assert classify_aws(client_error("ThrottlingException", 400, headers)) == expected


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("Whatever", 403, R),
        ("Whatever", 408, T),
        ("Whatever", 425, T),
        ("Whatever", 429, R),
        ("Whatever", 500, A),
        ("Whatever", 502, A),
        ("Whatever", 503, R),
        ("Whatever", 504, A),
        ("ExpiredToken", 400, T),
        ("TransactionConflictException", 400, T),
        ("ThrottlingException", 400, R),
    ],
)
@pytest.mark.parametrize("headers", [{"retry-after": "9"}, {"x-amz-retry-after": "9000"}])
def test_a_wait_asked_for_is_kept_for_every_kind_that_passes(
    code: str, status: int, kind: ErrorKind, headers: dict[str, str]
) -> None:
    classification = classify_aws(client_error(code, status, headers))
    assert classification is not None
    assert (classification.kind, classification.retry_after) == (kind, 9.0)


@pytest.mark.parametrize(
    ("reason", "kind", "wait"),
    [("TransactionConflict", T, 9.0), ("ThrottlingError", R, 9.0), ("ConditionalCheckFailed", P, None)],
)
def test_a_cancelled_transaction_keeps_a_wait_if_it_passes(reason: str, kind: ErrorKind, wait: float | None) -> None:
    reasons = [{"Code": reason}]
    error = client_error("TransactionCanceledException", 400, {"retry-after": "9"}, CancellationReasons=reasons)
    assert classify_aws(error) == Classification(kind, wait, "TransactionCanceledException")


@pytest.mark.parametrize("code", ["AccessDenied", "ValidationException"])
def test_a_refusal_by_code_does_not_pass_whatever_the_headers_say(code: str) -> None:
    assert classify_aws(client_error(code, 403, {"retry-after": "9"})) == Classification(P, code=code)


@pytest.mark.parametrize(
    "metadata", [None, {}, {"HTTPStatusCode": "500"}, {"HTTPStatusCode": [500]}, {"HTTPHeaders": None}]
)
def test_without_a_status_an_unknown_code_is_permanent(metadata: object) -> None:
    error = client_error("Whatever")
    error.response["ResponseMetadata"] = metadata  # type: ignore[typeddict-item] # as it should not be
    assert classify_aws(error) == Classification(P, code="Whatever")

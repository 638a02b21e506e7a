import pytest

from retry_policies import Classification, ErrorKind, StopReason
from retry_policies.aws import classify_aws, classify_aws_for
from retry_policies.presets import AWS_READ
from tests.support.steps.failing import Scenario, client_error

T, R, A, P = ErrorKind.TRANSIENT, ErrorKind.THROTTLED, ErrorKind.AMBIGUOUS, ErrorKind.PERMANENT

CONFIGURATION_OF_A_FUNCTION = """
    EC2AccessDeniedException ENILimitReachedException InvalidRuntimeException InvalidSecurityGroupIDException
    InvalidSubnetIDException InvalidZipFileException KMSAccessDeniedException KMSDisabledException
    KMSInvalidStateException KMSNotFoundException SubnetIPAddressLimitReachedException
"""
REFUSED = """
    AccessDenied AccessDeniedException AuthorizationError UnauthorizedOperation InvalidClientTokenId
    UnrecognizedClientException ValidationError ValidationException InvalidParameter
    InvalidParameterValue ResourceNotFoundException NotFound QueueDoesNotExist ParameterNotFound
    AWS.SimpleQueueService.NonExistentQueue ReceiptHandleIsInvalid MessageNotInflight EndpointDisabled
    ServiceQuotaExceededException KMSDisabled KMSNotFound KMSInvalidState KMSAccessDenied KMSOptInRequired
    DecryptionFailure ExecutionAlreadyExists AccessDeniedFault InvalidParameterCombination
    ConditionalCheckFailedException KMS.DisabledException KmsDisabled KMSDisabledException KMSNotFoundException
    KmsInvalidState KMSInvalidStateException KmsAccessDenied KMS.OptInRequired LimitExceededException
    NotFoundException EntityNotFoundFault
"""
CODES = [
    ("sns", "KMSThrottling", 400, R),
    ("sns", "Throttled", 429, R),
    ("sqs", "KmsThrottled", 400, R),
    ("sqs", "KMS.ThrottlingException", 400, R),
    ("stepfunctions", "KmsThrottlingException", 400, R),
    ("kinesis", "KMSThrottlingException", 400, R),
    ("kinesis", "LimitExceededException", 400, R),
    ("secretsmanager", "LimitExceededException", 400, P),
    ("apigateway", "LimitExceededException", 429, R),
    ("appstream", "RequestLimitExceededException", 400, R),
    ("ce", "LimitExceededException", 400, R),
    ("personalize", "LimitExceededException", 400, R),
    ("support", "DescribeAttachmentLimitExceeded", 400, R),
    ("ec2", "AttachmentLimitExceeded", 400, P),
    ("amplify", "LimitExceededException", 429, P),
    ("elasticache", "APICallRateForCustomerExceeded", 400, R),
    ("memorydb", "APICallRateForCustomerExceededFault", 400, R),
    ("kinesisvideo", "ClientLimitExceededException", 400, R),
    ("kinesis-video-media", "ConnectionLimitExceededException", 400, R),
    ("ebs", "ConcurrentLimitExceededException", 400, R),
    ("elb", "DependencyThrottle", 400, R),
    ("redshift", "DependentServiceRequestThrottlingFault", 400, R),
    ("dms", "KMSThrottlingFault", 400, R),
    ("license-manager", "RateLimitExceededException", 400, R),
    ("sso-oidc", "SlowDownException", 400, R),
    ("route53", "ConcurrentModification", 400, T),
    ("application-autoscaling", "ConcurrentUpdateException", 400, T),
    ("logs", "OperationAbortedException", 400, T),
    ("firehose", "ServiceUnavailableException", 500, T),
    ("storagegateway", "ServiceUnavailableError", 400, T),
    ("inspector", "ServiceTemporarilyUnavailableException", 400, T),
    ("events", "LimitExceededException", 400, P),
    ("kms", "LimitExceededException", 400, P),
    ("ssm", "TooManyUpdates", 400, T),
    ("dynamodb", "TransactionConflictException", 400, T),
    ("events", "ConcurrentModificationException", 400, T),
    ("lambda", "ResourceConflictException", 409, T),
    ("lambda", "SnapStartNotReadyException", 409, T),
    ("codebuild", "ResourceConflictException", 409, P),
    ("s3", "OperationAborted", 409, T),
    ("s3", "ConditionalRequestConflict", 409, T),
    ("", "408", 408, T),
    ("", "ThrottledRequestException", 400, R),
    ("", "TooManyRequestException", 400, R),
    ("", "EC2ThrottledException", 502, R),
    ("sts", "IDPCommunicationError", 400, T),
    ("lambda", "ENINotReadyException", 502, T),
    ("lambda", "ResourceNotReadyException", 502, T),
    *(("lambda", code, 502, P) for code in CONFIGURATION_OF_A_FUNCTION.split()),
    *(("", code, status, P) for code in REFUSED.split() for status in (400, 403, 429, 500, 503)),
    ("kinesis", "LimitExceededException", 429, R),
    ("", "ThrottlingException", 403, R),
    ("", "Throttling", 500, R),
    ("", "TransactionConflictException", 500, T),
    ("", "AnAccessDeniedToo", 503, T),
    ("", "NoValidation", 503, T),
    ("", "NKMSDisabled", 503, T),
    ("", "Whatever", 429, R),
    ("", "Whatever", 500, A),
    ("", "Whatever", 502, A),
    ("", "Whatever", 503, T),
    ("", "Whatever", 504, A),
    ("", "Whatever", 400, P),
    ("", "InternalFailure", 500, A),
    ("", "ServiceUnavailable", 503, T),
]


@pytest.mark.parametrize(("service", "code", "status", "kind"), CODES)
def test_each_code_has_its_kind(service: str, code: str, status: int, kind: ErrorKind) -> None:
    assert classify_aws_for(service)(client_error(code, status)) == Classification(kind, code=code)


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
@pytest.mark.parametrize(
    "code",
    [
        "AuthFailure",
        "BadDigest",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidSecurity.RequestHasExpired",
        "InvalidSignatureException",
        "RequestExpired",
        "RequestInTheFuture",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",
        "XAmzContentSHA256Mismatch",
    ],
)
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

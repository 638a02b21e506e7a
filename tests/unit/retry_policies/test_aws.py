import socket
from pathlib import Path

import boto3
import botocore.exceptions as raised_by_botocore
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from retry_policies import Classification, ErrorKind, RetryPolicy, StopReason, retry_info
from retry_policies.aws import aws_config, classify_aws, classify_aws_for
from retry_policies.presets import AWS_READ
from retry_policies.testing import FakeTime
from tests.support.fault_server import raw_server
from tests.support.fault_server.raw_server import Behaviour, RawServer
from tests.support.steps.failing import Failure

T, R, A, P = ErrorKind.TRANSIENT, ErrorKind.THROTTLED, ErrorKind.AMBIGUOUS, ErrorKind.PERMANENT

CONFIGURATION_OF_A_FUNCTION = """
    EC2AccessDeniedException ENILimitReachedException InvalidRuntimeException InvalidSecurityGroupIDException
    InvalidSubnetIDException InvalidZipFileException KMSAccessDeniedException KMSDisabledException
    KMSInvalidStateException KMSNotFoundException SubnetIPAddressLimitReachedException
"""
REFUSED = """
    AccessDenied AccessDeniedException AuthorizationError UnauthorizedOperation InvalidClientTokenId
    UnrecognizedClientException SignatureDoesNotMatch ValidationError ValidationException InvalidParameter
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
    ("dynamodb", "LimitExceededException", 400, P),
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


def client_error(code: object, status: object = 400, headers: object = None, **more: object) -> ClientError:
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": headers or {}}
    return ClientError({"Error": {"Code": code, "Message": "m"}, "ResponseMetadata": metadata, **more}, "Call")  # type: ignore[typeddict-item] # as AWS might


@pytest.mark.parametrize(("service", "code", "status", "kind"), CODES)
def test_each_code_has_its_kind(service: str, code: str, status: int, kind: ErrorKind) -> None:
    assert classify_aws_for(service)(client_error(code, status)) == Classification(kind, code=code)


@pytest.mark.parametrize("wait", [None, 300.0])
def test_a_queue_with_too_much_in_flight_is_handed_on(wait: float | None) -> None:
    headers = {} if wait is None else {"retry-after": "300"}
    judged = classify_aws_for("sqs")(client_error("OverLimit", 403, headers))
    assert judged == Classification(R, wait or 60.0, "OverLimit")


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
    ],
)
def test_a_cancelled_transaction_is_judged_by_all_its_reasons(reasons: list[str], kind: ErrorKind) -> None:
    listed = [{"Code": reason} for reason in reasons]
    error = client_error("TransactionCanceledException", CancellationReasons=listed)
    assert classify_aws_for("dynamodb")(error) == Classification(kind, code="TransactionCanceledException")


@pytest.mark.parametrize("reasons", [None, "x", [None, 5], {}])
def test_a_cancelled_transaction_without_reasons_is_permanent(reasons: object) -> None:
    judged = classify_aws(client_error("TransactionCanceledException", CancellationReasons=reasons))
    assert judged == Classification(P, code="TransactionCanceledException")


@pytest.mark.parametrize("code", ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "RequestTimeTooSkewed"])
def test_an_expired_signature_is_worth_one_more_attempt_and_no_third(code: str) -> None:
    error = client_error(code)
    assert classify_aws(error) == Classification(T, code=code, once=True)
    attempts: list[int] = []

    def call() -> None:
        attempts.append(1)
        raise error if len(attempts) != 2 else client_error("ThrottlingException")

    with pytest.raises(ClientError):
        FakeTime().policy(AWS_READ).call(None, call)
    assert len(attempts) == 3  # once, throttled in between, and once more is one too many
    info = retry_info(error)
    assert info is not None
    assert info.reason is StopReason.ATTEMPTS


def test_both_names_of_a_code_are_matched() -> None:
    error = client_error("AWS.SimpleQueueService.Old")
    error.response["Error"]["QueryErrorCode"] = "ThrottlingException"  # type: ignore[typeddict-unknown-key] # SQS has it
    assert classify_aws(error) == Classification(R, code="AWS.SimpleQueueService.Old")


@pytest.mark.parametrize("code", ["https://secret", "a b", "", None, 5, "x" * 81])
def test_a_code_that_looks_like_none_is_not_kept(code: object) -> None:
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
def test_what_aws_asks_for_is_read_in_milliseconds_or_seconds(headers: object, seconds: float | None) -> None:
    assert classify_aws(client_error("ThrottlingException", 400, headers)) == Classification(
        R, seconds, "ThrottlingException"
    )


def test_a_503_that_asks_for_patience_is_throttling() -> None:
    assert classify_aws(client_error("Whatever", 503, {"retry-after": "9"})) == Classification(R, 9.0, "Whatever")


@pytest.mark.parametrize(
    "metadata", [None, {}, {"HTTPStatusCode": "500"}, {"HTTPStatusCode": [500]}, {"HTTPHeaders": None}]
)
def test_without_a_status_a_code_nobody_knows_is_permanent(metadata: object) -> None:
    error = client_error("Whatever")
    error.response["ResponseMetadata"] = metadata  # type: ignore[typeddict-item] # as it should not be
    assert classify_aws(error) == Classification(P, code="Whatever")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (raised_by_botocore.ConnectTimeoutError(endpoint_url="x"), Classification(T, code="not_sent")),
        (raised_by_botocore.EndpointConnectionError(endpoint_url="x"), Classification(T, code="not_sent")),
        (raised_by_botocore.ProxyConnectionError(proxy_url="x"), Classification(T, code="not_sent")),
        (raised_by_botocore.CredentialRetrievalError(provider="x", error_msg=""), Classification(T, code="not_sent")),
        (raised_by_botocore.MetadataRetrievalError(error_msg=""), Classification(T, code="not_sent")),
        (
            raised_by_botocore.SSLError(endpoint_url="x", error=OSError()),
            Classification(A, code="unanswered", answered=False),
        ),
        (
            raised_by_botocore.ConnectionError(error=OSError()),
            Classification(A, code="unanswered", answered=False),
        ),
        (ResponseParserError("empty 408"), Classification(A, code="body")),
        (
            raised_by_botocore.ChecksumError(checksum_type="crc32", expected_checksum="1", actual_checksum="2"),
            Classification(A, code="body"),
        ),
        (raised_by_botocore.EndpointResolutionError(msg="x"), Classification(P, code="EndpointResolutionError")),
        (raised_by_botocore.ResponseStreamingError(error="x"), Classification(A, code="body")),
        (raised_by_botocore.IncompleteReadError(actual_bytes=1, expected_bytes=2), Classification(A, code="body")),
        (raised_by_botocore.ReadTimeoutError(endpoint_url="x"), Classification(A, code="unanswered", answered=False)),
        (
            raised_by_botocore.ConnectionClosedError(endpoint_url="x"),
            Classification(A, code="unanswered", answered=False),
        ),
        (raised_by_botocore.HTTPClientError(error="x"), Classification(A, code="unanswered", answered=False)),
        (raised_by_botocore.ParamValidationError(report="x"), Classification(P, code="ParamValidationError")),
        (raised_by_botocore.NoCredentialsError(), Classification(P, code="NoCredentialsError")),
        (raised_by_botocore.NoRegionError(), Classification(P, code="NoRegionError")),
        (
            raised_by_botocore.UnknownServiceError(service_name="x", known_service_names=""),
            Classification(P, code="UnknownServiceError"),
        ),
        (
            raised_by_botocore.UnknownEndpointError(service_name="x", region_name=""),
            Classification(P, code="UnknownEndpointError"),
        ),
        (ValueError(), None),
    ],
)
def test_each_exception_of_botocores_own_has_its_kind(error: Exception, expected: Classification | None) -> None:
    assert classify_aws(error) == expected
    assert classify_aws_for("sns")(error) == expected


def test_an_error_that_carries_its_classification_keeps_it() -> None:
    for classifier in (classify_aws, classify_aws_for("sns")):
        assert classifier(Failure(R, 3.0)) == Classification(R, 3.0, "scripted")


NOBODY = boto3.Session("a", "b", region_name="eu-west-1")


def ask(url: str, config: Config) -> BaseException:
    client = NOBODY.client("ssm", endpoint_url=url, config=config)
    with pytest.raises((ClientError, raised_by_botocore.BotoCoreError, ResponseParserError)) as raised:
        client.get_parameter(Name="x")
    return raised.value


QUICK = aws_config(connect_timeout=0.3, read_timeout=0.3)


@pytest.mark.parametrize(
    ("behave", "expected"),
    [
        (raw_server.close_after_reading, Classification(A, code="unanswered", answered=False)),
        (raw_server.say_nothing, Classification(A, code="unanswered", answered=False)),
        (
            raw_server.answer(b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"),
            Classification(T, code="408"),
        ),
        (
            raw_server.answer(
                b"HTTP/1.1 429 Too Many\r\nx-amz-retry-after: 1500\r\nContent-Length: 33\r\n\r\n"
                b'{"__type": "ThrottlingException"}'
            ),
            Classification(R, 1.5, "ThrottlingException"),
        ),
    ],
)
def test_boto3_on_a_real_socket_makes_one_attempt_and_is_judged(behave: Behaviour, expected: Classification) -> None:
    with RawServer(behave) as server:
        error = ask(f"http://127.0.0.1:{server.port}", QUICK)
        assert server.closed.acquire(timeout=5)
        assert not server.closed.acquire(blocking=False)
    assert classify_aws(error) == expected


def test_boto3_tells_a_refused_connection_and_a_bad_certificate(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    assert classify_aws(ask(f"http://127.0.0.1:{port}", QUICK)) == Classification(T, code="not_sent")
    certificate = raw_server.make_certificate(tmp_path / "server.pem", "localhost")
    with RawServer(raw_server.over_tls(certificate, raw_server.close_after_reading)) as server:
        error = ask(f"https://localhost:{server.port}", QUICK)
    assert classify_aws(error) == Classification(P, code="certificate")


def test_the_config_says_everything_that_botocore_would_decide_for_itself() -> None:
    config = aws_config()
    assert config.retries == {"mode": "standard", "total_max_attempts": 1}  # type: ignore[attr-defined] # set at run time
    assert (config.connect_timeout, config.read_timeout) == (1.0, 2.0)  # type: ignore[attr-defined]


def test_a_read_through_the_policy_is_repeated_by_the_policy_alone() -> None:
    time = FakeTime()
    assert isinstance(AWS_READ, RetryPolicy)
    answers = [client_error("ThrottlingException", headers={"x-amz-retry-after": "1500"}), client_error("x", 500)]

    def call() -> str:
        if answers:
            raise answers.pop(0)
        return "value"

    assert time.policy(AWS_READ).call(time.deadline(20), call) == "value"
    assert time.slept == [2.5, 0.1]  # 1.5 asked and a window of 1; then the second step of 50 ms

from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore import auth, exceptions
from botocore.parsers import ResponseParserError

from retry_policies import Classification, ErrorKind
from retry_policies.aws import aws_config, classify_aws, classify_aws_for
from retry_policies.presets import AWS_WRITE
from retry_policies.testing import FakeTime
from tests.support.fault_server.behaviours import ask
from tests.support.fault_server.server import FaultServer
from tests.support.steps.failing import Failure

T, R, A, P = ErrorKind.TRANSIENT, ErrorKind.THROTTLED, ErrorKind.AMBIGUOUS, ErrorKind.PERMANENT
NOON = datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC)
NOT_SENT = Classification(T, code="not_sent")
UNANSWERED = Classification(A, code="unanswered", answered=False)
BODY = Classification(A, code="body")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (exceptions.ConnectTimeoutError(endpoint_url="x"), NOT_SENT),
        (exceptions.EndpointConnectionError(endpoint_url="x"), NOT_SENT),
        (exceptions.ProxyConnectionError(proxy_url="x"), NOT_SENT),
        (exceptions.CredentialRetrievalError(provider="x", error_msg=""), NOT_SENT),
        (exceptions.MetadataRetrievalError(error_msg=""), NOT_SENT),
        (exceptions.TokenRetrievalError(provider="x", error_msg=""), NOT_SENT),
        (exceptions.CapacityNotAvailableError(), NOT_SENT),
        (exceptions.SSLError(endpoint_url="x", error=OSError()), UNANSWERED),
        (exceptions.ConnectionError(error=OSError()), UNANSWERED),
        (exceptions.ReadTimeoutError(endpoint_url="x"), UNANSWERED),
        (exceptions.ConnectionClosedError(endpoint_url="x"), UNANSWERED),
        (exceptions.HTTPClientError(error="x"), UNANSWERED),
        (ResponseParserError("empty 408"), BODY),
        (exceptions.ChecksumError(checksum_type="crc32", expected_checksum="1", actual_checksum="2"), BODY),
        (exceptions.FlexibleChecksumError(error_msg="x"), BODY),
        (exceptions.ResponseStreamingError(error="x"), BODY),
        (exceptions.IncompleteReadError(actual_bytes=1, expected_bytes=2), BODY),
        (exceptions.EndpointResolutionError(msg="x"), P),
        (exceptions.ParamValidationError(report="x"), P),
        (exceptions.NoCredentialsError(), P),
        (exceptions.NoRegionError(), P),
        (exceptions.UnknownServiceError(service_name="x", known_service_names=""), P),
        (exceptions.UnknownEndpointError(service_name="x", region_name=""), P),
        (ValueError(), None),
        (Failure(R, 3.0), Classification(R, 3.0, "scripted")),
    ],
)
def test_each_exception_has_its_kind(error: Exception, expected: Classification | ErrorKind | None) -> None:
    if isinstance(expected, ErrorKind):
        expected = Classification(expected, code=type(error).__name__)
    assert classify_aws(error) == classify_aws_for("sns")(error) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/close", UNANSWERED),
        ("/silent", UNANSWERED),
        (ask("/408", body=""), Classification(T, code="408")),
        (
            ask("/429", body='{"__type": "ThrottlingException"}', header="x-amz-retry-after: 1500"),
            Classification(R, 1.5, "ThrottlingException"),
        ),
    ],
)
def test_boto3_with_this_config_makes_one_attempt(path: str, expected: Classification) -> None:
    with FaultServer() as server:
        server.script("/", then=path)
        config = aws_config(connect_timeout=0.3, read_timeout=0.3)
        session = boto3.Session("a", "b", region_name="eu-west-1")
        ssm = session.client("ssm", endpoint_url=server.url(""), config=config)
        with pytest.raises((exceptions.ClientError, exceptions.BotoCoreError, ResponseParserError)) as raised:
            ssm.get_parameter(Name="x")
    assert classify_aws(raised.value) == expected
    assert len(server.requests) == len(server.connections) == 1


def test_a_header_that_cannot_be_sent_is_a_faulty_request() -> None:
    """Its error is botocore's error for a lost answer."""
    session = boto3.Session("a", "b", region_name="eu-west-1")
    with FaultServer() as server:
        s3 = session.client("s3", endpoint_url=server.url(""), config=aws_config())
        with pytest.raises(exceptions.HTTPClientError) as raised:
            s3.put_object(Bucket="b", Key="k", ContentDisposition="a\nb")
    assert classify_aws(raised.value) == Classification(P, code="invalid_header")
    assert server.requests == []


UNREADABLE = ["", "slow down", "<!doctype html><p>slow down"]
"""Bodies that are no XML: the parser of a service with the old query protocol raises an error without the status."""


@pytest.mark.parametrize("body", UNREADABLE)
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, BODY),
        (400, Classification(P, code="400")),
        (403, Classification(R, 9.0, "403")),
        (408, Classification(T, 9.0, "408")),
        (429, Classification(R, 9.0, "429")),
        (500, Classification(A, 9.0, "500")),
        (502, Classification(A, 9.0, "502")),
        (503, Classification(R, 9.0, "503")),
    ],
)
def test_an_answer_that_botocore_cannot_parse_is_classified_by_its_status(
    status: int, body: str, expected: Classification
) -> None:
    with FaultServer() as server:
        server.script("/", then=ask(f"/{status}", body=body, header="x-amz-retry-after: 9000"))
        session = boto3.Session("a", "b", region_name="eu-west-1")
        sns = session.client("sns", endpoint_url=server.url(""), config=aws_config())
        with pytest.raises((exceptions.ClientError, ResponseParserError)) as raised:
            sns.publish(TopicArn="arn:aws:sns:eu-west-1:123456789012:t", Message="m")
    assert classify_aws(raised.value) == expected


def test_a_call_whose_signature_was_refused_is_signed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    time = FakeTime()
    monkeypatch.setattr(auth, "get_current_datetime", lambda: NOON + timedelta(seconds=time.now))
    refusal = ask("/400", body='{"__type": "InvalidSignatureException"}')
    success = ask("/200", body='{"Parameter": {"Value": "v"}}')
    with FaultServer() as server:
        server.script("/", [refusal], then=success)
        session = boto3.Session("a", "b", region_name="eu-west-1")
        ssm = session.client("ssm", endpoint_url=server.url(""), config=aws_config())
        policy = time.policy(AWS_WRITE.with_(initial_backoff=2.0))
        answer = policy.call(None, ssm.get_parameter, Name="x")
    assert answer["Parameter"]["Value"] == "v"
    assert [one.headers["X-Amz-Date"] for one in server.requests] == ["20260131T120000Z", "20260131T120002Z"]
    assert len({one.headers["Authorization"] for one in server.requests}) == 2


def test_the_config_sets_what_botocore_would_decide() -> None:
    config = aws_config()
    assert config.retries == {"mode": "standard", "total_max_attempts": 1}  # type: ignore[attr-defined] # set at run time
    assert (config.connect_timeout, config.read_timeout) == (1.0, 2.0)  # type: ignore[attr-defined]

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from ssl import SSLCertVerificationError
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError, SSLError

from aws_actions.calling.actions import Actions
from aws_actions.calling.allow_list import AllowList
from aws_actions.calling.call_role import Sts, session_under
from aws_actions.models import Done, Result, Retryable
from outcomes.outcome import LaterReason
from retry_policies.aws import aws_config
from retry_policies.presets import AWS_READ, AWS_WRITE
from retry_policies.testing import FakeTime, shortest
from tests.support.handlers.aws_in_process import aws_in_process
from tests.support.steps.scripted_store import refusal
from tests.unit.aws_actions.builders import request

ROLE = "arn:aws:iam::123456789012:role/calls"


@pytest.fixture(autouse=True)
def _aws() -> Iterator[None]:
    with aws_in_process():
        yield


class ScriptedSts:
    """STS that returns credentials with these lifetimes, or raises these errors."""

    def __init__(self, *answers: Exception | timedelta) -> None:
        self.answers = list(answers)
        self.requests: list[dict[str, object]] = []

    def assume_role(self, **request: object) -> Mapping[str, Any]:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        number = len(self.requests)
        return {
            "Credentials": {
                "AccessKeyId": f"ASIAEXAMPLE{number}",
                "SecretAccessKey": "none",
                "SessionToken": "none",
                "Expiration": datetime.now(UTC) + answer,
            }
        }


def list_queues(sts: Sts, times: int = 1) -> tuple[list[Result], list[str]]:
    """Make calls; return their results, and the access keys that signed them."""
    time = FakeTime()
    session = session_under(ROLE, lambda: sts)
    actions = Actions(
        allowed=AllowList.parse("sqs:ListQueues"),
        session=lambda: session,
        config=aws_config(),
        read=time.policy(AWS_READ, uniform=shortest),
        write=time.policy(AWS_WRITE, uniform=shortest),
    )
    prepared = actions.prepare(request("sqs", "ListQueues", {}))
    keys: list[str] = []

    def note(request: Any, **_: object) -> None:  # noqa: ANN401 - botocore's AWSPreparedRequest
        keys.append(str(request.headers["Authorization"]).partition("Credential=")[2].partition("/")[0])

    prepared.service.client.meta.events.register_first("before-send.sqs.*", note)
    return [actions.make(prepared, time.deadline(50), within=900) for _ in range(times)], keys


def test_calls_are_signed_by_the_role_which_is_assumed_once() -> None:
    sts = ScriptedSts(timedelta(hours=1))
    results, keys = list_queues(sts, times=3)
    assert all(isinstance(result, Done) for result in results)
    assert set(keys) == {"ASIAEXAMPLE1"}
    assert sts.requests == [{"RoleArn": ROLE, "RoleSessionName": "holdfast-actions", "DurationSeconds": 3600}]


def test_the_role_is_assumed_again_before_its_credentials_expire() -> None:
    sts = ScriptedSts(timedelta(minutes=5), timedelta(hours=1))
    _, keys = list_queues(sts, times=2)
    assert keys[-1] == "ASIAEXAMPLE2"


def test_the_role_is_not_assumed_before_the_first_call() -> None:
    sts = ScriptedSts(timedelta(hours=1))
    session_under(ROLE, lambda: sts).create_client("sqs", region_name="eu-west-1")
    assert sts.requests == []


@pytest.mark.parametrize(
    ("error", "requests", "expected"),
    [
        (refusal("AccessDenied", 403), 1, Retryable(LaterReason.DENIED, "AssumeRole.AccessDenied")),
        (refusal("ValidationError", 400), 1, Retryable(LaterReason.DENIED, "AssumeRole.ValidationError")),
        (refusal("SignatureDoesNotMatch", 403), 2, Retryable(LaterReason.DENIED, "AssumeRole.SignatureDoesNotMatch")),
        (refusal("ExpiredToken", 403), 2, Retryable(LaterReason.UNREACHABLE, "AssumeRole.ExpiredToken")),
        (refusal("Throttling", 400), 4, Retryable(LaterReason.THROTTLED, "AssumeRole.Throttling")),
        (refusal("InternalFailure", 500), 4, Retryable(LaterReason.UNREACHABLE, "AssumeRole.InternalFailure")),
        (
            ReadTimeoutError(endpoint_url="https://canary"),
            4,
            Retryable(LaterReason.UNREACHABLE, "AssumeRole.unanswered"),
        ),
        (
            SSLError(endpoint_url="https://canary", error=SSLCertVerificationError()),
            1,
            Retryable(LaterReason.TLS, "AssumeRole.certificate"),
        ),
        (
            EndpointConnectionError(endpoint_url="https://canary"),
            4,
            Retryable(LaterReason.UNREACHABLE, "AssumeRole.not_sent"),
        ),
    ],
)
def test_without_the_role_nothing_is_called_and_nothing_is_unknown(
    error: Exception, requests: int, expected: Result, caplog: pytest.LogCaptureFixture
) -> None:
    sts = ScriptedSts(error)
    results, keys = list_queues(sts)
    assert results == [expected]
    assert keys == []
    assert len(sts.requests) == requests
    assert "canary" not in caplog.text


def test_a_real_client_of_sts_fits() -> None:
    results, keys = list_queues(boto3.client("sts", config=aws_config()))
    assert isinstance(results[0], Done)
    assert keys[0].startswith("ASIA")


def test_another_error_is_not_hidden() -> None:
    with pytest.raises(KeyError):
        list_queues(ScriptedSts(KeyError("x")))

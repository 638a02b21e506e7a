from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from moto import mock_aws

from aws_actions.calling.actions import Actions
from aws_actions.calling.allow_list import AllowList
from aws_actions.calling.call_role import Sts, session_under
from aws_actions.models import Done, Result, Retryable
from outcomes.outcome import LaterReason
from retry_policies.aws import aws_config
from retry_policies.presets import AWS_READ, AWS_WRITE
from retry_policies.testing import FakeTime, shortest
from tests.support.steps.scripted_store import refusal
from tests.unit.aws_actions.builders import request

ROLE = "arn:aws:iam::123456789012:role/calls"


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        yield


class ScriptedSts:
    """Hands out credentials that last so long, or raises what it is given."""

    def __init__(self, *answers: Exception | timedelta) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, object]] = []

    def assume_role(self, **asked: object) -> Mapping[str, Any]:
        self.asked.append(asked)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        number = len(self.asked)
        return {
            "Credentials": {
                "AccessKeyId": f"ASIAEXAMPLE{number}",
                "SecretAccessKey": "none",
                "SessionToken": "none",
                "Expiration": datetime.now(UTC) + answer,
            }
        }


def list_queues(sts: Sts, times: int = 1) -> tuple[list[Result], list[str]]:
    """What became of that many calls, and the access keys they were signed with."""
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


def test_a_call_is_signed_by_the_role_which_is_assumed_once() -> None:
    sts = ScriptedSts(timedelta(hours=1))
    results, keys = list_queues(sts, times=3)
    assert all(isinstance(result, Done) for result in results)
    assert set(keys) == {"ASIAEXAMPLE1"}
    assert sts.asked == [{"RoleArn": ROLE, "RoleSessionName": "holdfast-actions", "DurationSeconds": 3600}]


def test_a_role_is_assumed_anew_before_it_ends() -> None:
    sts = ScriptedSts(timedelta(minutes=5), timedelta(hours=1))
    _, keys = list_queues(sts, times=2)
    assert keys[-1] == "ASIAEXAMPLE2"


def test_a_role_is_not_assumed_before_a_call_needs_it() -> None:
    sts = ScriptedSts(timedelta(hours=1))
    session_under(ROLE, lambda: sts).create_client("sqs", region_name="eu-west-1")
    assert sts.asked == []


@pytest.mark.parametrize(
    ("error", "asked", "expected"),
    [
        (refusal("AccessDenied", 403), 1, Retryable(LaterReason.DENIED, "AssumeRole.AccessDenied")),
        (refusal("ValidationError", 400), 1, Retryable(LaterReason.DENIED, "AssumeRole.ValidationError")),
        (refusal("Throttling", 400), 4, Retryable(LaterReason.THROTTLED, "AssumeRole.Throttling")),
        (refusal("InternalFailure", 500), 4, Retryable(LaterReason.UNREACHABLE, "AssumeRole.InternalFailure")),
        (
            ReadTimeoutError(endpoint_url="https://canary"),
            4,
            Retryable(LaterReason.UNREACHABLE, "AssumeRole.unanswered"),
        ),
        (
            EndpointConnectionError(endpoint_url="https://canary"),
            4,
            Retryable(LaterReason.UNREACHABLE, "AssumeRole.not_sent"),
        ),
    ],
)
def test_a_role_that_cannot_be_assumed_leaves_nothing_called_and_nothing_unknown(
    error: Exception, asked: int, expected: Result, caplog: pytest.LogCaptureFixture
) -> None:
    sts = ScriptedSts(error)
    results, keys = list_queues(sts)
    assert results == [expected]
    assert keys == []
    assert len(sts.asked) == asked
    assert "canary" not in caplog.text


def test_it_works_with_a_real_client_of_sts() -> None:
    results, keys = list_queues(boto3.client("sts", config=aws_config()))
    assert isinstance(results[0], Done)
    assert keys[0].startswith("ASIA")


def test_an_error_that_is_none_of_awss_is_not_hidden() -> None:
    with pytest.raises(KeyError):
        list_queues(ScriptedSts(KeyError("x")))

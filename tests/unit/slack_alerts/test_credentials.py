from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from retry_policies import Deadline
from retry_policies.presets import AWS_READ
from slack_alerts.credentials import KEPT, Credentials
from slack_alerts.models import CredentialsError
from tests.support.clock import FakeClock

PATH = "/holdfast/destinations"
CANARY = "https://hooks.slack.com/services/T000/B000/canary"


class Parameters:
    """An SSM that answers from a script and counts."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)
        self.calls = 0

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> Mapping[str, Any]:  # noqa: N803
        assert Name.startswith(PATH)
        assert WithDecryption
        self.calls += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {"Parameter": {"Value": answer}}


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "GetParameter")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def credentials(parameters: Parameters, clock: FakeClock) -> Credentials:
    return Credentials(parameters, PATH, AWS_READ.with_(clock=clock, sleep=clock.sleep), clock)


def test_a_webhook_is_read_from_ssm_and_decrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        ssm = boto3.client("ssm")
        ssm.put_parameter(Name=f"{PATH}/ops", Value=f" {CANARY}\n", Type="SecureString")
        assert Credentials(ssm, PATH, AWS_READ).webhook("ops", Deadline.after(5)).url == CANARY


def test_a_webhook_is_kept_for_five_minutes(clock: FakeClock) -> None:
    parameters = Parameters(CANARY, f"{CANARY}2")
    reader = credentials(parameters, clock)
    deadline = Deadline.after(1e6, clock=clock)
    assert reader.webhook("ops", deadline) == reader.webhook("ops", deadline)
    assert parameters.calls == 1
    clock.now += KEPT
    assert reader.webhook("ops", deadline).url == f"{CANARY}2"


def test_a_throttled_read_is_repeated(clock: FakeClock) -> None:
    parameters = Parameters(refusal("ThrottlingException"), CANARY)
    assert credentials(parameters, clock).webhook("ops", Deadline.after(60, clock=clock)).url == CANARY
    assert parameters.calls == 2


@pytest.mark.parametrize("code", ["ParameterNotFound", "AccessDeniedException", "InvalidKeyId"])
def test_a_refused_read_is_not_repeated_and_names_destination_and_code(code: str, clock: FakeClock) -> None:
    parameters = Parameters(refusal(code))
    with pytest.raises(CredentialsError, match=f"^destination ops: {code}$"):
        credentials(parameters, clock).webhook("ops", Deadline.after(60, clock=clock))
    assert parameters.calls == 1


def test_an_unreachable_ssm_is_an_error_of_ours(clock: FakeClock) -> None:
    error = EndpointConnectionError(endpoint_url="https://ssm.example.com")
    with pytest.raises(CredentialsError, match="EndpointConnectionError"):
        credentials(Parameters(*[error] * 4), clock).webhook("ops", Deadline.after(60, clock=clock))


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("", "must name a host"),
        (CANARY.replace("https", "http"), "must start with https://"),
        (CANARY.replace("https", "ftp"), "must start with https://"),
        (f"{CANARY}\nHost: x", "one line of plain ASCII"),
        (f"{CANARY}é", "one line of plain ASCII"),
        (CANARY.replace("https://", "https://user:pw@"), "and no user"),
        (CANARY.replace(".com", ".com:port"), "is not a URL"),
        ("https://[canary", "is not a URL"),
        ("https:///services/canary", "must name a host"),
    ],
)
def test_a_malformed_webhook_is_refused_by_its_rule_and_never_shown(value: str, rule: str, clock: FakeClock) -> None:
    with pytest.raises(CredentialsError, match=rule) as caught:
        credentials(Parameters(value), clock).webhook("ops", Deadline.after(60, clock=clock))
    assert "canary" not in str(caught.value)
    assert "destination ops" in str(caught.value)


def test_http_is_for_this_machine_only(clock: FakeClock) -> None:
    url = "http://127.0.0.1:8080/services/T/B/x"
    assert credentials(Parameters(url), clock).webhook("ops", Deadline.after(60, clock=clock)).url == url


def test_a_webhook_is_not_in_any_repr(clock: FakeClock) -> None:
    reader = credentials(Parameters(CANARY), clock)
    webhook = reader.webhook("ops", Deadline.after(60, clock=clock))
    assert "canary" not in repr(webhook) + repr(reader)

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.stub import Stubber
from local.failures import CommandFailed
from local.secret import store, webhook_problem
from moto import mock_aws

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

CANARY = "c4n4ry"
GOOD = f"https://hooks.slack.com/services/T000/B000/{CANARY}"
BAD = {
    "plain http": f"http://hooks.slack.com/services/{CANARY}",
    "loopback": f"http://127.0.0.1:80/services/{CANARY}",
    "another host": f"https://example.com/services/{CANARY}",
    "a host that begins like it": f"https://hooks.slack.com.example.com/services/{CANARY}",
    "a user": f"https://{CANARY}@hooks.slack.com/services/x",
    "a workflow": f"https://hooks.slack.com/triggers/{CANARY}",
    "no URL": f"https://[{CANARY}",
    "a bad port": f"https://hooks.slack.com:{CANARY}/services/x",
    "two lines": f"https://hooks.slack.com/services/\n{CANARY}",
    "a space": f"https://hooks.slack.com/services/ {CANARY}",
    "not ASCII": f"https://hooks.slack.com/services/é{CANARY}",
    "a token": f"xoxb-{CANARY}",
}


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch) -> Iterator["SSMClient"]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.client("ssm", region_name="us-east-1")


def stored(ssm: "SSMClient", name: str) -> tuple[str, str]:
    parameter = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]
    return parameter["Type"], parameter["Value"]


def test_a_webhook_is_stored_trimmed_encrypted_and_over_the_old_one(ssm: "SSMClient") -> None:
    store(ssm, "ops", "/holdfast/destinations", lambda: "https://hooks.slack.com/services/old")
    said = store(ssm, "ops", "/holdfast/destinations", lambda: f"  {GOOD}\r\n")
    assert stored(ssm, "/holdfast/destinations/ops") == ("SecureString", GOOD)
    assert "/holdfast/destinations/ops, version 2" in said
    assert CANARY not in said


@pytest.mark.parametrize("url", BAD.values(), ids=BAD)
def test_what_is_no_webhook_is_refused_by_its_name_and_never_shown(
    ssm: "SSMClient", url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandFailed) as failed:
        store(ssm, "ops", "/holdfast/destinations", lambda: url)
    assert "destination ops" in failed.value.what
    assert CANARY not in failed.value.what + failed.value.to_do + "".join(capsys.readouterr())
    assert ssm.describe_parameters()["Parameters"] == []


def test_a_refusal_of_aws_is_told_by_its_code_only(ssm: "SSMClient") -> None:
    stub = Stubber(ssm)
    stub.add_client_error("put_parameter", "ValidationException", f"bad value {GOOD}")
    with stub, pytest.raises(CommandFailed) as failed:
        store(ssm, "ops", "/holdfast/destinations", lambda: GOOD)
    assert "ValidationException" in failed.value.what
    assert CANARY not in failed.value.what + failed.value.to_do
    assert failed.value.__cause__ is failed.value.__context__ is None


@pytest.mark.parametrize("host", ["hooks.slack.com", "hooks.slack-gov.com"])
def test_both_hosts_of_slack_are_taken(host: str) -> None:
    assert webhook_problem(f"https://{host}/services/T0/B0/x", allow_loopback=False) == ""


def test_a_stand_in_is_taken_only_where_aws_is_on_this_machine_too() -> None:
    assert webhook_problem("http://127.0.0.1:8080/services/T0/B0/x", allow_loopback=True) == ""
    assert webhook_problem("http://127.0.0.1:8080/services/T0/B0/x", allow_loopback=False)
    assert webhook_problem("http://192.0.2.1/services/T0/B0/x", allow_loopback=True)


def test_nothing_is_no_webhook() -> None:
    assert webhook_problem("", allow_loopback=True) == "is empty"

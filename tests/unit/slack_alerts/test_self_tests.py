"""The pipeline's own messages: down the whole road, and no further than the post."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from record_batch.outcome import SkipReason
from slack_alerts.self_tests import HEARTBEAT
from tests.support.events import alarm_message, sns_body, sqs_event
from tests.support.handler import PATH, Deployed, deployed
from tests.support.loopback_slack import Answer, LoopbackSlack

TEST_ALARM = "holdfast-TestAlarm-1"
BEAT = sns_body(HEARTBEAT)
TEST = sns_body(alarm_message(AlarmName=TEST_ALARM))


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack() as server:
        yield server


@pytest.fixture
def stack(slack: LoopbackSlack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    monkeypatch.setenv("TEST_ALARM", TEST_ALARM)
    with deployed(monkeypatch, slack.webhook()) as stack:
        yield stack


def skipped(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The reasons that the metric counted."""
    lines: list[dict[str, Any]] = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    return [line["reason"] for line in lines if "Skipped" in line]


@pytest.mark.parametrize(("body", "reason"), [(BEAT, "heartbeat"), (TEST, "test_alarm")])
def test_g10_it_is_counted_and_never_posted(
    slack: LoopbackSlack, stack: Deployed, capsys: pytest.CaptureFixture[str], body: str, reason: str
) -> None:
    assert stack.handle(sqs_event(body)) == {"batchItemFailures": []}
    assert skipped(capsys) == [reason]
    assert slack.requests == []


def test_it_claims_nothing_so_that_the_next_one_counts_too(stack: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        stack.handle(sqs_event(BEAT, TEST))
    assert skipped(capsys) == ["heartbeat", "test_alarm"] * 2
    assert boto3.client("dynamodb").scan(TableName="deliveries")["Items"] == []


def test_alerts_beside_it_are_posted(slack: LoopbackSlack, stack: Deployed) -> None:
    assert stack.handle(sqs_event(sns_body("one"), BEAT, sns_body("two", message_id="sns-2"))) == {
        "batchItemFailures": []
    }
    assert len(slack.requests) == 2


def test_g10_while_slack_is_down_it_is_alive(
    slack: LoopbackSlack, stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.answers = [Answer(503, b"")] * 4
    assert stack.handle(sqs_event(sns_body("alert"))) != {"batchItemFailures": []}  # and the circuit is open
    asked = len(slack.requests)
    assert stack.handle(sqs_event(BEAT)) == {"batchItemFailures": []}
    assert skipped(capsys) == ["heartbeat"]
    assert len(slack.requests) == asked


@pytest.mark.parametrize("value", [None, "not a webhook"])
def test_without_a_secret_that_can_be_used_it_is_not_alive_and_not_kept(
    stack: Deployed, capsys: pytest.CaptureFixture[str], value: str | None
) -> None:
    boto3.client("ssm").delete_parameter(Name=f"{PATH}/default")
    if value:
        boto3.client("ssm").put_parameter(Name=f"{PATH}/default", Value=value, Type="SecureString")
    assert stack.handle(sqs_event(BEAT)) == {"batchItemFailures": []}
    assert skipped(capsys) == [SkipReason.SELF_TEST_FAILED.value]


@pytest.mark.parametrize(
    "message",
    [
        HEARTBEAT + " ",
        HEARTBEAT.replace(" ", ""),
        alarm_message(AlarmName=f"{TEST_ALARM}0"),
        alarm_message(AlarmName=""),
        TEST_ALARM,
    ],
)
def test_what_only_resembles_it_is_an_alert(slack: LoopbackSlack, stack: Deployed, message: str) -> None:
    stack.handle(sqs_event(sns_body(message)))
    assert len(slack.requests) == 1


def test_a_stack_without_self_tests_posts_an_alarm_without_a_name(
    slack: LoopbackSlack, stack: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEST_ALARM")
    stack.handle(sqs_event(sns_body(alarm_message(AlarmName=""))))
    assert len(slack.requests) == 1

"""What a delivery tells the metrics, the handler and all."""

import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from tests.support.events import alarm_message, sns_body, sqs_event
from tests.support.handler import ROUTES, Deployed, deployed
from tests.support.loopback_slack import Answer, LoopbackSlack

ALARM = sns_body(alarm_message())


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack() as server:
        yield server


@pytest.fixture
def stack(slack: LoopbackSlack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "holdfast.slack_alerts")
    with deployed(monkeypatch, slack.webhook()) as stack:
        yield stack


def values(capsys: pytest.CaptureFixture[str], name: str) -> list[float]:
    lines: list[dict[str, Any]] = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    return [line[name][0] for line in lines if name in line]


def test_latency_is_told_for_what_was_delivered_and_has_a_time(
    slack: LoopbackSlack, stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.refuse = {"refused": Answer(400, b"invalid_payload")}
    bodies = (ALARM, sns_body(alarm_message(AlarmName="refused"), message_id="sns-2"), "a text has no time")
    stack.handle(sqs_event(*bodies))
    [latency] = values(capsys, "DeliveryLatency")
    assert latency == pytest.approx(time.time() - 1769860841.123, abs=60)


def test_a_pause_in_the_function_is_told_as_waited(
    slack: LoopbackSlack, stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.answers = [Answer(429, b"rate_limited", (("Retry-After", "3"),))]
    stack.handle(sqs_event(ALARM))
    assert values(capsys, "SecondsWaited") == stack.slept


def test_patience_that_does_not_fit_is_told_as_asked(
    slack: LoopbackSlack, stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.answers = [Answer(429, b"rate_limited", (("Retry-After", "600"),))]
    stack.handle(sqs_event(ALARM, sns_body("another", message_id="sns-2")))
    assert values(capsys, "SecondsAsked") == [600.0]  # Slack asked once


@pytest.mark.usefixtures("slack")
def test_routes_that_are_not_used_are_one_metric_whatever_the_trouble(
    stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    boto3.client("ssm").put_parameter(Name=ROUTES, Value="no JSON", Type="String")
    stack.handle(sqs_event(ALARM))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "RoutesNotUsed" in line]
    assert [line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] for line in lines] == [[["service"]]]

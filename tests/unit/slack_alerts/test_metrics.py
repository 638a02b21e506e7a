"""The metrics that the whole handler writes for a delivery."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.handlers.slack_alerts import Deployed, deployed
from tests.support.samples.events import alarm_message, lane_event, sns_body
from tests.support.slack.loopback import Answer, LoopbackSlack

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


def test_latency_is_measured_for_delivered_alerts_with_a_time(
    slack: LoopbackSlack, stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.refuse = {"refused": Answer(400, b"invalid_payload")}
    bodies = (ALARM, sns_body(alarm_message(AlarmName="refused"), message_id="sns-2"), "a text has no time")
    stack.handle(lane_event(*bodies))
    [latency] = values(capsys, "DeliveryLatency")
    assert latency == pytest.approx(time.time() - 1769860841.123, abs=60)


def test_a_pause_in_the_function_is_measured(
    slack: LoopbackSlack, stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.answers = [Answer(429, b"rate_limited", (("Retry-After", "3"),))]
    stack.handle(lane_event(ALARM))
    assert values(capsys, "SecondsWaited") == stack.slept


def test_a_long_retry_after_is_counted_once_and_defers_one_record_of_the_lane(
    slack: LoopbackSlack, stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.answers = [Answer(429, b"rate_limited", (("Retry-After", "600"),))]
    stack.handle(lane_event("a", "b", "c"))
    lines = capsys.readouterr().out
    assert (lines.count('"SecondsAsked":[600.0]'), lines.count('"Deferred":[1.0]')) == (1, 1)


def test_each_alert_of_a_digest_is_delivered_and_has_its_latency(
    slack: LoopbackSlack, stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.handle(lane_event(*[sns_body(alarm_message(AlarmName=name), message_id=name) for name in "abc"]))
    assert len(slack.requests) == 1
    lines = capsys.readouterr().out
    assert (lines.count('"Delivered":[1.0]'), lines.count('"DeliveryLatency":[')) == (3, 3)

"""The lane of heartbeats and test alarms: they end there, counted and never posted."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from notifications.self_tests import HEARTBEAT
from outcomes.outcome import Outcome, Skipped, SkipReason
from record_batch.lane_queue import SELF_TESTS
from retry_policies import Deadline
from shared_state.last_success import LastSuccess
from shared_state.memory_rows import MemoryRows
from slack_alerts.models import CredentialsMissing, CredentialsUnavailable
from slack_alerts.self_tests import MISSING_AFTER, SelfTestLane
from tests.support.handlers.slack_alerts import PATH, Deployed, deployed
from tests.support.samples.events import alarm_message, lane_event, merged, sns_body
from tests.support.samples.notifications import record
from tests.support.slack.loopback import Answer, LoopbackSlack
from tests.support.steps.clock import FakeClock
from tests.support.steps.lane import ScriptedSecrets

TEST_ALARM = "holdfast-TestAlarm-1"
BEAT = sns_body(HEARTBEAT)
TEST = sns_body(alarm_message(AlarmName=TEST_ALARM))
NO_FAILURES: dict[str, list[Any]] = {"batchItemFailures": []}
HOUR = 3600.0


class Desk:
    """The lane's step on a clock that moves only when told."""

    def __init__(self, *, is_expected: bool = True) -> None:
        self.clock, self.secrets = FakeClock(1_800_000_000.0), ScriptedSecrets()
        heartbeat, alarm = (LastSuccess(MemoryRows(), name, clock=self.clock) for name in ("heartbeat", "test_alarm"))
        self.lane = SelfTestLane(self.secrets, "default", heartbeat, alarm, is_expected, clock=self.clock)

    def end(self, *texts: str) -> list[Outcome]:
        ends = self.lane.end([record(text) for text in texts], Deadline.after(10, clock=self.clock))
        return [outcome for _, outcome in ends]


def metrics(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]


def missing(capsys: pytest.CaptureFixture[str]) -> int:
    """Count the records of a missing test alarm in the metrics."""
    return sum("TestAlarmMissing" in line for line in metrics(capsys))


def test_each_record_has_its_end() -> None:
    heartbeat, alarm = Skipped(SkipReason.HEARTBEAT), Skipped(SkipReason.TEST_ALARM)
    assert Desk().end(HEARTBEAT, alarm_message(AlarmName=TEST_ALARM), HEARTBEAT) == [heartbeat, alarm, heartbeat]


@pytest.mark.parametrize("error", [CredentialsMissing("no secret"), CredentialsUnavailable("AccessDeniedException")])
@pytest.mark.parametrize("text", [HEARTBEAT, alarm_message(AlarmName=TEST_ALARM)])
def test_without_the_default_destinations_secret_it_has_failed(error: Exception, text: str) -> None:
    desk = Desk()
    desk.secrets.errors["default"] = error
    assert desk.end(text) == [Skipped(SkipReason.SELF_TEST_FAILED)]
    desk.secrets.errors.clear()
    assert desk.end(text) != [Skipped(SkipReason.SELF_TEST_FAILED)]


def test_a_test_alarm_counts_as_missing_after_26_hours_and_not_before(capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk()
    desk.end(alarm_message(AlarmName=TEST_ALARM))
    for _ in range(26):
        desk.end(HEARTBEAT)
        desk.clock.now += HOUR
    desk.end(HEARTBEAT)
    assert missing(capsys) == 0
    desk.clock.now += 1.0
    desk.end(HEARTBEAT)
    assert missing(capsys) == 1
    desk.end(alarm_message(AlarmName=TEST_ALARM), HEARTBEAT)
    assert missing(capsys) == 0


def test_between_a_deployment_and_its_first_test_alarm_none_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk()
    for _ in range(26):
        desk.end(HEARTBEAT)
        desk.clock.now += HOUR
    assert missing(capsys) == 0
    desk.clock.now += HOUR
    desk.end(HEARTBEAT)
    assert missing(capsys) == 1


def test_the_first_heartbeat_after_a_day_without_any_starts_the_time_of_the_test_alarm_anew(
    capsys: pytest.CaptureFixture[str],
) -> None:
    desk = Desk()
    desk.end(alarm_message(AlarmName=TEST_ALARM), HEARTBEAT)
    desk.clock.now += 2 * MISSING_AFTER
    for _ in range(27):
        desk.end(HEARTBEAT)
        desk.clock.now += HOUR
    assert missing(capsys) == 0
    desk.end(HEARTBEAT)
    assert missing(capsys) == 1


def test_a_stack_without_a_test_alarm_misses_none(capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk(is_expected=False)
    for _ in range(3):
        desk.end(HEARTBEAT)
        desk.clock.now += MISSING_AFTER
    assert missing(capsys) == 0


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
    return [line["reason"] for line in metrics(capsys) if "Skipped" in line]


@pytest.mark.parametrize(("body", "reason"), [(BEAT, "heartbeat"), (TEST, "test_alarm")])
def test_g10_it_is_counted_and_never_posted(
    slack: LoopbackSlack, stack: Deployed, capsys: pytest.CaptureFixture[str], body: str, reason: str
) -> None:
    for _ in range(2):  # it claims nothing, so that the next one counts too
        assert stack.handle(lane_event(body, lane=SELF_TESTS)) == NO_FAILURES
    assert skipped(capsys) == [reason] * 2
    assert slack.requests == []
    assert stack.hidden.deleted == ["r1", "r1"]


def test_g10_while_slack_is_down_it_is_alive(
    slack: LoopbackSlack, stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.answers = [Answer(503, b"")] * 4
    event = merged(lane_event(sns_body("alert")), lane_event(BEAT, lane=SELF_TESTS, first=2))
    assert stack.handle(event) == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert skipped(capsys) == ["heartbeat"]
    assert stack.hidden.deleted == ["r2"]


@pytest.mark.parametrize("value", [None, "not a webhook"])
def test_without_a_secret_that_can_be_used_it_is_not_alive_and_not_kept(
    stack: Deployed, capsys: pytest.CaptureFixture[str], value: str | None
) -> None:
    boto3.client("ssm").delete_parameter(Name=f"{PATH}/default")
    if value:
        boto3.client("ssm").put_parameter(Name=f"{PATH}/default", Value=value, Type="SecureString")
    assert stack.handle(lane_event(BEAT, lane=SELF_TESTS)) == NO_FAILURES
    assert skipped(capsys) == [SkipReason.SELF_TEST_FAILED.value]


@pytest.mark.parametrize("body", [BEAT, TEST])
def test_what_resembles_a_self_test_in_another_lane_is_an_alert(
    slack: LoopbackSlack, stack: Deployed, body: str
) -> None:
    stack.handle(lane_event(body))
    assert len(slack.requests) == 1

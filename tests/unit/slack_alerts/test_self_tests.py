"""The lane of heartbeats and test alarms: they end there, counted and never posted."""

import json
from typing import Any

import pytest

from notifications.self_tests import HEARTBEAT
from outcomes.outcome import Outcome, Skipped, SkipReason
from record_batch.lane_message import SELF_TESTS
from retry_policies.testing import FakeTime
from shared_state.last_success import LastSuccess
from shared_state.memory_rows import MemoryRows
from slack_alerts.models import CredentialsMissing, CredentialsUnavailable
from slack_alerts.self_tests import MISSING_AFTER, SelfTestLane
from tests.support.handlers.slack_alerts import Deployed
from tests.support.samples.events import TEST_ALARM, alarm_message, lane_event, merged, sns_body
from tests.support.samples.notifications import record
from tests.support.slack.loopback import LoopbackSlack
from tests.support.steps.lane import ScriptedSecrets

BEAT = sns_body(HEARTBEAT)
TEST = sns_body(alarm_message(AlarmName=TEST_ALARM))
HOUR = 3600.0
ALARM = alarm_message(AlarmName=TEST_ALARM)


class SelfTests:
    """The lane's step on a fake clock."""

    def __init__(self, *, is_expected: bool = True) -> None:
        self.time, self.secrets = FakeTime(1_800_000_000.0), ScriptedSecrets()
        clock = self.time.clock
        heartbeat, alarm = (LastSuccess(MemoryRows(), name, clock=clock) for name in ("heartbeat", "test_alarm"))
        self.lane = SelfTestLane(self.secrets, "default", heartbeat, alarm, is_expected, clock=clock)

    def end(self, *texts: str) -> list[Outcome]:
        ends = self.lane.end([record(text) for text in texts], self.time.deadline(10))
        return [outcome for _, outcome in ends]

    def beat(self, times: int) -> None:
        """End a heartbeat per hour."""
        for _ in range(times):
            self.end(HEARTBEAT)
            self.time.now += HOUR


def metrics(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]


def missing(capsys: pytest.CaptureFixture[str]) -> int:
    """Count the metrics of a missing test alarm."""
    return sum("TestAlarmMissing" in line for line in metrics(capsys))


def test_each_record_has_its_outcome() -> None:
    heartbeat, alarm = Skipped(SkipReason.HEARTBEAT), Skipped(SkipReason.TEST_ALARM)
    assert SelfTests().end(HEARTBEAT, ALARM, HEARTBEAT) == [heartbeat, alarm, heartbeat]


@pytest.mark.parametrize("error", [CredentialsMissing("no secret"), CredentialsUnavailable("AccessDeniedException")])
@pytest.mark.parametrize("text", [HEARTBEAT, ALARM])
def test_without_a_secret_of_the_default_destination_a_self_test_fails(error: Exception, text: str) -> None:
    self_tests = SelfTests()
    self_tests.secrets.errors["default"] = error
    assert self_tests.end(text) == [Skipped(SkipReason.SELF_TEST_FAILED)]
    self_tests.secrets.errors.clear()
    assert self_tests.end(text) != [Skipped(SkipReason.SELF_TEST_FAILED)]


def test_a_test_alarm_counts_as_missing_after_26_hours_and_not_before(capsys: pytest.CaptureFixture[str]) -> None:
    self_tests = SelfTests()
    self_tests.end(ALARM)
    self_tests.beat(26)
    self_tests.end(HEARTBEAT)
    assert missing(capsys) == 0
    self_tests.time.now += 1.0
    self_tests.end(HEARTBEAT)
    assert missing(capsys) == 1
    self_tests.end(ALARM, HEARTBEAT)
    assert missing(capsys) == 0


@pytest.mark.parametrize("silence", [0.0, 2 * MISSING_AFTER])
def test_the_first_heartbeat_of_a_stack_or_after_a_day_without_any_starts_the_26_hours(
    capsys: pytest.CaptureFixture[str], silence: float
) -> None:
    self_tests = SelfTests()
    if silence:
        self_tests.end(ALARM, HEARTBEAT)
        self_tests.time.now += silence
    self_tests.beat(27)
    assert missing(capsys) == 0
    self_tests.end(HEARTBEAT)
    assert missing(capsys) == 1


def test_a_stack_without_a_test_alarm_misses_none(capsys: pytest.CaptureFixture[str]) -> None:
    self_tests = SelfTests(is_expected=False)
    for _ in range(3):
        self_tests.end(HEARTBEAT)
        self_tests.time.now += MISSING_AFTER
    assert missing(capsys) == 0


def test_g10_self_tests_are_counted_and_never_posted_also_while_slack_is_down(
    slack: LoopbackSlack, stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.answers = ["/503"] * 4
    event = merged(
        lane_event(sns_body("alert")),
        lane_event(BEAT, first=2, lane=SELF_TESTS),
        lane_event(TEST, first=3, lane=SELF_TESTS),
        lane_event(BEAT, first=4, lane=SELF_TESTS),  # no claim: the second one counts too
    )
    assert stack.handle(event) == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    reasons = [line["reason"] for line in metrics(capsys) if "Skipped" in line]
    assert reasons == ["heartbeat", "test_alarm", "heartbeat"]
    assert (len(slack.requests), stack.sqs.deleted) == (4, ["r2", "r3", "r4"])


@pytest.mark.parametrize("body", [BEAT, TEST])
def test_the_text_of_a_self_test_in_another_lane_is_an_alert(slack: LoopbackSlack, stack: Deployed, body: str) -> None:
    stack.handle(lane_event(body))
    assert len(slack.requests) == 1

"""Each alarm, exactly, and the relations of its numbers with those of Timing and of the schedules."""

import json
import re

import pytest

from aws_actions.models import DEFAULT_EXPIRES_AFTER
from notices.lanes_waiting import HELD_FOR
from outcomes.outcome import SkipReason
from slack_alerts.muting import CHECK
from tests.support.stack.intrinsics import Node
from tests.support.stack.template import ACTIONS, DIRECT_TOPIC, EMAIL, ROOT, Stack, resolve, source

DAY = 86_400
LOST = "AWS/SNS NumberOfNotificationsFailedToRedriveToDlq TopicName"
DEPTH = "AWS/SQS ApproximateNumberOfMessagesVisible QueueName"
ERRORS, THROTTLES = "AWS/Lambda Errors FunctionName", "AWS/Lambda Throttles FunctionName"
ALARMS = {
    "AlertsLostAlarm": (LOST, "<AlertsTopic.TopicName>", "Sum > 0", "1 × 60 s"),
    # Hidden alerts, which wait for their next attempt, do not count. With Minimum the queue was never empty.
    "AlertsWaitingAlarm": (DEPTH, "<AlertsQueue.QueueName>", "Minimum > 0", "15 × 60 s"),
    "IntakeErrorsAlarm": (ERRORS, "<IntakeFunction>", "Sum > 0", "1 × 300 s"),
    "IntakeThrottlesAlarm": (THROTTLES, "<IntakeFunction>", "Sum > 0", "1 × 300 s"),
    "IntakeOwnFaultsAlarm": ("Holdfast OwnFaults service", "holdfast.intake", "Sum > 0", "2 of 3 × 300 s"),
    "RoutesNotUsedAlarm": ("Holdfast RoutesNotUsed service", "holdfast.intake", "Sum > 0", "1 × 300 s"),
    "DirectAlertsLostAlarm": (
        *("AWS/Lambda DestinationDeliveryFailures FunctionName", "<IntakeFunction>"),
        *("Sum > 0", "1 × 60 s"),
    ),
    "DirectTopicAlertsLostAlarm": (LOST, "direct", "Sum > 0", "1 × 60 s"),
    "LaneWaitingAlarm": ("Holdfast LanesWaiting service", "holdfast.notices", "Minimum > 0", "8 × 900 s"),
    # SQS looks for a free group among 120,000 messages.
    "LanesNearSearchDepthAlarm": (DEPTH, "<LanesQueue.QueueName>", "Maximum > 80000", "1 × 60 s"),
    "ErrorsAlarm": (ERRORS, "<SlackAlertsFunction>", "Sum > 0", "1 × 300 s"),
    "ThrottlesAlarm": (THROTTLES, "<SlackAlertsFunction>", "Sum > 0", "1 × 300 s"),
    "OwnFaultsAlarm": ("Holdfast OwnFaults service", "holdfast.slack_alerts", "Sum > 0", "2 of 3 × 300 s"),
    "OldestUndeliveredAlarm": (
        *("Holdfast OldestUndelivered service", "holdfast.slack_alerts"),
        *("Maximum > 3600", "1 × 3600 s"),
    ),
    "ClaimsBypassedAlarm": ("Holdfast ClaimsBypassed service", "holdfast.slack_alerts", "Sum > 0", "1 × 300 s"),
    "AlertsDeadLetterAlarm": (DEPTH, "<AlertsDeadLetterQueue.QueueName>", "Maximum > 0", "1 × 60 s"),
    "DeadLettersExpireAlarm": (DEPTH, "<AlertsDeadLetterQueue.QueueName>", "Maximum >= 1", "5 × 86400 s"),
    "LanesDeadLetterAlarm": (DEPTH, "<LanesDeadLetterQueue.QueueName>", "Maximum > 0", "1 × 60 s"),
    "LanesDeadLettersExpireAlarm": (DEPTH, "<LanesDeadLetterQueue.QueueName>", "Maximum >= 1", "5 × 86400 s"),
    "ParkingAlarm": (DEPTH, "<ParkingQueue.QueueName>", "Maximum > 0", "1 × 60 s"),
    "ParkedExpireAlarm": (DEPTH, "<ParkingQueue.QueueName>", "Maximum >= 1", "5 × 86400 s"),
    "RedriveErrorsAlarm": (ERRORS, "<RedriveFunction>", "Sum > 0", "1 × 7200 s"),
    "RedriveStoppedAlarm": ("Holdfast RedriveStopped service", "holdfast.redrive", "Sum > 0", "1 × 7200 s"),
    "NoticesErrorsAlarm": (ERRORS, "<NoticesFunction>", "Sum > 0", "1 × 900 s"),
    "ActionsLostAlarm": (LOST, "<ActionsTopic.TopicName>", "Sum > 0", "1 × 60 s"),
    "ActionsWaitingAlarm": (DEPTH, "<ActionsQueue.QueueName>", "Minimum > 0", "5 × 60 s"),
    "ActionsDeadLetterAlarm": (DEPTH, "<ActionsDeadLetterQueue.QueueName>", "Maximum > 0", "1 × 60 s"),
    "ActionsErrorsAlarm": (ERRORS, "<ActionsFunction>", "Sum > 0", "1 × 300 s"),
    "ActionsThrottlesAlarm": (THROTTLES, "<ActionsFunction>", "Sum > 0", "1 × 300 s"),
    "ActionsOwnFaultsAlarm": ("Holdfast OwnFaults service", "holdfast.aws_actions", "Sum > 0", "2 of 3 × 300 s"),
    "RulesNotUsedAlarm": ("Holdfast RulesNotUsed service", "holdfast.aws_actions", "Sum > 0", "1 × 300 s"),
    "HeartbeatMissingAlarm": (
        *("Holdfast Skipped service reason", "holdfast.slack_alerts heartbeat"),
        *("Sum < 1", "12 × 300 s"),
    ),
    "TestAlarm": ("Holdfast TestAlarm", "", "Sum > 0", "1 × 60 s"),
    "TestAlarmMissingAlarm": ("Holdfast TestAlarmMissing service", "holdfast.slack_alerts", "Sum > 0", "1 × 3600 s"),
}
"""Metric and its dimensions, their values, condition, and periods. Without DatapointsToAlarm all periods must hold."""
SIGNS = {"GreaterThanThreshold": ">", "GreaterThanOrEqualToThreshold": ">=", "LessThanThreshold": "<"}


def alarms(stack: Stack) -> dict[str, Node]:
    """Return all alarms but the one that is set off as a test."""
    return {name: one for name, one in stack.of("AWS::CloudWatch::Alarm").items() if name != "TestAlarm"}


def length(alarm: Node) -> int:
    return int(alarm["Period"] * alarm["EvaluationPeriods"])


def heartbeat_rates() -> list[int]:
    rates = source()["Parameters"]["HeartbeatRate"]["AllowedValues"]
    return [60 * int(one.removeprefix("rate(").removesuffix(" minutes)")) for one in rates if one != "off"]


def test_these_are_the_alarms() -> None:
    stack = resolve(OpsEmail=EMAIL, DirectTopicArn=DIRECT_TOPIC, **ACTIONS).of("AWS::CloudWatch::Alarm")
    assert {name: shown(one) for name, one in stack.items()} == ALARMS


def shown(alarm: Node) -> tuple[str, str, str, str]:
    dimensions = alarm.get("Dimensions", [])
    metric = [alarm["Namespace"], alarm["MetricName"], *(one["Name"] for one in dimensions)]
    needed = f"{alarm['DatapointsToAlarm']} of " if "DatapointsToAlarm" in alarm else ""
    return (
        " ".join(metric),
        " ".join(one["Value"] for one in dimensions),
        f"{alarm['Statistic']} {SIGNS[alarm['ComparisonOperator']]} {alarm['Threshold']}",
        f"{needed}{alarm['EvaluationPeriods']} × {alarm['Period']} s",
    )


def test_missing_data_rings_only_for_heartbeats(variant: Stack) -> None:
    for name, one in variant.of("AWS::CloudWatch::Alarm").items():
        # An idle queue or function sends no metric. TestAlarm must be OK again before the next day.
        expected = "breaching" if name == "HeartbeatMissingAlarm" else "notBreaching"
        assert one["TreatMissingData"] == expected, name


def test_e11_only_the_test_alarm_goes_to_a_topic_of_the_pipeline(variant: Stack) -> None:
    ops = variant.outputs["OpsTopicArn"]["Value"]
    pipeline = {one["TopicArn"] for one in variant.of("AWS::SNS::Subscription").values() if one["Protocol"] != "email"}
    assert ops not in pipeline
    for name, one in alarms(variant).items():
        assert (one["AlarmActions"], one["OKActions"]) == ([ops], [ops]), name
    test = variant.of("AWS::CloudWatch::Alarm").get("TestAlarm")
    assert test is None or (set(test["AlarmActions"]) <= pipeline and "OKActions" not in test)


def test_each_queue_of_undelivered_messages_has_an_alarm_that_one_message_raises(variant: Stack) -> None:
    dead_letters = [one.get("RedrivePolicy") for one in variant.of("AWS::SQS::Queue").values()]
    queues = {one["deadLetterTargetArn"].replace(".Arn", ".QueueName") for one in dead_letters if one}
    at_once = {shown(one)[1] for one in alarms(variant).values() if shown(one)[2:] == ("Maximum > 0", "1 × 60 s")}
    assert queues | {"<ParkingQueue.QueueName>"} == at_once


def test_each_topic_with_dead_letters_has_an_alarm_on_lost_messages(variant: Stack) -> None:
    topics = {one["TopicArn"] for one in variant.of("AWS::SNS::Subscription").values() if "RedrivePolicy" in one}
    names = {one.rpartition(":")[2] if one.startswith("arn:") else one.replace(">", ".TopicName>") for one in topics}
    lost = [shown(one) for one in alarms(variant).values() if shown(one)[0] == LOST]
    assert sorted(lost) == sorted((LOST, name, "Sum > 0", "1 × 60 s") for name in names)


def test_each_metric_of_ours_is_written_by_the_code(plain: Stack, calling: Stack) -> None:
    sources = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "layers").rglob("*.py")]
    written = set(re.findall(r'\b(?:count|measure)\("(\w+)"', "".join(one.read_text() for one in sources)))
    for one in (*alarms(plain).values(), *alarms(calling).values()):
        assert one["Namespace"] != "Holdfast" or one["MetricName"] in written


def test_c10_an_hour_without_heartbeats_rings_at_each_rate(plain: Stack) -> None:
    alarm = plain["HeartbeatMissingAlarm"]
    assert alarm["Dimensions"][1] == {"Name": "reason", "Value": SkipReason.HEARTBEAT.value}
    assert length(alarm) == 3600 >= 2 * max(heartbeat_rates())


def test_c10_a_missing_test_alarm_rings_by_a_count_at_heartbeats(plain: Stack) -> None:
    # So it stays OK before the first run of the schedule.
    assert length(plain["TestAlarmMissingAlarm"]) >= 2 * max(heartbeat_rates())


@pytest.mark.parametrize("rate", ["rate(15 minutes)", "off"])
@pytest.mark.parametrize(
    ("name", "queue", "before"),
    [
        ("DeadLettersExpireAlarm", "AlertsDeadLetterQueue", "AlertsQueue"),
        ("LanesDeadLettersExpireAlarm", "LanesDeadLetterQueue", None),
        ("ParkedExpireAlarm", "ParkingQueue", None),
    ],
)
def test_e4_undelivered_messages_of_five_days_ring_while_two_are_left(
    name: str, queue: str, before: str | None, rate: str
) -> None:
    stack = resolve(OpsEmail=EMAIL, RedriveRate=rate)
    assert length(stack[name]) == 5 * DAY <= 7 * DAY  # CloudWatch takes no more
    # In a standard queue a dead letter's time began when it was published, in a FIFO queue when it was moved.
    waited = stack[before]["MessageRetentionPeriod"] if before else 0
    assert stack[queue]["MessageRetentionPeriod"] - waited - 5 * DAY >= 2 * DAY


@pytest.mark.parametrize("name", ["RedriveStoppedAlarm", "RedriveErrorsAlarm"])
def test_a_lasting_fault_of_redrive_rings_once_at_each_rate(plain: Stack, name: str) -> None:
    units = {"minute": 60, "hour": 3600, "day": DAY}
    rates = {f"rate({n} {unit}{'s' * (n > 1)})": n * seconds for n in range(1, 1000) for unit, seconds in units.items()}
    allowed = source()["Parameters"]["RedriveRate"]["AllowedPattern"]
    assert length(plain[name]) >= 2 * max(seconds for rate, seconds in rates.items() if re.fullmatch(allowed, rate))


def test_a_lasting_fault_of_notices_rings_once(plain: Stack) -> None:
    assert plain["NoticesSchedule"]["ScheduleExpression"] == "rate(5 minutes)"
    assert length(plain["NoticesErrorsAlarm"]) >= 2 * 300


def test_waiting_lanes_ring_after_two_hours_without_a_muted_alert(plain: Stack) -> None:
    alarm = plain["LaneWaitingAlarm"]
    assert alarm["Period"] >= 3 * 300  # three runs of notices
    assert length(alarm) == 7200 > HELD_FOR > CHECK + plain.timing["LaneTimeout"]


def test_an_alert_that_is_tried_again_reports_its_age_in_each_period(plain: Stack) -> None:
    longest = plain.timing["DoubtPauseCap"] * 1.25 + plain.timing["LaneTimeout"]
    assert plain["OldestUndeliveredAlarm"]["Period"] >= longest


@pytest.mark.parametrize(
    ("name", "first", "cap"),
    [("OwnFaultsAlarm", "FirstPause", "PauseCap"), ("IntakeOwnFaultsAlarm", "IntakeFirstDelay", "IntakeDelayCap")],
)
def test_a_lasting_fault_of_ours_shows_twice_and_a_single_one_does_not_ring(
    plain: Stack, name: str, first: str, cap: str
) -> None:
    alarm = plain[name]
    assert alarm["DatapointsToAlarm"] == 2
    attempts = [0.0]
    while attempts[-1] < 3600:
        attempts.append(attempts[-1] + min(plain.timing[cap], plain.timing[first] * 2.0 ** (len(attempts) - 1)))
    periods = {int(moment // alarm["Period"]) for moment in attempts}
    assert len(periods & set(range(alarm["EvaluationPeriods"]))) >= 2


@pytest.mark.parametrize("name", ["ActionsOwnFaultsAlarm", "ActionsWaitingAlarm"])
def test_waiting_requests_ring_before_they_expire(calling: Stack, name: str) -> None:
    assert length(calling[name]) <= DEFAULT_EXPIRES_AFTER


def test_each_alarm_names_its_section_of_the_runbook(plain: Stack) -> None:
    headings = re.findall(r"^## (\w+)$", (ROOT / "docs/runbook.md").read_text(), re.MULTILINE)
    all_on = resolve(OpsEmail=EMAIL, DirectTopicArn=DIRECT_TOPIC, **ACTIONS)
    assert sorted(headings) == sorted(alarms(all_on))
    for name, alarm in (alarms(all_on) | alarms(plain)).items():
        assert alarm["AlarmDescription"].endswith(f" Runbook: {name}."), name


def test_the_dashboard_shows_what_the_alarms_watch(plain: Stack) -> None:
    widgets = json.loads(plain["Dashboard"]["DashboardBody"])["widgets"]
    assert all(one["properties"]["region"] == "eu-west-1" and one["properties"]["title"] for one in widgets)
    metrics = {
        part for one in widgets for line in one["properties"]["metrics"] for part in line if isinstance(part, str)
    }
    assert {"Delivered", "Duplicates", "ClaimsBypassed", "OwnFaults", "DeliveryLatency", "OldestUndelivered"} <= metrics
    assert {f"<{queue}.QueueName>" for queue in plain.of("AWS::SQS::Queue")} <= metrics
    assert {"<IntakeFunction>", "<SlackAlertsFunction>"} <= metrics
    for service in ("intake", "slack_alerts"):
        assert f'MetricName=("Later" OR "Parked" OR "Skipped") service="holdfast.{service}"' in str(widgets)
    places = [(one["x"], one["y"]) for one in widgets]
    assert len(places) == len(set(places))

"""The pipeline watches itself: what is sent down its road, and what rings when it does not arrive."""

import json
import re

import pytest

from aws_actions.models import DEFAULT_EXPIRES_AFTER
from outcomes.outcome import SkipReason
from tests.support.stack.intrinsics import Node
from tests.support.stack.template import (
    ACTION_VARIANTS,
    ACTIONS,
    EMAIL,
    PSEUDO,
    ROOT,
    TOPIC,
    VARIANTS,
    Stack,
    source,
    stack,
)

SERVICE = {"Name": "service", "Value": "holdfast.slack_alerts"}
DAY = 86_400
SEARCH_DEPTH = 120_000  # the messages of a FIFO queue among which SQS looks for a free group
WATCHES = {"HeartbeatSchedule", "HeartbeatMissingAlarm", "TestAlarm", "TestAlarmSchedule", "TestAlarmMissingAlarm"}

WRITTEN_BY = {
    "IntakeOwnFaultsAlarm": "intake",
    "RoutesNotUsedAlarm": "intake",
    "RedriveStoppedAlarm": "redrive",
    "ActionsOwnFaultsAlarm": "aws_actions",
    "RulesNotUsedAlarm": "aws_actions",
}
"""The function whose metric an alarm watches, where it is not slack_alerts."""

EVERYTHING = VARIANTS["all on"]


@pytest.fixture
def plain() -> Stack:
    return stack(OpsEmail=EMAIL)


def may(role: Node) -> list[tuple[Node, Node]]:
    [policy] = role["Policies"]
    return [(one["Action"], one["Resource"]) for one in policy["PolicyDocument"]["Statement"]]


@pytest.mark.parametrize(
    ("given", "topic"), [({}, "<AlertsTopic>"), ({"ExistingAlertsTopicArn": TOPIC}, TOPIC)], ids=["own", "existing"]
)
def test_the_heartbeat_takes_the_road_of_the_alerts(given: dict[str, str], topic: str) -> None:
    made = stack(OpsEmail=EMAIL, **given)
    assert made["HeartbeatSchedule"]["Target"] == {
        "Arn": topic,
        "RoleArn": "<HeartbeatRole.Arn>",
        "Input": '{"holdfast": "heartbeat"}',  # test_settings.py compares it with the code
    }
    assert made["HeartbeatSchedule"]["ScheduleExpression"] == "rate(15 minutes)"
    assert made["HeartbeatSchedule"].get("State", "ENABLED") == "ENABLED"
    assert ("sns:Publish", topic) in may(made["HeartbeatRole"])
    assert made["AlertsSubscription"]["TopicArn"] == topic


def test_each_rate_beats_often_enough_for_its_alarm(plain: Stack) -> None:
    alarm = plain["HeartbeatMissingAlarm"]
    patience = alarm["Period"] * alarm["EvaluationPeriods"]
    assert patience == 3600
    rates = [one for one in source()["Parameters"]["HeartbeatRate"]["AllowedValues"] if one != "off"]
    for rate in rates:
        minutes = int(rate.removeprefix("rate(").removesuffix(" minutes)"))
        assert 2 * minutes * 60 <= patience


def test_c10_silence_rings(plain: Stack) -> None:
    alarm = plain["HeartbeatMissingAlarm"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("Holdfast", "Skipped")
    assert alarm["Dimensions"] == [SERVICE, {"Name": "reason", "Value": SkipReason.HEARTBEAT.value}]
    assert (alarm["Statistic"], alarm["Threshold"], alarm["ComparisonOperator"]) == ("Sum", 1, "LessThanThreshold")
    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 3600
    assert "DatapointsToAlarm" not in alarm  # all of them: one heartbeat is life


def test_c10_a_missing_test_alarm_rings_by_a_count_and_so_never_before_the_first_run(plain: Stack) -> None:
    alarm = plain["TestAlarmMissingAlarm"]
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Dimensions"]) == ("Holdfast", "TestAlarmMissing", [SERVICE])
    assert (alarm["Statistic"], alarm["Threshold"], alarm["ComparisonOperator"]) == ("Sum", 0, "GreaterThanThreshold")
    assert alarm["TreatMissingData"] == "notBreaching"
    assert (alarm["Period"], alarm["EvaluationPeriods"]) == (3600, 1)
    rates = [one for one in source()["Parameters"]["HeartbeatRate"]["AllowedValues"] if one != "off"]
    longest = max(int(one.removeprefix("rate(").removesuffix(" minutes)")) for one in rates) * 60
    assert alarm["Period"] >= 2 * longest  # it is counted at heartbeats


def test_a_lane_that_has_waited_for_two_hours_rings_even_where_nobody_takes_from_it(plain: Stack) -> None:
    alarm = plain["LaneWaitingAlarm"]
    assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": "<LanesQueue.QueueName>"}]
    assert (alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]) == (
        "Minimum",
        "GreaterThanThreshold",
        0,
    )
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 2 * 3600
    assert "DatapointsToAlarm" not in alarm


def test_the_lanes_ring_while_a_third_of_their_search_depth_is_left(plain: Stack) -> None:
    alarm = plain["LanesNearSearchDepthAlarm"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/SQS", "ApproximateNumberOfMessagesVisible")
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": "<LanesQueue.QueueName>"}]
    assert (alarm["Statistic"], alarm["ComparisonOperator"]) == ("Maximum", "GreaterThanThreshold")
    assert alarm["Threshold"] == 80_000 == SEARCH_DEPTH * 2 / 3
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 60


def test_c10_alerts_that_nobody_takes_ring_and_those_that_wait_for_their_next_attempt_do_not(plain: Stack) -> None:
    alarm = plain["AlertsWaitingAlarm"]
    assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"  # what is hidden is on its way
    # Of each minute the least, and that above none for a quarter of an hour: nothing was ever empty.
    assert (alarm["Statistic"], alarm["Period"], alarm["EvaluationPeriods"]) == ("Minimum", 60, 15)
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 0)
    assert "DatapointsToAlarm" not in alarm


def test_f6_once_a_day_a_real_alarm_is_set_off_and_nothing_else_may_be(plain: Stack) -> None:
    schedule = plain["TestAlarmSchedule"]
    assert schedule["ScheduleExpression"] == "rate(1 day)"
    assert schedule["Target"]["Arn"] == "arn:aws:scheduler:::aws-sdk:cloudwatch:setAlarmState"
    assert json.loads(schedule["Target"]["Input"]) == {
        "AlarmName": "<TestAlarm>",
        "StateValue": "ALARM",
        "StateReason": "The daily test of Holdfast.",
    }
    assert schedule["Target"]["RoleArn"] == "<TestAlarmRole.Arn>"
    assert may(plain["TestAlarmRole"]) == [("cloudwatch:SetAlarmState", "<TestAlarm.Arn>")]


def test_intake_knows_the_test_alarm_by_its_name(plain: Stack) -> None:
    assert plain["IntakeFunction"]["Environment"]["Variables"]["TEST_ALARM"] == "<TestAlarm>"
    assert plain["TestAlarm"]["AlarmActions"] == ["<AlertsTopic>"]
    # Only a change of state acts: without data of its own it must be OK again before the next day.
    assert plain["TestAlarm"]["TreatMissingData"] == "notBreaching"
    assert "OKActions" not in plain["TestAlarm"]


@pytest.mark.parametrize("role", ["HeartbeatRole", "TestAlarmRole"])
def test_only_the_scheduler_of_this_account_takes_its_roles(plain: Stack, role: str) -> None:
    [trust] = plain[role]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": PSEUDO["AWS::AccountId"]}}


def test_off_sends_nothing_and_misses_nothing() -> None:
    made = stack(OpsEmail=EMAIL, HeartbeatRate="off")
    assert not (WATCHES | {"HeartbeatRole", "TestAlarmRole"}) & made.resources.keys()
    for function in ("IntakeFunction", "SlackAlertsFunction"):
        assert "TEST_ALARM" not in made[function]["Environment"]["Variables"]


@pytest.mark.parametrize("given", VARIANTS.values(), ids=VARIANTS.keys())
def test_e11_no_alarm_but_the_test_takes_the_road_of_the_alerts(given: dict[str, str]) -> None:
    made = stack(**given | ACTIONS)
    ops = made.outputs["OpsTopicArn"]["Value"]
    alarms = made.of("AWS::CloudWatch::Alarm")
    road = {one["TopicArn"] for one in made.of("AWS::SNS::Subscription").values() if one["Protocol"] != "email"}
    assert ops not in road
    test = alarms.pop("TestAlarm", None)
    assert test is None or set(test["AlarmActions"]) <= road
    for name, alarm in alarms.items():
        assert (alarm["AlarmActions"], alarm["OKActions"]) == ([ops], [ops]), name


def watched(made: Stack) -> dict[str, Node]:
    """The alarms of this stack, but the one that is set off as a test."""
    return {name: one for name, one in made.of("AWS::CloudWatch::Alarm").items() if name != "TestAlarm"}


def test_each_alarm_on_a_metric_of_ours_watches_one_that_the_code_writes(plain: Stack) -> None:
    sources = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "layers").rglob("*.py")]
    written = set(re.findall(r'\b(?:count|measure)\("(\w+)"', "".join(one.read_text() for one in sources)))
    alarms = watched(plain) | watched(stack(OpsEmail=EMAIL, **ACTIONS))
    ours = {name: one for name, one in alarms.items() if one["Namespace"] == "Holdfast"}
    assert {one["MetricName"] for one in ours.values()} <= written
    for name, alarm in ours.items():
        service, *reasons = alarm["Dimensions"]
        assert service["Value"] == f"holdfast.{WRITTEN_BY.get(name, 'slack_alerts')}", name
        assert bool(reasons) == (alarm["MetricName"] == "Skipped"), name  # the others have no dimension besides
    assert SERVICE["Value"] == plain["SlackAlertsFunction"]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]


@pytest.mark.parametrize(
    ("name", "metric", "dimension"),
    [
        ("AlertsLostAlarm", "AWS/SNS NumberOfNotificationsFailedToRedriveToDlq", "<AlertsTopic.TopicName>"),
        ("ActionsLostAlarm", "AWS/SNS NumberOfNotificationsFailedToRedriveToDlq", "<ActionsTopic.TopicName>"),
        ("AlertsWaitingAlarm", "AWS/SQS ApproximateNumberOfMessagesVisible", "<AlertsQueue.QueueName>"),
        ("DeadLettersExpireAlarm", "AWS/SQS ApproximateNumberOfMessagesVisible", "<AlertsDeadLetterQueue.QueueName>"),
        ("ParkedExpireAlarm", "AWS/SQS ApproximateNumberOfMessagesVisible", "<ParkingQueue.QueueName>"),
        ("ThrottlesAlarm", "AWS/Lambda Throttles", "<SlackAlertsFunction>"),
        ("ErrorsAlarm", "AWS/Lambda Errors", "<SlackAlertsFunction>"),
        ("IntakeThrottlesAlarm", "AWS/Lambda Throttles", "<IntakeFunction>"),
        ("IntakeErrorsAlarm", "AWS/Lambda Errors", "<IntakeFunction>"),
        ("NoticesErrorsAlarm", "AWS/Lambda Errors", "<NoticesFunction>"),
        ("LaneWaitingAlarm", "AWS/SQS ApproximateNumberOfMessagesVisible", "<LanesQueue.QueueName>"),
        ("LanesNearSearchDepthAlarm", "AWS/SQS ApproximateNumberOfMessagesVisible", "<LanesQueue.QueueName>"),
        ("LanesDeadLetterAlarm", "AWS/SQS ApproximateNumberOfMessagesVisible", "<LanesDeadLetterQueue.QueueName>"),
        (
            "LanesDeadLettersExpireAlarm",
            "AWS/SQS ApproximateNumberOfMessagesVisible",
            "<LanesDeadLetterQueue.QueueName>",
        ),
        ("ActionsWaitingAlarm", "AWS/SQS ApproximateNumberOfMessagesVisible", "<ActionsQueue.QueueName>"),
        ("RedriveErrorsAlarm", "AWS/Lambda Errors", "<RedriveFunction>"),
        ("ActionsThrottlesAlarm", "AWS/Lambda Throttles", "<ActionsFunction>"),
        ("ActionsErrorsAlarm", "AWS/Lambda Errors", "<ActionsFunction>"),
    ],
)
def test_alarms_on_metrics_of_aws_watch_ours_and_take_silence_for_good(name: str, metric: str, dimension: str) -> None:
    alarm = stack(OpsEmail=EMAIL, **ACTIONS)[name]
    assert (f"{alarm['Namespace']} {alarm['MetricName']}", alarm["Dimensions"][0]["Value"]) == (metric, dimension)
    assert alarm["TreatMissingData"] == "notBreaching"


@pytest.mark.parametrize("given", (VARIANTS | ACTION_VARIANTS).values(), ids=(VARIANTS | ACTION_VARIANTS).keys())
def test_what_sns_loses_rings_of_each_topic_that_has_dead_letters(given: dict[str, str]) -> None:
    made = stack(**given)
    topics = {one["TopicArn"] for one in made.of("AWS::SNS::Subscription").values() if "RedrivePolicy" in one}
    names = {one.rpartition(":")[2] if one.startswith("arn:") else one.replace(">", ".TopicName>") for one in topics}
    alarms = made.of("AWS::CloudWatch::Alarm").values()
    lost = [one for one in alarms if one["MetricName"] == "NumberOfNotificationsFailedToRedriveToDlq"]
    assert sorted(one["Dimensions"][0]["Value"] for one in lost) == sorted(names)
    assert all(one["Dimensions"][0]["Name"] == "TopicName" for one in lost)
    for one in lost:
        assert (one["Namespace"], one["Statistic"], one["Threshold"]) == ("AWS/SNS", "Sum", 0)
        assert (one["ComparisonOperator"], one["TreatMissingData"]) == ("GreaterThanThreshold", "notBreaching")


@pytest.mark.parametrize("rate", ["rate(15 minutes)", "off"])
@pytest.mark.parametrize(
    ("name", "queue", "before"),
    [
        ("DeadLettersExpireAlarm", "AlertsDeadLetterQueue", "AlertsQueue"),
        ("LanesDeadLettersExpireAlarm", "LanesDeadLetterQueue", None),
        ("ParkedExpireAlarm", "ParkingQueue", None),
    ],
)
def test_e4_what_stands_for_five_days_rings_while_two_are_left(
    name: str, queue: str, before: str | None, rate: str
) -> None:
    made = stack(OpsEmail=EMAIL, RedriveRate=rate)
    alarm = made[name]
    # Whatever is there counts, however often it was received and whoever did.
    assert (alarm["MetricName"], alarm["Statistic"]) == ("ApproximateNumberOfMessagesVisible", "Maximum")
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanOrEqualToThreshold", 1)
    assert "DatapointsToAlarm" not in alarm
    assert (alarm["Period"], alarm["EvaluationPeriods"]) == (DAY, 5)
    assert alarm["Period"] * alarm["EvaluationPeriods"] <= 7 * DAY  # CloudWatch takes no more
    # In a standard queue a dead letter's time began when it was published, in a FIFO queue when it was moved.
    waited = made[before]["MessageRetentionPeriod"] if before else 0
    assert made[queue]["MessageRetentionPeriod"] - waited - 5 * DAY >= 2 * DAY


@pytest.mark.parametrize("name", ["RedriveStoppedAlarm", "RedriveErrorsAlarm"])
def test_what_lasts_from_run_to_run_of_the_schedule_rings_once_whatever_its_rate(plain: Stack, name: str) -> None:
    units = {"minute": 60, "hour": 3600, "day": DAY}
    rates = {f"rate({n} {unit}{'s' * (n > 1)})": n * length for n in range(1, 1000) for unit, length in units.items()}
    taken = source()["Parameters"]["RedriveRate"]["AllowedPattern"]
    longest = max(seconds for rate, seconds in rates.items() if re.fullmatch(taken, rate))
    assert plain[name]["Period"] * plain[name]["EvaluationPeriods"] >= 2 * longest


def test_what_is_tried_again_tells_its_age_in_each_period_of_its_alarm(plain: Stack) -> None:
    longest = plain.timing["DoubtPauseCap"] * 1.25 + plain.timing["LaneTimeout"]
    assert plain["OldestUndeliveredAlarm"]["Period"] >= longest


@pytest.mark.parametrize(
    ("name", "first", "cap"),
    [("OwnFaultsAlarm", "FirstPause", "PauseCap"), ("IntakeOwnFaultsAlarm", "IntakeFirstDelay", "IntakeDelayCap")],
)
def test_one_slip_of_a_service_wakes_nobody(plain: Stack, name: str, first: str, cap: str) -> None:
    alarm = plain[name]
    assert (alarm["DatapointsToAlarm"], alarm["EvaluationPeriods"], alarm["Period"]) == (2, 3, 300)
    # A deferred record is tried again after twice as long each time, so a lasting fault shows twice in that time.
    tried = [0.0]
    while tried[-1] < 3600:
        tried.append(tried[-1] + min(plain.timing[cap], plain.timing[first] * 2.0 ** (len(tried) - 1)))
    periods = {int(moment // alarm["Period"]) for moment in tried}
    assert len(periods & {0, 1, 2}) >= 2


def test_notices_that_fail_from_run_to_run_ring_once(plain: Stack) -> None:
    alarm = plain["NoticesErrorsAlarm"]
    assert plain["NoticesSchedule"]["ScheduleExpression"] == "rate(5 minutes)"
    assert alarm["Period"] * alarm["EvaluationPeriods"] >= 2 * 300


def test_requests_that_wait_for_us_or_for_nobody_are_watched_for_less_time_than_they_have() -> None:
    made = stack(OpsEmail=EMAIL, **ACTIONS)
    same = {"Statistic", "Period", "EvaluationPeriods", "DatapointsToAlarm", "Threshold", "ComparisonOperator"}
    ours, theirs = made["ActionsOwnFaultsAlarm"], made["OwnFaultsAlarm"]
    assert {name: ours[name] for name in same} == {name: theirs[name] for name in same}
    for name in ("ActionsOwnFaultsAlarm", "ActionsWaitingAlarm"):
        assert made[name]["Period"] * made[name]["EvaluationPeriods"] <= DEFAULT_EXPIRES_AFTER


def test_each_alarm_tells_where_to_read_what_to_do_and_the_runbook_has_it(plain: Stack) -> None:
    headings = re.findall(r"^## (\w+)$", (ROOT / "docs/runbook.md").read_text(), re.MULTILINE)
    assert len(headings) == len(set(headings))
    alarms = watched(stack(**EVERYTHING | ACTIONS)) | watched(plain)
    assert set(headings) == alarms.keys()
    for name, alarm in alarms.items():
        assert alarm["AlarmDescription"].endswith(f" Runbook: {name}."), name


def test_the_dashboard_shows_what_the_alarms_watch(plain: Stack) -> None:
    body = plain["Dashboard"]["DashboardBody"]
    widgets = json.loads(body)["widgets"]
    assert all(one["properties"]["region"] == "eu-west-1" and one["properties"]["title"] for one in widgets)
    shown = {part for one in widgets for line in one["properties"]["metrics"] for part in line if isinstance(part, str)}
    ours = ("Delivered", "Duplicates", "ClaimsBypassed", "OwnFaults", "DeliveryLatency")
    assert {*ours, "OldestUndelivered"} <= shown
    assert {f"<{queue}.QueueName>" for queue in plain.of("AWS::SQS::Queue")} <= shown
    assert {"<IntakeFunction>", "<SlackAlertsFunction>"} <= shown
    for service in ("intake", "slack_alerts"):
        assert f'MetricName=("Deferred" OR "Parked" OR "Skipped") service="holdfast.{service}"' in str(widgets)
    places = [(one["x"], one["y"]) for one in widgets]
    assert len(places) == len(set(places))

"""Every grant of every role: the scenario that fails without it, or the test of the template that holds it.

tests/unit/test_template_needs.py sees that none is missing here, whatever the parameters.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.e2e import redrive_scenarios as redrive
from tests.e2e import scenarios as alerts
from tests.support.grants import Grant
from tests.support.local_road import LocalRoad

type Scenario = Callable[[LocalRoad], object]


@dataclass(frozen=True, slots=True)
class Named:
    """Grants of a role, by what they are called in the template."""

    role: str
    sid: str
    action: str
    on: str = ""
    """A word of the resource, where the statement has several."""

    def names(self, role: str, grant: Grant) -> bool:
        return (role, grant.sid, grant.action) == (self.role, self.sid, self.action) and self.on in grant.resource


@dataclass(frozen=True, slots=True)
class Proven:
    """By a scenario that goes red without it."""

    what: Named
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class Held:
    """By a test of the template only: the local AWS does not ask for it."""

    what: Named
    test: str
    why: str
    """What the local AWS does instead."""


def of_alerts(sid: str, action: str, scenario: Scenario, on: str = "") -> Proven:
    return Proven(Named("SlackAlertsRole", sid, action, on), scenario)


def of_redrive(sid: str, action: str, scenario: Scenario, on: str = "") -> Proven:
    return Proven(Named("RedriveRole", sid, action, on), scenario)


DEAD, PARKED = "AlertsDeadLetterQueue", "ParkingQueue"
PROVEN = (
    of_alerts("TakeAlerts", "sqs:ChangeMessageVisibility", alerts.comes_back_when_asked),
    of_alerts("TakeAlerts", "sqs:DeleteMessage", alerts.leaves_the_queue_beside_a_suspect),
    of_alerts("ParkAlerts", "sqs:SendMessage", alerts.is_parked),
    of_alerts("HandOnDirectAlerts", "sqs:SendMessage", alerts.is_handed_on, "AlertsQueue"),
    of_alerts("ClaimAlerts", "dynamodb:GetItem", alerts.is_claimed),
    of_alerts("ClaimAlerts", "dynamodb:PutItem", alerts.is_claimed),
    of_alerts("ClaimAlerts", "dynamodb:DeleteItem", alerts.closes_the_circuit),
    of_alerts("TellOperations", "sns:Publish", alerts.operations_are_told),
    of_alerts("ReadRoutes", "ssm:GetParameter", alerts.goes_by_its_route),
    of_alerts("ReadDestinations", "ssm:GetParameter", alerts.is_delivered),
    of_alerts("ReadDestinations", "secretsmanager:GetSecretValue", alerts.is_delivered),
    of_redrive("TakeUndelivered", "sqs:ReceiveMessage", redrive.dead_letter_is_looked_at_and_left, DEAD),
    of_redrive("TakeUndelivered", "sqs:DeleteMessage", redrive.dead_letter_is_sent_back, DEAD),
    of_redrive("TakeUndelivered", "sqs:ChangeMessageVisibility", redrive.dead_letter_is_looked_at_and_left, DEAD),
    of_redrive("TakeUndelivered", "sqs:ReceiveMessage", redrive.parked_alert_is_looked_at_and_left, PARKED),
    of_redrive("TakeUndelivered", "sqs:DeleteMessage", redrive.parked_alert_is_sent_back, PARKED),
    of_redrive("TakeUndelivered", "sqs:ChangeMessageVisibility", redrive.parked_alert_is_looked_at_and_left, PARKED),
    of_redrive("SendBack", "sqs:SendMessage", redrive.dead_letter_is_sent_back),
    of_redrive("ParkWhatKeepsFailing", "sqs:SendMessage", redrive.what_keeps_failing_is_parked),
    of_redrive("AskCircuits", "dynamodb:GetItem", redrive.dead_letter_is_sent_back),
    of_redrive("AskCircuits", "dynamodb:PutItem", redrive.dead_letter_is_sent_back),
    of_redrive("ReadRoutes", "ssm:GetParameter", redrive.dead_letter_is_sent_back),
    of_redrive("ReadVersions", "ssm:GetParameter", redrive.dead_letter_is_sent_back),
    of_redrive("ReadVersions", "secretsmanager:DescribeSecret", redrive.dead_letter_is_sent_back),
)


def held(role: str, sid: str, actions: Iterable[str], test: str, why: str) -> list[Held]:
    return [Held(Named(role, sid, action), f"test_template_{test}", why) for action in actions]


LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")
POLLER = ("sqs:ReceiveMessage", "sqs:GetQueueAttributes")
KEY = ("kms:Decrypt", "kms:GenerateDataKey")
WRITES_LOG, POLLS, ASKS_NO_KEY = "writes the log itself", "polls without it", "asks no key behind a service"
ASKS_NO_SCHEDULE, NEVER_SENDS = "asks for no permission of a schedule", "hands on no event that failed"
FAILED_AT = Named("SlackAlertsRole", "HandOnDirectAlerts", "sqs:SendMessage", DEAD)
ALERTS_MAY = "role.py::test_the_function_may_do_what_it_does_and_no_more"
REDRIVE_MAY = "redrive.py::test_redrive_may_do_what_it_does_and_no_more"
DECRYPTS = "role.py::test_the_function_decrypts_with_the_key_that_is_given_through_the_store_only"
KEY_OF_QUEUES = "keys.py::test_each_role_that_touches_a_queue_may_use_the_key_of_the_queues"
KEY_OF_TOPIC = "keys.py::test_heartbeats_are_published_under_the_key_of_the_topic"
NO_SECRET = "redrive.py::test_redrive_reads_no_secret"  # noqa: S105 - a test's name
SCHEDULE = "redrive.py::test_the_schedule_may_call_redrive_and_nothing_else"
HEARTBEAT = "watch.py::test_the_heartbeat_takes_the_road_of_the_alerts"
TEST_ALARM = "watch.py::test_f6_once_a_day_a_real_alarm_is_set_off_and_nothing_else_may_be"
HELD = (
    *held("SlackAlertsRole", "WriteOwnLog", LOGS, ALERTS_MAY, WRITES_LOG),
    *held("SlackAlertsRole", "TakeAlerts", POLLER, ALERTS_MAY, POLLS),
    Held(FAILED_AT, "test_template_direct.py::test_what_the_function_fails_at_ends_with_the_dead_letters", NEVER_SENDS),
    *held("SlackAlertsRole", "UseKeyOfQueues", KEY, KEY_OF_QUEUES, ASKS_NO_KEY),
    *held("SlackAlertsRole", "DecryptDestinations", ["kms:Decrypt"], DECRYPTS, ASKS_NO_KEY),
    *held("RedriveRole", "WriteOwnLog", LOGS, REDRIVE_MAY, WRITES_LOG),
    *held("RedriveRole", "UseKeyOfQueues", KEY, KEY_OF_QUEUES, ASKS_NO_KEY),
    *held("RedriveRole", "NoSecrets", ["kms:Decrypt"], NO_SECRET, ASKS_NO_KEY),
    *held("RedriveScheduleRole", "Redrive", ["lambda:InvokeFunction"], SCHEDULE, ASKS_NO_SCHEDULE),
    *held("HeartbeatRole", "PublishHeartbeats", ["sns:Publish"], HEARTBEAT, ASKS_NO_SCHEDULE),
    *held("HeartbeatRole", "UseKeyOfTopic", KEY, KEY_OF_TOPIC, ASKS_NO_KEY),
    *held("TestAlarmRole", "SetOffTestAlarm", ["cloudwatch:SetAlarmState"], TEST_ALARM, ASKS_NO_SCHEDULE),
)

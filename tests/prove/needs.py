"""Every grant of every role: the scenario that fails without it, or the test of the template that holds it.

tests/unit/template/test_needs.py sees that none is missing here, whatever the parameters.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.e2e import action_scenarios as actions
from tests.e2e import redrive_scenarios as redrive
from tests.e2e import scenarios as alerts
from tests.support.local_aws.pipeline import LocalPipeline
from tests.support.stack.grants import Grant

type Scenario = Callable[[LocalPipeline], object]


@dataclass(frozen=True, slots=True)
class Named:
    """Grants of a role, by what they are called in the template."""

    role: str
    sid: str
    action: str
    on: str = ""
    """A word of the resource, where the statement has several."""
    but: tuple[str, ...] = ()
    """Words of the resources that are named elsewhere."""

    def names(self, role: str, grant: Grant) -> bool:
        is_other = self.on not in grant.resource or any(word in grant.resource for word in self.but)
        return (role, grant.sid, grant.action) == (self.role, self.sid, self.action) and not is_other


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


def of_intake(sid: str, action: str, scenario: Scenario, on: str = "") -> Proven:
    return Proven(Named("IntakeRole", sid, action, on), scenario)


def of_redrive(sid: str, action: str, scenario: Scenario, on: str = "") -> Proven:
    return Proven(Named("RedriveRole", sid, action, on), scenario)


def of_actions(sid: str, action: str, scenario: Scenario) -> Proven:
    return Proven(Named("ActionsRole", sid, action), scenario)


def of_calls(sid: str, action: str, scenario: Scenario, on: str, but: tuple[str, ...] = ()) -> Proven:
    return Proven(Named("ActionsCallRole", sid, action, on, but), scenario)


MAPPING = "event-source-mapping"
DEAD, LANES_DEAD, PARKED = "AlertsDeadLetterQueue", "LanesDeadLetterQueue", "ParkingQueue"
PROVEN = (
    of_intake("TakeAlerts", "sqs:DeleteMessage", alerts.leaves_the_queue_beside_a_suspect),
    of_intake("TakeAlerts", "sqs:ChangeMessageVisibility", alerts.comes_back_to_intake),
    of_intake("SendToLanes", "sqs:SendMessageBatch", alerts.is_delivered),
    of_intake("ParkAlerts", "sqs:SendMessage", alerts.is_parked_by_intake),
    of_intake("KeepFacts", "dynamodb:GetItem", alerts.is_taken_in),
    of_intake("KeepFacts", "dynamodb:PutItem", alerts.is_taken_in),
    of_intake("HandOnDirectAlerts", "sqs:SendMessage", alerts.is_queued_by_intake, "AlertsQueue"),
    of_intake("ReadRoutes", "ssm:GetParameter", alerts.goes_by_its_route),
    of_alerts("TakeFromLanes", "sqs:ChangeMessageVisibilityBatch", alerts.comes_back_when_asked),
    of_alerts("TakeFromLanes", "sqs:DeleteMessageBatch", alerts.leaves_its_lane),
    of_alerts("SendToLanes", "sqs:SendMessageBatch", alerts.moves_to_the_default_lane),
    of_alerts("ParkAlerts", "sqs:SendMessage", alerts.is_parked),
    of_alerts("ClaimAlerts", "dynamodb:GetItem", alerts.is_claimed),
    of_alerts("ClaimAlerts", "dynamodb:PutItem", alerts.is_claimed),
    of_alerts("ClaimAlerts", "dynamodb:DeleteItem", alerts.its_lane_is_healthy_again),
    of_alerts("TellOperations", "sns:Publish", alerts.operations_are_told),
    of_alerts("ReadDestinations", "ssm:GetParameter", alerts.is_delivered),
    of_alerts("ReadDestinations", "secretsmanager:GetSecretValue", alerts.is_delivered),
    of_redrive("TakeUndelivered", "sqs:ReceiveMessage", redrive.dead_letter_stays_in_a_dry_run, DEAD),
    of_redrive("TakeUndelivered", "sqs:DeleteMessage", redrive.dead_letter_is_moved, DEAD),
    of_redrive("TakeUndelivered", "sqs:ChangeMessageVisibility", redrive.dead_letter_stays_in_a_dry_run, DEAD),
    of_redrive("TakeUndelivered", "sqs:ReceiveMessage", redrive.dead_letter_of_a_lane_stays_in_a_dry_run, LANES_DEAD),
    of_redrive("TakeUndelivered", "sqs:DeleteMessage", redrive.dead_letter_moves_to_the_end_of_its_lane, LANES_DEAD),
    of_redrive(
        "TakeUndelivered",
        "sqs:ChangeMessageVisibility",
        redrive.dead_letter_of_a_lane_stays_in_a_dry_run,
        LANES_DEAD,
    ),
    of_redrive("TakeUndelivered", "sqs:ReceiveMessage", redrive.parked_alert_stays_in_a_dry_run, PARKED),
    of_redrive("TakeUndelivered", "sqs:DeleteMessage", redrive.parked_alert_is_moved, PARKED),
    of_redrive("TakeUndelivered", "sqs:ChangeMessageVisibility", redrive.parked_alert_stays_in_a_dry_run, PARKED),
    of_redrive("SendBack", "sqs:SendMessage", redrive.dead_letter_is_moved),
    of_redrive("SendToLanes", "sqs:SendMessageBatch", redrive.dead_letter_moves_to_the_end_of_its_lane),
    of_redrive("ParkWhatKeepsFailing", "sqs:SendMessage", redrive.expired_dead_letter_is_parked),
    of_redrive("ReadClaims", "dynamodb:GetItem", redrive.dead_letter_is_moved),
    of_redrive("ReadClaims", "dynamodb:PutItem", redrive.dead_letter_is_moved),
    of_actions("TakeRequests", "sqs:ChangeMessageVisibility", actions.comes_back_when_asked),
    of_actions("TakeRequests", "sqs:DeleteMessage", actions.leaves_the_queue_beside_a_suspect),
    of_actions("ParkRequests", "sqs:SendMessage", actions.is_parked),
    of_actions("ClaimRequests", "dynamodb:PutItem", actions.is_called),
    of_actions("TellOutcomes", "sns:Publish", actions.outcome_is_posted),
    of_actions("ReadRules", "ssm:GetParameter", actions.goes_by_its_rule),
    of_actions("TakeCallRole", "sts:AssumeRole", actions.is_called),
    of_calls("MakeAllowedCalls", "sqs:SendMessage", actions.is_called, ":sqs:"),
    *(
        of_calls("KeepOffThisStack", "*", scenario, word, (MAPPING,))
        for word, scenario in actions.OWN_RESOURCES.items()
    ),
)


def held(role: str, sid: str, actions: Iterable[str], why: str) -> list[Held]:
    return [Held(Named(role, sid, action), EXACT, why) for action in actions]


LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")
POLLER = ("sqs:ReceiveMessage", "sqs:GetQueueAttributes")
KEY = ("kms:Decrypt", "kms:GenerateDataKey")
BY_BATCH = "asks for the batch call by its own name, which AWS authorises by the single action"
NO_SCENARIO = "asks for it, and no scenario takes it away yet"
WRITES_LOG, POLLS, ASKS_NO_KEY = "writes the log itself", "polls without it", "asks no key behind a service"
ASKS_NO_SCHEDULE, NEVER_SENDS = "asks for no permission of a schedule", "hands on no event that failed"
FAILED_AT = Named("IntakeRole", "HandOnDirectAlerts", "sqs:SendMessage", DEAD)
EXACT = "test_roles.py::test_each_role_may_do_exactly_this"
OUT_OF_REACH = "test_call_role.py::test_no_call_reaches_a_resource_of_this_stack"
READS_NO_ROW, REACHES_NONE = "gives a row with the write that it refuses", "is asked for none of it by the local list"
HELD = (
    *held("IntakeRole", "WriteOwnLog", LOGS, WRITES_LOG),
    *held("IntakeRole", "TakeAlerts", POLLER, POLLS),
    *held("IntakeRole", "SendToLanes", ["sqs:SendMessage"], BY_BATCH),
    Held(FAILED_AT, EXACT, NEVER_SENDS),
    *held("IntakeRole", "UseKeyOfQueues", KEY, ASKS_NO_KEY),
    *held("SlackAlertsRole", "WriteOwnLog", LOGS, WRITES_LOG),
    *held("SlackAlertsRole", "TakeFromLanes", POLLER, POLLS),
    *held("SlackAlertsRole", "TakeFromLanes", ["sqs:DeleteMessage"], BY_BATCH),
    *held("SlackAlertsRole", "TakeFromLanes", ["sqs:ChangeMessageVisibility"], BY_BATCH),
    *held("SlackAlertsRole", "SendToLanes", ["sqs:SendMessage"], BY_BATCH),
    *held("SlackAlertsRole", "UseKeyOfQueues", KEY, ASKS_NO_KEY),
    *held("SlackAlertsRole", "UseKeyOfOpsTopic", KEY, ASKS_NO_KEY),
    *held("SlackAlertsRole", "DecryptDestinations", ["kms:Decrypt"], ASKS_NO_KEY),
    *held("RedriveRole", "WriteOwnLog", LOGS, WRITES_LOG),
    *held("RedriveRole", "SendToLanes", ["sqs:SendMessage"], BY_BATCH),
    *held("RedriveRole", "UseKeyOfQueues", KEY, ASKS_NO_KEY),
    *held("RedriveScheduleRole", "Redrive", ["lambda:InvokeFunction"], ASKS_NO_SCHEDULE),
    *held("NoticesRole", "WriteOwnLog", LOGS, WRITES_LOG),
    *held("NoticesRole", "ReadArrivals", (*POLLER, "sqs:ChangeMessageVisibility"), NO_SCENARIO),
    *held("NoticesRole", "KeepCursor", ["dynamodb:GetItem", "dynamodb:PutItem"], NO_SCENARIO),
    *held("NoticesRole", "TellOperations", ["sns:Publish"], NO_SCENARIO),
    *held("NoticesRole", "UseKeyOfQueues", ["kms:Decrypt"], ASKS_NO_KEY),
    *held("NoticesRole", "UseKeyOfOpsTopic", KEY, ASKS_NO_KEY),
    *held("NoticesScheduleRole", "Notify", ["lambda:InvokeFunction"], ASKS_NO_SCHEDULE),
    *held("HeartbeatRole", "PublishHeartbeats", ["sns:Publish"], ASKS_NO_SCHEDULE),
    *held("HeartbeatRole", "UseKeyOfTopic", KEY, ASKS_NO_KEY),
    *held("TestAlarmRole", "SetOffTestAlarm", ["cloudwatch:SetAlarmState"], ASKS_NO_SCHEDULE),
    *held("ActionsRole", "WriteOwnLog", LOGS, WRITES_LOG),
    *held("ActionsRole", "TakeRequests", POLLER, POLLS),
    *held("ActionsRole", "ClaimRequests", ["dynamodb:GetItem"], READS_NO_ROW),
    *held("ActionsRole", "UseKeyOfQueues", KEY, ASKS_NO_KEY),
    *held("ActionsRole", "UseKeyOfTopic", KEY, ASKS_NO_KEY),
    Held(
        Named("ActionsCallRole", "KeepOffThisStack", "*", but=(*actions.OWN_RESOURCES, MAPPING)),
        OUT_OF_REACH,
        REACHES_NONE,
    ),
    Held(Named("ActionsCallRole", "KeepOffThisStack", "*", MAPPING), OUT_OF_REACH, "lets anybody change a mapping"),
    *held("ActionsCallRole", "NeverPassOrTakeRoles", ["iam:PassRole", "sts:Assume*"], REACHES_NONE),
    *held("ActionsCallRole", "NeverReadByPath", ["ssm:GetParametersByPath"], REACHES_NONE),
)

"""Each grant of each role with its proof: a scenario that fails without it, or a test of the template.

tests/unit/template/test_grant_proofs.py checks that no grant is missing here, with any parameters.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from tests.e2e import action_scenarios as actions
from tests.e2e import mute_scenarios as mutes
from tests.e2e import redrive_scenarios as redrive
from tests.e2e import scenarios as alerts
from tests.support.local_aws.pipeline import LocalPipeline
from tests.support.stack.grants import Grant

type Scenario = Callable[[LocalPipeline], object]


@dataclass(frozen=True, slots=True)
class GrantName:
    role: str
    sid: str
    action: str
    on: str = ""
    """A word of the resource, if the statement has several resources."""
    but: tuple[str, ...] = ()
    """Words of the resources that have names of their own."""

    def matches(self, role: str, grant: Grant) -> bool:
        is_other = self.on not in grant.resource or any(word in grant.resource for word in self.but)
        return (role, grant.sid, grant.action) == (self.role, self.sid, self.action) and not is_other


@dataclass(frozen=True, slots=True)
class ProvenGrant:
    """A grant without which a scenario fails."""

    name: GrantName
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class TestedGrant:
    """A grant that only a test of the template holds, because the local AWS does not need it."""

    name: GrantName
    test: str
    reason: str
    """The behaviour of the local AWS."""


def proven(  # noqa: PLR0913, PLR0917 - a row of the table
    role: str, sid: str, action: str, scenario: Scenario, on: str = "", but: tuple[str, ...] = ()
) -> ProvenGrant:
    return ProvenGrant(GrantName(role, sid, action, on, but), scenario)


of_alerts, of_intake, of_redrive, of_actions, of_calls = (
    partial(proven, role) for role in ("SlackAlertsRole", "IntakeRole", "RedriveRole", "ActionsRole", "ActionsCallRole")
)
MAPPING = "event-source-mapping"
DEAD, LANES_DEAD, PARKED = "AlertsDeadLetterQueue", "LanesDeadLetterQueue", "ParkingQueue"
PROVEN = (
    of_intake("TakeAlerts", "sqs:DeleteMessage", alerts.leaves_the_queue_beside_a_suspect),
    of_intake("TakeAlerts", "sqs:ChangeMessageVisibilityBatch", alerts.comes_back_to_intake),
    of_intake("SendToLanes", "sqs:SendMessageBatch", alerts.is_delivered),
    of_intake("ParkAlerts", "sqs:SendMessage", alerts.is_parked_by_intake),
    of_intake("KeepFacts", "dynamodb:GetItem", alerts.is_taken_in),
    of_intake("KeepFacts", "dynamodb:PutItem", alerts.is_taken_in),
    of_intake("QueueDirectAlerts", "sqs:SendMessage", alerts.is_queued_by_intake, "AlertsQueue"),
    of_intake("ReadRoutes", "ssm:GetParameter", alerts.goes_by_its_route),
    of_alerts("TakeFromLanes", "sqs:ChangeMessageVisibilityBatch", alerts.comes_back_when_asked),
    of_alerts("TakeFromLanes", "sqs:DeleteMessageBatch", alerts.leaves_its_lane),
    of_alerts("SendToLanes", "sqs:SendMessageBatch", alerts.moves_to_the_default_lane),
    of_alerts("ParkAlerts", "sqs:SendMessage", alerts.is_parked),
    of_alerts("ClaimAlerts", "dynamodb:GetItem", alerts.is_claimed),
    of_alerts("ClaimAlerts", "dynamodb:PutItem", alerts.is_claimed),
    of_alerts("ClaimAlerts", "dynamodb:DeleteItem", alerts.its_lane_is_healthy_again),
    of_alerts("ReadRoutes", "ssm:GetParameter", mutes.is_delivered_when_its_mute_is_removed),
    of_alerts("NotifyOperations", "sns:Publish", alerts.operations_are_told),
    of_alerts("ReadDestinations", "ssm:GetParameter", alerts.is_delivered),
    of_alerts("ReadDestinations", "secretsmanager:GetSecretValue", alerts.is_delivered),
    of_redrive("TakeUndelivered", "sqs:ReceiveMessage", redrive.dead_letter_stays_in_a_dry_run, DEAD),
    of_redrive("TakeUndelivered", "sqs:DeleteMessage", redrive.dead_letter_is_moved, DEAD),
    of_redrive("TakeUndelivered", "sqs:ChangeMessageVisibility", redrive.dead_letter_stays_in_a_dry_run, DEAD),
    of_redrive("TakeUndelivered", "sqs:ReceiveMessage", redrive.dead_letter_of_a_lane_stays_in_a_dry_run, LANES_DEAD),
    of_redrive("TakeUndelivered", "sqs:DeleteMessage", redrive.dead_letter_moves_to_the_end_of_its_lane, LANES_DEAD),
    of_redrive(
        "TakeUndelivered", "sqs:ChangeMessageVisibility", redrive.dead_letter_of_a_lane_stays_in_a_dry_run, LANES_DEAD
    ),
    of_redrive("TakeUndelivered", "sqs:ReceiveMessage", redrive.parked_alert_stays_in_a_dry_run, PARKED),
    of_redrive("TakeUndelivered", "sqs:DeleteMessage", redrive.parked_alert_is_moved, PARKED),
    of_redrive("TakeUndelivered", "sqs:ChangeMessageVisibility", redrive.parked_alert_stays_in_a_dry_run, PARKED),
    of_redrive("SendBack", "sqs:SendMessage", redrive.dead_letter_is_moved),
    of_redrive("SendToLanes", "sqs:SendMessageBatch", redrive.dead_letter_moves_to_the_end_of_its_lane),
    of_redrive("ParkExpired", "sqs:SendMessage", redrive.expired_dead_letter_is_parked),
    of_redrive("KeepLeaseAndFacts", "dynamodb:GetItem", redrive.dead_letter_is_moved),
    of_redrive("KeepLeaseAndFacts", "dynamodb:PutItem", redrive.dead_letter_is_moved),
    of_actions("TakeRequests", "sqs:ChangeMessageVisibilityBatch", actions.comes_back_when_asked),
    of_actions("TakeRequests", "sqs:DeleteMessage", actions.leaves_the_queue_beside_a_suspect),
    of_actions("ParkRequests", "sqs:SendMessage", actions.is_parked),
    of_actions("ClaimRequests", "dynamodb:PutItem", actions.is_called),
    of_actions("PublishOutcomes", "sns:Publish", actions.outcome_is_posted),
    of_actions("ReadRules", "ssm:GetParameter", actions.goes_by_its_rule),
    of_actions("TakeCallRole", "sts:AssumeRole", actions.is_called),
    of_calls("MakeAllowedCalls", "sqs:SendMessage", actions.is_called, ":sqs:"),
    *(
        of_calls("KeepOffThisStack", "*", scenario, word, (MAPPING,))
        for word, scenario in actions.OWN_RESOURCES.items()
    ),
)


def tested(role: str, sid: str, actions: Iterable[str], reason: str) -> list[TestedGrant]:
    return [TestedGrant(GrantName(role, sid, action), EXACT, reason) for action in actions]


LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")
POLLER = ("sqs:ReceiveMessage", "sqs:GetQueueAttributes")
KEY = ("kms:Decrypt", "kms:GenerateDataKey")
BY_BATCH = "requires an action with the name of the batch call; AWS requires the action of the single call"
NO_SCENARIO = "requires it, and no scenario covers it yet"
DRAWS_NOTHING = "has no such call"
WRITES_LOG, POLLS, ASKS_NO_KEY = "writes the log itself", "polls without it", "requires no key"
ASKS_NO_SCHEDULE, NEVER_SENDS = "requires no permission of a schedule", "sends no failed event"
FAILED_AT = GrantName("IntakeRole", "QueueDirectAlerts", "sqs:SendMessage", DEAD)
EXACT = "test_roles.py::test_the_security_page_has_the_permissions_of_each_role_and_the_licences_of_the_layer"
OUT_OF_REACH = "test_call_role.py::test_no_call_reaches_a_resource_of_this_stack"
READS_NO_ROW, NO_SUCH_CALL = (
    "returns a row with the write that it refuses",
    "makes no such call with the local allow-list",
)
TESTED = (
    *tested("IntakeRole", "WriteOwnLog", LOGS, WRITES_LOG),
    *tested("IntakeRole", "TakeAlerts", POLLER, POLLS),
    *tested("IntakeRole", "TakeAlerts", ["sqs:ChangeMessageVisibility"], BY_BATCH),
    *tested("IntakeRole", "SendToLanes", ["sqs:SendMessage"], BY_BATCH),
    TestedGrant(FAILED_AT, EXACT, NEVER_SENDS),
    *tested("IntakeRole", "UseKeyOfQueues", KEY, ASKS_NO_KEY),
    *tested("SlackAlertsRole", "WriteOwnLog", LOGS, WRITES_LOG),
    *tested("SlackAlertsRole", "TakeFromLanes", POLLER, POLLS),
    *tested("SlackAlertsRole", "TakeFromLanes", ["sqs:DeleteMessage"], BY_BATCH),
    *tested("SlackAlertsRole", "TakeFromLanes", ["sqs:ChangeMessageVisibility"], BY_BATCH),
    *tested("SlackAlertsRole", "SendToLanes", ["sqs:SendMessage"], BY_BATCH),
    *tested("SlackAlertsRole", "UseKeyOfQueues", KEY, ASKS_NO_KEY),
    *tested("SlackAlertsRole", "UseKeyOfOpsTopic", KEY, ASKS_NO_KEY),
    *tested("SlackAlertsRole", "DecryptDestinations", ["kms:Decrypt"], ASKS_NO_KEY),
    *tested("SlackAlertsRole", "DrawPictures", ["cloudwatch:GetMetricWidgetImage"], DRAWS_NOTHING),
    *tested("RedriveRole", "WriteOwnLog", LOGS, WRITES_LOG),
    *tested("RedriveRole", "SendToLanes", ["sqs:SendMessage"], BY_BATCH),
    *tested("RedriveRole", "UseKeyOfQueues", KEY, ASKS_NO_KEY),
    *tested("RedriveScheduleRole", "Redrive", ["lambda:InvokeFunction"], ASKS_NO_SCHEDULE),
    *tested("NoticesRole", "WriteOwnLog", LOGS, WRITES_LOG),
    *tested("NoticesRole", "ReadArrivals", (*POLLER, "sqs:ChangeMessageVisibility"), NO_SCENARIO),
    *tested("NoticesRole", "MeasureLanes", ["sqs:GetQueueAttributes"], NO_SCENARIO),
    *tested("NoticesRole", "KeepCursor", ["dynamodb:GetItem", "dynamodb:PutItem"], NO_SCENARIO),
    *tested("NoticesRole", "NotifyOperations", ["sns:Publish"], NO_SCENARIO),
    *tested("NoticesRole", "UseKeyOfQueues", ["kms:Decrypt"], ASKS_NO_KEY),
    *tested("NoticesRole", "UseKeyOfOpsTopic", KEY, ASKS_NO_KEY),
    *tested("NoticesScheduleRole", "Notify", ["lambda:InvokeFunction"], ASKS_NO_SCHEDULE),
    *tested("HeartbeatRole", "PublishHeartbeats", ["sns:Publish"], ASKS_NO_SCHEDULE),
    *tested("HeartbeatRole", "UseKeyOfTopic", KEY, ASKS_NO_KEY),
    *tested("TestAlarmRole", "SetOffTestAlarm", ["cloudwatch:SetAlarmState"], ASKS_NO_SCHEDULE),
    *tested("ActionsRole", "WriteOwnLog", LOGS, WRITES_LOG),
    *tested("ActionsRole", "TakeRequests", POLLER, POLLS),
    *tested("ActionsRole", "TakeRequests", ["sqs:ChangeMessageVisibility"], BY_BATCH),
    *tested("ActionsRole", "ClaimRequests", ["dynamodb:GetItem"], READS_NO_ROW),
    *tested("ActionsRole", "UseKeyOfQueues", KEY, ASKS_NO_KEY),
    *tested("ActionsRole", "UseKeyOfTopic", KEY, ASKS_NO_KEY),
    TestedGrant(
        GrantName("ActionsCallRole", "KeepOffThisStack", "*", but=(*actions.OWN_RESOURCES, MAPPING)),
        OUT_OF_REACH,
        NO_SUCH_CALL,
    ),
    TestedGrant(
        GrantName("ActionsCallRole", "KeepOffThisStack", "*", MAPPING),
        OUT_OF_REACH,
        "lets every caller change a mapping",
    ),
    *tested("ActionsCallRole", "NeverPassOrTakeRoles", ["iam:PassRole", "sts:Assume*"], NO_SUCH_CALL),
    *tested("ActionsCallRole", "NeverReadByPath", ["ssm:GetParametersByPath"], NO_SUCH_CALL),
)

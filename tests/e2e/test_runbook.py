"""docs/runbook.md's commands, each as it stands there, on a local AWS that has had the troubles they look for."""

import re
from collections.abc import Iterator

import pytest

from demo.platform import LocalAws
from demo.sample_calls import ask
from demo.slack.standin import SlackStandin
from notifications.self_tests import HEARTBEAT
from tests.e2e.ends import parked
from tests.e2e.runbook import COMMANDS, PAGE, Command
from tests.support.local_aws.pipeline import INTAKE, LocalRoad, unique
from tests.support.local_aws.waiting import wait_for
from tests.support.stack.policies import Policy

LOG = r'^\{"level":"(ERROR|WARNING|INFO)".*'
NOTHING = r"\A\n?\Z"
SAYS: dict[str, list[str]] = {
    "Runbook": [r"-ErrorsAlarm-.*as a test", LOG, "^delivered: Holdfast test alert"],
    "HeartbeatMissingAlarm": [
        '"reason":"self_test_failed"',
        "^Enabled\t",
        '"ApproximateNumberOfMessagesNotVisible": "0"',
        "MessageId",
        '"reason":"heartbeat"',
        "ENABLED",
    ],
    "TestAlarmMissingAlarm": [NOTHING, NOTHING, '"reason":"test_alarm"', "by hand", "cloudwatch.amazonaws.com"],
    "AlertsDeadLetterAlarm": [
        '"ApproximateNumberOfMessages": "1"',
        LOG + '"message":"later".*"reason":"not_sent"',
        r"1 │ (moved|probes) .*(?s:.)*Nothing was moved",
        r"1 │ (moved|probes) .*AlertsQueue",
    ],
    "LanesDeadLetterAlarm": [
        '"ApproximateNumberOfMessages": "0"',
        LOG + '"message":"later".*"reason":"secret_missing"',
        "nothing is there",
    ],
    "ParkingAlarm": [
        r"destination_refused \(channel_not_found\)",
        r"1 │ moved .*(?s:.)*Nothing was moved",
        r"1 │ moved .*AlertsQueue",
        "^0 parked",
        '"dry_run": true.*"stopped": "done"',
    ],
    "DeadLettersExpireAlarm": ["ENABLED", LOG + '"message":"redriven"', "nothing is there"],
    "AlertsLostAlarm": ["(?s)AlertsTopic.*AlertsTopic", "ErrorsAlarm.*to ALARM"],
    "AlertsWaitingAlarm": ['"ApproximateNumberOfMessages": "0"'],
    "LaneWaitingAlarm": ['"ApproximateNumberOfMessages": "0"', LOG + '"message":"later".*"lane":"default"'],
    "LanesNearSearchDepthAlarm": [LOG + '"message":"later".*"lane":"default"', '"ApproximateNumberOfMessages": "0"'],
    "IntakeOwnFaultsAlarm": [
        LOG + '"message":"later".*"reason":"not_sent"',
        LOG + '"lane message not sent".*AccessDenied',
    ],
    "IntakeThrottlesAlarm": ["ConcurrentExecutions", NOTHING],
    "IntakeErrorsAlarm": [NOTHING, NOTHING],
    "OwnFaultsAlarm": [
        r'\A(?:\{"level":"ERROR".*secret.*\n)+\Z',
        LOG + '"message":"not parked".*AccessDenied',
        "^/holdfast/destinations/default\t1$",
    ],
    "ThrottlesAlarm": ["ConcurrentExecutions", NOTHING],
    "ErrorsAlarm": [NOTHING, NOTHING, NOTHING],
    "ClaimsBypassedAlarm": [LOG + '"deliveries table not used".*AccessDenied', '^"ACTIVE"$'],
    "RoutesNotUsedAlarm": [LOG + '"document not used".*must be JSON', r'^\{"routes": \[\]\}$'],
    "RedriveStoppedAlarm": ['"message":"redrive stopped".*RowsUnavailable', "nothing is there"],
    "RedriveErrorsAlarm": [NOTHING, NOTHING, "nothing is there"],
    "NoticesErrorsAlarm": [NOTHING, "NotPublished: AuthorizationError"],
    "DirectAlertsLostAlarm": ["OnFailure"],
    "DirectTopicAlertsLostAlarm": ["sns.amazonaws.com", "DirectTopic"],
    "ActionsDeadLetterAlarm": [LOG + '"message":"later".*"reason":"rules_unavailable"'],
    "ActionsLostAlarm": ["(?s)ActionsTopic.*ActionsTopic"],
    "ActionsWaitingAlarm": ["^Enabled\t"],
    "ActionsOwnFaultsAlarm": [LOG + '"message":"later".*"reason":"denied"', LOG + '"message":"gave up".*AccessDenied'],
    "RulesNotUsedAlarm": [LOG + '"document not used".*must be JSON', r'^\{"rules": \[\]\}$'],
}
"""What the commands below each heading print, in their order."""
SILENT_HERE = ("ErrorsAlarm", "IntakeErrorsAlarm", "NoticesErrorsAlarm", "RedriveErrorsAlarm")
"""What is looked for here is not there: no function fails."""


@pytest.fixture(scope="session")
def road() -> Iterator[LocalRoad]:
    """A stack that has had them all and is well again; on an AWS of its own, whose routes are invalid meanwhile."""
    with LocalAws() as aws, SlackStandin() as slack:
        topic = aws.client("sns").create_topic(Name="runbook")["TopicArn"]
        stack = aws.deploy(DirectTopicArn=topic)
        road = LocalRoad(aws, stack, slack)
        without_documents_and_secret(road)
        aws.store_destination(stack, slack.webhook_url("ops"))
        without_permissions(road)
        ask_for_what_is_denied(road)
        road.clear()
        leave_one_undelivered_each(road)
        yield road


def ends_as(road: LocalRoad, outcome: str, name: str = "") -> None:
    """An alert of that name does; a receive more is the machine's affair."""
    assert road.outcomes(road.publish(name or unique()))[0].startswith(f"{outcome}, receive ")


def without_documents_and_secret(road: LocalRoad) -> None:
    rules = road.stack.outputs["ActionRulesParameter"]
    put = road.aws.client("ssm").put_parameter
    road.aws.store_routes(road.stack, "{")
    put(Name=rules, Value="{", Type="String", Overwrite=True)
    road.aws.client("sns").publish(TopicArn=road.stack.alerts_topic_arn, Message=HEARTBEAT)
    road.publish(unique(), road.stack.outputs["ActionsTopicArn"])
    ends_as(road, "later: secret_missing")
    assert wait_for(lambda: road.said("self_test_failed", road.began))
    road.aws.store_routes(road.stack, '{"routes": []}')
    put(Name=rules, Value='{"rules": []}', Type="String", Overwrite=True)


def without_permissions(road: LocalRoad) -> None:
    with Policy.lacking(road, "RedriveRole", "ReadClaims", "dynamodb:PutItem"):
        assert road.redrive(queue="dead_letters", dry_run=False)["stopped"] == "trouble"
    road.put(road.stack.dead_letter_queue_url, unique())
    with Policy.lacking(road, "NoticesRole", "TellOperations", "sns:Publish"):
        road.aws.client("lambda").invoke(FunctionName=road.stack.outputs["NoticesFunctionName"])
    with Policy.lacking(road, "IntakeRole", "SendToLanes", "sqs:SendMessageBatch"):
        assert road.outcomes(road.publish(unique()), function=INTAKE)[0].startswith("later: not_sent, receive ")
    with Policy.lacking(road, "SlackAlertsRole", "ClaimAlerts", "dynamodb:GetItem"):
        ends_as(road, "delivered")
    with Policy.lacking(road, "SlackAlertsRole", "ParkAlerts", "sqs:SendMessage"):
        name = unique()
        road.slack.script([{"body": "channel_not_found"}], match=name)
        ends_as(road, "later: parking_failed", name)


def ask_for_what_is_denied(road: LocalRoad) -> None:
    asked = {"QueueUrl": road.stack.alerts_queue_url, "MessageBody": "x"}
    sns_id = ask(road.aws, road.stack, "sqs", "SendMessage", asked, expires_after=5)
    assert parked(road.aws, road.stack, sns_id)["reason"] == "expired"


def leave_one_undelivered_each(road: LocalRoad) -> None:
    name = unique()
    road.slack.script([{"body": "channel_not_found"}], match=name)
    ends_as(road, "parked: destination_refused (channel_not_found)", name)
    road.put(road.stack.dead_letter_queue_url, unique())
    found = road.aws.client("cloudformation").describe_stack_resource(
        StackName=road.stack.name, LogicalResourceId="ErrorsAlarm"
    )
    name = found["StackResourceDetail"].get("PhysicalResourceId", "")
    road.aws.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="as a test")


def expected() -> list[tuple[Command, str]]:
    """Each command of the page with what it prints."""
    commands = [one for one in COMMANDS if not one.is_definition]
    patterns = [(heading, pattern) for heading, those in SAYS.items() for pattern in those]
    assert [one.heading for one in commands] == [heading for heading, _ in patterns]
    return [(one, pattern) for one, (_, pattern) in zip(commands, patterns, strict=True)]


@pytest.mark.parametrize(("command", "pattern"), expected(), ids=lambda one: getattr(one, "text", "")[:40])
def test_each_command_of_the_runbook_runs_and_says_what_it_is_there_for(
    road: LocalRoad, command: Command, pattern: str
) -> None:
    printed = command.run(road.aws.endpoint, road.stack.name)
    assert re.search(pattern, printed, re.MULTILINE), f"{command.text}\n{printed}"


def test_every_block_of_the_page_is_run_and_only_failed_functions_are_looked_for_in_vain() -> None:
    assert PAGE.count("```sh\n") == PAGE.count("```") / 2
    silent = {command.heading for command, pattern in expected() if pattern == NOTHING and command.text[:4] == "said"}
    assert silent == set(SILENT_HERE)

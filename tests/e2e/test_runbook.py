"""Each command of docs/runbook.md, run on the local AWS after the faults that it looks for."""

import re
from pathlib import Path

import pytest

from notifications.self_tests import HEARTBEAT
from tests.e2e.action_scenarios import store_rules
from tests.e2e.runbook import COMMANDS, PAGE, Command
from tests.support.local_aws.pipeline import ACTIONS, ALERTS, INTAKE, LocalPipeline, unique
from tests.support.stack.policies import Policy

LOG = r'^\{"level":"(ERROR|WARNING|INFO)".*'
NOTHING = r"\A\n?\Z"
OUTPUT: dict[str, list[str]] = {
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
        "no message is visible",
    ],
    "ParkingAlarm": [
        r"destination_refused \(channel_not_found\)",
        r"1 │ moved .*(?s:.)*Nothing was moved",
        r"1 │ moved .*AlertsQueue",
        "^0 parked",
        '"dry_run": true.*"stopped": "done"',
    ],
    "DeadLettersExpireAlarm": ["ENABLED", LOG + '"message":"redriven"', "no message is visible"],
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
        "^/holdfast-local/destinations/default\t1$",
    ],
    "ThrottlesAlarm": ["ConcurrentExecutions", NOTHING],
    "ErrorsAlarm": [NOTHING, NOTHING, NOTHING],
    "ClaimsBypassedAlarm": [LOG + '"deliveries table not used".*AccessDenied', '^"ACTIVE"$'],
    "RoutesNotUsedAlarm": [LOG + '"document not used".*must be JSON', r'^\{"routes": \[\]\}$'],
    "RedriveStoppedAlarm": ['"message":"redrive stopped".*RowsUnavailable', "no message is visible"],
    "RedriveErrorsAlarm": [NOTHING, NOTHING, "no message is visible"],
    "NoticesErrorsAlarm": [NOTHING, "NotPublished: AuthorizationError"],
    "DirectAlertsLostAlarm": ["OnFailure"],
    "DirectTopicAlertsLostAlarm": ["sns.amazonaws.com", "DirectTopic"],
    "ActionsDeadLetterAlarm": [LOG + '"message":"later".*"reason":"rules_unavailable"'],
    "ActionsLostAlarm": ["(?s)ActionsTopic.*ActionsTopic"],
    "ActionsWaitingAlarm": ["^Enabled\t"],
    "ActionsOwnFaultsAlarm": [LOG + '"message":"later".*"reason":"denied"', LOG + '"message":"gave up".*AccessDenied'],
    "RulesNotUsedAlarm": [LOG + '"document not used".*must be JSON', r'^\{"rules": \[\]\}$'],
}
"""A pattern for the output of each command below each heading."""
NOTHING_FOUND = ("ErrorsAlarm", "IntakeErrorsAlarm", "NoticesErrorsAlarm", "RedriveErrorsAlarm")
"""Headings whose search of a log finds nothing: no function fails."""


@pytest.fixture(scope="module")
def repaired(direct: LocalPipeline) -> LocalPipeline:
    """Cause all faults on a stack, and repair them."""
    fail_without_documents_and_secret(direct)
    direct.aws.store_destination(direct.stack, direct.slack.webhook_url("ops"))
    fail_without_permissions(direct)
    direct.clear()
    leave_one_undelivered_each(direct)
    return direct


def publish_and_expect(pipeline: LocalPipeline, outcome: str, name: str = "", function: str = ALERTS) -> None:
    """Publish an alert and check its first outcome, at any receive."""
    outcomes = pipeline.outcomes(pipeline.publish(name or unique()), function=function)
    assert outcomes[0].startswith(f"{outcome}, receive ")


def fail_without_documents_and_secret(pipeline: LocalPipeline) -> None:
    aws, stack = pipeline.aws, pipeline.stack
    aws.client("ssm").delete_parameters(Names=[f"{stack.destinations_path}/{stack.default_destination}"])
    aws.store_routes(stack, "{")
    aws.client("ssm").put_parameter(
        Name=stack.outputs["ActionRulesParameter"], Value="{", Type="String", Overwrite=True
    )
    for function in (INTAKE, ALERTS, ACTIONS):
        pipeline.restart(function)
    heartbeat = pipeline.publish_text(HEARTBEAT)
    pipeline.publish(unique(), stack.outputs["ActionsTopicArn"])
    publish_and_expect(pipeline, "later: secret_missing")
    assert pipeline.wait_for_lines("self_test_failed", pipeline.started_at), pipeline.outcomes(heartbeat)
    aws.store_routes(stack, '{"routes": []}')
    store_rules(pipeline, [])


def fail_without_permissions(pipeline: LocalPipeline) -> None:
    request = {"QueueUrl": pipeline.stack.alerts_queue_url, "MessageBody": "x"}
    denied = pipeline.request("sqs", "SendMessage", request, expires_after=5)
    with Policy.lacking(pipeline, "RedriveRole", "KeepLeaseAndFacts", "dynamodb:PutItem"):
        assert pipeline.redrive(queue="dead_letters", dry_run=False)["stopped"] == "trouble"
    pipeline.put(pipeline.stack.dead_letter_queue_url, unique())
    with Policy.lacking(pipeline, "NoticesRole", "NotifyOperations", "sns:Publish"):
        pipeline.aws.client("lambda").invoke(FunctionName=pipeline.stack.outputs["NoticesFunctionName"])
    with Policy.lacking(pipeline, "IntakeRole", "SendToLanes", "sqs:SendMessageBatch"):
        publish_and_expect(pipeline, "later: not_sent", function=INTAKE)
    with Policy.lacking(pipeline, "SlackAlertsRole", "ClaimAlerts", "dynamodb:GetItem"):
        publish_and_expect(pipeline, "delivered")
    with Policy.lacking(pipeline, "SlackAlertsRole", "ParkAlerts", "sqs:SendMessage"):
        publish_and_expect(pipeline, "later: parking_failed", refused_alert(pipeline))
    assert pipeline.parked_facts(denied)["reason"] == "expired"


def refused_alert(pipeline: LocalPipeline) -> str:
    """Return the name of an alert that Slack will refuse."""
    name = unique()
    pipeline.slack.script([{"body": "channel_not_found"}], match=name)
    return name


def leave_one_undelivered_each(pipeline: LocalPipeline) -> None:
    publish_and_expect(pipeline, "parked: destination_refused (channel_not_found)", refused_alert(pipeline))
    pipeline.put(pipeline.stack.dead_letter_queue_url, unique())
    pipeline.aws.client("cloudwatch").set_alarm_state(
        AlarmName=pipeline.resource("ErrorsAlarm"), StateValue="ALARM", StateReason="as a test"
    )


def expected() -> list[tuple[Command, str]]:
    """Return each command of the page with the pattern of its output."""
    commands = [one for one in COMMANDS if not one.is_definition]
    patterns = [(heading, pattern) for heading, those in OUTPUT.items() for pattern in those]
    assert [one.heading for one in commands] == [heading for heading, _ in patterns]
    return [(one, pattern) for one, (_, pattern) in zip(commands, patterns, strict=True)]


@pytest.fixture(scope="module")
def ids(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ids")


@pytest.mark.parametrize(("command", "pattern"), expected(), ids=lambda one: getattr(one, "text", "")[:40])
def test_each_command_of_the_runbook_runs_and_prints_the_fault(
    repaired: LocalPipeline, ids: Path, command: Command, pattern: str
) -> None:
    output = command.run(repaired.aws.endpoint, repaired.stack.name, ids)
    assert re.search(pattern, output, re.MULTILINE), f"{command.text}\n{output}"


def test_every_block_of_the_page_is_run_and_only_a_search_for_failed_functions_finds_nothing() -> None:
    assert PAGE.count("```sh\n") == PAGE.count("```") / 2
    silent = {command.heading for command, pattern in expected() if pattern == NOTHING and command.text[:4] == "said"}
    assert silent == set(NOTHING_FOUND)

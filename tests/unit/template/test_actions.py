"""What makes AWS calls: not there unless asked for, and on a road of its own."""

import re
from ast import literal_eval

import pytest

from aws_actions.settings import Settings
from tests.support.stack.intrinsics import Node
from tests.support.stack.template import ACTION_VARIANTS, ACTIONS, EMAIL, PSEUDO, Stack, paces, refusals, stack

ACCOUNT = PSEUDO["AWS::AccountId"]


@pytest.fixture(params=list(ACTION_VARIANTS.values()), ids=list(ACTION_VARIANTS))
def made(request: pytest.FixtureRequest) -> Stack:
    return stack(**request.param)


def statements(policy: Node) -> dict[str, Node]:
    return {one["Sid"]: one for one in policy["PolicyDocument"]["Statement"]}


def topic_of_the_alerts(made: Stack) -> Node:
    return made.outputs["AlertsTopicArn"]["Value"]


def test_without_an_allow_list_nothing_of_it_is_made() -> None:
    without = stack(OpsEmail=EMAIL)
    assert not [name for name in (*without.resources, *without.outputs) if name.startswith("Action")]


def test_a_list_needs_resources() -> None:
    [reason] = refusals(OpsEmail=EMAIL, AllowedActions="ecs:UpdateService")
    assert reason.startswith("AllowedActions needs ActionResourceArns")
    assert refusals(OpsEmail=EMAIL, **ACTIONS) == []


def test_the_queue_hears_of_its_own_topic_and_never_of_the_alerts(made: Stack) -> None:
    fed = [one for one in made.of("AWS::SNS::Subscription").values() if one["Endpoint"] == "<ActionsQueue.Arn>"]
    assert [one["TopicArn"] for one in fed] == ["<ActionsTopic>"]
    assert made["ActionsFunction"]["Environment"]["Variables"]["ALLOWED_TOPIC_ARNS"] == "<ActionsTopic>"
    for queue in ("ActionsQueue", "ActionsDeadLetterQueue"):
        allowed = [one for one in statements(made[f"{queue}Policy"]).values() if one["Effect"] == "Allow"]
        assert [one["Condition"] for one in allowed] == [{"ArnEquals": {"aws:SourceArn": "<ActionsTopic>"}}]


def test_outcomes_and_requests_take_different_topics(made: Stack) -> None:
    variables = made["ActionsFunction"]["Environment"]["Variables"]
    assert variables["ALERTS_TOPIC_ARN"] == topic_of_the_alerts(made) != "<ActionsTopic>"


def test_alarms_of_this_account_and_its_owner_may_ask_and_nobody_else(made: Stack) -> None:
    allowed = {sid: one for sid, one in statements(made["ActionsTopicPolicy"]).items() if one["Effect"] == "Allow"}
    assert {sid: one["Principal"] for sid, one in allowed.items()} == {
        "AlarmsOfThisAccount": {"Service": "cloudwatch.amazonaws.com"},
        "Owner": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    }
    assert allowed["AlarmsOfThisAccount"]["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def test_its_queues_and_topic_are_as_those_of_the_alerts(made: Stack) -> None:
    own = {"VisibilityTimeout", "MessageRetentionPeriod"}  # test_template.py holds them
    for ours, theirs in (("ActionsQueue", "AlertsQueue"), ("ActionsDeadLetterQueue", "AlertsDeadLetterQueue")):
        renamed = literal_eval(re.sub("Alerts", "Actions", str(made.resources[theirs])))
        assert {key: one for key, one in made[ours].items() if key not in own} == {
            key: one for key, one in renamed["Properties"].items() if key not in own
        }
        for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
            assert made.resources[ours].get(policy) == renamed.get(policy)
        tls = statements(made[f"{ours}Policy"])["OnlyOverTls"]
        assert tls["Effect"] == "Deny"
        assert tls["Resource"] == f"<{ours}.Arn>"
    subscription = made["ActionsSubscription"]
    assert subscription["RedrivePolicy"] == {"deadLetterTargetArn": "<ActionsDeadLetterQueue.Arn>"}
    assert subscription["RawMessageDelivery"] is False
    assert statements(made["ActionsTopicPolicy"])["OnlyOverTls"]["Effect"] == "Deny"


def test_its_dead_letters_ring_by_the_road_of_operations(made: Stack) -> None:
    alarm = made["ActionsDeadLetterAlarm"]
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": "<ActionsDeadLetterQueue.QueueName>"}]
    same = {
        key: one for key, one in made["AlertsDeadLetterAlarm"].items() if key not in {"AlarmDescription", "Dimensions"}
    }
    assert same.items() <= alarm.items()


def test_the_function_differs_from_the_other_in_its_step_and_its_settings_only(made: Stack) -> None:
    own = {"Description", "Handler", "MemorySize", "Role", "Timeout", "LoggingConfig", "Environment", "Code", "Tags"}
    ours, theirs = made["ActionsFunction"], made["SlackAlertsFunction"]
    assert ours["Handler"] == "aws_actions.app.handler"
    assert {key: one for key, one in ours.items() if key not in own} == {
        key: one for key, one in theirs.items() if key not in own
    }
    assert ours["LoggingConfig"] == {"LogGroup": "<ActionsLogGroup>", "LogFormat": "JSON"}
    mappings = {one["FunctionName"]: one for one in made.of("AWS::Lambda::EventSourceMapping").values()}
    assert mappings["<ActionsFunction>"] == mappings["<IntakeFunction>"] | {
        "FunctionName": "<ActionsFunction>",
        "EventSourceArn": "<ActionsQueue.Arn>",
        "ScalingConfig": {"MaximumConcurrency": 2},
    }


@pytest.mark.parametrize("pace", paces())
def test_the_function_reads_its_settings_and_a_call_fits_into_its_time(pace: str) -> None:
    made = stack(OpsEmail=EMAIL, Pace=pace, **ACTIONS)
    variables = made["ActionsFunction"]["Environment"]["Variables"]
    assert all(isinstance(one, str) for one in variables.values())
    settings = Settings.from_env(variables)
    assert settings.attempt_time < made["ActionsFunction"]["Timeout"] - settings.reserve - 1  # one to read the rules
    assert settings.parking_queue_url == made.outputs["ParkingQueueUrl"]["Value"]
    assert settings.rules_parameter == made.outputs["ActionRulesParameter"]["Value"]

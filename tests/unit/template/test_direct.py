"""A topic that invokes intake directly: none of its alerts is lost where intake or AlertsQueue fails."""

import re

import pytest

from tests.support.stack.intrinsics import Node
from tests.support.stack.template import DIRECT_TOPIC, EMAIL, PSEUDO, TOPIC, Stack, refusals, source, stack


@pytest.fixture
def direct() -> Stack:
    return stack(OpsEmail=EMAIL, DirectTopicArn=DIRECT_TOPIC)


def handing_on(made: Stack) -> Node:
    [policy] = made["IntakeRole"]["Policies"]
    return [one for one in policy["PolicyDocument"]["Statement"] if one["Sid"] == "HandOnDirectAlerts"]


def test_without_such_a_topic_nobody_invokes_the_function_but_its_queue() -> None:
    made = stack(OpsEmail=EMAIL)
    assert not made.of("AWS::Lambda::Permission")
    assert not made.of("AWS::Lambda::EventInvokeConfig")
    assert {one["Protocol"] for one in made.of("AWS::SNS::Subscription").values()} == {"sqs", "email"}
    assert handing_on(made) == []
    assert "DirectAlertsLostAlarm" not in made.resources


def test_the_topic_and_no_other_may_invoke_the_function(direct: Stack) -> None:
    [permission] = direct.of("AWS::Lambda::Permission").values()
    assert permission == {
        "FunctionName": "<IntakeFunction>",
        "Action": "lambda:InvokeFunction",
        "Principal": "sns.amazonaws.com",
        "SourceArn": DIRECT_TOPIC,
        "SourceAccount": PSEUDO["AWS::AccountId"],
    }


def test_the_topic_is_subscribed_once_all_stands_that_keeps_its_alerts(direct: Stack) -> None:
    assert direct["DirectSubscription"] == {
        "TopicArn": DIRECT_TOPIC,
        "Protocol": "lambda",
        "Endpoint": "<IntakeFunction.Arn>",
        "RedrivePolicy": {"deadLetterTargetArn": "<AlertsDeadLetterQueue.Arn>"},
    }
    assert set(direct.resources["DirectSubscription"]["DependsOn"]) == {
        "DirectPermission",
        "DirectInvocations",
        "AlertsDeadLetterQueuePolicy",
    }
    admitted = {one["Sid"]: one for one in direct["AlertsDeadLetterQueuePolicy"]["PolicyDocument"]["Statement"]}
    assert admitted["DirectTopic"]["Condition"] == {"ArnEquals": {"aws:SourceArn": DIRECT_TOPIC}}
    assert admitted["DirectTopic"]["Principal"] == {"Service": "sns.amazonaws.com"}


def test_the_function_takes_what_the_topic_sends(direct: Stack) -> None:
    allowed = direct["IntakeFunction"]["Environment"]["Variables"]["ALLOWED_TOPIC_ARNS"].split(",")
    assert allowed == ["<AlertsTopic>", DIRECT_TOPIC]


def test_what_the_function_fails_at_ends_with_the_dead_letters(direct: Stack) -> None:
    config = direct["DirectInvocations"]
    assert config["DestinationConfig"] == {"OnFailure": {"Destination": "<AlertsDeadLetterQueue.Arn>"}}
    assert (config["FunctionName"], config["Qualifier"]) == ("<IntakeFunction>", "$LATEST")
    [statement] = handing_on(direct)
    assert statement["Action"] == "sqs:SendMessage"
    assert statement["Resource"] == ["<AlertsQueue.Arn>", "<AlertsDeadLetterQueue.Arn>"]
    alarm = direct["DirectAlertsLostAlarm"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", "DestinationDeliveryFailures")


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"OpsEmail": EMAIL, "ExistingAlertsTopicArn": DIRECT_TOPIC}, "DirectTopicArn and ExistingAlertsTopicArn"),
        ({"OpsTopicArn": DIRECT_TOPIC}, "DirectTopicArn and OpsTopicArn"),
    ],
)
def test_rules_refuse_two_roads_for_one_topic(given: dict[str, str], refused: str) -> None:
    [reason] = refusals(DirectTopicArn=DIRECT_TOPIC, **given)
    assert reason.startswith(f"{refused} must differ")


@pytest.mark.parametrize(("value", "is_taken"), [("", True), (TOPIC, True), ("*", False), (f"{TOPIC}.fifo", False)])
def test_a_direct_topic_is_named_by_its_arn(value: str, *, is_taken: bool) -> None:
    assert bool(re.fullmatch(source()["Parameters"]["DirectTopicArn"]["AllowedPattern"], value)) is is_taken

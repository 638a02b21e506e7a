"""Nothing is lost between the parts, and reports of undelivered messages never pass the pipeline itself."""

import pytest

from tests.support.stack.grants import statements
from tests.support.stack.intrinsics import Node
from tests.support.stack.template import ACTIONS, DIRECT_ALARMS, DIRECT_TOPIC, EMAIL, PSEUDO, Stack, resolve

DEAD_LETTERS = {
    "AlertsQueue": "AlertsDeadLetterQueue",
    "LanesQueue": "LanesDeadLetterQueue",
    "ActionsQueue": "ActionsDeadLetterQueue",
}
FIFO = {"LanesQueue", "LanesDeadLetterQueue"}
MAPPINGS = {
    "IntakeFunctionAlerts": ("IntakeFunction", "AlertsQueue", (50, 2)),
    # Not SlackAlertsFunctionAlerts, as before there were lanes: an update cannot change the queue of a mapping.
    "SlackAlertsFunctionLanes": ("SlackAlertsFunction", "LanesQueue", (20,)),
    "ActionsFunctionRequests": ("ActionsFunction", "ActionsQueue", (2,)),
}


@pytest.fixture
def direct() -> Stack:
    return resolve(OpsEmail=EMAIL, DirectTopicArn=DIRECT_TOPIC)


@pytest.fixture
def alarms() -> Stack:
    return resolve(OpsEmail=EMAIL, DirectAlarmArn=DIRECT_ALARMS)


def queues(stack: Stack) -> set[str]:
    return set(stack.of("AWS::SQS::Queue"))


def subscriptions(stack: Stack) -> dict[str, Node]:
    """Return all subscriptions but those by e-mail."""
    return {name: one for name, one in stack.of("AWS::SNS::Subscription").items() if one["Protocol"] != "email"}


def test_each_subscription_keeps_the_envelope_and_undelivered_messages(variant: Stack) -> None:
    alerts, ops = (variant.outputs[name]["Value"] for name in ("AlertsTopicArn", "OpsTopicArn"))
    found = subscriptions(variant)
    assert found["AlertsSubscription"]["TopicArn"] == alerts
    for name, one in found.items():
        dead_letters = "ActionsDeadLetterQueue" if name == "ActionsSubscription" else "AlertsDeadLetterQueue"
        assert one["RedrivePolicy"] == {"deadLetterTargetArn": f"<{dead_letters}.Arn>"}
        assert one.get("RawMessageDelivery", False) is False
        assert "FilterPolicy" not in one
    assert "RedrivePolicy" not in variant.of("AWS::SNS::Subscription").get("OpsSubscription", {})
    assert ops not in {one["TopicArn"] for one in found.values()}


@pytest.mark.parametrize(
    ("subscription", "before"),
    [
        ("AlertsSubscription", {"AlertsQueuePolicy", "AlertsDeadLetterQueuePolicy"}),
        ("ActionsSubscription", {"ActionsQueuePolicy", "ActionsDeadLetterQueuePolicy"}),
        ("DirectSubscription", {"DirectPermission", "DirectInvocations", "AlertsDeadLetterQueuePolicy"}),
    ],
)
def test_a_subscription_waits_for_its_permissions(subscription: str, before: set[str]) -> None:
    stack = resolve(OpsEmail=EMAIL, DirectTopicArn=DIRECT_TOPIC, **ACTIONS)
    assert set(stack.resources[subscription]["DependsOn"]) == before


def test_only_its_own_topic_makes_requests_and_outcomes_go_to_another(calling: Stack) -> None:
    [fed] = [one for one in subscriptions(calling).values() if one["Endpoint"] == "<ActionsQueue.Arn>"]
    variables = calling["ActionsFunction"]["Environment"]["Variables"]
    assert fed["TopicArn"] == variables["ALLOWED_TOPIC_ARNS"] == "<ActionsTopic>"
    assert variables["ALERTS_TOPIC_ARN"] == calling.outputs["AlertsTopicArn"]["Value"] != "<ActionsTopic>"


def test_without_allowed_actions_no_resource_of_them_is_made(plain: Stack) -> None:
    assert not [name for name in (*plain.resources, *plain.outputs) if name.startswith("Action")]


def test_each_queue_has_its_dead_letter_queue(variant: Stack) -> None:
    found = {name: variant[name].get("RedrivePolicy", {}).get("deadLetterTargetArn") for name in queues(variant)}
    assert {name: arn for name, arn in found.items() if arn} == {
        name: f"<{dead_letters}.Arn>" for name, dead_letters in DEAD_LETTERS.items() if name in queues(variant)
    }


def test_only_the_queues_of_lanes_are_fifo_and_lanes_share_neither_limits_nor_ids(variant: Stack) -> None:
    for name in queues(variant):
        fifo = ("FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit")
        expected = [True, False, "messageGroup", "perMessageGroupId"] if name in FIFO else [None] * 4
        assert [variant[name].get(key) for key in fifo] == expected, name
        assert "DelaySeconds" not in variant[name]  # a delayed message would stop its lane


def test_undelivered_messages_outlive_the_stack_and_a_rollback(variant: Stack) -> None:
    for name in queues(variant):
        one = variant.resources[name]
        # RetainExceptOnCreate would delete the queue in a rollback of the update that made it.
        kept = None if name in {"AlertsQueue", "ActionsQueue"} else "Retain"
        assert (one.get("DeletionPolicy"), one.get("UpdateReplacePolicy")) == (kept, kept), name
        if kept:
            assert variant.outputs[f"{name}Url"]["Value"] == f"<{name}>"


def test_each_mapping_reports_failed_records_and_takes_ten(variant: Stack) -> None:
    mappings = variant.of("AWS::Lambda::EventSourceMapping")
    assert mappings.keys() == {name for name in MAPPINGS if MAPPINGS[name][1] in queues(variant)}
    for name, one in mappings.items():
        function, queue, concurrency = MAPPINGS[name]
        assert (one["FunctionName"], one["EventSourceArn"]) == (f"<{function}>", f"<{queue}.Arn>")
        assert one["ScalingConfig"]["MaximumConcurrency"] in concurrency
        assert (one["BatchSize"], one["FunctionResponseTypes"]) == (10, ["ReportBatchItemFailures"])
        # A FIFO queue allows no window. Lambda deletes messages that a filter leaves out.
        assert not {"MaximumBatchingWindowInSeconds", "FilterCriteria"} & one.keys()


def test_no_reserved_concurrency_uses_up_receives(variant: Stack) -> None:
    assert not [name for name, one in variant.of("AWS::Lambda::Function").items() if "Reserved" in str(one)]


def test_e5_the_messages_in_flight_stay_far_below_the_120_000_that_sqs_takes(plain: Stack) -> None:
    mappings = plain.of("AWS::Lambda::EventSourceMapping").values()
    in_flight = {
        one["EventSourceArn"]: one["ScalingConfig"]["MaximumConcurrency"] * one["BatchSize"] for one in mappings
    }
    assert in_flight == {"<AlertsQueue.Arn>": 500, "<LanesQueue.Arn>": 200}


def test_without_direct_topic_and_alarms_only_its_queue_invokes_intake(plain: Stack) -> None:
    assert not plain.of("AWS::Lambda::Permission")
    assert not plain.of("AWS::Lambda::EventInvokeConfig")
    assert {one["Protocol"] for one in plain.of("AWS::SNS::Subscription").values()} == {"sqs", "email"}


def test_only_the_direct_topic_invokes_intake(direct: Stack) -> None:
    [permission] = direct.of("AWS::Lambda::Permission").values()
    assert permission == {
        "FunctionName": "<IntakeFunction>",
        "Action": "lambda:InvokeFunction",
        "Principal": "sns.amazonaws.com",
        "SourceArn": DIRECT_TOPIC,
        "SourceAccount": PSEUDO["AWS::AccountId"],
    }
    subscription = direct["DirectSubscription"]
    assert (subscription["TopicArn"], subscription["Protocol"]) == (DIRECT_TOPIC, "lambda")
    assert subscription["Endpoint"] == "<IntakeFunction.Arn>"
    allowed = direct["IntakeFunction"]["Environment"]["Variables"]["ALLOWED_TOPIC_ARNS"].split(",")
    assert allowed == ["<AlertsTopic>", DIRECT_TOPIC]


def test_only_the_direct_alarms_of_their_account_invoke_intake_after_failed_events_have_a_queue(alarms: Stack) -> None:
    [(name, permission)] = alarms.of("AWS::Lambda::Permission").items()
    assert permission == {
        "FunctionName": "<IntakeFunction>",
        "Action": "lambda:InvokeFunction",
        "Principal": "lambda.alarms.cloudwatch.amazonaws.com",
        "SourceArn": DIRECT_ALARMS,
        "SourceAccount": "444455556666",
    }
    assert alarms.resources[name]["DependsOn"] == "DirectInvocations"
    variables = alarms["IntakeFunction"]["Environment"]["Variables"]
    assert (variables["DIRECT_ALARM_ARN"], variables["ALLOWED_TOPIC_ARNS"]) == (DIRECT_ALARMS, "<AlertsTopic>")
    assert alarms.outputs["IntakeFunctionArn"]["Value"] == "<IntakeFunction.Arn>"
    assert {one["Protocol"] for one in alarms.of("AWS::SNS::Subscription").values()} == {"sqs", "email"}


def test_without_direct_alarms_intake_admits_none(plain: Stack, direct: Stack) -> None:
    assert "DIRECT_ALARM_ARN" not in str(plain["IntakeFunction"]) + str(direct["IntakeFunction"])


@pytest.mark.parametrize("parameter", [{"DirectTopicArn": DIRECT_TOPIC}, {"DirectAlarmArn": DIRECT_ALARMS}])
def test_events_at_which_intake_failed_become_dead_letters(parameter: dict[str, str]) -> None:
    direct = resolve(OpsEmail=EMAIL, **parameter)
    config = direct["DirectInvocations"]
    assert config["DestinationConfig"] == {"OnFailure": {"Destination": "<AlertsDeadLetterQueue.Arn>"}}
    assert (config["FunctionName"], config["Qualifier"]) == ("<IntakeFunction>", "$LATEST")
    # Lambda sends them with the role of intake.
    permissions = statements(*[one["PolicyDocument"] for one in direct["IntakeRole"]["Policies"]])
    assert "<AlertsDeadLetterQueue.Arn>" in permissions["QueueDirectAlerts"]["Resource"]

"""The road of an alert: nothing is lost between its parts, and what is not delivered is told by another road."""

import pytest

from tests.support.stack.intrinsics import Node
from tests.support.stack.template import EMAIL, VARIANTS, Stack, stack


@pytest.fixture(params=list(VARIANTS.values()), ids=list(VARIANTS))
def variant(request: pytest.FixtureRequest) -> Stack:
    return stack(**request.param)


@pytest.fixture
def plain() -> Stack:
    return stack(OpsEmail=EMAIL)


def mapping(made: Stack, function: str) -> Node:
    [one] = [
        one for one in made.of("AWS::Lambda::EventSourceMapping").values() if one["FunctionName"] == f"<{function}>"
    ]
    return one


def test_each_subscription_of_a_queue_keeps_the_envelope_and_what_sns_cannot_deliver(variant: Stack) -> None:
    fed = {name: one for name, one in variant.of("AWS::SNS::Subscription").items() if one["Protocol"] != "email"}
    assert fed.keys() - {"DirectSubscription"} == {"AlertsSubscription"}
    assert fed["AlertsSubscription"]["RawMessageDelivery"] is False
    for subscription in fed.values():
        assert subscription.get("RawMessageDelivery", False) is False
        assert subscription["RedrivePolicy"] == {"deadLetterTargetArn": "<AlertsDeadLetterQueue.Arn>"}
        assert "FilterPolicy" not in subscription


def test_an_ops_mail_that_fails_does_not_land_in_the_queue_it_is_about(plain: Stack) -> None:
    assert "RedrivePolicy" not in plain["OpsSubscription"]


def test_the_queues_admit_the_topic_before_it_is_subscribed(variant: Stack) -> None:
    before = variant.resources["AlertsSubscription"]["DependsOn"]
    assert set(before) == {"AlertsQueuePolicy", "AlertsDeadLetterQueuePolicy"}


@pytest.mark.parametrize(
    ("queue", "dead"), [("AlertsQueue", "AlertsDeadLetterQueue"), ("LanesQueue", "LanesDeadLetterQueue")]
)
def test_each_queue_gives_up_into_its_dead_letter_queue(variant: Stack, queue: str, dead: str) -> None:
    assert variant[queue]["RedrivePolicy"]["deadLetterTargetArn"] == f"<{dead}.Arn>"


@pytest.mark.parametrize("queue", ["LanesQueue", "LanesDeadLetterQueue"])
def test_a_queue_of_lanes_is_fifo_and_its_lanes_share_neither_limits_nor_ids(variant: Stack, queue: str) -> None:
    fifo = ("FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit")
    assert [variant[queue][name] for name in fifo] == [True, False, "messageGroup", "perMessageGroupId"]
    assert "DelaySeconds" not in variant[queue]  # a delayed message would stop its lane


def test_no_other_queue_is_fifo(variant: Stack) -> None:
    others = variant.of("AWS::SQS::Queue").keys() - {"LanesQueue", "LanesDeadLetterQueue"}
    assert not [name for name in others if "Fifo" in str(variant[name])]


def test_the_lanes_outlive_their_stack_and_a_rollback_of_the_update_that_made_them(variant: Stack) -> None:
    # RetainExceptOnCreate would delete them in a rollback.
    assert variant.resources["LanesQueue"]["DeletionPolicy"] == "Retain"
    assert variant.resources["LanesQueue"]["UpdateReplacePolicy"] == "Retain"


def test_what_was_not_delivered_outlives_its_stack(variant: Stack) -> None:
    for name in undelivered(variant):
        assert variant.resources[name]["DeletionPolicy"] == "Retain"
        assert variant.resources[name]["UpdateReplacePolicy"] == "Retain"


def test_each_queue_of_what_was_not_delivered_has_an_alarm_that_one_message_raises(variant: Stack) -> None:
    alarms = {
        alarm["Dimensions"][0]["Value"]: alarm
        for alarm in variant.of("AWS::CloudWatch::Alarm").values()
        if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
        and alarm["EvaluationPeriods"] * alarm["Period"] <= 60
    }
    for name in undelivered(variant):
        alarm = alarms[f"<{name}.QueueName>"]
        assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
        assert (alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]) == (
            "Maximum",
            "GreaterThanThreshold",
            0,
        )
        assert alarm["TreatMissingData"] == "notBreaching"  # an idle queue sends no metric


def dead_letter_queues(made: Stack) -> set[str]:
    sources = [*made.of("AWS::SQS::Queue").values(), *made.of("AWS::SNS::Subscription").values()]
    arns = [one["RedrivePolicy"]["deadLetterTargetArn"] for one in sources if "RedrivePolicy" in one]
    assert arns
    return {arn.removeprefix("<").removesuffix(".Arn>") for arn in arns}


def undelivered(made: Stack) -> set[str]:
    return dead_letter_queues(made) | {"ParkingQueue"}


def test_what_is_parked_stands_apart_from_what_died(variant: Stack) -> None:
    assert dead_letter_queues(variant) == {"AlertsDeadLetterQueue", "LanesDeadLetterQueue"}
    mapped = {one["EventSourceArn"] for one in variant.of("AWS::Lambda::EventSourceMapping").values()}
    assert mapped == {"<AlertsQueue.Arn>", "<LanesQueue.Arn>"}
    for name in (*dead_letter_queues(variant), "LanesQueue", "ParkingQueue"):
        assert variant.outputs[f"{name}Url"]["Value"] == f"<{name}>"


@pytest.mark.parametrize(
    ("function", "queue", "concurrency"),
    [("IntakeFunction", "AlertsQueue", (50, 2)), ("SlackAlertsFunction", "LanesQueue", (20,))],
)
def test_each_function_reports_which_records_failed_and_takes_ten_at_once(
    variant: Stack, function: str, queue: str, concurrency: tuple[int, ...]
) -> None:
    taken = mapping(variant, function)
    assert taken["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert taken["ScalingConfig"]["MaximumConcurrency"] in concurrency
    assert (taken["BatchSize"], taken["EventSourceArn"]) == (10, f"<{queue}.Arn>")
    assert "MaximumBatchingWindowInSeconds" not in taken  # a FIFO queue allows none; intake need not wait
    assert "FilterCriteria" not in taken  # what does not match would be deleted


def test_the_mapping_of_the_lanes_is_another_than_the_one_of_the_version_before(variant: Stack) -> None:
    # That one is SlackAlertsFunctionAlerts. An update cannot change the queue of a mapping, it makes a new one.
    assert variant.of("AWS::Lambda::EventSourceMapping").keys() == {"IntakeFunctionAlerts", "SlackAlertsFunctionLanes"}


def test_no_reserved_concurrency_burns_receives(variant: Stack) -> None:
    assert not [name for name, one in variant.of("AWS::Lambda::Function").items() if "Reserved" in str(one)]

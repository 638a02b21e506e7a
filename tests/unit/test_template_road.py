"""The road of an alert: nothing is lost between its parts, and what is not delivered is told by another road."""

import pytest

from tests.support.intrinsics import Json
from tests.support.template import EMAIL, VARIANTS, Stack, stack


@pytest.fixture(params=list(VARIANTS.values()), ids=list(VARIANTS))
def variant(request: pytest.FixtureRequest) -> Stack:
    return stack(**request.param)


@pytest.fixture
def plain() -> Stack:
    return stack(OpsEmail=EMAIL)


def the_mapping(made: Stack) -> Json:
    [mapping] = made.of("AWS::Lambda::EventSourceMapping").values()
    return mapping


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
    admitted = variant.of("AWS::SQS::QueuePolicy").keys() - {"ParkingQueuePolicy"}  # nothing comes there from SNS
    assert set(before) == admitted


def test_the_queue_gives_up_into_the_dead_letter_queue(variant: Stack) -> None:
    assert variant["AlertsQueue"]["RedrivePolicy"]["deadLetterTargetArn"] == "<AlertsDeadLetterQueue.Arn>"


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
    assert dead_letter_queues(variant) == {"AlertsDeadLetterQueue"}
    assert not any("ParkingQueue" in str(one) for one in variant.of("AWS::Lambda::EventSourceMapping").values())
    assert variant.outputs["ParkingQueueUrl"]["Value"] == "<ParkingQueue>"


def test_the_function_reports_which_records_failed_and_takes_two_batches_of_ten_at_most(variant: Stack) -> None:
    mapping = the_mapping(variant)
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 2}
    assert (mapping["BatchSize"], mapping["EventSourceArn"]) == (10, "<AlertsQueue.Arn>")
    assert mapping["FunctionName"] == "<SlackAlertsFunction>"


def test_nothing_is_filtered_out_of_the_queue(variant: Stack) -> None:
    assert "FilterCriteria" not in the_mapping(variant)  # what does not match would be deleted


def test_no_reserved_concurrency_burns_receives(variant: Stack) -> None:
    assert "ReservedConcurrentExecutions" not in variant["SlackAlertsFunction"]

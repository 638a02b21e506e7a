"""The road of an alert: nothing is lost between its parts, and what is not delivered is told by another road."""

import pytest

from tests.support.intrinsics import Json
from tests.support.template import EMAIL, OPS_TOPIC, VARIANTS, Stack, paces, source, stack


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
    assert fed.keys() == {"AlertsSubscription"}
    for subscription in fed.values():
        assert subscription["RawMessageDelivery"] is False
        assert subscription["RedrivePolicy"] == {"deadLetterTargetArn": "<AlertsDeadLetterQueue.Arn>"}
        assert "FilterPolicy" not in subscription


def test_an_ops_mail_that_fails_does_not_land_in_the_queue_it_is_about(plain: Stack) -> None:
    assert "RedrivePolicy" not in plain["OpsSubscription"]


def test_the_queues_admit_the_topic_before_it_is_subscribed(variant: Stack) -> None:
    before = variant.resources["AlertsSubscription"]["DependsOn"]
    assert set(before) == set(variant.of("AWS::SQS::QueuePolicy"))


def test_the_queue_gives_up_into_the_dead_letter_queue(variant: Stack) -> None:
    assert variant["AlertsQueue"]["RedrivePolicy"]["deadLetterTargetArn"] == "<AlertsDeadLetterQueue.Arn>"


def test_a_dead_letter_queue_outlives_its_stack(variant: Stack) -> None:
    for name in dead_letter_queues(variant):
        assert variant.resources[name]["DeletionPolicy"] == "Retain"
        assert variant.resources[name]["UpdateReplacePolicy"] == "Retain"


def test_each_dead_letter_queue_has_an_alarm_that_one_message_raises(variant: Stack) -> None:
    alarms = {
        alarm["Dimensions"][0]["Value"]: alarm
        for alarm in variant.of("AWS::CloudWatch::Alarm").values()
        if alarm["Namespace"] == "AWS/SQS"
    }
    for name in dead_letter_queues(variant):
        alarm = alarms[f"<{name}.QueueName>"]
        assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
        assert (alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]) == (
            "Maximum",
            "GreaterThanThreshold",
            0,
        )
        assert alarm["EvaluationPeriods"] * alarm["Period"] <= 60


def test_alarms_take_another_road_than_the_alerts(variant: Stack) -> None:
    roads = {one["TopicArn"] for one in variant.of("AWS::SNS::Subscription").values() if one["Protocol"] == "sqs"}
    for alarm in variant.of("AWS::CloudWatch::Alarm").values():
        told = alarm["AlarmActions"] + alarm["OKActions"]
        assert set(told) <= {"<OpsTopic>", OPS_TOPIC}
        assert not roads & set(told)


def dead_letter_queues(made: Stack) -> set[str]:
    sources = [*made.of("AWS::SQS::Queue").values(), *made.of("AWS::SNS::Subscription").values()]
    arns = [one["RedrivePolicy"]["deadLetterTargetArn"] for one in sources if "RedrivePolicy" in one]
    assert arns
    return {arn.removeprefix("<").removesuffix(".Arn>") for arn in arns}


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


def test_the_function_gets_these_settings_and_no_secret(variant: Stack) -> None:
    assert variant["SlackAlertsFunction"]["Environment"]["Variables"] == {
        "DESTINATIONS_PATH": "/holdfast/destinations",
        "DEFAULT_DESTINATION": "default",
        "ALERTS_QUEUE_URL": "<AlertsQueue>",
        "RESERVE_SECONDS": "5",
        "FIRST_DELAY_SECONDS": "30",
        "DELAY_CAP_SECONDS": "900",
        "RES_OPTIONS": "timeout:1 attempts:2",
        "POWERTOOLS_SERVICE_NAME": "slack_alerts",
    }


@pytest.mark.parametrize("pace", paces())
def test_settings_are_text_as_lambda_wants_them(pace: str) -> None:
    # CloudFormation makes text of a number, MiniStack does not.
    made = stack(Pace=pace, OpsEmail=EMAIL)
    assert all(isinstance(one, str) for one in made["SlackAlertsFunction"]["Environment"]["Variables"].values())


def test_no_parameter_takes_a_secret() -> None:
    assert not [name for name, one in source()["Parameters"].items() if one.get("NoEcho")]
    assert "hooks.slack.com" not in str(source())


def test_the_function_writes_to_a_log_group_of_the_stack(variant: Stack) -> None:
    assert variant["SlackAlertsFunction"]["LoggingConfig"] == {"LogGroup": "<SlackAlertsLogGroup>", "LogFormat": "JSON"}
    assert int(variant["SlackAlertsLogGroup"]["RetentionInDays"]) == 30


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_the_function_and_its_layer_are_built_for_the_same_processor(architecture: str) -> None:
    made = stack(OpsEmail=EMAIL, Architecture=architecture)
    [(name, layer)] = made.of("AWS::Lambda::LayerVersion").items()
    assert layer["CompatibleArchitectures"] == made["SlackAlertsFunction"]["Architectures"] == [architecture]
    assert made["SlackAlertsFunction"]["Layers"] == [f"<{name}>"]
    assert source()["Resources"]["RetryLayer"]["Metadata"] == {
        "BuildMethod": made["SlackAlertsFunction"]["Runtime"],
        "BuildArchitecture": {"Ref": "Architecture"},
    }


def test_an_old_layer_stays_and_the_newest_is_found_in_ssm(plain: Stack) -> None:
    [(name, _)] = plain.of("AWS::Lambda::LayerVersion").items()
    assert plain.resources[name]["DeletionPolicy"] == "Retain"
    assert (plain["RetryLayerArn"]["Name"], plain["RetryLayerArn"]["Value"]) == (
        "/holdfast/holdfast/retry-layer-arn",
        f"<{name}>",
    )

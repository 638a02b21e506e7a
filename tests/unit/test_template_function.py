"""The function as the template makes it: its settings, its log, its layer."""

import re

import pytest

from tests.support.template import EMAIL, VARIANTS, Stack, paces, source, stack


@pytest.fixture(params=list(VARIANTS.values()), ids=list(VARIANTS))
def variant(request: pytest.FixtureRequest) -> Stack:
    return stack(**request.param)


@pytest.fixture
def plain() -> Stack:
    return stack(OpsEmail=EMAIL)


def test_the_function_gets_these_settings_and_no_secret(plain: Stack) -> None:
    assert plain["SlackAlertsFunction"]["Environment"]["Variables"] == {
        "DESTINATIONS_PATH": "/holdfast/destinations",
        "SECRET_STORE": "ssm",
        "DEFAULT_DESTINATION": "default",
        "ROUTES_PARAMETER": "/holdfast/routes",
        "ALLOWED_HOSTS": "hooks.slack.com,slack.com,hooks.slack-gov.com,slack-gov.com",
        "SLACK_API_URL": "https://slack.com/api",
        "ALERTS_QUEUE_URL": "<AlertsQueue>",
        "ALERTS_QUEUE_ARN": "<AlertsQueue.Arn>",
        "ALLOWED_TOPIC_ARNS": "<AlertsTopic>",
        "PARKING_QUEUE_URL": "<ParkingQueue>",
        "OPS_TOPIC_ARN": "<OpsTopic>",
        "DELIVERIES_TABLE": "<DeliveriesTable>",
        "UNANSWERED_POSTS": "repeat",
        "PACE": "standard",
        "RESERVE_SECONDS": "5",
        "LEASE_SECONDS": "90",
        "FIRST_DELAY_SECONDS": "30",
        "DELAY_CAP_SECONDS": "900",
        "FIRST_PAUSE_SECONDS": "30",
        "PAUSE_CAP_SECONDS": "900",
        "RES_OPTIONS": "timeout:1 attempts:2",
        "TEST_ALARM": "<TestAlarm>",
        "POWERTOOLS_SERVICE_NAME": "holdfast.slack_alerts",
    }


def test_the_function_knows_each_topic_that_the_queue_admits(variant: Stack) -> None:
    allowed = [one for one in variant["AlertsQueuePolicy"]["PolicyDocument"]["Statement"] if one["Effect"] == "Allow"]
    arns = [one["Condition"]["ArnEquals"]["aws:SourceArn"] for one in allowed]
    admitted = [arn for one in arns for arn in (one if isinstance(one, list) else [one])]
    if "DirectSubscription" in variant.resources:  # past the queue
        admitted.append(variant["DirectSubscription"]["TopicArn"])
    assert variant["SlackAlertsFunction"]["Environment"]["Variables"]["ALLOWED_TOPIC_ARNS"].split(",") == admitted


def test_the_function_parks_and_tells_where_the_outputs_say(variant: Stack) -> None:
    variables = variant["SlackAlertsFunction"]["Environment"]["Variables"]
    assert variables["PARKING_QUEUE_URL"] == variant.outputs["ParkingQueueUrl"]["Value"]
    assert variables["OPS_TOPIC_ARN"] == variant.outputs["OpsTopicArn"]["Value"]


def test_what_is_given_reaches_the_function() -> None:
    given = {"AllowedHosts": "hooks.slack-gov.com,slack-gov.com", "SlackApiUrl": "https://slack-gov.com/api"}
    variables = stack(OpsEmail=EMAIL, Pace="quick", **given)["SlackAlertsFunction"]["Environment"]["Variables"]
    assert (variables["ALLOWED_HOSTS"], variables["SLACK_API_URL"]) == tuple(given.values())
    assert variables["PACE"] == "quick"


@pytest.mark.parametrize("pace", paces())
def test_settings_are_text_as_lambda_wants_them(pace: str) -> None:
    # CloudFormation makes text of a number, MiniStack does not.
    made = stack(Pace=pace, OpsEmail=EMAIL)
    assert all(isinstance(one, str) for one in made["SlackAlertsFunction"]["Environment"]["Variables"].values())


def test_the_table_is_paid_by_the_request_and_forgets_by_itself(variant: Stack) -> None:
    table = variant["DeliveriesTable"]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert table["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]


def test_no_parameter_takes_a_secret() -> None:
    assert not [name for name, one in source()["Parameters"].items() if one.get("NoEcho")]
    assert not re.search(r"/services/|xox[a-z]-", str(source()))


def test_the_function_writes_to_a_log_group_of_the_stack(variant: Stack) -> None:
    assert variant["SlackAlertsFunction"]["LoggingConfig"] == {"LogGroup": "<SlackAlertsLogGroup>", "LogFormat": "JSON"}
    assert variant["SlackAlertsLogGroup"].keys() == {"RetentionInDays"}


@pytest.mark.parametrize(("given", "days"), [({}, 30), ({"LogRetentionDays": "90"}, 90)])
def test_the_log_is_kept_as_long_as_is_asked(given: dict[str, str], days: int) -> None:
    assert int(stack(OpsEmail=EMAIL, **given)["SlackAlertsLogGroup"]["RetentionInDays"]) == days


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


def test_e5_never_more_than_twenty_alerts_are_in_flight_of_the_120_000_that_sqs_takes(plain: Stack) -> None:
    [mapping] = plain.of("AWS::Lambda::EventSourceMapping").values()
    assert mapping["ScalingConfig"]["MaximumConcurrency"] * mapping["BatchSize"] == 20

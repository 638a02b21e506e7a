"""The functions as the template makes them: their settings, their logs, their layer."""

import re

import pytest

from tests.support.stack.template import EMAIL, VARIANTS, Stack, paces, source, stack


@pytest.fixture(params=list(VARIANTS.values()), ids=list(VARIANTS))
def variant(request: pytest.FixtureRequest) -> Stack:
    return stack(**request.param)


@pytest.fixture
def plain() -> Stack:
    return stack(OpsEmail=EMAIL)


FUNCTIONS = ["Intake", "SlackAlerts", "Redrive", "Notices"]
SETTINGS = {
    "Intake": {
        "DEFAULT_DESTINATION": "default",
        "ROUTES_PARAMETER": "/holdfast/routes",
        "ALERTS_QUEUE_URL": "<AlertsQueue>",
        "ALERTS_QUEUE_ARN": "<AlertsQueue.Arn>",
        "ALLOWED_TOPIC_ARNS": "<AlertsTopic>",
        "LANES_QUEUE_URL": "<LanesQueue>",
        "PARKING_QUEUE_URL": "<ParkingQueue>",
        "DELIVERIES_TABLE": "<DeliveriesTable>",
        "TEST_ALARM": "<TestAlarm>",
        "RESERVE_SECONDS": "5",
        "LEASE_SECONDS": "90",
        "FIRST_DELAY_SECONDS": "10",
        "DELAY_CAP_SECONDS": "900",
        "RES_OPTIONS": "timeout:1 attempts:2",
        "POWERTOOLS_SERVICE_NAME": "holdfast.intake",
    },
    "SlackAlerts": {
        "DESTINATIONS_PATH": "/holdfast/destinations",
        "SECRET_STORE": "ssm",
        "DEFAULT_DESTINATION": "default",
        "ALLOWED_HOSTS": "hooks.slack.com,slack.com,hooks.slack-gov.com,slack-gov.com",
        "SLACK_API_URL": "https://slack.com/api",
        "LANES_QUEUE_URL": "<LanesQueue>",
        "LANES_QUEUE_ARN": "<LanesQueue.Arn>",
        "PARKING_QUEUE_URL": "<ParkingQueue>",
        "OPS_TOPIC_ARN": "<OpsTopic>",
        "DELIVERIES_TABLE": "<DeliveriesTable>",
        "UNANSWERED_POSTS": "repeat",
        "TEST_ALARM": "<TestAlarm>",
        "DIGEST_FROM": "3",
        "PACE": "standard",
        "RESERVE_SECONDS": "5",
        "LEASE_SECONDS": "45",
        "LANE_SECONDS": "10",
        "POST_INTERVAL_SECONDS": "1",
        "FIRST_PAUSE_SECONDS": "5",
        "PAUSE_CAP_SECONDS": "60",
        "DOUBT_PAUSE_CAP_SECONDS": "900",
        "RES_OPTIONS": "timeout:1 attempts:2",
        "POWERTOOLS_SERVICE_NAME": "holdfast.slack_alerts",
    },
    "Redrive": {
        "ALERTS_QUEUE_URL": "<AlertsQueue>",
        "ALERTS_QUEUE_ARN": "<AlertsQueue.Arn>",
        "LANES_QUEUE_URL": "<LanesQueue>",
        "LANES_QUEUE_ARN": "<LanesQueue.Arn>",
        "DEAD_LETTER_QUEUE_URL": "<AlertsDeadLetterQueue>",
        "LANES_DEAD_LETTER_QUEUE_URL": "<LanesDeadLetterQueue>",
        "PARKING_QUEUE_URL": "<ParkingQueue>",
        "DELIVERIES_TABLE": "<DeliveriesTable>",
        "RESERVE_SECONDS": "5",
        "LEASE_SECONDS": "90",
        "POWERTOOLS_SERVICE_NAME": "holdfast.redrive",
    },
    "Notices": {
        "PARKING_QUEUE_URL": "<ParkingQueue>",
        "DEAD_LETTER_QUEUE_URL": "<AlertsDeadLetterQueue>",
        "LANES_DEAD_LETTER_QUEUE_URL": "<LanesDeadLetterQueue>",
        "OPS_TOPIC_ARN": "<OpsTopic>",
        "DELIVERIES_TABLE": "<DeliveriesTable>",
        "RESERVE_SECONDS": "5",
        "POWERTOOLS_SERVICE_NAME": "holdfast.notices",
    },
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_gets_these_settings_and_no_secret(plain: Stack, name: str) -> None:
    assert plain[f"{name}Function"]["Environment"]["Variables"] == SETTINGS[name]


@pytest.mark.parametrize(
    ("name", "handler"),
    [
        ("Intake", "intake.app.handler"),
        ("SlackAlerts", "slack_alerts.app.handler"),
        ("Redrive", "redrive.app.handler"),
        ("Notices", "notices.app.handler"),
    ],
)
def test_each_function_is_named_by_its_package(plain: Stack, name: str, handler: str) -> None:
    assert plain[f"{name}Function"]["Handler"] == handler


def test_intake_knows_each_topic_that_its_queue_admits(variant: Stack) -> None:
    allowed = [one for one in variant["AlertsQueuePolicy"]["PolicyDocument"]["Statement"] if one["Effect"] == "Allow"]
    arns = [one["Condition"]["ArnEquals"]["aws:SourceArn"] for one in allowed]
    admitted = [arn for one in arns for arn in (one if isinstance(one, list) else [one])]
    if "DirectSubscription" in variant.resources:  # past the queue
        admitted.append(variant["DirectSubscription"]["TopicArn"])
    assert variant["IntakeFunction"]["Environment"]["Variables"]["ALLOWED_TOPIC_ARNS"].split(",") == admitted


def test_the_function_parks_and_tells_where_the_outputs_say(variant: Stack) -> None:
    variables = variant["SlackAlertsFunction"]["Environment"]["Variables"]
    assert variables["PARKING_QUEUE_URL"] == variant.outputs["ParkingQueueUrl"]["Value"]
    assert variables["OPS_TOPIC_ARN"] == variant.outputs["OpsTopicArn"]["Value"]


def test_what_is_given_reaches_the_function() -> None:
    given = {
        "AllowedHosts": "hooks.slack-gov.com,slack-gov.com",
        "SlackApiUrl": "https://slack-gov.com/api",
        "DigestFrom": "0",
    }
    variables = stack(OpsEmail=EMAIL, Pace="quick", **given)["SlackAlertsFunction"]["Environment"]["Variables"]
    assert [variables[name] for name in ("ALLOWED_HOSTS", "SLACK_API_URL", "DIGEST_FROM")] == list(given.values())
    assert variables["PACE"] == "quick"


@pytest.mark.parametrize("pace", paces())
def test_settings_are_text_as_lambda_wants_them(pace: str) -> None:
    # CloudFormation makes text of a number, MiniStack does not.
    made = stack(Pace=pace, OpsEmail=EMAIL)
    for function in made.of("AWS::Lambda::Function").values():
        assert all(isinstance(one, str) for one in function["Environment"]["Variables"].values())
    numbers = [name for name, one in source()["Parameters"].items() if one["Type"] == "Number"]
    functions = [one for one in source()["Resources"].values() if one["Type"] == "AWS::Serverless::Function"]
    assert not [
        name
        for name in numbers
        for one in functions
        if {"Ref": name} in one["Properties"]["Environment"]["Variables"].values()
    ]


def test_the_table_is_paid_by_the_request_and_forgets_by_itself(variant: Stack) -> None:
    table = variant["DeliveriesTable"]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert table["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]


def test_no_parameter_takes_a_secret() -> None:
    assert not [name for name, one in source()["Parameters"].items() if one.get("NoEcho")]
    assert not re.search(r"/services/|xox[a-z]-", str(source()))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_writes_to_a_log_group_of_its_own(variant: Stack, name: str) -> None:
    assert variant[f"{name}Function"]["LoggingConfig"] == {"LogGroup": f"<{name}LogGroup>", "LogFormat": "JSON"}
    assert variant[f"{name}LogGroup"].keys() == {"RetentionInDays"}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(("given", "days"), [({}, 30), ({"LogRetentionDays": "90"}, 90)])
def test_each_log_is_kept_as_long_as_is_asked(given: dict[str, str], days: int, name: str) -> None:
    assert int(stack(OpsEmail=EMAIL, **given)[f"{name}LogGroup"]["RetentionInDays"]) == days


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_the_functions_and_their_layer_are_built_for_the_same_processor(architecture: str) -> None:
    made = stack(OpsEmail=EMAIL, Architecture=architecture)
    [(name, layer)] = made.of("AWS::Lambda::LayerVersion").items()
    assert layer["CompatibleArchitectures"] == [architecture]
    for function in made.of("AWS::Lambda::Function").values():
        assert (function["Architectures"], function["Layers"]) == ([architecture], [f"<{name}>"])
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


def test_e5_the_messages_in_flight_stay_far_below_the_120_000_that_sqs_takes(plain: Stack) -> None:
    mappings = plain.of("AWS::Lambda::EventSourceMapping").values()
    in_flight = {
        one["EventSourceArn"]: one["ScalingConfig"]["MaximumConcurrency"] * one["BatchSize"] for one in mappings
    }
    assert in_flight == {"<AlertsQueue.Arn>": 500, "<LanesQueue.Arn>": 200}

"""What the stack asks for and what it gives: parameters, their variants, outputs."""

import re

import pytest

from tests.support.template import EMAIL, OPS_TOPIC, OTHER_TOPICS, TOPIC, VARIANTS, Stack, refusals, source, stack


@pytest.fixture(params=list(VARIANTS.values()), ids=list(VARIANTS))
def variant(request: pytest.FixtureRequest) -> Stack:
    return stack(**request.param)


@pytest.fixture
def plain() -> Stack:
    return stack(OpsEmail=EMAIL)


def test_an_existing_topic_is_listened_to_and_none_is_made() -> None:
    made = stack(OpsEmail=EMAIL, ExistingAlertsTopicArn=TOPIC)
    assert made["AlertsSubscription"]["TopicArn"] == made.outputs["AlertsTopicArn"]["Value"] == TOPIC
    assert not {"AlertsTopic", "AlertsTopicPolicy"} & made.resources.keys()


def test_the_ops_address_is_told_by_mail(plain: Stack) -> None:
    assert plain["OpsSubscription"] == {"TopicArn": "<OpsTopic>", "Protocol": "email", "Endpoint": EMAIL}
    assert plain.outputs["OpsTopicArn"]["Value"] == "<OpsTopic>"


@pytest.mark.parametrize("address", ["", EMAIL])
def test_an_existing_ops_topic_goes_before_an_address(address: str) -> None:
    made = stack(OpsTopicArn=OPS_TOPIC, OpsEmail=address)
    assert made["AlertsDeadLetterAlarm"]["AlarmActions"] == [OPS_TOPIC]
    assert made.outputs["OpsTopicArn"]["Value"] == OPS_TOPIC
    assert not {"OpsTopic", "OpsTopicPolicy", "OpsSubscription"} & made.resources.keys()


@pytest.mark.parametrize("given", VARIANTS.values(), ids=VARIANTS.keys())
def test_rules_accept_what_tells_operations(given: dict[str, str]) -> None:
    assert refusals(**given) == []


def test_rules_refuse_a_stack_that_tells_nobody() -> None:
    [reason] = refusals()
    assert reason.startswith("OpsEmail or OpsTopicArn is required")


def test_rules_refuse_to_tell_operations_by_the_road_of_the_alerts() -> None:
    [reason] = refusals(OpsTopicArn=TOPIC, ExistingAlertsTopicArn=TOPIC)
    assert reason.startswith("OpsTopicArn and ExistingAlertsTopicArn must differ")


def test_each_parameter_says_what_it_is_and_what_it_takes() -> None:
    for name, one in source()["Parameters"].items():
        assert one["Description"], name
        assert one["ConstraintDescription"], name
        assert {"AllowedPattern", "AllowedValues"} & one.keys(), name


def test_each_default_is_allowed() -> None:
    for name, one in source()["Parameters"].items():
        default = one["Default"]
        if "AllowedValues" in one:
            assert default in one["AllowedValues"], name
        else:
            assert re.fullmatch(one["AllowedPattern"], default), name


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("ExistingAlertsTopicArn", "arn:aws:sqs:eu-west-1:111122223333:queue"),
        ("ExistingAlertsTopicArn", f"{TOPIC}.fifo"),
        ("AllowedTopicArns", "*"),
        ("AllowedTopicArns", "arn:aws:sns:eu-west-1:111122223333:*"),
        ("AllowedTopicArns", f"{TOPIC},"),
        ("AllowedTopicArns", f"{TOPIC}{TOPIC}"),
        ("DestinationsPath", "holdfast"),
        ("DestinationsPath", "/holdfast/"),
        ("DestinationsPath", "/"),
        ("DestinationsPath", "/*"),
        ("DefaultDestination", ""),
        ("DefaultDestination", "../other"),
        ("OpsEmail", "ops"),
        ("OpsTopicArn", "ops"),
    ],
)
def test_what_would_widen_a_permission_or_miss_its_aim_is_refused(parameter: str, value: str) -> None:
    assert not re.fullmatch(source()["Parameters"][parameter]["AllowedPattern"], value)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("ExistingAlertsTopicArn", TOPIC),
        ("ExistingAlertsTopicArn", "arn:aws-us-gov:sns:us-gov-west-1:111122223333:alarms_1"),
        ("AllowedTopicArns", TOPIC),
        ("AllowedTopicArns", ",".join(OTHER_TOPICS)),
        ("DestinationsPath", "/a/b_c/d-e.f"),
        ("DefaultDestination", "team-2"),
        ("OpsEmail", EMAIL),
        ("OpsTopicArn", OPS_TOPIC),
    ],
)
def test_what_one_would_give_is_accepted(parameter: str, value: str) -> None:
    assert re.fullmatch(source()["Parameters"][parameter]["AllowedPattern"], value)


def test_the_console_shows_each_parameter_in_one_group_and_with_a_label() -> None:
    template = source()
    interface = template["Metadata"]["AWS::CloudFormation::Interface"]
    shown = [name for group in interface["ParameterGroups"] for name in group["Parameters"]]
    assert sorted(shown) == sorted(template["Parameters"]) == sorted(interface["ParameterLabels"])
    assert all(group["Label"]["default"] for group in interface["ParameterGroups"])
    assert all(label["default"] for label in interface["ParameterLabels"].values())


def test_nothing_has_a_physical_name_but_what_others_look_up() -> None:
    named = {
        (name, key)
        for name, one in source()["Resources"].items()
        for key in one.get("Properties", {})
        if key.endswith("Name") and key != "MetricName"
    }
    assert named == {("RetryLayerArn", "Name")}


def test_outputs_are_what_the_tools_read_and_each_says_what_for(variant: Stack) -> None:
    assert list(variant.outputs) == [
        "AlertsTopicArn",
        "AlertsQueueUrl",
        "AlertsDeadLetterQueueUrl",
        "OpsTopicArn",
        "SlackAlertsFunctionName",
        "RetryLayerArn",
        "DestinationsPath",
        "DefaultDestination",
    ]
    assert all(one["Description"] for one in variant.outputs.values())
    assert not any("Export" in one for one in variant.outputs.values())  # an imported export would block every update

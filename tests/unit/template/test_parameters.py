"""What the stack asks for and what it gives: parameters, their variants, outputs."""

import pytest

from configuration.environment import PACES, SECRET_STORES
from configuration.stores import STORES
from tests.support.stack.template import (
    ACTIONS,
    EMAIL,
    GIVEN,
    OPS_TOPIC,
    OTHER_TOPICS,
    TOPIC,
    VARIANTS,
    Stack,
    refusals,
    source,
    stack,
)


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
    assert made.outputs["OpsTopicArn"]["Value"] == OPS_TOPIC
    assert not {"OpsTopic", "OpsTopicPolicy", "OpsSubscription"} & made.resources.keys()


def test_the_function_knows_the_values_that_a_parameter_may_have() -> None:
    parameters = source()["Parameters"]
    assert list(PACES) == parameters["Pace"]["AllowedValues"]
    assert list(SECRET_STORES) == list(STORES) == parameters["SecretStore"]["AllowedValues"]


@pytest.mark.parametrize("given", VARIANTS.values(), ids=VARIANTS.keys())
def test_rules_accept_what_tells_operations(given: dict[str, str]) -> None:
    assert refusals(**given) == []


def test_rules_refuse_a_stack_that_tells_nobody() -> None:
    [reason] = refusals()
    assert reason.startswith("OpsEmail or OpsTopicArn is required")


def test_rules_refuse_to_tell_operations_by_the_road_of_the_alerts() -> None:
    [reason] = refusals(OpsTopicArn=TOPIC, ExistingAlertsTopicArn=TOPIC)
    assert reason.startswith("OpsTopicArn and ExistingAlertsTopicArn must differ")


@pytest.mark.parametrize("place", range(3))
def test_rules_refuse_to_tell_operations_by_another_road_of_the_alerts(place: int) -> None:
    topics = [*OTHER_TOPICS[:place], OPS_TOPIC, *OTHER_TOPICS[place:]]
    [reason] = refusals(OpsTopicArn=OPS_TOPIC, AllowedTopicArns=",".join(topics))
    assert reason.startswith("OpsTopicArn must not be one of AllowedTopicArns")


@pytest.mark.parametrize("topics", [f"{TOPIC},", f",{TOPIC}", f"{TOPIC},,{OPS_TOPIC}"])
def test_rules_refuse_a_topic_without_a_name(topics: str) -> None:
    [reason] = refusals(OpsEmail=EMAIL, AllowedTopicArns=topics)
    assert reason.startswith("AllowedTopicArns must have no empty part")


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
        for key, value in one.get("Properties", {}).items()
        if key.endswith("Name") and key != "MetricName" and "Ref" not in value
    }
    assert named == {("RetryLayerArn", "Name")}


def test_outputs_are_what_the_tools_read_and_each_says_what_for(variant: Stack) -> None:
    assert list(variant.outputs) == [
        "AlertsTopicArn",
        "AlertsQueueUrl",
        "LanesQueueUrl",
        "AlertsDeadLetterQueueUrl",
        "LanesDeadLetterQueueUrl",
        "ParkingQueueUrl",
        "OpsTopicArn",
        "IntakeFunctionName",
        "SlackAlertsFunctionName",
        "RedriveFunctionName",
        "NoticesFunctionName",
        "RetryLayerArn",
        "SecretStore",
        "DestinationsPath",
        "DefaultDestination",
        "RoutesParameter",
    ]
    assert all(one["Description"] for one in variant.outputs.values())
    assert not any("Export" in one for one in variant.outputs.values())  # an imported export would block every update


def test_each_parameter_is_tried_with_another_value_than_its_default() -> None:
    defaults = {name: str(one["Default"]) for name, one in source()["Parameters"].items()}
    assert GIVEN.keys() | ACTIONS.keys() | {"ActionRulesParameter"} == defaults.keys()  # ACTION_VARIANTS try those
    assert not [name for name, value in GIVEN.items() if value == defaults[name]]

"""The functions, their settings, logs, layer and table."""

import re
from importlib import import_module

import pytest

from aws_actions.settings import Settings as ActionsSettings
from configuration.environment import SettingsError
from tests.support.stack.environment import environment
from tests.support.stack.intrinsics import Node
from tests.support.stack.template import ACTIONS, EMAIL, Stack, paces, resolve, source

PACKAGES = {
    "Intake": "intake",
    "SlackAlerts": "slack_alerts",
    "Redrive": "redrive",
    "Notices": "notices",
    "Actions": "aws_actions",
}
OPTIONAL = {"TEST_ALARM_ARN", "ACTIONS_DEAD_LETTER_QUEUE_URL"}
"""Variables that a stack may leave out."""
NOT_READ = {"POWERTOOLS_SERVICE_NAME", "RES_OPTIONS"}
"""Variables for Powertools and for the resolver."""
PARAMETERS = {
    "DEFAULT_DESTINATION": "DefaultDestination",
    "ROUTES_PARAMETER": "RoutesParameter",
    "DESTINATIONS_PATH": "DestinationsPath",
    "SECRET_STORE": "SecretStore",
    "PICTURES": "Pictures",
    "SLACK_API_URL": "SlackApiUrl",
    "OPS_TOPIC_ARN": "OpsTopicArn",
    "UNANSWERED_POSTS": "UnansweredPosts",
    "DIGEST_FROM": "DigestFrom",
    "PACE": "Pace",
    "ALERTS_TOPIC_ARN": "ExistingAlertsTopicArn",
    "ALLOWED_ACTIONS": "AllowedActions",
    "RULES_PARAMETER": "ActionRulesParameter",
}


def variables(stack: Stack, name: str) -> dict[str, str]:
    found: dict[str, str] = stack[f"{name}Function"]["Environment"]["Variables"]
    return found


def functions(stack: Stack) -> list[str]:
    return [name.removesuffix("Function") for name in stack.of("AWS::Lambda::Function")]


def settings(stack: Stack, name: str) -> Node:
    return import_module(f"{PACKAGES[name]}.settings").Settings.from_env(variables(stack, name))


@pytest.mark.parametrize("name", PACKAGES)
def test_each_variable_is_read_and_the_error_names_a_missing_one(name: str) -> None:
    given = environment(name)
    read = import_module(f"{PACKAGES[name]}.settings").Settings.from_env
    for variable in given.keys() - NOT_READ - OPTIONAL:
        without = {key: value for key, value in given.items() if key != variable}
        with pytest.raises(SettingsError, match=f"^{variable} is not set$"):
            read(without)
    assert read(given) == read({variable: given[variable] for variable in given.keys() - NOT_READ})


@pytest.mark.parametrize("name", PACKAGES)
def test_metrics_have_the_name_of_their_function_and_names_are_resolved_in_three_seconds(name: str) -> None:
    given = environment(name)
    assert given["POWERTOOLS_SERVICE_NAME"] == f"holdfast.{PACKAGES[name]}"
    assert given.get("RES_OPTIONS") == (None if name in {"Redrive", "Notices"} else "timeout:1 attempts:2")


def test_parameters_reach_the_functions(parameters: dict[str, str], variant: Stack) -> None:
    for name in functions(variant):
        for variable, parameter in PARAMETERS.items():
            if variable in variables(variant, name) and parameters.get(parameter):
                assert variables(variant, name)[variable] == parameters[parameter]


def test_slack_alerts_may_call_the_hosts_of_files_only_with_pictures(
    parameters: dict[str, str], variant: Stack
) -> None:
    allowed = parameters.get("AllowedHosts", "hooks.slack.com,slack.com,hooks.slack-gov.com,slack-gov.com").split(",")
    files = ["files.slack.com", "files.slack-gov.com"] if parameters.get("Pictures") == "on" else []
    assert variables(variant, "SlackAlerts")["ALLOWED_HOSTS"].split(",") == [*allowed, *files]


def test_no_text_of_an_alert_is_in_a_table_that_is_not_under_the_customer_key(
    parameters: dict[str, str], variant: Stack
) -> None:
    has_key = parameters.get("Encryption") == "customer-key"
    assert variables(variant, "SlackAlerts")["EDITS"] == ("off" if has_key else "on")


def test_notices_reads_each_queue_of_undelivered_messages(variant: Stack) -> None:
    queues = variant.of("AWS::SQS::Queue").values()
    dead_letters = {one["RedrivePolicy"]["deadLetterTargetArn"] for one in queues if "RedrivePolicy" in one}
    urls = {value for name, value in variables(variant, "Notices").items() if name.endswith("_QUEUE_URL")}
    measured = {"<LanesQueue>"}
    assert urls == {one.replace(".Arn", "") for one in dead_letters} | {"<ParkingQueue>"} | measured


def test_each_function_reads_its_settings_and_has_its_handler(parameters: dict[str, str]) -> None:
    for pace in paces():
        stack = resolve(**parameters | {"Pace": pace})
        for name in functions(stack):
            assert settings(stack, name)
            assert stack[f"{name}Function"]["Handler"] == f"{PACKAGES[name]}.app.handler"
            assert callable(import_module(f"{PACKAGES[name]}.app").handler)
            # CloudFormation makes text of a number, the local AWS does not.
            assert all(isinstance(one, str) for one in variables(stack, name).values())


def test_no_variable_refers_to_a_number() -> None:
    numbers = [{"Ref": name} for name, one in source()["Parameters"].items() if one["Type"] == "Number"]
    functions = [one for one in source()["Resources"].values() if one["Type"] == "AWS::Serverless::Function"]
    values = [value for one in functions for value in one["Properties"]["Environment"]["Variables"].values()]
    assert not [number for number in numbers if number in values]


@pytest.mark.parametrize("pace", paces())
def test_plain_http_is_allowed_with_the_quick_pace_only(parameters: dict[str, str], pace: str) -> None:
    stack = resolve(**parameters | {"Pace": pace})
    egress = settings(stack, "SlackAlerts").egress
    assert egress.allows_plain is (pace == "quick")
    assert egress.hosts == set(variables(stack, "SlackAlerts")["ALLOWED_HOSTS"].split(","))


@pytest.mark.parametrize("rate", ["off", "rate(15 minutes)"])
def test_a_test_alarm_is_expected_only_if_there_is_one(rate: str) -> None:
    stack = resolve(OpsEmail=EMAIL, HeartbeatRate=rate)
    assert settings(stack, "SlackAlerts").has_test_alarm is (rate != "off")
    assert ("TEST_ALARM_ARN" in variables(stack, "Intake")) is (rate != "off")


@pytest.mark.parametrize("pace", paces())
def test_a_call_fits_between_the_start_of_its_function_and_the_reserve(pace: str) -> None:
    stack = resolve(OpsEmail=EMAIL, Pace=pace, **ACTIONS)
    read = ActionsSettings.from_env(variables(stack, "Actions"))
    assert read.attempt_time < stack["ActionsFunction"]["Timeout"] - read.reserve - 1  # one second to read the rules


def test_no_parameter_takes_a_secret() -> None:
    assert not [name for name, one in source()["Parameters"].items() if one.get("NoEcho")]
    assert not re.search(r"/services/|xox[a-z]-", str(source()))


def test_each_function_has_its_own_log_group_for_the_chosen_days(parameters: dict[str, str], variant: Stack) -> None:
    for name in functions(variant):
        assert variant[f"{name}Function"]["LoggingConfig"] == {"LogGroup": f"<{name}LogGroup>", "LogFormat": "JSON"}
        assert variant[f"{name}LogGroup"] == {"RetentionInDays": parameters.get("LogRetentionDays", "30")}


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_all_functions_have_one_runtime_and_the_layer_built_for_it(architecture: str) -> None:
    stack = resolve(OpsEmail=EMAIL, Architecture=architecture, **ACTIONS)
    [(name, layer)] = stack.of("AWS::Lambda::LayerVersion").items()
    assert layer["CompatibleArchitectures"] == [architecture]
    for function in stack.of("AWS::Lambda::Function").values():
        assert (function["Architectures"], function["Layers"]) == ([architecture], [f"<{name}>"])
        assert (function["MemorySize"], [function["Runtime"]]) == (512, layer["CompatibleRuntimes"])
    assert source()["Resources"]["RetryLayer"]["Metadata"] == {
        "BuildMethod": layer["CompatibleRuntimes"][0],
        "BuildArchitecture": {"Ref": "Architecture"},
    }


def test_an_old_layer_stays_and_the_newest_is_found_in_ssm(plain: Stack) -> None:
    [name] = plain.of("AWS::Lambda::LayerVersion")
    assert plain.resources[name]["DeletionPolicy"] == "Retain"
    found = plain["RetryLayerArn"]
    assert (found["Name"], found["Value"]) == ("/holdfast/holdfast/retry-layer-arn", f"<{name}>")


def test_the_table_is_paid_by_request_and_deletes_expired_rows(variant: Stack) -> None:
    table = variant["DeliveriesTable"]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert table["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]

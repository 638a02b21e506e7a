"""Parameters, the rules about them, and outputs."""

import re

import pytest

from configuration.environment import PACES, SECRET_STORES
from configuration.stores import STORES
from tests.support.stack.template import (
    ACTIONS,
    DIRECT_ALARMS,
    DIRECT_TOPIC,
    EMAIL,
    KEY_ARN,
    NON_DEFAULTS,
    OPS_TOPIC,
    OTHER_TOPICS,
    PSEUDO,
    TOPIC,
    Stack,
    refusals,
    resolve,
    source,
)

TOPIC_PARAMETERS = ("ExistingAlertsTopicArn", "AllowedTopicArns", "DirectTopicArn", "OpsTopicArn")
NOT_A_TOPIC = ["*", "arn:aws:sns:eu-west-1:111122223333:*", "arn:aws:sqs:eu-west-1:111122223333:queue", "ops"]
NOT_A_TOPIC += [f"{TOPIC}{TOPIC}", f"{TOPIC}.fifo"]
TOPICS = [TOPIC, "arn:aws-us-gov:sns:us-gov-west-1:111122223333:alarms_1"]
ALARM = "arn:aws-cn:cloudwatch:cn-north-1:111122223333:alarm"
ECS = "arn:aws:ecs:eu-west-1:111122223333:service/x"
REFUSED: dict[str, list[str]] = {
    **dict.fromkeys(TOPIC_PARAMETERS, NOT_A_TOPIC),
    "DirectAlarmArn": [
        *(
            "*",
            "shop-*",
            "arn:*",
            "arn:aws:cloudwatch:*:111122223333:alarm:x",
            "arn:aws:cloudwatch:eu-west-1:*:alarm:x",
        ),
        *(f"{ALARM}:", f"{ALARM}s:x", f"{ALARM}:[a]", f"{ALARM}:a,{ALARM}:b", TOPIC),
    ],
    "DestinationsPath": ["holdfast", "/holdfast/", "/", "/*"],
    "DefaultDestination": ["", "../other"],
    "RoutesParameter": ["routes", "/holdfast/*"],
    "AllowedHosts": [
        *("", "*", "*.slack.com", "https://hooks.slack.com", "hooks.slack.com:443"),
        *("hooks.slack.com, slack.com", "hooks.slack.com,", "Hooks.Slack.com"),
    ],
    "SlackApiUrl": [
        *("", "slack.com/api", "ftp://slack.com/api", "https://slack.com/api/"),
        *("https://user@slack.com/api", "https://slack.com/api?x=1"),
    ],
    "SecretKeyArn": ["*", "arn:aws:kms:eu-west-1:111122223333:key/*", "arn:aws:kms:eu-west-1:111122223333:alias/slack"],
    "AllowedActions": [
        *("*", "ecs:*", "ecs:Update*", "ecs:UpdateService,*:x", "ecs:UpdateService,", "ecs:UpdateService, ssm:x"),
        *("iam:PassRole", "ecs:UpdateService,IAM:passrole", "iam:passROLE,ecs:UpdateService", "sts:AssumeRole"),
        *("ecs:UpdateService,sts:AssumeRoleWithWebIdentity", "sts:assumeroot,ecs:UpdateService"),
    ],
    "ActionResourceArns": [
        *("*", "arn:aws:*:*:*:*", "arn:aws:ecs:*:111122223333:service/x", "arn:aws:ecs:eu-west-1:*:service/x"),
        *(f"{ECS},*", f"{ECS},"),
    ],
    "ActionRulesParameter": ["", "/holdfast/*"],
    "OpsEmail": ["ops"],
    "RedriveRate": [
        *("", "on", "rate(0 minutes)", "rate(1 minutes)", "rate(15 minute)", "cron(0 * * * ? *)"),
        *("rate(61 minutes)", "rate(100 minutes)", "rate(2 hours)", "rate(1 day)"),
    ],
}
"""Values that would widen a permission or that do not work."""
ACCEPTED: dict[str, list[str]] = {
    **dict.fromkeys(TOPIC_PARAMETERS, TOPICS),
    "DirectAlarmArn": [f"{ALARM}:*", f"{ALARM}:shop-cpu", f"{ALARM}:Shop?orders/*", DIRECT_ALARMS],
    "DestinationsPath": ["/a/b_c/d-e.f"],
    "DefaultDestination": ["team-2"],
    "RoutesParameter": ["/holdfast/routes"],
    "AllowedHosts": ["hooks.slack.com", "hooks.slack.com,slack,proxy-1.example.com"],
    "SlackApiUrl": ["https://slack-gov.com/api", "http://slack:8080"],
    "SecretKeyArn": [KEY_ARN, "arn:aws-cn:kms:cn-north-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"],
    "AllowedActions": [ACTIONS["AllowedActions"], "iam:PassRoleX", "sts:GetCallerIdentity"],
    "ActionResourceArns": [ACTIONS["ActionResourceArns"], "arn:aws:s3:::bucket/*"],
    "ActionRulesParameter": ["/team/rules"],
    "OpsEmail": [EMAIL],
    "RedriveRate": ["off", "rate(1 minute)", "rate(15 minutes)", "rate(60 minutes)", "rate(1 hour)"],
}
OUTPUTS = [
    *("AlertsTopicArn", "AlertsQueueUrl", "LanesQueueUrl", "AlertsDeadLetterQueueUrl", "LanesDeadLetterQueueUrl"),
    *("ParkingQueueUrl", "OpsTopicArn", "IntakeFunctionName", "SlackAlertsFunctionName", "RedriveFunctionName"),
    *("NoticesFunctionName", "DeliveriesTableName", "RetryLayerArn", "SecretStore", "DestinationsPath"),
    *("DefaultDestination", "RoutesParameter"),
]
OUTPUTS_OF_ACTIONS = [
    *("ActionsTopicArn", "ActionsQueueUrl", "ActionsDeadLetterQueueUrl", "ActionsFunctionName", "ActionRulesParameter")
]


def test_each_parameter_has_a_description_a_constraint_and_an_allowed_default() -> None:
    for name, one in source()["Parameters"].items():
        assert one["Description"], name
        assert one["ConstraintDescription"], name
        if "AllowedValues" in one:
            assert one["Default"] in one["AllowedValues"], name
        else:
            assert re.fullmatch(one["AllowedPattern"], one["Default"]), name


@pytest.mark.parametrize(("parameter", "values"), REFUSED.items())
def test_a_parameter_refuses_these(parameter: str, values: list[str]) -> None:
    pattern = source()["Parameters"][parameter]["AllowedPattern"]
    assert [value for value in values if re.fullmatch(pattern, value)] == []


@pytest.mark.parametrize(("parameter", "values"), ACCEPTED.items())
def test_a_parameter_accepts_these(parameter: str, values: list[str]) -> None:
    pattern = source()["Parameters"][parameter]["AllowedPattern"]
    assert [value for value in values if not re.fullmatch(pattern, value)] == []


def test_the_code_has_the_values_that_a_parameter_may_have() -> None:
    allowed = {name: one.get("AllowedValues") for name, one in source()["Parameters"].items()}
    assert list(PACES) == allowed["Pace"]
    assert list(SECRET_STORES) == list(STORES) == allowed["SecretStore"]
    assert allowed["DigestFrom"] == list(range(11))  # a batch has ten alerts


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({}, "OpsEmail or OpsTopicArn is required"),
        ({"OpsTopicArn": TOPIC, "ExistingAlertsTopicArn": TOPIC}, "OpsTopicArn and ExistingAlertsTopicArn must differ"),
        *(
            (
                {"OpsTopicArn": OPS_TOPIC, "AllowedTopicArns": ",".join(topics)},
                "OpsTopicArn must not be one of AllowedTopicArns",
            )
            for topics in (
                [OPS_TOPIC, *OTHER_TOPICS],
                [*OTHER_TOPICS[:1], OPS_TOPIC, TOPIC],
                [*OTHER_TOPICS, OPS_TOPIC],
            )
        ),
        *(
            ({"OpsEmail": EMAIL, "AllowedTopicArns": topics}, "AllowedTopicArns must have no empty part")
            for topics in (f"{TOPIC},", f",{TOPIC}", f"{TOPIC},,{OPS_TOPIC}")
        ),
        ({"OpsEmail": EMAIL, "AllowedActions": "ecs:UpdateService"}, "AllowedActions needs ActionResourceArns"),
        (
            {"OpsEmail": EMAIL, "DirectTopicArn": DIRECT_TOPIC, "ExistingAlertsTopicArn": DIRECT_TOPIC},
            "DirectTopicArn and ExistingAlertsTopicArn must differ",
        ),
        ({"OpsTopicArn": DIRECT_TOPIC, "DirectTopicArn": DIRECT_TOPIC}, "DirectTopicArn and OpsTopicArn must differ"),
    ],
)
def test_rules_refuse_these(parameters: dict[str, str], reason: str) -> None:
    [refusal] = refusals(**parameters)
    assert refusal.startswith(reason)


def test_rules_accept_each_variant(parameters: dict[str, str]) -> None:
    assert refusals(**parameters) == []


def test_each_parameter_is_tested_with_another_value_than_its_default() -> None:
    defaults = {name: str(one["Default"]) for name, one in source()["Parameters"].items()}
    assert NON_DEFAULTS.keys() | ACTIONS.keys() | {"ActionRulesParameter"} == defaults.keys()
    assert not [name for name, value in NON_DEFAULTS.items() if value == defaults[name]]


def test_a_given_topic_replaces_the_one_of_the_stack(parameters: dict[str, str], variant: Stack) -> None:
    for parameter, output, name in (
        ("ExistingAlertsTopicArn", "AlertsTopicArn", "AlertsTopic"),
        ("OpsTopicArn", "OpsTopicArn", "OpsTopic"),
    ):
        topic = parameters.get(parameter)
        assert variant.outputs[output]["Value"] == (topic or f"<{name}>")
        assert ({name, f"{name}Policy"} <= variant.resources.keys()) is not bool(topic)
    assert ("OpsSubscription" in variant.resources) is not bool(parameters.get("OpsTopicArn"))


def test_operations_are_notified_by_mail(plain: Stack) -> None:
    assert plain["OpsSubscription"] == {"TopicArn": "<OpsTopic>", "Protocol": "email", "Endpoint": EMAIL}


def test_the_console_shows_each_parameter_in_one_group_and_with_a_label() -> None:
    template = source()
    interface = template["Metadata"]["AWS::CloudFormation::Interface"]
    shown = [name for group in interface["ParameterGroups"] for name in group["Parameters"]]
    assert sorted(shown) == sorted(template["Parameters"]) == sorted(interface["ParameterLabels"])
    assert all(group["Label"]["default"] for group in interface["ParameterGroups"])
    assert all(label["default"] for label in interface["ParameterLabels"].values())


def test_only_the_parameter_of_the_layer_has_a_physical_name() -> None:
    named = {
        (name, key)
        for name, one in source()["Resources"].items()
        for key, value in one.get("Properties", {}).items()
        if key.endswith("Name") and key != "MetricName" and "Ref" not in value
    }
    assert named == {("RetryLayerArn", "Name")}


def test_these_are_the_outputs(parameters: dict[str, str], variant: Stack) -> None:
    expected = OUTPUTS + (OUTPUTS_OF_ACTIONS if "AllowedActions" in parameters else [])
    assert [name for name in variant.outputs if name != "IntakeFunctionArn"] == expected
    assert ("IntakeFunctionArn" in variant.outputs) is ("DirectAlarmArn" in parameters)
    assert all(one["Description"] for one in variant.outputs.values())
    assert not any("Export" in one for one in variant.outputs.values())  # an imported export would block every update
    for name, output in variant.outputs.items():
        if name.endswith(("Url", "FunctionName")):
            assert output["Value"] == f"<{name.removesuffix('Url').removesuffix('Name')}>"


def test_each_suppression_of_checkov_gives_its_reason() -> None:
    resources = source()["Resources"].values()
    skipped = [one for each in resources for one in each.get("Metadata", {}).get("checkov", {}).get("skip", [])]
    assert skipped
    assert all(one.keys() == {"id", "comment"} for one in skipped), "a comma ends a comment in YAML's braces"
    assert all(len(one["comment"].split()) > 3 for one in skipped), skipped


def test_two_stacks_share_no_secrets_and_no_routes_unless_they_are_given_one_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert resolve(OpsEmail=EMAIL).outputs["DestinationsPath"]["Value"] == "/holdfast/destinations"
    monkeypatch.setitem(PSEUDO, "AWS::StackName", "alerts")
    other = resolve.__wrapped__(OpsEmail=EMAIL)
    assert other.outputs["DestinationsPath"]["Value"] == "/alerts/destinations"
    assert "parameter/alerts/destinations/*" in str(other["SlackAlertsRole"])
    assert other.outputs["RoutesParameter"]["Value"] == "/alerts/routes"
    assert "parameter/alerts/routes" in str(other["IntakeRole"])
    same = resolve.__wrapped__(
        OpsEmail=EMAIL, DestinationsPath="/holdfast/destinations", RoutesParameter="/holdfast/routes"
    )
    assert same["IntakeFunction"]["Environment"]["Variables"]["ROUTES_PARAMETER"] == "/holdfast/routes"
    assert same["SlackAlertsFunction"]["Environment"]["Variables"]["DESTINATIONS_PATH"] == "/holdfast/destinations"
    assert "parameter/holdfast/destinations/*" in str(same["SlackAlertsRole"])


def test_the_dashboard_can_be_off() -> None:
    assert "Dashboard" in resolve(OpsEmail=EMAIL).resources
    assert "Dashboard" not in resolve(OpsEmail=EMAIL, OperationsDashboard="off").resources

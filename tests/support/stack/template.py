"""The template as CloudFormation sees it: transformed by SAM in process, resolved for given parameters."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from tests.support.stack.intrinsics import Node, Resolver, Resource

ROOT = Path(__file__).parents[3]
PSEUDO = {
    "AWS::AccountId": "111122223333",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::StackId": "arn:aws:cloudformation:eu-west-1:111122223333:stack/holdfast/1",
    "AWS::StackName": "holdfast",
    "AWS::URLSuffix": "amazonaws.com",
}
EMAIL = "ops@example.com"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:existing"
OTHER_TOPICS = ["arn:aws:sns:eu-west-1:111122223333:more", "arn:aws:sns:us-east-1:444455556666:theirs"]
OPS_TOPIC = "arn:aws:sns:eu-west-1:111122223333:ops"
DIRECT_TOPIC = "arn:aws:sns:eu-west-1:111122223333:direct"
DIRECT_ALARMS = "arn:aws:cloudwatch:eu-west-1:444455556666:alarm:shop-*"
ACTIONS = {
    "AllowedActions": "ecs:UpdateService,ssm:StartAutomationExecution",
    "ActionResourceArns": "arn:aws:ecs:eu-west-1:111122223333:service/*,arn:aws:ssm:eu-west-1::automation-definition/*",
}
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
NON_DEFAULTS = {
    "ExistingAlertsTopicArn": TOPIC,
    "AllowedTopicArns": ",".join(OTHER_TOPICS),
    "DirectTopicArn": DIRECT_TOPIC,
    "DirectAlarmArn": DIRECT_ALARMS,
    "DefaultDestination": "team",
    "RoutesParameter": "/team/routes",
    "AllowedHosts": "hooks.slack.com,slack.com,slack-gov.com",
    "SlackApiUrl": "https://slack-gov.com/api",
    "Pictures": "on",
    "SecretStore": "secretsmanager",
    "DestinationsPath": "/team/slack",
    "SecretKeyArn": KEY_ARN,
    "OpsEmail": EMAIL,
    "OpsTopicArn": OPS_TOPIC,
    "Encryption": "customer-key",
    "RedriveRate": "off",
    "HeartbeatRate": "off",
    "DigestFrom": "0",
    "Pace": "quick",
    "UnansweredPosts": "suppress",
    "Architecture": "x86_64",
    "LogRetentionDays": "90",
    "OperationsDashboard": "off",
}
"""Another value than the default for each parameter but those of actions."""
ALL_ON = NON_DEFAULTS | {"RedriveRate": "rate(1 minute)", "HeartbeatRate": "rate(5 minutes)"}
ACTION_VARIANTS = {
    "own topics": {"OpsEmail": EMAIL, **ACTIONS},
    "existing topics": {"OpsTopicArn": OPS_TOPIC, "ExistingAlertsTopicArn": TOPIC, **ACTIONS},
    "secrets under a key": {"OpsEmail": EMAIL, "SecretKeyArn": KEY_ARN, **ACTIONS},
    "queues under a key": {"OpsEmail": EMAIL, "Encryption": "customer-key", **ACTIONS},
    "direct topic": {"OpsEmail": EMAIL, "DirectTopicArn": DIRECT_TOPIC, **ACTIONS},
    "direct alarms": {"OpsEmail": EMAIL, "DirectAlarmArn": DIRECT_ALARMS, **ACTIONS},
    "no schedules": {"OpsEmail": EMAIL, "RedriveRate": "off", "HeartbeatRate": "off", **ACTIONS},
    "all on": ALL_ON | ACTIONS | {"ActionRulesParameter": "/team/rules"},
}
VARIANTS = {
    "plain": {"OpsEmail": EMAIL},
    **{f"{name} alone": {"OpsEmail": EMAIL, name: value} for name, value in NON_DEFAULTS.items()},
    "OpsTopicArn alone": {"OpsTopicArn": OPS_TOPIC},
    "all on": ALL_ON,
    "all on, own topics": ALL_ON | {"ExistingAlertsTopicArn": "", "OpsTopicArn": ""},
    **{f"actions, {name}": parameters for name, parameters in ACTION_VARIANTS.items()},
}
"""Parameters of the stacks that tests compare, with and without AllowedActions."""


@cache
def _source() -> dict[str, Node]:
    parsed: dict[str, Node] = yaml_parse((ROOT / "template.yaml").read_text(encoding="utf-8"))
    return parsed


def source() -> dict[str, Node]:
    """Parse template.yaml, as it is written."""
    return copy.deepcopy(_source())


def paces() -> list[str]:
    return list(next(iter(_source()["Mappings"]["Timing"].values())))


@dataclass(frozen=True)
class Stack:
    """The resources and outputs whose condition holds, without intrinsic functions."""

    resources: dict[str, Resource]
    outputs: dict[str, Resource]
    timing: dict[str, float]

    def __getitem__(self, name: str) -> Node:
        """Return the properties of a resource."""
        return self.resources[name]["Properties"]

    def of(self, kind: str) -> dict[str, Node]:
        """Return the properties of all resources of a type, by name."""
        return {name: one.get("Properties", {}) for name, one in self.resources.items() if one["Type"] == kind}


@cache
def resolve(**parameters: str) -> Stack:
    """Transform the template and resolve it with its defaults and these parameters."""
    template = source()
    chosen = _defaults(template) | parameters
    transformed = _transform(template, chosen)
    resolver = Resolver(transformed, PSEUDO | _typed(template, chosen))
    return Stack(
        resources=resolver.section("Resources"),
        outputs=resolver.section("Outputs"),
        timing={row: float(columns[chosen["Pace"]]) for row, columns in transformed["Mappings"]["Timing"].items()},
    )


def transformed(**parameters: str) -> dict[str, Node]:
    """Transform the template as SAM does, with its intrinsic functions."""
    template = source()
    return _transform(template, _defaults(template) | parameters)


def refusals(**parameters: str) -> list[str]:
    """Return the description of each rule that refuses these parameters."""
    template = source()
    resolver = Resolver(template, PSEUDO | _typed(template, _defaults(template) | parameters))
    rules = [one for one in template["Rules"].values() if resolver.resolve(one.get("RuleCondition", True))]
    assertions = [one for rule in rules for one in rule["Assertions"]]
    return [one["AssertDescription"] for one in assertions if not resolver.resolve(one["Assert"])]


def _defaults(template: Mapping[str, Node]) -> dict[str, str]:
    return {name: str(one["Default"]) for name, one in template["Parameters"].items()}


def _typed(template: Mapping[str, Node], parameters: Mapping[str, str]) -> dict[str, Node]:
    """Return the values as Ref gives them: a list for a parameter that is one."""
    lists = {name for name, one in template["Parameters"].items() if one["Type"] == "CommaDelimitedList"}
    return {name: value.split(",") if name in lists else value for name, value in parameters.items()}


def _transform(template: dict[str, Node], parameters: dict[str, str]) -> dict[str, Node]:
    # sam deploy uploads both folders and writes their addresses here.
    template["Globals"]["Function"]["CodeUri"] = "s3://bucket/key"
    template["Resources"]["RetryLayer"]["Properties"]["ContentUri"] = "s3://bucket/key"
    session = boto3.Session(region_name=PSEUDO["AWS::Region"])
    transformed: dict[str, Node] = Translator(None, Parser(), boto_session=session).translate(template, parameters)
    return transformed

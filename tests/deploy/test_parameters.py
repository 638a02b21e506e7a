"""Deployed with its defaults, with each parameter alone, and with all: an alarm reaches Slack each time."""

import pytest

from holdfast_cli.stack import Stack
from tests.support.local_aws.deployments import Deployments
from tests.support.stack.template import source

NAME = "holdfast-variant"
DEFAULTS = {"Pace": "standard"}  # the local configuration has quick
GIVEN = {
    "DefaultDestination": "team-2",
    "RoutesParameter": "/team/routes",
    "AllowedHosts": "hooks.slack.com,slack.com,slack-gov.com",
    "SlackApiUrl": "https://slack-gov.com/api",
    "SecretStore": "secretsmanager",
    "DestinationsPath": "/team/slack",
    "OpsEmail": "others@example.com",
    "Encryption": "customer-key",
    "RedriveRate": "off",
    "HeartbeatRate": "off",
    "ActionRulesParameter": "/team/rules",
    "DigestFrom": "0",
    "Pace": "quick",
    "UnansweredPosts": "suppress",
    "LogRetentionDays": "14",
}
"""What one may give, without those that name a thing that must be there first."""
TOGETHER = {"AllowedActions": "ecs:UpdateService", "ActionResourceArns": "arn:aws:ecs:us-east-1:000000000000:service/*"}
"""What a rule lets nobody give alone."""
FIRST = ("ExistingAlertsTopicArn", "AllowedTopicArns", "DirectTopicArn", "OpsTopicArn", "SecretKeyArn")
ELSEWHERE = {"Architecture": "the layer holds compiled code, which this machine runs for its own processor only"}


def given(deployments: Deployments, name: str) -> str:
    """A value for this parameter; what it names is made."""
    if name == "SecretKeyArn":
        return str(deployments.aws.client("kms").create_key()["KeyMetadata"]["Arn"])
    if name in FIRST:
        return deployments.aws.client("sns").create_topic(Name=f"variant-{name}")["TopicArn"]
    return (GIVEN | TOGETHER)[name]


def store(deployments: Deployments, stack: Stack) -> None:
    """The default destination's secret, where this stack reads it."""
    secret = deployments.slack.webhook_url("ops")
    if stack.secret_store == "ssm":  # noqa: S105 - the name of a store
        deployments.aws.store_destination(stack, secret)
    else:
        name = f"{stack.destinations_path}/{stack.default_destination}"
        deployments.aws.client("secretsmanager").create_secret(Name=name, SecretString=secret)


def test_each_parameter_of_the_template_is_tried() -> None:
    assert source()["Parameters"].keys() == {*GIVEN, *TOGETHER, *FIRST, *ELSEWHERE}


SETS = [(), *((name,) for name in (*GIVEN, *FIRST)), tuple(TOGETHER), (*GIVEN, *TOGETHER, *FIRST)]


@pytest.mark.parametrize("names", SETS, ids=", ".join)
def test_it_deploys_and_delivers(deployments: Deployments, names: tuple[str, ...]) -> None:
    parameters = DEFAULTS | {name: given(deployments, name) for name in names}
    what = "all parameters" if names == SETS[-1] else f"{' and '.join(names) or 'nothing'} given"
    stack = deployments.deploy(what, NAME, **parameters)
    store(deployments, stack)
    try:
        assert deployments.delivers(stack), deployments.aws.log()[-2000:]
    finally:
        deployments.delete(f"{what}: deleted", NAME)

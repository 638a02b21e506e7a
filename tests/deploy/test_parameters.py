"""Deployments with the defaults, with each parameter alone, and with all: each delivers an alarm."""

import pytest

from holdfast_cli.stack import Stack
from tests.support.local_aws.deployments import Deployments
from tests.support.stack.template import NON_DEFAULTS, source

NAME = "holdfast-variant"
DEFAULTS = {"Pace": "standard"}  # instead of quick, as in the local configuration
TOGETHER = {"AllowedActions": "ecs:UpdateService", "ActionResourceArns": "arn:aws:ecs:us-east-1:000000000000:service/*"}
"""Parameters that a rule of the template allows only together."""
EXISTING = ("ExistingAlertsTopicArn", "AllowedTopicArns", "DirectTopicArn", "OpsTopicArn", "SecretKeyArn")
NOT_HERE = {"Architecture": "the layer holds compiled code for the processor of this machine"}
GIVEN = {name: value for name, value in NON_DEFAULTS.items() if name not in {*EXISTING, *NOT_HERE}}
GIVEN |= {"OpsEmail": "others@example.com", "ActionRulesParameter": "/team/rules"}
"""Values of the parameters that name no existing resource."""


def value_of(deployments: Deployments, name: str) -> str:
    """Return a value of a parameter, and create the resource that it names."""
    if name == "SecretKeyArn":
        return str(deployments.aws.client("kms").create_key()["KeyMetadata"]["Arn"])
    if name in EXISTING:
        return deployments.aws.client("sns").create_topic(Name=f"variant-{name}")["TopicArn"]
    return (GIVEN | TOGETHER)[name]


def store(deployments: Deployments, stack: Stack) -> None:
    """Store the default destination's secret where the stack reads it."""
    secret = deployments.slack.webhook_url("ops")
    if stack.secret_store == "ssm":  # noqa: S105 - the name of a store
        deployments.aws.store_destination(stack, secret)
    else:
        name = f"{stack.destinations_path}/{stack.default_destination}"
        deployments.aws.client("secretsmanager").create_secret(Name=name, SecretString=secret)


def test_each_parameter_of_the_template_is_deployed() -> None:
    assert source()["Parameters"].keys() == {*GIVEN, *TOGETHER, *EXISTING, *NOT_HERE}


SETS = [(), *((name,) for name in (*GIVEN, *EXISTING)), tuple(TOGETHER), (*GIVEN, *TOGETHER, *EXISTING)]


@pytest.mark.parametrize("names", SETS, ids=", ".join)
def test_it_deploys_and_delivers(deployments: Deployments, names: tuple[str, ...]) -> None:
    parameters = DEFAULTS | {name: value_of(deployments, name) for name in names}
    title = "all parameters" if names == SETS[-1] else f"{' and '.join(names) or 'nothing'} given"
    stack = deployments.deploy(title, NAME, **parameters)
    store(deployments, stack)
    try:
        assert deployments.delivers(stack), deployments.aws.log()[-2000:]
    finally:
        deployments.delete(f"{title}: deleted", NAME)

"""No allowed AWS call reaches this stack, its secrets, or the documents that decide about calls."""

from fnmatch import fnmatchcase

import pytest

from tests.support.stack.grants import documents, statements
from tests.support.stack.intrinsics import Node
from tests.support.stack.template import ACTION_VARIANTS, ACTIONS, EMAIL, KEY_ARN, PSEUDO, Stack, resolve

ACCOUNT = PSEUDO["AWS::AccountId"]
REFERRED = {
    "AWS::SNS::Topic": "<{}>",
    "AWS::SQS::Queue": "<{}.Arn>",
    "AWS::DynamoDB::Table": "<{}.Arn>",
    "AWS::Lambda::Function": "<{}.Arn>",
    "AWS::Lambda::EventSourceMapping": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:event-source-mapping:<{{}}>",
    "AWS::IAM::Role": "<{}.Arn>",
    "AWS::KMS::Key": "<{}.Arn>",
    "AWS::Scheduler::Schedule": "<{}.Arn>",
    "AWS::CloudWatch::Dashboard": f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/<Dashboard>",
    "AWS::CloudWatch::Alarm": f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT}:alarm:holdfast-*",
    "AWS::Logs::LogGroup": f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:holdfast-*",
    "AWS::IAM::ManagedPolicy": f"arn:aws:iam::{ACCOUNT}:policy/holdfast-*",
    "AWS::SSM::Parameter": f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/holdfast/holdfast/*",
}
HARMLESS = {
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::SNS::Subscription",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
}
"""They are changed through their topic, queue or function; of the layer a call could only make newer versions."""


@pytest.fixture(params=list(ACTION_VARIANTS.values()), ids=list(ACTION_VARIANTS))
def variant(request: pytest.FixtureRequest) -> Stack:
    return resolve(**request.param)


def denied(stack: Stack) -> Node:
    return statements(*documents(stack, "ActionsCallRole"))["KeepOffThisStack"]


def is_denied(stack: Stack, arn: str) -> bool:
    return any(fnmatchcase(arn, one) for one in denied(stack)["Resource"])


def test_no_call_reaches_a_resource_of_this_stack(variant: Stack) -> None:
    assert (denied(variant)["Effect"], denied(variant)["Action"]) == ("Deny", "*")
    assert "Condition" not in denied(variant)
    for name, one in variant.resources.items():
        if one["Type"] not in HARMLESS:
            assert is_denied(variant, REFERRED[one["Type"]].format(name)), name
    topics = {one["TopicArn"] for one in variant.of("AWS::SNS::Subscription").values()}
    for topic in topics | {variant.outputs[name]["Value"] for name in ("AlertsTopicArn", "OpsTopicArn")}:
        assert is_denied(variant, topic)


@pytest.mark.parametrize("qualifier", ["$LATEST", "1", "live"])
def test_no_call_reaches_a_function_by_a_version_or_an_alias(variant: Stack, qualifier: str) -> None:
    for name in variant.of("AWS::Lambda::Function"):
        assert is_denied(variant, f"<{name}.Arn>:{qualifier}"), name


def test_no_call_reaches_the_stack_by_its_name_or_its_id(variant: Stack) -> None:
    by_name = f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/holdfast/*"
    assert is_denied(variant, PSEUDO["AWS::StackId"])
    assert is_denied(variant, by_name)
    assert not is_denied(variant, by_name.replace("holdfast", "holdfast-of-others"))


def test_no_call_reaches_a_secret_or_a_document_that_decides_about_calls() -> None:
    parameters = {
        "DestinationsPath": "/team/slack",
        "RoutesParameter": "/team/routes",
        "ActionRulesParameter": "/team/rules",
    }
    stack = resolve(OpsEmail=EMAIL, SecretKeyArn=KEY_ARN, **parameters, **ACTIONS)
    in_ssm = {f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter{name}" for name in (*parameters.values(), "/team/slack/*")}
    secrets = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:/team/slack/*"
    assert {*in_ssm, secrets, KEY_ARN} <= set(denied(stack)["Resource"])

"""The two roles of the function that makes AWS calls, each held to the least: its own, and that of the calls."""

from fnmatch import fnmatchcase

import pytest

from tests.support.stack.intrinsics import Node
from tests.support.stack.template import ACTION_VARIANTS, ACTIONS, EMAIL, KEY_ARN, PSEUDO, Stack, stack

ACCOUNT = PSEUDO["AWS::AccountId"]


@pytest.fixture(params=list(ACTION_VARIANTS.values()), ids=list(ACTION_VARIANTS))
def made(request: pytest.FixtureRequest) -> Stack:
    return stack(**request.param)


def statements(policy: Node) -> dict[str, Node]:
    return {one["Sid"]: one for one in policy["PolicyDocument"]["Statement"]}


def test_the_function_may_do_what_it_does_itself_and_no_allowed_call(made: Stack) -> None:
    [policy] = made["ActionsRole"]["Policies"]
    may = {sid: (one["Action"], one["Resource"]) for sid, one in statements(policy).items()}
    assert all(one["Effect"] == "Allow" for one in statements(policy).values())
    rules = f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/holdfast/action-rules"
    queue = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "ChangeMessageVisibility"]
    assert may == {
        "WriteOwnLog": (["logs:CreateLogStream", "logs:PutLogEvents"], "<ActionsLogGroup.Arn>"),
        "TakeRequests": ([f"sqs:{one}" for one in queue], "<ActionsQueue.Arn>"),
        "ParkRequests": ("sqs:SendMessage", "<ParkingQueue.Arn>"),
        "ClaimRequests": (["dynamodb:GetItem", "dynamodb:PutItem"], "<DeliveriesTable.Arn>"),
        "TellOutcomes": ("sns:Publish", made.outputs["AlertsTopicArn"]["Value"]),
        "ReadRules": ("ssm:GetParameter", rules),
    } | keys(made)
    assert attached(made, "ActionsRole") == ["ActionsAssumePolicy"]
    [take] = made["ActionsAssumePolicy"]["PolicyDocument"]["Statement"]
    assert (take["Effect"], take["Action"], take["Resource"]) == ("Allow", "sts:AssumeRole", "<ActionsCallRole.Arn>")


def keys(made: Stack) -> Node:
    """What each statement about the stack's own key allows, where there is one."""
    use = (["kms:Decrypt", "kms:GenerateDataKey"], "<EncryptionKey.Arn>")
    return dict.fromkeys(("UseKeyOfQueues", "UseKeyOfTopic"), use) if "EncryptionKey" in made.resources else {}


def attached(made: Stack, role: str) -> list[str]:
    assert "ManagedPolicyArns" not in made[role]
    return [name for name, one in made.of("AWS::IAM::ManagedPolicy").items() if f"<{role}>" in one["Roles"]]


def test_lambda_alone_takes_the_one_role_and_the_function_alone_the_other(made: Stack) -> None:
    trusted = {
        name: [
            (one["Effect"], one["Action"], one["Principal"]) for one in role["AssumeRolePolicyDocument"]["Statement"]
        ]
        for name, role in made.of("AWS::IAM::Role").items()
        if name.startswith("Actions")
    }
    assert trusted == {
        "ActionsRole": [("Allow", "sts:AssumeRole", {"Service": "lambda.amazonaws.com"})],
        "ActionsCallRole": [("Allow", "sts:AssumeRole", {"AWS": "<ActionsRole.Arn>"})],
    }
    function = made["ActionsFunction"]
    assert function["Role"] == "<ActionsRole.Arn>"
    assert function["Environment"]["Variables"]["CALL_ROLE_ARN"] == "<ActionsCallRole.Arn>"


def test_calls_run_with_the_list_on_the_resources_and_nothing_else(made: Stack) -> None:
    assert "Policies" not in made["ActionsCallRole"]
    assert attached(made, "ActionsCallRole") == ["ActionsCallPolicy"]
    allowed = [one for one in statements(made["ActionsCallPolicy"]).values() if one["Effect"] == "Allow"]
    assert [(one["Action"], one["Resource"]) for one in allowed] == [
        (ACTIONS["AllowedActions"].split(","), ACTIONS["ActionResourceArns"].split(","))
    ]


def test_no_call_passes_or_takes_a_role(made: Stack) -> None:
    never = statements(made["ActionsCallPolicy"])["NeverPassOrTakeRoles"]
    assert (never["Effect"], never["Action"], never["Resource"]) == ("Deny", ["iam:PassRole", "sts:Assume*"], "*")
    assert "Condition" not in never


def test_no_call_reads_parameters_by_a_path(made: Stack) -> None:
    never = statements(made["ActionsCallPolicy"])["NeverReadByPath"]
    assert (never["Effect"], never["Action"], never["Resource"]) == ("Deny", "ssm:GetParametersByPath", "*")
    assert "Condition" not in never


REFERRED = {
    "AWS::SNS::Topic": "<{}>",
    "AWS::SQS::Queue": "<{}.Arn>",
    "AWS::DynamoDB::Table": "<{}.Arn>",
    "AWS::Lambda::Function": "<{}.Arn>",
    "AWS::Lambda::EventSourceMapping": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:event-source-mapping:<{{}}>",
    "AWS::IAM::Role": "<{}.Arn>",
    "AWS::KMS::Key": "<{}.Arn>",
    "AWS::Scheduler::Schedule": "<{}.Arn>",
}
NAMED = {
    "AWS::CloudWatch::Dashboard": f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/<Dashboard>",
    "AWS::CloudWatch::Alarm": f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT}:alarm:holdfast-*",
    "AWS::Logs::LogGroup": f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:holdfast-*",
    "AWS::IAM::ManagedPolicy": f"arn:aws:iam::{ACCOUNT}:policy/holdfast-*",
    "AWS::SSM::Parameter": f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/holdfast/holdfast/*",
}
BOUND = {
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::SNS::Subscription",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
}
"""Of no worth to who may not touch what they belong to; of the layer, only newer versions could be made."""


def test_no_call_reaches_a_resource_of_this_stack(made: Stack) -> None:
    denied = statements(made["ActionsCallPolicy"])["KeepOffThisStack"]
    assert (denied["Effect"], denied["Action"]) == ("Deny", "*")
    assert "Condition" not in denied
    for name, one in made.resources.items():
        if one["Type"] not in BOUND:
            arn = REFERRED[one["Type"]].format(name) if one["Type"] in REFERRED else NAMED[one["Type"]]
            assert is_out_of_reach(made, arn), name
    topics = {one["TopicArn"] for one in made.of("AWS::SNS::Subscription").values()}
    for topic in topics | {made.outputs[name]["Value"] for name in ("AlertsTopicArn", "OpsTopicArn")}:
        assert is_out_of_reach(made, topic)


def is_out_of_reach(made: Stack, arn: str) -> bool:
    """As IAM compares them."""
    denied = statements(made["ActionsCallPolicy"])["KeepOffThisStack"]["Resource"]
    return any(fnmatchcase(arn, one) for one in denied)


@pytest.mark.parametrize("qualifier", ["$LATEST", "1", "live"])
def test_no_call_reaches_a_function_by_a_version_or_an_alias(made: Stack, qualifier: str) -> None:
    for name in made.of("AWS::Lambda::Function"):
        assert is_out_of_reach(made, f"<{name}.Arn>:{qualifier}"), name


def test_no_call_reaches_the_stack_by_its_name_or_by_its_id(made: Stack) -> None:
    by_name = f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/holdfast/*"
    assert is_out_of_reach(made, PSEUDO["AWS::StackId"])
    assert is_out_of_reach(made, by_name)
    assert not is_out_of_reach(made, by_name.replace("holdfast", "holdfast-of-others"))


def test_no_call_reaches_a_secret_or_what_decides_about_calls() -> None:
    given = {
        "DestinationsPath": "/team/slack",
        "RoutesParameter": "/team/routes",
        "ActionRulesParameter": "/team/rules",
    }
    made = stack(OpsEmail=EMAIL, SecretKeyArn=KEY_ARN, **given, **ACTIONS)
    out_of_reach = set(statements(made["ActionsCallPolicy"])["KeepOffThisStack"]["Resource"])
    parameters = {f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter{name}" for name in (*given.values(), "/team/slack/*")}
    secrets = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:/team/slack/*"
    assert {*parameters, secrets, KEY_ARN} <= out_of_reach

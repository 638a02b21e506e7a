"""docs/security.md has the permissions of each role; here is which stacks have them. AWS alone checks them all."""

import re

import pytest

from tests.support.stack.grants import documents, listed, statements
from tests.support.stack.intrinsics import Node
from tests.support.stack.security_tables import PAGE, page_with_tables
from tests.support.stack.template import PSEUDO, VARIANTS, Stack, resolve

ACCOUNT = PSEUDO["AWS::AccountId"]
WITHOUT_RESOURCES = ("cloudwatch:GetMetricWidgetImage",)
"""Actions for which IAM knows no resource but *."""
CALL_ROLE = "ActionsCallRole"
NEEDS = {
    "QueueDirectAlerts": {"DirectTopicArn", "DirectAlarmArn"},
    "UseKeyOfQueues": {"Encryption"},
    "UseKeyOfTopic": {"Encryption"},
    "UseKeyOfOpsTopic": {"OpsTopicArn"},
    "DrawPictures": {"Pictures"},
    "DecryptDestinations": {"SecretKeyArn"},
}
"""Sid of a permission -> the parameters without which no role has it. All others are in each stack with their role."""
GIVEN = {
    "ReadRoutes": "RoutesParameter",
    "ReadRules": "ActionRulesParameter",
    "ReadDestinations": "DestinationsPath",
    "DecryptDestinations": "SecretKeyArn",
    "NotifyOperations": "OpsTopicArn",
    "PublishOutcomes": "ExistingAlertsTopicArn",
    "PublishHeartbeats": "ExistingAlertsTopicArn",
}
"""Sid of a permission -> the parameter that is a part of its resource."""


def permissions(stack: Stack) -> dict[str, dict[str, Node]]:
    """Return the statements of each role by Sid."""
    return {role: statements(*documents(stack, role)) for role in stack.of("AWS::IAM::Role")}


def test_the_security_page_has_the_permissions_of_each_role_and_the_licences_of_the_layer() -> None:
    page = PAGE.read_text()
    assert page == page_with_tables(page), "python -m tests.support.stack.security_tables"


def test_each_role_has_its_permissions_in_each_stack_unless_they_need_a_parameter(
    parameters: dict[str, str], variant: Stack
) -> None:
    everywhere: dict[str, set[str]] = {}
    for stack in (resolve(**one) for one in VARIANTS.values()):
        for role, found in permissions(stack).items():
            everywhere[role] = everywhere.get(role, set()) | found.keys()
    for role, found in permissions(variant).items():
        missing = {sid for sid in everywhere[role] & NEEDS.keys() if not any(map(parameters.get, NEEDS[sid]))}
        assert found.keys() == everywhere[role] - missing, role


def test_a_parameter_names_the_resource_of_its_permission(parameters: dict[str, str], variant: Stack) -> None:
    for role, found in permissions(variant).items():
        for sid, parameter in GIVEN.items():
            if sid in found and (value := parameters.get(parameter)):
                assert value in listed(found[sid]["Resource"])[0], (role, sid)


def test_a_call_may_have_the_allowed_actions_on_their_resources_and_no_other(
    parameters: dict[str, str], variant: Stack
) -> None:
    if "AllowedActions" in parameters:
        allowed = permissions(variant)[CALL_ROLE]["MakeAllowedCalls"]
        assert listed(allowed["Action"]) == parameters["AllowedActions"].split(",")
        assert listed(allowed["Resource"]) == parameters["ActionResourceArns"].split(",")
    else:
        assert CALL_ROLE not in permissions(variant)


def test_no_role_has_an_aws_managed_policy(variant: Stack) -> None:
    assert not [name for name, role in variant.of("AWS::IAM::Role").items() if "ManagedPolicyArns" in role]
    assert not variant.of("AWS::IAM::Policy")
    assert all(len(one["Roles"]) == 1 for one in variant.of("AWS::IAM::ManagedPolicy").values())


def test_each_permission_names_its_actions_and_its_resources(variant: Stack) -> None:
    for role in variant.of("AWS::IAM::Role").keys() - {CALL_ROLE}:  # its list is the user's
        for document in documents(variant, role):
            for one in document["Statement"]:
                assert one["Sid"]
                assert not {"NotAction", "NotResource"} & one.keys()
                assert all(re.fullmatch(r"[a-z0-9-]+:[A-Za-z]+", action) for action in listed(one["Action"])), one
                if one["Action"] in WITHOUT_RESOURCES:
                    assert one["Resource"] == "*"
                    continue
                for resource in listed(one["Resource"]):
                    # A star is only the last part of a name, below a path of the stack.
                    assert re.fullmatch(r"<\w+(\.\w+)?>|arn:aws:[a-z]+:[a-z0-9-]+:[0-9]{12}:[^*]+(/\*)?", resource), one


def test_only_its_service_or_function_takes_a_role(variant: Stack) -> None:
    for name, role in variant.of("AWS::IAM::Role").items():
        [trust] = role["AssumeRolePolicyDocument"]["Statement"]
        assert (trust["Effect"], trust["Action"]) == ("Allow", "sts:AssumeRole")
        of_schedule = re.fullmatch("(Redrive|Notices)ScheduleRole|HeartbeatRole|TestAlarmRole", name)
        service = "scheduler" if of_schedule else "lambda"
        taker = {"AWS": "<ActionsRole.Arn>"} if name == "ActionsCallRole" else {"Service": f"{service}.amazonaws.com"}
        assert trust["Principal"] == taker, name
        # Lambda gives no context key to check.
        assert trust.get("Condition") == ({"StringEquals": {"aws:SourceAccount": ACCOUNT}} if of_schedule else None)


def test_each_function_has_its_own_role(variant: Stack) -> None:
    for name, function in variant.of("AWS::Lambda::Function").items():
        assert function["Role"] == f"<{name.replace('Function', 'Role')}.Arn>"


@pytest.mark.parametrize("role", ["SlackAlertsRole", "NoticesRole"])
def test_a_given_ops_topic_may_be_under_a_key_of_its_account(role: str) -> None:
    stack = resolve(OpsTopicArn="arn:aws:sns:us-east-1:444455556666:their-ops")
    permission = statements(*documents(stack, role))["UseKeyOfOpsTopic"]
    assert permission["Resource"] == "arn:aws:kms:us-east-1:444455556666:key/*"
    assert permission["Condition"] == {"StringEquals": {"kms:ViaService": "sns.us-east-1.amazonaws.com"}}

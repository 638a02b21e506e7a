"""Every role of the stack, whatever function it is for: least privilege, written out."""

import re
from collections.abc import Iterator

import pytest

from tests.support.stack.grants import listed
from tests.support.stack.intrinsics import Node
from tests.support.stack.security_tables import PAGE, page_with_tables
from tests.support.stack.template import ACTION_VARIANTS, VARIANTS, Stack, stack

ONLY_EVERYTHING: set[str] = set()
"""Actions that AWS allows on no resource in particular. None is needed yet."""


EVERY = VARIANTS | {f"actions, {name}": given for name, given in ACTION_VARIANTS.items()}
CALL_ROLE, CALL_POLICY = "ActionsCallRole", "ActionsCallPolicy"
"""Of these the user writes what is allowed: test_action_roles holds them."""
APART = {CALL_POLICY, "ActionsAssumePolicy"}
"""The stack's own policies that stand apart from their roles, because each of the two names the other role."""


@pytest.fixture(params=list(EVERY.values()), ids=list(EVERY))
def variant(request: pytest.FixtureRequest) -> Stack:
    return stack(**request.param)


def statements(made: Stack) -> Iterator[Node]:
    for role in made.of("AWS::IAM::Role").values():
        for policy in role.get("Policies", []):
            yield from policy["PolicyDocument"]["Statement"]
    for name, policy in made.of("AWS::IAM::ManagedPolicy").items():
        if name != CALL_POLICY:
            yield from policy["PolicyDocument"]["Statement"]


def test_no_role_takes_a_policy_that_somebody_else_writes(variant: Stack) -> None:
    for name, role in variant.of("AWS::IAM::Role").items():
        assert "ManagedPolicyArns" not in role, name
    assert variant.of("AWS::IAM::ManagedPolicy").keys() <= APART
    assert not variant.of("AWS::IAM::Policy")


def test_each_function_has_a_role_of_its_own(variant: Stack) -> None:
    roles = [one["Role"] for one in variant.of("AWS::Lambda::Function").values()]
    assert len(set(roles)) == len(roles) > 0
    assert set(roles) <= {f"<{name}.Arn>" for name in variant.of("AWS::IAM::Role")}


def test_each_permission_says_what_it_is_for_and_names_its_actions(variant: Stack) -> None:
    for one in statements(variant):
        assert one["Sid"]
        assert not {"NotAction", "NotResource"} & one.keys()
        assert all(re.fullmatch(r"[a-z0-9-]+:[A-Za-z]+", action) for action in listed(one["Action"])), one


def test_each_permission_names_its_resource(variant: Stack) -> None:
    for one in statements(variant):
        if set(listed(one["Action"])) <= ONLY_EVERYTHING:
            continue
        for resource in listed(one["Resource"]):
            # A star stands for the last part of a name alone, below a path of the stack.
            assert re.fullmatch(r"<\w+(\.\w+)?>|arn:aws:[a-z]+:[a-z0-9-]+:[0-9]{12}:[^*]+(/\*)?", resource), one


def test_each_role_is_taken_by_one_service_of_aws(variant: Stack) -> None:
    for name, role in variant.of("AWS::IAM::Role").items():
        if name == CALL_ROLE:
            continue
        [trust] = role["AssumeRolePolicyDocument"]["Statement"]
        assert re.fullmatch(r"[a-z]+\.amazonaws\.com", trust["Principal"]["Service"]), name
        assert trust["Action"] == "sts:AssumeRole"


def test_the_page_on_security_tells_what_the_template_allows_and_what_the_layer_holds() -> None:
    page = PAGE.read_text()
    assert page == page_with_tables(page), ".venv/bin/python -m tests.support.stack.security_tables"

"""Each grant of each role is proven by a scenario of `make prove` or by the named test of the template."""

from importlib import import_module

import pytest

from tests.prove.grant_proofs import PROVEN, TESTED, GrantName
from tests.support.stack.grants import Grant, documents, grants, without
from tests.support.stack.intrinsics import Node
from tests.support.stack.template import VARIANTS, Stack, resolve

ONE_CALL = {"AllowedActions": "sqs:SendMessage", "ActionResourceArns": "arn:aws:sqs:eu-west-1:111122223333:mend"}
"""The only allowed call; `make prove` removes it."""
STACKS = {
    name: parameters | (ONE_CALL if "AllowedActions" in parameters else {}) for name, parameters in VARIANTS.items()
}
NAMED = [*(one.name for one in PROVEN), *(one.name for one in TESTED)]


def all_grants(stack: Stack) -> list[tuple[str, Grant]]:
    roles = stack.of("AWS::IAM::Role")
    return [(role, grant) for role in roles for document in documents(stack, role) for grant in grants(document)]


@pytest.mark.parametrize("parameters", STACKS.values(), ids=STACKS)
def test_each_grant_has_one_proof(parameters: dict[str, str]) -> None:
    for role, grant in all_grants(resolve(**parameters)):
        [_] = [one for one in NAMED if one.matches(role, grant)]


@pytest.mark.parametrize("named", NAMED, ids=lambda named: f"{named.role} {named.sid} {named.action} {named.on}")
def test_each_named_grant_exists_in_some_stack(named: GrantName) -> None:
    assert any(named.matches(*one) for parameters in STACKS.values() for one in all_grants(resolve(**parameters)))


@pytest.mark.parametrize("test", sorted({one.test for one in TESTED}))
def test_each_named_test_exists(test: str) -> None:
    module, _, name = test.partition("::")
    assert callable(getattr(import_module(f"tests.unit.template.{module.removesuffix('.py')}"), name))


POLICY: Node = {
    "Statement": [
        {"Sid": "Take", "Effect": "Allow", "Action": ["receive", "delete"], "Resource": ["here", "there"]},
        {"Sid": "Send", "Effect": "Allow", "Action": "send", "Resource": "here"},
    ]
}


@pytest.mark.parametrize("removed", list(grants(POLICY)), ids=lambda grant: f"{grant.action} {grant.resource}")
def test_only_one_grant_is_removed(removed: Grant) -> None:
    def may(document: Node) -> set[tuple[str, str]]:
        return {(one.action, one.resource) for one in grants(document)}

    left = without(POLICY, removed)
    assert may(POLICY) - may(left) == {(removed.action, removed.resource)}
    sids = [one["Sid"] for one in left["Statement"]]
    assert len(sids) == len(set(sids))

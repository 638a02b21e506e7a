"""Every grant of every role has its proof: a scenario of `make prove`, or the test of the template that is named."""

from importlib import import_module

import pytest

from tests.prove.needs import HELD, PROVEN, Named
from tests.support.stack.grants import Grant, grants, without
from tests.support.stack.intrinsics import Node
from tests.support.stack.template import ACTION_VARIANTS, VARIANTS, Stack, stack

ONE_CALL = {"AllowedActions": "sqs:SendMessage", "ActionResourceArns": "arn:aws:sqs:eu-west-1:111122223333:mend"}
"""The one entry of the allow-list that is taken away: any other does the same."""
MADE = VARIANTS | {f"actions, {name}": given | ONE_CALL for name, given in ACTION_VARIANTS.items()}
NAMED = [*(one.what for one in PROVEN), *(one.what for one in HELD)]


def all_grants(made: Stack) -> list[tuple[str, Grant]]:
    """Of each role, by its own policies and by those that are attached to it."""
    own = [
        (name, policy["PolicyDocument"])
        for name, role in made.of("AWS::IAM::Role").items()
        for policy in role.get("Policies", ())
    ]
    attached = [
        (role.strip("<>"), policy["PolicyDocument"])
        for policy in made.of("AWS::IAM::ManagedPolicy").values()
        for role in policy["Roles"]
    ]
    return [(role, grant) for role, document in (*own, *attached) for grant in grants(document)]


@pytest.mark.parametrize("given", MADE.values(), ids=MADE)
def test_each_grant_is_proven_or_held_by_a_test(given: dict[str, str]) -> None:
    for role, grant in all_grants(stack(**given)):
        [_] = [one for one in NAMED if one.names(role, grant)]


@pytest.mark.parametrize("named", NAMED, ids=lambda named: f"{named.role} {named.sid} {named.action} {named.on}")
def test_what_has_a_proof_is_a_grant_of_some_stack(named: Named) -> None:
    assert any(named.names(*one) for given in MADE.values() for one in all_grants(stack(**given)))


@pytest.mark.parametrize("test", sorted({one.test for one in HELD}))
def test_the_test_that_holds_a_grant_is_there(test: str) -> None:
    module, _, name = test.partition("::")
    assert callable(getattr(import_module(f"tests.unit.template.{module.removesuffix('.py')}"), name))


POLICY: Node = {
    "Statement": [
        {"Sid": "Take", "Effect": "Allow", "Action": ["receive", "delete"], "Resource": ["here", "there"]},
        {"Sid": "Send", "Effect": "Allow", "Action": "send", "Resource": "here"},
    ]
}


@pytest.mark.parametrize("taken", list(grants(POLICY)), ids=lambda grant: f"{grant.action} {grant.resource}")
def test_one_grant_is_taken_away_and_no_other(taken: Grant) -> None:
    def may(document: Node) -> set[tuple[str, str]]:
        return {(one.action, one.resource) for one in grants(document)}

    left = without(POLICY, taken)
    assert may(POLICY) - may(left) == {(taken.action, taken.resource)}
    sids = [one["Sid"] for one in left["Statement"]]
    assert len(sids) == len(set(sids))

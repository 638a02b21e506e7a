"""What a role may do, cut into the smallest grants: one action on one resource."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.stack.intrinsics import Node
from tests.support.stack.template import Stack


@dataclass(frozen=True, slots=True)
class Grant:
    """Of one statement; what a statement denies is one too."""

    sid: str
    action: str
    resource: str


def grants(document: Mapping[str, Node]) -> Iterator[Grant]:
    """Everything that a policy says."""
    for one in document["Statement"]:
        for resource in listed(one["Resource"]):
            for action in listed(one["Action"]):
                yield Grant(one["Sid"], action, resource)


def without(document: Mapping[str, Node], grant: Grant) -> dict[str, Node]:
    """The same policy but for that grant."""
    kept: list[Node] = []
    for one in document["Statement"]:
        if one["Sid"] != grant.sid:
            kept.append(one)
            continue
        for number, resource in enumerate(listed(one["Resource"])):
            actions = [name for name in listed(one["Action"]) if (name, resource) != (grant.action, grant.resource)]
            if actions:
                kept.append(one | {"Sid": f"{grant.sid}{number}", "Action": actions, "Resource": resource})
    return {**document, "Statement": kept}


def listed(one_or_many: Node) -> list[Any]:
    return one_or_many if isinstance(one_or_many, list) else [one_or_many]


def allowed(made: Stack, role: str) -> dict[str, Node]:
    """Return the statements of a role's only policy by their ids; all of them allow something."""
    assert "ManagedPolicyArns" not in made[role]
    [policy] = made[role]["Policies"]
    statements = policy["PolicyDocument"]["Statement"]
    assert all(one["Effect"] == "Allow" for one in statements)
    return {one["Sid"]: one for one in statements}

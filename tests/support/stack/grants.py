"""The permissions of a role: its statements, and the smallest grants, one action on one resource."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.stack.intrinsics import Node
from tests.support.stack.template import Stack


@dataclass(frozen=True, slots=True)
class Grant:
    """One action on one resource in a statement that allows or denies it."""

    sid: str
    action: str
    resource: str


def documents(stack: Stack, role: str) -> list[Node]:
    """Return the policies of a role, its own and the attached ones."""
    attached = [one for one in stack.of("AWS::IAM::ManagedPolicy").values() if f"<{role}>" in one["Roles"]]
    return [one["PolicyDocument"] for one in (*stack[role].get("Policies", []), *attached)]


def statements(*policies: Mapping[str, Node]) -> dict[str, Node]:
    return {one["Sid"]: one for policy in policies for one in policy["Statement"]}


def grants(document: Mapping[str, Node]) -> Iterator[Grant]:
    for one in document["Statement"]:
        for resource in listed(one["Resource"]):
            for action in listed(one["Action"]):
                yield Grant(one["Sid"], action, resource)


def without(document: Mapping[str, Node], grant: Grant) -> dict[str, Node]:
    left: list[Node] = []
    for one in document["Statement"]:
        if one["Sid"] != grant.sid:
            left.append(one)
            continue
        for number, resource in enumerate(listed(one["Resource"])):
            actions = [name for name in listed(one["Action"]) if (name, resource) != (grant.action, grant.resource)]
            if actions:
                left.append(one | {"Sid": f"{grant.sid}{number}", "Action": actions, "Resource": resource})
    return {**document, "Statement": left}


def listed(one_or_many: Node) -> list[Any]:
    return one_or_many if isinstance(one_or_many, list) else [one_or_many]

"""CloudFormation: stacks, resources, drift; from SNS texts and from EventBridge."""

import re

from notifications.body import Body
from notifications.building import finished, joined, notification
from notifications.links import account_of, console, region_of
from notifications.models import Link, Notification, Status

PAIR = re.compile(r"(?ms)^(\w+)='(.*?)'\s*$")


def text(body: Body) -> Notification:
    """Return the state of a stack or of one resource, from the `key='value'` lines of CloudFormation."""
    facts = dict(PAIR.findall(body.string))
    stack, resource, state = (facts.get(name, "") for name in ("StackName", "LogicalResourceId", "ResourceStatus"))
    stack_id, kind = facts.get("StackId", ""), facts.get("ResourceType", "")
    is_stack = resource == stack or kind == "AWS::CloudFormation::Stack"
    region = region_of(stack_id)
    return notification(
        body,
        status=finished(state),
        label=state,
        title=joined(stack, "" if is_stack else resource, by=" / "),
        summary=facts.get("ResourceStatusReason", "") or joined("stack" if is_stack else kind, by=""),
        facts=(
            ("Type", kind),
            ("Physical id", facts.get("PhysicalResourceId", "")),
            ("Token", facts.get("ClientRequestToken", "")),
        ),
        resources=(stack_id, stack),
        account=account_of(stack_id),
        region=region,
        links=_stack(region, stack_id),
    )


def stack(body: Body) -> Notification:
    """Return the state of a stack or a resource, from EventBridge."""
    detail = body.at("detail")
    stack_id, state = detail.text("stack-id"), detail.text("status-details.status", "status-details.stack-set-status")
    resource = detail.text("logical-resource-id")
    return notification(
        body,
        status=finished(state),
        label=state,
        title=joined(stack_name(stack_id), resource, by=" / "),
        summary=detail.text("status-details.status-reason") or detail.text("resource-type") or "stack",
        facts=(("Type", detail.text("resource-type")), ("Physical id", detail.text("physical-resource-id"))),
        resources=(stack_id,),
        links=_stack(body.text("region"), stack_id),
    )


def drift(body: Body) -> Notification:
    """Return the result of a drift detection."""
    detail = body.at("detail")
    drift = detail.text("status-details.stack-drift-status")
    return notification(
        body,
        status=Status.FIRING if drift == "DRIFTED" else Status.RESOLVED if drift == "IN_SYNC" else Status.NOTICE,
        label=drift,
        title=stack_name(detail.text("stack-id")),
        summary=f"{detail.text('drift-detection-details.drifted-stack-resource-count') or 'no'} resources drifted",
        facts=(("Detection", detail.text("status-details.detection-status")),),
        resources=(detail.text("stack-id"),),
        links=_stack(body.text("region"), detail.text("stack-id")),
    )


def stack_name(stack_id: str) -> str:
    """Return shop of arn:…:stack/shop/1a2b."""
    parts = stack_id.split("/")
    return parts[1] if len(parts) > 1 else stack_id


def _stack(region: str, stack_id: str) -> tuple[Link, ...]:
    return console(
        region, "cloudformation/home?region={region}#/stacks/events?stackId={stack}", "Open stack", stack=stack_id
    )

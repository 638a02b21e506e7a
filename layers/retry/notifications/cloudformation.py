"""CloudFormation: stacks, resources, drift; from SNS texts and from EventBridge."""

import re

from aws_events.severity import Severity
from aws_events.timestamps import datetime_of
from notifications.arns import account_of, region_of
from notifications.body import Body
from notifications.building import finished, joined, notification, resource_type
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Link, Notification, Status
from outcomes.outcome import SkipReason

PAIR = re.compile(r"(?ms)^(\w+)='(.*?)'\s*(?=^\w+='|\Z)")
PROGRESS = re.compile(r"(CREATE|UPDATE|DELETE|IMPORT|EXPORT)_(IN_PROGRESS|COMPLETE)|DELETE_SKIPPED")
"""States of a resource that are no news. All others may be bad, such as UPDATE_FAILED and a nested stack's rollback."""
STACK = "AWS::CloudFormation::Stack"


def text(body: Body) -> Notification:
    """Return the state of a stack or of one resource; the progress of a resource is skipped."""
    facts = dict(reversed(PAIR.findall(body.string)))  # the first of two wins: a reason may imitate the lines after it
    stack, resource, state = (facts.get(name, "") for name in ("StackName", "LogicalResourceId", "ResourceStatus"))
    stack_id, kind, physical = (facts.get(name, "") for name in ("StackId", "ResourceType", "PhysicalResourceId"))
    is_stack = physical == stack_id or (resource == stack and kind == STACK)
    is_progress = bool(kind and resource) and not is_stack and PROGRESS.fullmatch(state)
    region = region_of(stack_id)
    return notification(
        body,
        status=finished(state),
        label=state,
        title=joined(stack, "" if is_stack else resource, by=" / "),
        summary=hidden("reason", facts.get("ResourceStatusReason", "")) or _happened("" if is_stack else kind, state),
        facts=(
            ("Type", kind),
            ("Physical id", physical),
            ("By", facts.get("PrincipalId", "").rpartition(":")[2]),
            ("Token", facts.get("ClientRequestToken", "")),
        ),
        resources=(stack_id, stack),
        account=account_of(stack_id),
        region=region,
        occurred_at=datetime_of(facts.get("Timestamp")),
        links=_stack(region, stack_id),
        skipped=SkipReason.STACK_RESOURCE if is_progress else None,
    )


def _happened(kind: str, state: str) -> str:
    """Return `stack update complete` or `RDS DBInstance create in progress`."""
    return joined(resource_type(kind) or "stack", state.lower().replace("_", " "), by=" ")


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
        summary=hidden("reason", detail.text("status-details.status-reason"))
        or _happened(detail.text("resource-type"), state),
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
        severity=Severity.MEDIUM if drift == "DRIFTED" else None,
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

"""CloudFormation: stacks, resources, drift; from SNS texts and from EventBridge."""

from aws_events.severity import Severity
from aws_events.stack_event import is_resource, read_stack_event
from aws_events.timestamps import datetime_of
from notifications.arns import account_of, region_of
from notifications.body import Body
from notifications.building import job_status, joined, notification, resource_type
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Link, Notification, Status


def text(body: Body) -> Notification:
    """Return the state of a stack or of one resource."""
    facts = read_stack_event(body.string)
    resource, state = facts.get("LogicalResourceId", ""), facts.get("ResourceStatus", "")
    stack_id, kind, physical = (facts.get(name, "") for name in ("StackId", "ResourceType", "PhysicalResourceId"))
    stack = facts.get("StackName") or stack_name(stack_id)
    is_stack = not is_resource(facts)
    region = region_of(stack_id)
    return notification(
        body,
        status=job_status(state),
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
        status=job_status(state),
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

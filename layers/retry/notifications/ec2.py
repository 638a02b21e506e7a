"""EC2: states of instances, Spot interruptions."""

from aws_events.severity import Severity
from notifications.body import Body
from notifications.building import joined, notification
from notifications.links import console
from notifications.models import Link, Notification, Status

BAD_STATES = frozenset({"terminated", "stopped", "shutting-down", "stopping"})


def instance_state(body: Body) -> Notification:
    """Return the new state of an instance. MEDIUM: the event does not show whether the change was intended."""
    instance, state = body.text("detail.instance-id"), body.text("detail.state")
    is_bad = state in BAD_STATES
    return notification(
        body,
        status=Status.FIRING if is_bad else Status.NOTICE,
        label=state.upper(),
        title=joined("EC2", instance, by=" "),
        summary=f"instance is {state}" if state else "instance changed",
        severity=Severity.MEDIUM if is_bad else None,
        resources=(instance,),
        links=_instance(body, instance),
    )


def spot_interruption(body: Body) -> Notification:
    """Return the warning that a Spot Instance is interrupted, or at risk."""
    instance, action = body.text("detail.instance-id"), body.text("detail.instance-action")
    is_certain = "Interruption" in body.text("detail-type")
    return notification(
        body,
        status=Status.FIRING if is_certain else Status.NOTICE,
        label="INTERRUPTION" if is_certain else "REBALANCE",
        title=joined("Spot Instance", instance, by=" "),
        summary=f"AWS will {action or 'interrupt'} it in two minutes"
        if is_certain
        else "raised risk of an interruption",
        severity=Severity.MEDIUM if is_certain else None,
        resources=(instance,),
        links=_instance(body, instance),
    )


def _instance(body: Body, instance: str) -> tuple[Link, ...]:
    page = "ec2/home?region={region}#InstanceDetails:instanceId={id}"
    return console(body.text("region"), page, "Open instance", id=instance)

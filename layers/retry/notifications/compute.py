"""Machines: EC2, Auto Scaling, Elastic Beanstalk."""

import re

from notifications.arns import region_of
from notifications.body import Body
from notifications.building import joined, notification, words
from notifications.links import console
from notifications.models import Link, Notification, Status

BAD_STATES = frozenset({"terminated", "stopped", "shutting-down"})


def autoscaling_event(body: Body) -> Notification:
    """Return a launch or a termination, from EventBridge."""
    return _autoscaling(body, body.at("detail"), body.text("detail-type"))


def autoscaling_message(body: Body) -> Notification:
    """Return a launch or a termination, from a notification in SNS."""
    return _autoscaling(body, body, body.text("Event").rpartition(":")[2].replace("_", " "))


def _autoscaling(body: Body, detail: Body, event: str) -> Notification:
    has_failed = "unsuccessful" in event.lower() or "error" in event.lower()
    group, instance = detail.text("AutoScalingGroupName"), detail.text("EC2InstanceId")
    cause = detail.text("StatusMessage") if has_failed else ""
    region = body.text("region") or region_of(detail.text("AutoScalingGroupARN"))
    return notification(
        body,
        status=Status.FIRING if has_failed else Status.NOTICE,
        label="FAILED" if has_failed else "Auto Scaling",
        title=joined("Auto Scaling" if has_failed else "", group, by=" "),
        summary=joined(joined(words(event.removeprefix("EC2 ")), instance, by=" "), cause, by=": "),
        reason=detail.text("Cause"),
        facts=(
            ("Instance", instance),
            ("Zone", detail.text("Details.Availability Zone")),
            ("Cause", detail.text("Cause")),
        ),
        resources=(detail.text("AutoScalingGroupARN"), group, instance),
        account=detail.text("AccountId"),
        region=region,
        occurred_at=detail.time("Time", "EndTime"),
        links=console(region, "ec2/home?region={region}#AutoScalingGroupDetails:id={group}", "Open group", group=group),
    )


def ec2_state(body: Body) -> Notification:
    """Return the new state of an instance."""
    instance, state = body.text("detail.instance-id"), body.text("detail.state")
    return notification(
        body,
        status=Status.FIRING if state in BAD_STATES else Status.NOTICE,
        label=state.upper(),
        title=joined("EC2", instance, by=" "),
        summary=f"instance {state}",
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
        resources=(instance,),
        links=_instance(body, instance),
    )


def _instance(body: Body, instance: str) -> tuple[Link, ...]:
    return console(
        body.text("region"), "ec2/home?region={region}#InstanceDetails:instanceId={id}", "Open instance", id=instance
    )


BEANSTALK = re.compile(r"(?m)^\s*([A-Za-z ]{2,24}):[ \t]*(.+?)\s*$")
HEALTH = re.compile(r"(?i)health has transitioned from (\w+) to (\w+)")


def beanstalk_text(body: Body) -> Notification:
    """Return a message of an environment, from the text of Elastic Beanstalk."""
    facts = dict(BEANSTALK.findall(body.string))
    message, environment = facts.get("Message", ""), facts.get("Environment", "")
    health = HEALTH.search(message)
    state = health[2] if health else ""
    is_bad = state in {"Severe", "Degraded", "Warning"} or "fail" in message.lower() or "error" in message.lower()
    return notification(
        body,
        status=Status.FIRING if is_bad else Status.RESOLVED if state == "Ok" else Status.NOTICE,
        label=state.upper() or "Beanstalk",
        title=joined("Beanstalk" if state else "", environment, by=" "),
        summary=message,
        facts=(("Application", facts.get("Application", "")), ("Request", facts.get("RequestId", ""))),
        resources=(environment,),
        occurred_at=None,
    )

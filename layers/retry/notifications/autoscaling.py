"""EC2 Auto Scaling: launches and terminations, from EventBridge and from SNS."""

import re

from notifications.arns import region_of
from notifications.body import Body
from notifications.building import joined, notification, words
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Notification, Status

AT = re.compile(r"^At \S+ (an instance was )?")
"""The beginning of a cause's sentence: the time, then often the instance."""


def autoscaling_event(body: Body) -> Notification:
    """Return a launch, a termination or a lifecycle action, from EventBridge."""
    return _autoscaling(body, body.at("detail"), body.text("detail-type").removeprefix("EC2 Instance"))


def autoscaling_message(body: Body) -> Notification:
    """Return a launch or a termination, from a notification in SNS."""
    event = body.text("Event", "LifecycleTransition").rpartition(":")[2].replace("EC2_INSTANCE_", "")
    return _autoscaling(body, body, event)


def _autoscaling(body: Body, detail: Body, event: str) -> Notification:
    what = words(event).strip()
    has_failed = "unsuccessful" in what or "error" in what
    group, instance = detail.text("AutoScalingGroupName"), detail.text("EC2InstanceId")
    why = detail.text("StatusMessage") if has_failed else _cause(detail.text("Cause"))
    region = body.text("region") or region_of(detail.text("AutoScalingGroupARN"))
    page = "ec2/home?region={region}#AutoScalingGroupDetails:id={group}"
    return notification(
        body,
        status=Status.FIRING if has_failed else Status.NOTICE,
        label="FAILED" if has_failed else "Auto Scaling",
        title=joined("Auto Scaling" if has_failed else "", group, by=" "),
        summary=joined(joined(f"instance {what}" if instance else what, instance, by=" "), hidden("why", why), by=": "),
        reason=hidden("cause", detail.text("Cause")),
        facts=(
            ("Instance", instance),
            ("Zone", detail.text("Details.Availability Zone")),
            ("Activity", detail.text("Description")),
        ),
        resources=(detail.text("AutoScalingGroupARN"), group, instance),
        account=detail.text("AccountId"),
        region=region,
        occurred_at=detail.time("Time", "EndTime"),
        links=console(region, page, "Open group", group=group),
    )


def _cause(text: str) -> str:
    """Return the first sentence of a cause without its time: `taken out of service in response to …`."""
    return AT.sub("", re.split(r"\.\s+At ", text)[0].rstrip("."))

"""Findings and activity that concern security."""

from aws_events.severity import Severity
from notifications.body import Body
from notifications.building import joined, notification
from notifications.links import console, name_of
from notifications.models import Notification, Status
from notifications.numbers import exact

GUARDDUTY = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM), (1.0, Severity.LOW))
"""From: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html"""


def guardduty_finding(body: Body) -> Notification:
    """Return severity, resource and actor of a finding."""
    detail = body.at("detail")
    number = detail.number("severity")
    severity = next((one for least, one in GUARDDUTY if number is not None and number >= least), Severity.INFO)
    resource = _resource(detail)
    action = detail.at("service.action")
    actor = action.text(
        "networkConnectionAction.remoteIpDetails.ipAddressV4",
        "portProbeAction.portProbeDetails.0.remoteIpDetails.ipAddressV4",
        "awsApiCallAction.remoteIpDetails.ipAddressV4",
        "kubernetesApiCallAction.remoteIpDetails.ipAddressV4",
        "rdsLoginAttemptAction.remoteIpDetails.ipAddressV4",
    )
    return notification(
        body,
        status=Status.FIRING,
        label=severity.value.upper(),
        title="GuardDuty",
        summary=detail.text("title", "description", "type"),
        reason=detail.text("description"),
        severity=severity,
        severity_word=exact(number) if number is not None else "",
        facts=(
            ("Type", detail.text("type")),
            ("Resource", resource),
            ("Actor", actor),
            ("Seen", detail.text("service.count")),
            ("First seen", detail.text("service.eventFirstSeen")),
        ),
        resources=(resource,),
        links=console(
            body.text("region"),
            "guardduty/home?region={region}#/findings?search=id%3D{id}",
            "Open in GuardDuty",
            id=detail.text("id"),
        ),
    )


def _resource(detail: Body) -> str:
    found = detail.at("resource")
    return found.text("instanceDetails.instanceId", "accessKeyDetails.userName", "s3BucketDetails.0.name") or joined(
        name_of(found.text("eksClusterDetails.arn")), name_of(found.text("lambdaDetails.functionArn"))
    )

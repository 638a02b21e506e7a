"""GuardDuty: findings, and the state of its malware and runtime protection."""

from aws_events.severity import Severity
from notifications.arns import name_of
from notifications.body import Body
from notifications.building import counted, joined, notification
from notifications.guardduty_action import action_of, actor_of
from notifications.guardduty_resource import arns_of, caller_of, resource_of, tag_name_of
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Link, Notification, Status
from notifications.numbers import exact

SEVERITIES = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM), (1.0, Severity.LOW))
"""From: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html"""


def finding(body: Body) -> Notification:
    """Return severity, resource, action and actor of a finding."""
    detail = body.at("detail")
    number = detail.number("severity")
    severity = _severity(number)
    return notification(
        body,
        status=Status.FIRING,
        label=severity.value.upper() if severity else "FINDING",
        title="GuardDuty",
        summary=_summary(detail),
        reason=hidden("", joined(_title(detail), detail.text("description"), by="\n")),
        severity=severity,
        severity_word=exact(number) if number is not None else "",
        facts=_facts(detail, detail.at("service")),
        resources=(detail.text("resource.instanceDetails.instanceId"), *arns_of(detail)),
        account=detail.text("accountId"),
        region=detail.text("region"),
        links=_page(detail, body.text("region")),
    )


def _summary(detail: Body) -> str:
    """Return resource, action and type; without a known action the title of the finding."""
    resource, who, done = resource_of(detail), caller_of(detail), action_of(detail)
    if not done:
        return _title(detail)
    by_another = done.startswith("called") and who and who != resource
    happened = joined(resource, f"{who} {done}", by=": ") if by_another else joined(resource, done, by=" ")
    return joined(happened, detail.text("type"))


def _facts(detail: Body, service: Body) -> tuple[tuple[str, str], ...]:
    return (
        ("Type", detail.text("type")),
        ("Resource", joined(resource_of(detail), tag_name_of(detail))),
        ("Principal", caller_of(detail)),
        ("Actor", actor_of(detail)),
        ("Threats", counted(_threats(service), 3)),
        ("Volume", name_of(detail.text("resource.ebsVolumeDetails.scannedVolumeDetails.0.volumeArn"))),
        ("Times seen", service.text("count")),
        ("First seen", service.text("eventFirstSeen")),
        ("Last seen", service.text("eventLastSeen")),
    )


def _severity(number: float | None) -> Severity | None:
    return next((one for least, one in SEVERITIES if number is not None and number >= least), None)


def _title(detail: Body) -> str:
    return hidden("", detail.text("title", "description", "type"))


def _threats(service: Body) -> tuple[str, ...]:
    """Return the names of malware that a scan of a volume or an object found."""
    volumes = service.items("ebsVolumeScanDetails.scanDetections.threatDetectedByName.threatNames")
    named = (*volumes, *service.items("malwareScanDetails.threats"))
    return tuple(one.text("name") for one in named)


def _page(detail: Body, region: str) -> tuple[Link, ...]:
    return console(
        region or detail.text("region"),
        "guardduty/home?region={region}#/findings?search=id%3D{id}",
        "Open in GuardDuty",
        id=detail.text("id"),
    )

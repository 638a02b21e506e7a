"""GuardDuty: findings, and the state of its malware and runtime protection."""

from aws_events.severity import Severity
from notifications.arns import name_of
from notifications.body import Body
from notifications.building import counted, joined, notification
from notifications.guardduty_action import action_of, actor_of
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Link, Notification, Status
from notifications.numbers import exact

SEVERITIES = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM), (1.0, Severity.LOW))
"""From: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html"""
RESOURCES = (
    ("S3", "s3BucketDetails.0.name"),
    ("EKS", "eksClusterDetails.name"),
    ("ECS", "ecsClusterDetails.name"),
    ("Lambda", "lambdaDetails.functionName"),
    ("RDS", "rdsDbInstanceDetails.dbInstanceIdentifier"),
    ("RDS", "rdsLimitlessDbDetails.dbShardGroupIdentifier"),
    ("recovery point", "recoveryPointDetails.recoveryPointArn"),
    ("snapshot", "ebsSnapshotDetails.snapshotArn"),
    ("AMI", "ec2ImageDetails.imageArn"),
    ("EC2", "instanceDetails.instanceId"),
    ("Bedrock guardrail", "bedrockGuardrailDetails.guardrailArn"),
    ("container", "containerDetails.name"),
)
"""(service, path) below detail.resource; the first one that the finding has counts, then the principal."""


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
        resources=(detail.text("resource.instanceDetails.instanceId"), *_arns(detail)),
        account=detail.text("accountId"),
        region=detail.text("region"),
        links=_page(detail, body.text("region")),
    )


def _summary(detail: Body) -> str:
    """Return resource, action and type; without a known action the title of the finding."""
    resource, who, done = resource_of(detail), _caller(detail), action_of(detail)
    if not done:
        return _title(detail)
    by_another = done.startswith("called") and who and who != resource
    return joined(f"{resource}: {who} {done}" if by_another else joined(resource, done, by=" "), detail.text("type"))


def _facts(detail: Body, service: Body) -> tuple[tuple[str, str], ...]:
    return (
        ("Type", detail.text("type")),
        ("Resource", joined(resource_of(detail), _tag_name(detail))),
        ("Principal", _caller(detail)),
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


def resource_of(detail: Body) -> str:
    """Return service and name: `EC2 i-0a`, `S3 uploads/in/a.pdf`, `EKS prod / deployment api`, `IAM user deploy`."""
    found = detail.at("resource")
    service, name = next(
        ((service, name_of(found.text(path))) for service, path in RESOURCES if found.text(path)), ("", "")
    )
    workload = found.at("kubernetesDetails.kubernetesWorkloadDetails")
    inner = {
        "S3": found.text("s3BucketDetails.0.s3ObjectDetails.0.key"),
        "EKS": joined(workload.text("type"), workload.text("name"), by=" "),
        "ECS": found.text("ecsClusterDetails.taskDetails.group").removeprefix("service:"),
    }.get(service, "")
    named = joined(name, inner, by="/" if service == "S3" else " / ")
    return joined(service, named, by=" ") or _principal(detail) or _attacked(detail)


def _principal(detail: Body) -> str:
    """Return the IAM principal or the database user whose credentials were used."""
    found = detail.at("resource")
    name, kind = found.text("accessKeyDetails.userName"), found.text("accessKeyDetails.userType")
    if kind == "Root":
        return "root user"
    if name:
        return f"IAM {'role' if kind in {'Role', 'AssumedRole'} else 'user'} {name}"
    return joined("database user", found.text("rdsDbUserDetails.user"), by=" ") if found.has("rdsDbUserDetails") else ""


def _caller(detail: Body) -> str:
    return _principal(detail) or detail.text("resource.kubernetesDetails.kubernetesUserDetails.username")


def _attacked(detail: Body) -> str:
    """Return the resources of an attack sequence."""
    found = detail.items("service.detection.sequence.resources")
    return counted((one.text("name") or name_of(one.text("uid")) for one in found), 2)


def _tag_name(detail: Body) -> str:
    tags = detail.items("resource.instanceDetails.tags")
    return next((tag.text("value") for tag in tags if tag.text("key") == "Name"), "")


def _threats(service: Body) -> tuple[str, ...]:
    """Return the names of malware that a scan of a volume or an object found."""
    volumes = service.items("ebsVolumeScanDetails.scanDetections.threatDetectedByName.threatNames")
    named = (*volumes, *service.items("malwareScanDetails.threats"))
    return tuple(one.text("name") for one in named)


def _arns(detail: Body) -> tuple[str, ...]:
    paths = (
        "s3BucketDetails.0.arn",
        "eksClusterDetails.arn",
        "ecsClusterDetails.arn",
        "lambdaDetails.functionArn",
        "rdsDbInstanceDetails.dbInstanceArn",
        "ebsSnapshotDetails.snapshotArn",
    )
    return tuple(detail.text(f"resource.{path}") for path in paths)


def _page(detail: Body, region: str) -> tuple[Link, ...]:
    return console(
        region or detail.text("region"),
        "guardduty/home?region={region}#/findings?search=id%3D{id}",
        "Open in GuardDuty",
        id=detail.text("id"),
    )

"""The resource of a GuardDuty finding, and the principal whose credentials were used."""

from notifications.arns import name_of
from notifications.body import Body
from notifications.building import counted, joined

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


def caller_of(detail: Body) -> str:
    return _principal(detail) or detail.text("resource.kubernetesDetails.kubernetesUserDetails.username")


def _attacked(detail: Body) -> str:
    """Return the resources of an attack sequence."""
    found = detail.items("service.detection.sequence.resources")
    return counted((one.text("name") or name_of(one.text("uid")) for one in found), 2)


def tag_name_of(detail: Body) -> str:
    tags = detail.items("resource.instanceDetails.tags")
    return next((tag.text("value") for tag in tags if tag.text("key") == "Name"), "")


def arns_of(detail: Body) -> tuple[str, ...]:
    paths = (
        "s3BucketDetails.0.arn",
        "eksClusterDetails.arn",
        "ecsClusterDetails.arn",
        "lambdaDetails.functionArn",
        "rdsDbInstanceDetails.dbInstanceArn",
        "ebsSnapshotDetails.snapshotArn",
    )
    return tuple(detail.text(f"resource.{path}") for path in paths)

"""Access to data: findings of IAM Access Analyzer and Amazon Macie."""

from aws_events.severity import Severity, severity_of
from notifications.arns import name_of
from notifications.body import Body
from notifications.building import counted, joined, notification, resource_type
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Notification, Status
from notifications.numbers import exact

ACCESS = {
    "Access Analyzer Finding": Severity.MEDIUM,
    "Internal Access Finding": Severity.LOW,
    "Unused Access Finding for IAM entities": Severity.LOW,
}
"""Access Analyzer has no severities; public access is HIGH."""
MACIE_PAGE = "macie/home?region={region}#findings?search=id%3D{id}&macros=current&itemId={id}"
UNUSED = {
    "UnusedIAMRole": "unused role",
    "UnusedIAMUserAccessKey": "unused access key",
    "UnusedIAMUserPassword": "unused password",
    "UnusedPermission": "unused permissions",
}


def access_finding(body: Body) -> Notification:
    """Return access to a resource from outside, or unused access."""
    detail = body.at("detail")
    state = "DELETED" if detail.text("isDeleted") == "yes" else detail.text("status")
    firing = state not in {"DELETED", "RESOLVED", "ARCHIVED"}
    resource = detail.text("resource")
    severity = Severity.HIGH if _public(detail) else ACCESS.get(body.text("detail-type"))
    return notification(
        body,
        status=Status.FIRING if firing else Status.NOTICE if state == "ARCHIVED" else Status.RESOLVED,
        label=state or "FINDING",
        title=joined("Access Analyzer", resource_type(detail.text("resourceType")), name_of(resource), by=" "),
        summary=joined("" if firing else "no longer", _access(detail), by=" "),
        severity=severity if firing else None,
        facts=(*_access_facts(detail), ("Analyzer", name_of(next(iter(body.texts("resources")), "")))),
        resources=(resource,),
        account=detail.text("accountId"),
        region=detail.text("region"),
        links=console(body.text("region"), "access-analyzer/home?region={region}#/findings", "Open in Access Analyzer"),
    )


def _access_facts(detail: Body) -> tuple[tuple[str, str], ...]:
    return (
        ("Principal", ", ".join(_principals(detail))),
        ("Actions", counted(detail.texts("action"), 10)),
        ("Conditions", ", ".join(map(str, detail.at("condition").value))),
        ("Finding type", detail.text("findingType")),
        ("Error", detail.text("error")),
        ("Found", detail.text("createdAt")),
    )


def _public(detail: Body) -> bool:
    return detail.text("isPublic") == "yes"


def _access(detail: Body) -> str:
    """Return `public for s3:GetObject`, `shared with 444455556666 for …` or `unused role`."""
    if error := detail.text("error"):
        return f"not analyzed: {error}"
    if kind := UNUSED.get(detail.text("findingType")):
        number = detail.number("numberOfUnusedActions")
        return f"{kind}, {exact(number)} actions" if number else kind
    shared = counted(map(name_of, _principals(detail)))
    whom = "public" if _public(detail) else f"shared with {shared}" if shared else "accessible"
    return joined(whom, counted(detail.texts("action"), 3), by=" for ")


def _principals(detail: Body) -> tuple[str, ...]:
    principal = detail.at("principal")
    return tuple(filter(None, (principal.text(str(kind)) for kind in principal.value))) or detail.texts("principal")


def macie_finding(body: Body) -> Notification:
    """Return the sensitive data in an object, or the protection that a bucket lost."""
    detail = body.at("detail")
    found = detail.at("resourcesAffected")
    bucket, key = found.text("s3Bucket.name"), found.text("s3Object.key")
    word = detail.text("severity.description")
    return notification(
        body,
        status=Status.NOTICE if detail.text("archived") == "yes" else Status.FIRING,
        label=word.upper() or "FINDING",
        title=joined("Macie", joined(bucket, key, by="/"), by=" "),
        summary=joined(hidden("", detail.text("title", "type")).rstrip("."), counted(_detections(detail), 3), by=": "),
        reason=hidden("", detail.text("description")),
        severity=severity_of(word),
        severity_word=word,
        facts=(("Bucket", bucket), ("Object", key), *_macie_facts(detail)),
        resources=(found.text("s3Bucket.arn"),),
        account=detail.text("accountId"),
        region=detail.text("region"),
        links=console(body.text("region"), MACIE_PAGE, "Open in Macie", id=detail.text("id")),
    )


def _macie_facts(detail: Body) -> tuple[tuple[str, str], ...]:
    return (
        ("Type", detail.text("type")),
        ("Detections", counted(_detections(detail), 10)),
        ("Bucket access", detail.text("resourcesAffected.s3Bucket.publicAccess.effectivePermission")),
        ("Actor", _actor(detail.at("policyDetails.actor"))),
        ("Times seen", detail.text("count")),
    )


def _detections(detail: Body) -> tuple[str, ...]:
    """Return `120 names` of each type that was found; the values themselves are not in the event."""
    result = detail.at("classificationDetails.result")
    groups = [*result.items("sensitiveData"), result.at("customDataIdentifiers")]
    return tuple(
        joined(one.text("count"), one.text("type", "name").replace("_", " ").lower(), by=" ")
        for group in groups
        for one in group.items("detections")
    )


def _actor(actor: Body) -> str:
    user = actor.text(
        "userIdentity.iamUser.userName",
        "userIdentity.assumedRole.sessionContext.sessionIssuer.userName",
        "userIdentity.type",
    )
    return joined(user, actor.text("ipAddressDetails.ipAddressV4"))

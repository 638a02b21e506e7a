"""ECR: scans, pushes and deletions of images."""

from aws_events.severity import Severity, severity_of
from notifications.body import Body
from notifications.building import joined, notification
from notifications.links import console
from notifications.models import Link, Notification, Status

COUNTED = ("CRITICAL", "HIGH", "MEDIUM", "LOW")


def scan(body: Body) -> Notification:
    """Return the findings of an image scan, counted by severity; critical and high ones are bad."""
    detail = body.at("detail")
    counts, repository = detail.at("finding-severity-counts"), detail.text("repository-name")
    found = [name for name in COUNTED if counts.number(name)]
    worst = severity_of(found[0]) if found else None
    has_failed = detail.text("scan-status") == "FAILED"
    is_bad = has_failed or worst in {Severity.CRITICAL, Severity.HIGH}
    return notification(
        body,
        status=Status.FIRING if is_bad else Status.RESOLVED,
        label=found[0] if is_bad and found else detail.text("scan-status"),
        title=joined("ECR scan", joined(repository, next(iter(detail.texts("image-tags")), ""), by=":"), by=" "),
        summary=", ".join(f"{counts.text(name)} {name.lower()}" for name in found)
        or ("the scan failed" if has_failed else "no findings"),
        severity=worst,
        severity_word=found[0] if found else "",
        facts=(("Digest", detail.text("image-digest")),),
        resources=(repository,),
        links=_page(body, repository),
    )


def action(body: Body) -> Notification:
    """Return the push or deletion of an image."""
    detail = body.at("detail")
    result, repository = detail.text("result"), detail.text("repository-name")
    return notification(
        body,
        status=Status.FIRING if result == "FAILURE" else Status.NOTICE,
        label=result,
        title=joined("ECR", joined(repository, detail.text("image-tag"), by=":"), by=" "),
        summary=f"image {detail.text('action-type').lower() or 'action'}",
        facts=(("Digest", detail.text("image-digest")),),
        resources=(repository,),
        links=_page(body, repository),
    )


def _page(body: Body, repository: str) -> tuple[Link, ...]:
    page = "ecr/repositories/private/{account}/{name}?region={region}"
    return console(body.text("region"), page, "Open repository", account=body.text("account"), name=repository)

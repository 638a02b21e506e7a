"""ECR: scans, pushes and deletions of images."""

from notifications.arns import name_of
from notifications.body import Body
from notifications.building import joined, notification
from notifications.models import Notification, Status


def scan(body: Body) -> Notification:
    """Return the findings of an image scan, counted by severity."""
    detail = body.at("detail")
    counts = detail.at("finding-severity-counts")
    found = [
        f"{counts.text(name)} {name.lower()}" for name in ("CRITICAL", "HIGH", "MEDIUM", "LOW") if counts.number(name)
    ]
    is_bad = bool(counts.number("CRITICAL") or counts.number("HIGH")) or detail.text("scan-status") == "FAILED"
    image = joined(name_of(detail.text("repository-name")), next(iter(detail.texts("image-tags")), ""), by=":")
    return notification(
        body,
        status=Status.FIRING if is_bad else Status.RESOLVED,
        label=detail.text("scan-status"),
        title=joined("ECR scan", image, by=" "),
        summary=", ".join(found) or "no findings",
        facts=(("Digest", detail.text("image-digest")),),
        resources=(detail.text("repository-name"),),
    )


def action(body: Body) -> Notification:
    """Return the push or deletion of an image."""
    detail = body.at("detail")
    result = detail.text("result")
    return notification(
        body,
        status=Status.FIRING if result == "FAILURE" else Status.NOTICE,
        label=result,
        title=joined("ECR", joined(detail.text("repository-name"), detail.text("image-tag"), by=":"), by=" "),
        summary=f"image {detail.text('action-type').lower() or 'action'}",
        facts=(("Digest", detail.text("image-digest")),),
        resources=(detail.text("repository-name"),),
    )

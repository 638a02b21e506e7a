"""RDS: events of instances, clusters, snapshots and groups, from EventBridge and from an event subscription in SNS."""

from notifications.arns import name_of, region_of
from notifications.body import Body
from notifications.building import joined, notification, words
from notifications.database_words import lowered, status_of
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Notification, Status

SERVICES = {"DB_INSTANCE": "RDS", "DB_CLUSTER": "RDS cluster"}
PAGES = {
    "DB_INSTANCE": "rds/home?region={region}#database:id={id};is-cluster=false",
    "DB_CLUSTER": "rds/home?region={region}#database:id={id};is-cluster=true",
}
"""Pages of the RDS console; snapshots and groups have none of their own."""
FAILURES = {"failure", "low storage"}
"""Categories of events that are failures, independent of the message."""


def event(body: Body) -> Notification:
    """Return an event from EventBridge."""
    detail = body.at("detail")
    return _event(
        body,
        name=detail.text("SourceIdentifier") or name_of(detail.text("SourceArn")),
        kind=detail.text("SourceType"),
        message=detail.text("Message"),
        event_id=detail.text("EventID"),
        categories=detail.texts("EventCategories"),
    )


def message(body: Body) -> Notification:
    """Return the same from SNS."""
    return _event(
        body,
        name=body.text("Source ID"),
        kind=body.text("Event Source").replace("-", "_").upper(),
        message=body.text("Event Message"),
        event_id=body.text("Event ID").rpartition("#")[2],
        categories=(),
    )


def _event(  # noqa: PLR0913 - the facts of an event, by name
    body: Body, *, name: str, kind: str, message: str, event_id: str, categories: tuple[str, ...]
) -> Notification:
    status = status_of(message, is_failure=bool(FAILURES & set(categories)))
    service = SERVICES.get(kind) or joined("RDS", words(kind).removeprefix("db "), by=" ")
    label = {Status.FIRING: "FAILED", Status.RESOLVED: "OK"}.get(status, service)
    arn = body.text("Source ARN", "detail.SourceArn")
    page = PAGES.get(kind, "rds/home?region={region}#events:")
    return notification(
        body,
        status=status,
        label=label,
        title=name if label == service else joined(service, name, by=" "),
        summary=hidden("message", lowered(message)),
        facts=(("Event", event_id), ("Categories", ", ".join(categories)), ("Kind", words(kind))),
        resources=(arn, name),
        links=console(
            body.text("region") or region_of(arn), page, "Open in RDS", **({"id": name} if kind in PAGES else {})
        ),
    )

"""Database Migration Service: tasks and instances, from EventBridge and from an event subscription in SNS."""

from notifications.arns import name_of
from notifications.body import Body
from notifications.building import job_status, joined, notification, words
from notifications.database_words import status_of
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Link, Notification, Status

PAGE = "dms/v2/home?region={region}#taskDetails/{task}"


def event(body: Body) -> Notification:
    """Return the state of a replication task or instance, from EventBridge."""
    detail = body.at("detail")
    what, resource = detail.text("eventType"), detail.text("resourceLink").partition("Details/")[2]
    status = job_status(what)
    message = detail.text("detailMessage") or words(what)
    return notification(
        body,
        status=status_of(message) if status is Status.NOTICE else status,
        label=what.removeprefix("REPLICATION_TASK_").removeprefix("REPLICATION_INSTANCE_"),
        title=joined("DMS", resource or name_of(next(iter(body.texts("resources")), "")), by=" "),
        summary=hidden("message", message),
        facts=(("Type", detail.text("type")), ("Category", detail.text("category")), ("Event", detail.text("eventId"))),
        resources=(resource,),
        links=_page(body.text("region"), detail.text("type"), resource),
    )


def message(body: Body) -> Notification:
    """Return the same from SNS."""
    text, name = body.text("Event Message"), body.text("SourceId")
    first, _, rest = text.partition("\n")
    status = status_of(text)
    has_failed = status is Status.FIRING
    kind = words(body.text("Event Source"))
    return notification(
        body,
        status=status,
        label="FAILED" if has_failed else "DMS",
        title=joined("DMS" if has_failed else "", name, by=" "),
        summary=hidden("message", joined(first.rstrip("."), rest.partition("\n")[0], by=": ")),
        reason=hidden("message", text) if rest else "",
        facts=(("Kind", kind), ("Event", body.text("Event ID").rpartition("#")[2])),
        resources=(name,),
    )


def _page(region: str, kind: str, task: str) -> tuple[Link, ...]:
    return console(region, PAGE, "Open task", task=task) if kind == "REPLICATION_TASK" else ()

"""AWS Health: issues, scheduled changes and notices of AWS, and reports of abuse."""

from aws_events.severity import Severity
from notifications.arns import name_of
from notifications.body import Body
from notifications.building import counted, joined, notification
from notifications.hiding import hidden
from notifications.links import health_page
from notifications.models import Link, Notification, Status

NO_ENTITIES = {"UNKNOWN", "AWS_ACCOUNT"}
"""Names that Health uses when it lists no resource."""


def health_event(body: Body) -> Notification:
    """Return service, type, affected resources, start and end of an event."""
    detail = body.at("detail")
    state, category = detail.text("statusCode"), detail.text("eventTypeCategory")
    service, affected, start = detail.text("service"), _affected(detail), detail.text("startTime")
    when = f"starts {start}" if category == "scheduledChange" and state != "closed" and start else ""
    return notification(
        body,
        status=_status(state, category),
        label=(state or category).upper() or "HEALTH",
        title=joined("Health", service, by=" "),
        summary=joined(_words(detail.text("eventTypeCode"), service), counted(affected, 2), when) or "event",
        reason=description_of(detail),
        facts=_facts(detail),
        resources=(one.text("entityValue") for one in detail.items("affectedEntities")),
        account=detail.text("affectedAccount"),
        region=detail.text("eventRegion"),
        links=_page(detail),
    )


def abuse_event(body: Body) -> Notification:
    """Return the abuse and the resources that AWS reports; AWS may close the account if nobody answers."""
    detail = body.at("detail")
    affected = _affected(detail)
    return notification(
        body,
        status=Status.RESOLVED if detail.text("statusCode") == "closed" else Status.FIRING,
        label=(detail.text("statusCode") or "abuse").upper(),
        title="AWS abuse report",
        summary=joined(_words(detail.text("eventTypeCode"), "ABUSE"), counted(affected, 3), by=": ") or "report",
        reason=description_of(detail),
        severity=Severity.HIGH,
        facts=_facts(detail),
        account=detail.text("affectedAccount"),
        region=detail.text("eventRegion"),
        links=_page(detail),
    )


def _facts(detail: Body) -> tuple[tuple[str, str], ...]:
    pages = detail.text("totalPages")
    return (
        ("Type", detail.text("eventTypeCode")),
        ("Category", detail.text("eventTypeCategory")),
        ("Affected", counted(_affected(detail), 10)),
        ("Entity states", ", ".join(_states(detail))),
        ("Started", detail.text("startTime")),
        ("Ends", detail.text("endTime")),
        ("Updated", detail.text("lastUpdatedTime")),
        ("Page", f"{detail.text('page')} of {pages}" if pages not in {"", "1"} else ""),
    )


def _status(state: str, category: str) -> Status:
    if state == "closed":
        return Status.RESOLVED
    return Status.FIRING if category == "issue" else Status.NOTICE


def _words(code: str, service: str) -> str:
    """Return `operational issue` for AWS_EC2_OPERATIONAL_ISSUE."""
    return code.removeprefix("AWS_").removeprefix(f"{service}_").replace("_", " ").lower()


def _affected(detail: Body) -> tuple[str, ...]:
    entities = (one.text("entityValue") for one in detail.items("affectedEntities"))
    return tuple(dict.fromkeys(name_of(one) for one in entities if one not in NO_ENTITIES))


def _states(detail: Body) -> tuple[str, ...]:
    """Return `3 IMPAIRED` of each state."""
    states = [one.text("status") for one in detail.items("affectedEntities")]
    return tuple(f"{states.count(state):,} {state}" for state in dict.fromkeys(states) if state)


def description_of(detail: Body) -> str:
    """Return the description in English, else the first one; AWS escapes its line ends."""
    described = detail.items("eventDescription")
    english = [one for one in described if one.text("language").startswith("en")]
    text = next((one.text("latestDescription") for one in (*english, *described)), "")
    return hidden("", text.replace("\\n", "\n"))


def _page(detail: Body) -> tuple[Link, ...]:
    return health_page(detail.text("eventRegion"), detail.text("eventArn"))

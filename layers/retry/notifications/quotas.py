"""Service Quotas: quotas that are nearly used, and requests that failed. AWS sends them as events of Health."""

import re

from aws_events.severity import Severity
from notifications.body import Body
from notifications.building import counted, notification, words
from notifications.health import description_of
from notifications.links import console
from notifications.models import Notification, Status

ENTITY = re.compile(
    r"Service: (?P<service>[^|]*?) *\| *Quota Name: (?P<quota>[^|]*?) *\| *Utilization: (?P<used>[0-9.]+) ?%"
)
"""The form of a quota's name in the resources and the entities of the event."""
ENTITY_LIMIT = 500
FULL = 95.0
"""Percent of a quota from which AWS notifies again."""


def quota(body: Body) -> Notification:
    """Return the quotas of the event, the fullest first, and how much of each is used."""
    detail = body.at("detail")
    entities = (*body.texts("resources"), *(one.text("entityValue") for one in detail.items("affectedEntities")))
    named = (ENTITY.search(one[:ENTITY_LIMIT]) for one in dict.fromkeys(entities))
    found = sorted(filter(None, named), key=lambda one: -float(one["used"]))
    used = [f"{one['service']} {one['quota']} is {one['used']} % used" for one in found]
    what = words(detail.text("eventTypeCode").removeprefix("AWS_SERVICEQUOTAS_"))
    is_over = detail.text("statusCode") == "closed"
    is_full = bool(found) and float(found[0]["used"]) >= FULL
    return notification(
        body,
        status=Status.RESOLVED if is_over else Status.FIRING,
        label="CLOSED" if is_over else "QUOTA",
        title="Service Quotas",
        summary=counted(used, 2) or what or "quota changed",
        reason=description_of(detail),
        severity=Severity.HIGH if is_full else Severity.MEDIUM,
        facts=(("Kind", what), ("Quotas", "\n".join(used) if len(used) > 1 else "")),
        account=detail.text("affectedAccount"),
        region=detail.text("eventRegion"),
        links=console(
            detail.text("eventRegion") or body.text("region"), "servicequotas/home?region={region}", "Open quotas"
        ),
    )

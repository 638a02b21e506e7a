"""The page of an event in CloudTrail."""

from notifications.body import Body
from notifications.links import console
from notifications.models import Link


def event_page(body: Body, detail: Body, page: str = "events") -> tuple[Link, ...]:
    return console(
        detail.text("awsRegion") or body.text("region"),
        "cloudtrailv2/home?region={region}#/{page}/{event}",
        "Open in CloudTrail",
        page=page,
        event=detail.text("eventID"),
    )

"""ElastiCache: events of caches in SNS, whose key is the event's name."""

from notifications.body import Body, as_text
from notifications.building import joined, notification, words
from notifications.database_words import status_of
from notifications.models import Notification, Status

PREFIX = "ElastiCache:"


def message(body: Body) -> Notification:
    """Return what happened to which cache or node."""
    event, name = next(((key, as_text(value)) for key, value in body.value.items() if key.startswith(PREFIX)), ("", ""))
    what = words(event.removeprefix(PREFIX))
    status = status_of(what)
    has_failed = status is Status.FIRING
    return notification(
        body,
        status=status,
        label="FAILED" if has_failed else "ElastiCache",
        title=joined("ElastiCache" if has_failed else "", name, by=" "),
        summary=what,
        facts=(("Event", event),),
        resources=(name,),
    )

"""ElastiCache: events of caches in SNS. The message's only key is the event's name, its value the cache's name."""

from notifications.body import Body, as_text
from notifications.building import joined, notification, words
from notifications.database_words import status_of
from notifications.models import Notification, Status

PREFIX = "ElastiCache:"


def message(body: Body) -> Notification:
    """Return the event, and the cache or node that it is about."""
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

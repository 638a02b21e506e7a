"""A route: a match for notifications, their destination and the mention that they get (docs/routes.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from notifications.models import Kind, Notification, Status

NAME_LIMIT = 255
"""CloudWatch's limit for an alarm's name; a longer title is cut before it is matched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The values that a notification must have; None admits any."""

    topic: str | None = None
    account: str | None = None
    region: str | None = None
    alarm: str | None = None
    state: Status | None = None
    severity: str | None = None
    kind: Kind | None = None

    def fits(self, notification: Notification) -> bool:
        """Return whether the notification fits every field that is given."""
        topic_arn = notification.record.topic_arn
        return (
            self.topic in {None, topic_arn, topic_arn.rpartition(":")[2]}
            and self.account in {None, notification.account}
            and self.region in {None, notification.region}
            and self.state in {None, notification.status}
            and (self.severity is None or self.severity.casefold() == notification.severity.casefold())
            and self.kind in {None, notification.kind}
            and (self.alarm is None or _is_named(notification, self.alarm))
        )


@dataclass(frozen=True, slots=True)
class Route:
    """A match and the destination of the notifications that fit it; `mention` is Slack's own markup."""

    match: Match
    destination: str
    mention: str = ""


def choose(routes: Iterable[Route], notification: Notification) -> Route | None:
    """Return the first route that fits, or None."""
    return next((route for route in routes if route.match.fits(notification)), None)


def _is_named(notification: Notification, pattern: str) -> bool:
    return notification.kind is Kind.ALARM and fnmatchcase(notification.title[:NAME_LIMIT], pattern)

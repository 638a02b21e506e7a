"""A route: a match for notifications, their destination and the mention that they get (docs/routes.md)."""

from collections.abc import Iterable
from dataclasses import dataclass

from aws_events.alarm_match import AlarmMatch
from notifications.models import Kind, Notification, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Match(AlarmMatch[Status]):
    """The values that a notification must have; None admits any. Only an alarm fits a pattern of names."""

    topic: str | None = None
    account: str | None = None
    region: str | None = None
    kind: Kind | None = None

    def fits(self, notification: Notification) -> bool:
        """Return whether the notification fits every field that is given."""
        topic_arn = notification.record.topic_arn
        return (
            self.topic in {None, topic_arn, topic_arn.rpartition(":")[2]}
            and self.account in {None, notification.account}
            and self.region in {None, notification.region}
            and self.kind in {None, notification.kind}
            and (self.alarm is None or notification.kind is Kind.ALARM)
            and self.fits_alarm(name=notification.title, state=notification.status, severity=notification.severity)
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

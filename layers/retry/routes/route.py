"""A route: a match for notifications, their destination and the mention that they get (docs/routes.md)."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from aws_events.alarm_match import AlarmMatch
from aws_events.severity import Severity, words_of
from notifications.arns import name_of
from notifications.models import Kind, Notification, Status
from routes.mute import Mute
from routes.muted_lane import MutedLane


@dataclass(frozen=True, slots=True, kw_only=True)
class Match(AlarmMatch[Status]):
    """The values that a notification must have; None admits any. With a pattern in `alarm` only alarms fit."""

    topic: str | None = None
    account: str | None = None
    region: str | None = None
    kind: Kind | None = None
    source: str | None = None
    """The source of an EventBridge event, like aws.guardduty."""
    detail_type: str | None = None
    """A pattern of detail-types of EventBridge."""
    resource: str | None = None
    """A pattern that the name or the ARN of one resource must fit."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """Dimensions of an alarm, labels or tags that the event must have, with patterns of their values."""

    def fits(self, notification: Notification) -> bool:
        """Return whether the notification fits every field that is given."""
        topic_arn = notification.record.topic_arn
        return (
            self.topic in {None, topic_arn, topic_arn.rpartition(":")[2]}
            and self.account in {None, notification.account}
            and self.region in {None, notification.region}
            and self.kind in {None, notification.kind}
            and (self.alarm is None or notification.kind is Kind.ALARM)
            and self.source in {None, notification.source}
            and (self.detail_type is None or fnmatchcase(notification.detail_type, self.detail_type))
            and (self.resource is None or any(fnmatchcase(one, self.resource) for one in _names(notification)))
            and all(_has_tag(notification, *tag) for tag in self.tags.items())
            and self.fits_alarm(
                name=notification.title,
                state=notification.status,
                severities=words_of(notification.severity_word, notification.severity),
            )
        )


@dataclass(frozen=True, slots=True)
class Route:
    """A match and the destination of the notifications that fit it; `mention` is Slack's own markup."""

    match: Match
    destination: str
    mention: str = ""
    follow: str = ""
    """One of FOLLOWS; "" if the document has none."""
    remind_after: float = 0.0
    """Hours in ALARM after which people are reminded; 0 for never."""
    mute: Mute | None = None
    mute_below: Severity | None = None
    """Alerts with this severity or a higher one are not muted; None mutes all."""
    number: int = field(default=0, compare=False)
    """Its position in the document."""

    def muted_lane(self, notification: Notification, now: float) -> MutedLane | None:
        """Return the lane in which the notification must wait; None if it is not muted at this instant."""
        if self.mute is None or self._passes(notification.severity):
            return None
        until = self.mute.until(now)
        return None if until is None else MutedLane(self.destination, math.ceil(until), self.number)

    def _passes(self, severity: Severity | None) -> bool:
        ranks = [*Severity]
        if severity is None or self.mute_below is None:
            return False
        return ranks.index(severity) <= ranks.index(self.mute_below)


@dataclass(frozen=True, slots=True)
class Routes:
    """The routes document."""

    routes: tuple[Route, ...] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)
    """The name of an account by its number; messages show it."""


def _names(notification: Notification) -> set[str]:
    """Return the ARNs of the resources, and the names in them."""
    return {text for one in notification.resources for text in (one, name_of(one))}


def _has_tag(notification: Notification, name: str, pattern: str) -> bool:
    return any(one == name and fnmatchcase(value, pattern) for one, value in notification.tags)


def choose(routes: Iterable[Route], notification: Notification) -> Route | None:
    """Return the first route that fits, or None."""
    return next((route for route in routes if route.match.fits(notification)), None)

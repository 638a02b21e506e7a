"""A parsed event, independent of its source."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from aws_events.record import Record
from aws_events.severity import Severity


class Kind(Enum):
    """The broadest division of events; routes match it."""

    ALARM = "alarm"
    EVENT = "event"
    """JSON that is no alarm, from EventBridge or any other publisher."""
    TEXT = "text"


class Status(Enum):
    """The state, independent of the source's wording."""

    FIRING = "FIRING"
    """Something is wrong or has failed."""
    RESOLVED = "RESOLVED"
    """It is over, or it has succeeded."""
    NO_DATA = "NO_DATA"
    NOTICE = "NOTICE"
    """A message that has no state."""


@dataclass(frozen=True, slots=True)
class Link:
    """A page. `url` is built by us, or an https URL of the event; `words` may name the thing."""

    words: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """The facts of an event, independent of its source. Every text comes from outside.

    The line in a channel: `label title: summary (account, region)`.
    """

    record: Record
    kind: Kind
    status: Status
    label: str
    """The state or the severity in the source's own word; the service for an event without a state."""
    title: str
    """The resource or other thing that the event is about."""
    summary: str = ""
    """One line: the event and its reason."""
    reason: str = ""
    """The long text; "" if the summary is complete."""
    description: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    """(name, value) pairs, the most important first."""
    severity: Severity | None = None
    severity_word: str = ""
    """The severity in the source's own word, or its number."""
    source: str = ""
    """The source of an EventBridge event, as in aws.guardduty."""
    detail_type: str = ""
    """The detail-type of an EventBridge event."""
    resources: tuple[str, ...] = ()
    """ARNs and names of the resources."""
    tags: tuple[tuple[str, str], ...] = ()
    """(name, value): dimensions of an alarm, tags of a resource."""
    account: str = ""
    region: str = ""
    identity: str = ""
    """The same for every delivery of the same event; it recognises duplicates."""
    subject: str = ""
    """The same for every change of one alarm; "" for anything else."""
    occurred_at: datetime | None = None
    links: tuple[Link, ...] = ()
    """The first one is the page of the thing itself."""

    def in_account(self, name: str) -> "Notification":
        """Return the notification with this name for its account; the number becomes a fact."""
        if not name:
            return self
        return replace(self, account=name, facts=(*self.facts, ("Account", self.account)))

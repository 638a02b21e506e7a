"""One lane in one batch: its destination, its open claims, the time that is left."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aws_events.message_attributes import read_facts
from aws_events.record import Record
from outcomes.outcome import Duplicate, Later, LaterReason
from retry_policies import Deadline
from shared_state.claims import Claim
from shared_state.lane_state import LaneState
from shared_state.rows import Row
from slack_alerts.delivery.claimed_alert import ClaimedAlert, identity_of
from slack_alerts.delivery.pace import Pace
from slack_alerts.delivery.posting import Posting
from slack_alerts.delivery.services import Services
from slack_alerts.models import Access, Alert, BotToken, ClosedDestination, Place

if TYPE_CHECKING:
    from shared_state.alarm_threads import AlarmThread

FULL_BATCH = 10
"""Most records of one batch. Behind a full batch the lane may have more records."""

OUTAGE = 2
"""Failed batches in a row after which a post has one attempt until Slack answers: further attempts do not help."""


@dataclass(slots=True)
class BatchDelivery:
    """The state of one lane during one batch."""

    services: Services
    lane: str
    deadline: Deadline
    open: list[Claim] = field(default_factory=list)
    """The claims that have not ended."""
    pace: Pace = field(init=False)
    state: LaneState = field(init=False)
    access: Access = field(init=False)
    closed: ClosedDestination | None = None
    """Set once Slack has refused the destination, and if it has no secret."""
    changed: "dict[str, AlarmThread]" = field(default_factory=dict)
    """By key: the threads whose first message shows an old state."""
    is_late: bool = False
    """Whether a post was omitted for lack of time."""

    def __post_init__(self) -> None:
        self.pace = Pace(self.services.post_interval, self.services.monotonic, self.services.sleep)

    def find_destination(self) -> Access | ClosedDestination | Later:
        """Read the state of the lane and find its destination. Record a failure if it cannot be used for now."""
        self.state = self.services.lanes.read(self.lane)
        match found := self.services.destinations.find(self.lane, self.state, self.deadline):
            case Later(reason, asked):
                pause = self.state.record_failure(asked, has_secret=reason is not LaterReason.SECRET_MISSING)
                return Later(reason, pause)
            case ClosedDestination():
                self.closed = found
            case Access():
                self.access = found
        return found

    def find_newer(self) -> Access | Later | None:
        """Read the secret again after Slack refused it; use newer credentials from now on."""
        found = self.services.destinations.find_newer(self.lane, self.deadline)
        if isinstance(found, Access):
            self.access = found
        return found

    def row(self, record: Record) -> Row | None:
        """Return the row of the alert without claiming it."""
        return self.services.claims.read(self.lane, identity_of(record))

    def claim(self, record: Record, *, is_alone: bool = False) -> ClaimedAlert | Duplicate | Later:
        """Claim the alert; return its outcome instead if it cannot be claimed."""
        hop = read_facts(record).hop
        claim = self.services.claims.claim(self.lane, identity_of(record), hop, is_alone=is_alone)
        if not isinstance(claim, Claim):
            return claim
        self.open.append(claim)
        return ClaimedAlert(record, claim)

    def take(self, one: ClaimedAlert) -> Claim:
        """Remove the claim from the open ones and return it: the caller ends it."""
        self.open = [other for other in self.open if other is not one.claim]
        return one.claim

    def release_all(self) -> None:
        """Free the open claims, whose alerts were not tried."""
        while self.open:
            self.open.pop(0).release_untried()

    def wait_to_post(self) -> bool:
        """Wait until the next post may begin; return whether there is time for it."""
        if not self.closed:
            self.pace.wait(self.deadline)
        has_time = self.deadline.remaining() >= self.services.policy.min_attempt_time
        self.is_late |= not has_time
        return has_time

    def posting(self, *, is_doubtful: bool, is_probe: bool = False) -> Posting:
        """Return a posting to the destination. A probe has one attempt, and so has each post of an outage."""
        policy = self.services.policy
        return Posting(
            send=self.services.post,
            policy=policy.with_(max_attempts=1) if is_probe or self.state.failures >= OUTAGE else policy,
            deadline=self.deadline,
            pace=self.pace,
            access=self.access,
            find_newer=self.find_newer,
            is_doubtful=is_doubtful,
        )

    def follows(self, alert: Alert) -> bool:
        """Return whether the changes of the alert's alarm are one thread."""
        is_change = alert.is_followed and bool(alert.notification.subject)
        return is_change and isinstance(self.access.credentials, BotToken)

    def want_picture(self, alert: Alert, place: Place | None) -> None:
        """Note a picture for an alert that was posted there."""
        credentials = self.access.credentials
        if self.services.want_picture is not None and place is not None and isinstance(credentials, BotToken):
            self.services.want_picture(credentials, place, alert.notification)

    def edit_headlines(self) -> None:
        """Edit the first messages of the threads that have changed."""
        if self.changed:
            self.services.headlines().edit(self.access.credentials, [*self.changed.values()], self.deadline)

    def defer_headlines(self) -> None:
        """Leave these first messages to the next sweep."""
        if self.changed:
            self.services.headlines().defer([*self.changed.values()])

    def age(self, record: Record) -> float:
        return self.services.clock() - (record.published_at or 0.0)

    def notify_ops(self, line: str) -> None:
        self.services.notify_ops(self.lane, f"Destination {self.lane}: {line}", self.deadline)

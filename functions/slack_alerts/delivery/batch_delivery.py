"""One lane in one batch: the services that it calls, its destination, its open claims, the time that is left."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aws_events.envelope import Record
from outcomes.outcome import Later, LaterReason
from retry_policies import Deadline, RetryPolicy
from retry_policies.deadline import Clock
from shared_state.claims import Claims
from shared_state.lane_state import LaneState, LaneStates
from slack_alerts.delivery.destinations import Destinations
from slack_alerts.delivery.open_claims import OpenClaims
from slack_alerts.delivery.pace import Pace
from slack_alerts.delivery.posting import Posting
from slack_alerts.models import Access, ClosedDestination, Credentials, SlackMessage

FULL_BATCH = 10
"""Most records of one batch. Behind a full batch the lane may have more records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The services that all batches share; lengths in seconds, `clock` is the wall clock."""

    destinations: Destinations
    lanes: LaneStates
    claims: Claims
    post: Callable[[Credentials, SlackMessage, float], None]
    """(credentials, message, timeout) -> None; raises SlackRefused or SlackUnreachable."""
    policy: RetryPolicy
    digest_from: int
    """Least number of alerts in a batch that are posted as one message; 0 for never."""
    post_interval: float
    """From the beginning of one post of a lane to the beginning of the next."""
    notify_ops: Callable[[str, str, Deadline], None]
    """(lane, line, deadline) -> None."""
    clock: Clock = time.time
    monotonic: Clock = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(slots=True)
class BatchDelivery:
    """The facts that change while the lane is worked."""

    services: Services
    lane: str
    deadline: Deadline
    claims: OpenClaims = field(init=False)
    pace: Pace = field(init=False)
    state: LaneState = field(init=False)
    access: Access = field(init=False)
    closed: ClosedDestination | None = None
    """Set once the destination takes no message."""
    is_late: bool = False
    """Whether a post was omitted for lack of time."""

    def __post_init__(self) -> None:
        services = self.services
        self.claims = OpenClaims(services.claims, self.lane)
        self.pace = Pace(services.post_interval, services.monotonic, services.sleep)

    def find_destination(self) -> Access | ClosedDestination | Later:
        """Read the state of the lane and find its destination; without a secret record a failure."""
        self.state = self.services.lanes.read(self.lane)
        match found := self.services.destinations.find(self.lane, self.state, self.deadline):
            case Later(reason):
                pause = self.state.record_failure(has_secret=reason is not LaterReason.SECRET_MISSING)
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

    def posting(self, *, is_doubtful: bool, is_probe: bool = False) -> Posting:
        """Return a posting to the destination; a probe has one attempt."""
        policy = self.services.policy
        return Posting(
            send=self.services.post,
            policy=policy.with_(max_attempts=1) if is_probe else policy,
            deadline=self.deadline,
            pace=self.pace,
            access=self.access,
            find_newer=self.find_newer,
            is_doubtful=is_doubtful,
        )

    def has_time(self) -> bool:
        """Wait until the next post may begin; return whether there is time for it."""
        if not self.closed:
            self.pace.wait(self.deadline)
        has_time = self.deadline.remaining() >= self.services.policy.min_attempt_time
        self.is_late |= not has_time
        return has_time

    def age(self, record: Record) -> float:
        return self.services.clock() - (record.published_at or 0.0)

    def notify_ops(self, line: str) -> None:
        self.services.notify_ops(self.lane, f"Destination {self.lane}: {line}", self.deadline)

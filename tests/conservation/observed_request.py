"""The observations of one request to aws_actions: its row, its calls, and its end."""

from dataclasses import dataclass, field
from hashlib import sha256

from aws_events.alarm_parsing import parse_alarm
from outcomes.outcome import ParkReason
from shared_state.rows import Row, State
from tests.conservation.action_schedule import CallKind, PublishedRequest
from tests.support.virtual.history import Event
from tests.support.virtual.scheduler import Task


@dataclass
class ObservedRequest:
    """One request in all its copies."""

    token: str
    published: PublishedRequest
    row: Row | None = None
    writer: Event | None = None
    """The event that wrote the row."""
    calling: set[Task | None] = field(default_factory=set)
    """Invocations that began a call and have not got its result."""
    table_failed: set[Task | None] = field(default_factory=set)
    """Invocations in which the table failed for its row."""
    effects: int = 0
    redriven: int = 0
    """How often a human moved it back from the parking queue; each time its call may be made once more."""
    is_done: bool = False
    """Whether AWS answered that the call succeeded."""
    is_refused: bool = False
    """Whether AWS refused the call or a part of it."""
    is_in_doubt: bool = False
    """Whether a call was unanswered or done in part, or a claim lapsed."""
    is_in_forgotten_doubt: bool = False
    """Whether a call that may be repeated was unanswered while the table was down, so that no row remembers it."""
    is_parked: bool = False

    @property
    def kind(self) -> CallKind:
        return self.published.kind

    @property
    def may_be_done(self) -> bool:
        """Whether a call may have been made with an unknown result."""
        return self.is_in_doubt or bool(self.calling)

    def is_claimed_by(self, event: Event) -> bool:
        """Return whether the invocation of the event has the claim."""
        is_claimed = self.row is not None and self.row.state is State.CLAIMED
        return is_claimed and self.writer is not None and self.writer.task is event.task

    def is_excused(self, event: Event) -> bool:
        """Return whether the table failed in the invocation, so that a claim was not made or not ended."""
        return event.task in self.table_failed

    def has_cause(self, reason: str, *, has_no_row: bool) -> bool:
        """Return whether the request may be parked for this reason, apart from its expiry time."""
        match ParkReason(reason):
            case ParkReason.DELIVERY_UNKNOWN:
                return self.is_in_doubt or self.is_in_forgotten_doubt
            case ParkReason.MESSAGE_REFUSED:
                return self.is_refused and (self.kind is CallKind.PARTLY or not self.is_in_doubt or has_no_row)
            case ParkReason.NOT_ALLOWED:
                return self.kind is CallKind.OFF_LIST
            case ParkReason.INVALID_REQUEST:
                return self.kind is CallKind.INVALID
            case other:
                return other is ParkReason.EXPIRED and not self.is_in_doubt


def key_of(number: int, published: PublishedRequest) -> str:
    """Return the key of its row: the identity of its alarm, or its operation and the message id from SNS."""
    service, operation, _ = published.kind.value
    scope, identity = f"action:{service}.{operation}", f"sns-{number}"
    if not service:
        scope, identity = "action:alarm", parse_alarm(published.message(number)).identity
    return f"claim#{scope}#{sha256(identity.encode()).hexdigest()}"

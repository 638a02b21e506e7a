"""One request in a history: what is known of it so far, and where its row has to stand."""

from dataclasses import dataclass, field
from hashlib import sha256

from aws_events.alarm_parsing import parse_alarm
from outcomes.outcome import ParkReason
from shared_state.rows import Row, State
from tests.conservation.action_schedule import Ask, Requested
from tests.support.virtual.history import Event
from tests.support.virtual.scheduler import Task


@dataclass
class Story:
    """One request, in all its copies."""

    token: str
    asked: Requested
    row: Row | None = None
    owner: Event | None = None
    """Who wrote the row."""
    unheard: set[Task | None] = field(default_factory=set)
    """Who has begun a call of it, and not heard what became of that."""
    failed: set[Task | None] = field(default_factory=set)
    """Whom the table has failed over its row."""
    effects: int = 0
    sent_back: int = 0
    """By a human, out of the parking queue: that often it may be made once more."""
    is_done: bool = False
    """AWS has said so."""
    is_refused: bool = False
    """AWS has said so, of all of it or of a part."""
    is_in_doubt: bool = False
    """A call was not answered, or done in part; or a claim ran out: whoever had it died, or could not end it."""
    is_in_forgotten_doubt: bool = False
    """A call that may be made twice was not answered, and made without a row that remembers it: the table was down."""
    is_parked: bool = False

    @property
    def ask(self) -> Ask:
        return self.asked.ask

    @property
    def may_be_made(self) -> bool:
        """Whether a call of it may have been made, and nobody knows."""
        return self.is_in_doubt or bool(self.unheard)

    def is_claimed_by(self, event: Event) -> bool:
        """Whether whoever did this has the claim."""
        is_claimed = self.row is not None and self.row.state is State.CLAIMED
        return is_claimed and self.owner is not None and self.owner.task is event.task

    def is_excused(self, event: Event) -> bool:
        """Whether the table failed whoever did this: a claim could not be made, or not ended."""
        return event.task in self.failed

    def has_cause(self, reason: str, *, has_no_row: bool) -> bool:
        """Whether it may be parked for it, whatever the time."""
        match ParkReason(reason):
            case ParkReason.DELIVERY_UNKNOWN:
                return self.is_in_doubt or self.is_in_forgotten_doubt
            case ParkReason.MESSAGE_REFUSED:
                return self.is_refused and (self.ask is Ask.PARTLY or not self.is_in_doubt or has_no_row)
            case ParkReason.NOT_ALLOWED:
                return self.ask is Ask.OFF_LIST
            case ParkReason.INVALID_REQUEST:
                return self.ask is Ask.INVALID
            case other:
                return other is ParkReason.EXPIRED and not self.is_in_doubt


def key_of(number: int, asked: Requested) -> str:
    """Where its row has to stand: by its alarm, or else by its operation and the id that SNS gave it."""
    service, operation, _ = asked.ask.value
    scope, identity = f"action:{service}.{operation}", f"sns-{number}"
    if not service:
        scope, identity = "action:alarm", parse_alarm(asked.message(number)).identity
    return f"claim#{scope}#{sha256(identity.encode()).hexdigest()}"
